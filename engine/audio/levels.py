"""Levels: copies of a sound to interpolate, each oversampled by 4/3 and each with less treble than the one before.

A sound that is played faster needs its highest frequencies taken out first, or they fold back as alias. So there is a
copy for every range of speeds, made once by Fourier transform (Williams 1983, "Pyramidal parametrics", for sound).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.audio.interpolate import FOUR, LEAD, Planar

OWN_OCTAVES = (0.0, 0.5, 1.0, 2.0, 3.0)  # how far below the full band each level ends: 3.4 times the sound's memory
ZONE_OCTAVES = (0.0, 1.0)  # for a sound that is hardly transposed: 2 times
_OVERSAMPLING = 4 / 3
_PASS, _STOP = 0.42, 0.455  # of the rate: where the first level begins to fall, and where nothing is left
_NYQUIST = 0.5
_RINGING = 8  # frames around the sound in which its ends still ring
_AROUND = 1024  # frames around a change after which it rings no more, in the first level
Span = tuple[int, int]
Spectra = npt.NDArray[np.complexfloating]


@dataclass(frozen=True, eq=False)
class Level:
    """fours: float32 (channels, fours, 4), the first four and the last silent. ratio: its frames per frame of the
    sound. fastest: highest speed, in frames of the sound per device frame, that gives no alias."""

    fours: npt.NDArray[np.float32]
    ratio: float
    fastest: float


def levels(samples: Planar, octaves: tuple[float, ...]) -> tuple[Level, ...]:
    """samples (channels, frames) -> one level for each of `octaves`, rising."""
    channels, frames = samples.shape
    size = _smooth(frames + 64)
    spectra = np.fft.rfft(samples, size)
    made = []
    for octave in octaves:
        length = _length(size, octave)
        ratio = length / size
        heard = _heard(frames, size, length)
        fours = np.zeros((channels, (LEAD + heard) // FOUR + 2, FOUR), np.float32)
        flat, whole = fours.reshape(channels, -1), _transformed(spectra, size, length, octave)
        flat[:, LEAD : LEAD + heard] = whole[:, :heard]
        flat[:, LEAD - _RINGING : LEAD] = whole[:, -_RINGING:]  # a transform goes round
        fours.flags.writeable = False
        made.append(Level(fours, ratio, _fastest(octave)))
    return tuple(made)


def renewed(before: tuple[Level, ...], samples: Planar, octaves: tuple[float, ...], changed: Span) -> tuple[Level, ...]:
    """The same, where all but the frames `changed` (first, last, not included) is as it was when `before` was made."""
    channels, frames = samples.shape
    size = _smooth(frames + 64)
    made = []
    for level, octave in zip(before, octaves, strict=True):
        length = _length(size, octave)
        step = size // math.gcd(size, length)  # so many frames of the sound are a whole number of the level's
        around = round(_AROUND * 2.0**octave)
        first = (changed[0] - around) // step * step  # may lie before the sound
        count = _smooth(changed[1] + around - first, step)
        if count >= frames:
            return levels(samples, octaves)
        block = np.zeros((channels, count), np.float32)
        known = samples[:, max(0, first) : first + count]
        block[:, max(0, -first) : max(0, -first) + known.shape[1]] = known
        begin, part = first * length // size, count * length // size
        near = _transformed(np.fft.rfft(block), count, part, octave)
        low = max((changed[0] - around // 2) * length // size, -_RINGING)
        high = min((changed[1] + around // 2) * length // size, _heard(frames, size, length))
        fours = level.fours.copy()
        fours.reshape(channels, -1)[:, LEAD + low : LEAD + high] = near[:, low - begin : high - begin]
        fours.flags.writeable = False
        made.append(Level(fours, level.ratio, level.fastest))
    return tuple(made)


def _length(size: int, octave: float) -> int:
    """Of a level's transform, where that of the sound has so many frames."""
    return _smooth(size * _OVERSAMPLING * 2.0**-octave)


def _heard(frames: int, size: int, length: int) -> int:
    """How many frames of a level there are of a sound's."""
    return min(int(np.ceil(frames * length / size)) + _RINGING, length - _RINGING)


def _fastest(octave: float) -> float:
    return float(_NYQUIST / (_STOP * 2.0**-octave))


def _transformed(spectra: Spectra, size: int, length: int, octave: float) -> Planar:
    """The level's samples, (channels, length), of the spectra of `size` frames."""
    slope = _slope(size, length, octave)
    cut = np.zeros((len(spectra), length // 2 + 1), np.complex64)
    bins = min(len(slope), spectra.shape[1])
    np.multiply(spectra[:, :bins], slope[:bins], out=cut[:, :bins])
    return np.asarray(np.fft.irfft(cut, length), np.float32)


@lru_cache(maxsize=16)  # a slider that moves asks for the same again and again
def _slope(size: int, length: int, octave: float) -> npt.NDArray[np.float32]:
    """What each bin of a spectrum of `size` frames is multiplied by; those after it are not heard."""
    lower = 2.0**-octave
    frequency = np.arange(int(np.ceil(_STOP * lower * size))) / size
    slope = np.clip((_STOP * lower - frequency) / ((_STOP - _PASS) * lower), 0, 1)
    gains = np.asarray(slope * slope * (3 - 2 * slope) * (length / size), np.float32)
    gains.flags.writeable = False
    return gains


def _smooth(least: float, step: int = 1) -> int:
    """The next size that transforms quickly: `step` times a product of 2, 3 and 5, at least 16 and even."""
    least /= step
    best = 16
    while best < least:
        best *= 2
    five = 1
    while five < 2 * best:
        three = five
        while three < 2 * best:
            size = three
            while size < least or size % 2:
                size *= 2
            if 16 <= size < best:
                best = size
            three *= 3
        five *= 5
    return best * step
