"""Levels: copies of a sound to interpolate, each oversampled by 4/3 and each with less treble than the one before.

A sound that is played faster needs its highest frequencies taken out first, or they fold back as alias. So there is a
copy for every range of speeds, made once by Fourier transform (Williams 1983, "Pyramidal parametrics", for sound).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.audio.interpolate import FOUR, LEAD, Planar

OWN_OCTAVES = (0.0, 0.5, 1.0, 2.0, 3.0)  # how far below the full band each level ends: 3.4 times the sound's memory
ZONE_OCTAVES = (0.0, 1.0)  # for a sound that is hardly transposed: 2 times
_OVERSAMPLING = 4 / 3
_PASS, _STOP = 0.42, 0.455  # of the rate: where the first level begins to fall, and where nothing is left
_NYQUIST = 0.5
_RINGING = 8  # frames around the sound in which its ends still ring


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
        lower = 2.0**-octave
        length = _smooth(size * _OVERSAMPLING * lower)
        ratio = length / size
        bins = min(int(np.ceil(_STOP * lower * size)), spectra.shape[1])
        frequency = np.arange(bins) / size
        slope = np.clip((_STOP * lower - frequency) / ((_STOP - _PASS) * lower), 0, 1)
        cut = np.zeros((channels, length // 2 + 1), np.complex64)
        np.multiply(spectra[:, :bins], slope * slope * (3 - 2 * slope) * ratio, out=cut[:, :bins], casting="unsafe")
        heard = min(int(np.ceil(frames * ratio)) + _RINGING, length - _RINGING)
        fours = np.zeros((channels, (LEAD + heard) // FOUR + 2, FOUR), np.float32)
        flat, whole = fours.reshape(channels, -1), np.fft.irfft(cut, length)
        flat[:, LEAD : LEAD + heard] = whole[:, :heard]
        flat[:, LEAD - _RINGING : LEAD] = whole[:, -_RINGING:]  # a transform goes round
        fours.flags.writeable = False
        made.append(Level(fours, ratio, _NYQUIST / (_STOP * lower)))
    return tuple(made)


def _smooth(least: float) -> int:
    """The next size that transforms quickly: a product of 2, 3 and 5, at least 16 and even."""
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
    return best
