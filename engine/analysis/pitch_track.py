"""The pitch of a sound over time, by normalised cross-correlation (after McLeod & Wyvill 2005), without librosa.

Each frame is compared with itself some lag later: r / sqrt(E0 · E_lag). It is 1 at the period of anything periodic, at
whatever level, decaying or not, with or without its fundamental. The first peak that comes near the highest is the
period; its multiples sharpen it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.pitch import Pitch, hz_note, note_hz
from engine.sound import Sound

Floats = npt.NDArray[np.float64]

LOWEST_HZ, HIGHEST_HZ = 29.0, 5000.0
WINDOW_FRAMES = 2048  # at 44.1 kHz, as all of these
HOP_FRAMES = 2048
NEAR_HIGHEST = 0.93  # a peak so near the highest is as good a period, and the earlier is the true one
VOICED = 0.8  # correlation from which a frame has a pitch
QUIET_DB = -40.0  # frames further under the loudest are left out
MOST_FRAMES = 96  # frames looked at; a longer sound is looked at more sparsely
LOW_HZ, KEPT_HARMONICS = 250.0, 10  # below it, a second look leaves out what lies above so many harmonics
_FINER = 2  # the correlation is computed at every half frame, for the sake of high notes


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """times_s, f0_hz, correlation: float64 (points,), of the frames that are loud enough; f0_hz is 0 without pitch.

    note: MIDI note, fractional: the median of the voiced points, None where fewer than a quarter are voiced.
    voiced_share: 0..1. confidence: median correlation of the voiced points, 0..1.
    """

    times_s: Floats
    f0_hz: Floats
    correlation: Floats
    note: float | None
    voiced_share: float
    confidence: float

    def cents_from(self, note: float) -> float | None:
        """How far the sound lies above `note`, in cents; None without pitch."""
        return None if self.note is None else 100.0 * (self.note - note)

    def pitch(self, points: int, rate_hz: int = 44100) -> Pitch:
        """The track as a pitch curve of `points` points, 512 frames apart at 44.1 kHz. Unvoiced gaps are bridged."""
        if self.note is None:
            return Pitch(None)
        voiced = self.f0_hz > 0
        places = np.arange(points) * 512 / 44100
        notes = 69 + 12 * np.log2(self.f0_hz[voiced] / 440)
        octaves = np.interp(places, self.times_s[voiced], (notes - self.note) / 12)
        return Pitch(self.note, octaves.astype(np.float32))


NO_PITCH = PitchTrack(np.zeros(0), np.zeros(0), np.zeros(0), None, 0.0, 0.0)


def track(sound: Sound, hop_frames: int = HOP_FRAMES) -> PitchTrack:
    """The pitch of a sound; channels are averaged. About 20 ms for 3 s. hop_frames: spacing at 44.1 kHz."""
    samples = np.nan_to_num(sound.mono().astype(np.float64))
    found = _tracked(samples, sound.rate_hz, hop_frames)
    if found.note is None or note_hz(found.note) >= LOW_HZ:
        return found
    # Broad noise over a decaying low tone pulls its correlation peaks early by many cents. It lies above the tone, so
    # the tone alone is looked at again, at a lower rate.
    times = int(sound.rate_hz / (2 * KEPT_HARMONICS * note_hz(found.note)))
    again = _tracked(_lowered(samples, times), sound.rate_hz / times, hop_frames)
    return again if again.note is not None and abs(again.note - found.note) < 0.5 else found


def _lowered(samples: Floats, times: int) -> Floats:
    """The samples at a rate so many times lower, without what that rate cannot hold."""
    frames = -(-len(samples) // times)
    return np.fft.irfft(np.fft.rfft(samples, frames * times)[: frames // 2 + 1], frames) / times


def _tracked(samples: Floats, rate_hz: float, hop_frames: int) -> PitchTrack:
    """The pitch of samples (frames,)."""
    scale = rate_hz / 44100
    window, hop = round(WINDOW_FRAMES * scale), max(1, round(hop_frames * scale))
    longest = int(rate_hz / LOWEST_HZ) + 2
    size = window + longest
    if not samples.any():
        return NO_PITCH
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    starts = np.arange(0, len(samples) - size + 1, hop)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[starts]
    energy = np.square(frames).sum(1)
    kept = np.flatnonzero((energy > 0) & (energy >= energy.max() * 10 ** (QUIET_DB / 10)))
    kept = kept[np.unique(np.linspace(0, len(kept) - 1, min(len(kept), MOST_FRAMES)).round().astype(int))]
    period, correlation = _periods(frames[kept], window, longest, rate_hz)
    voiced = (correlation >= VOICED) & (period > 0)
    f0_hz = np.where(voiced, rate_hz / np.where(voiced, period, 1.0), 0.0)
    share = float(voiced.mean())
    note = hz_note(float(np.median(f0_hz[voiced]))) if share >= 0.25 else None
    confidence = float(np.median(correlation[voiced])) if voiced.any() else 0.0
    times_s = (starts[kept] + size / 2) / rate_hz
    return PitchTrack(times_s, f0_hz, correlation, note, share, confidence)


def _periods(frames: Floats, window: int, longest: int, rate_hz: float) -> tuple[Floats, Floats]:
    """frames (points, window + longest) -> period in frames and correlation there, both (points,); 0 where none."""
    frames = frames - frames.mean(1, keepdims=True)
    curve = _correlation(frames, window, longest)  # (points, lags), _FINER lags a frame
    shortest = max(1, int(_FINER * rate_hz / HIGHEST_HZ))
    fallen = np.maximum.accumulate(curve < 0, axis=1)  # every sound resembles itself before the first fall below 0
    middle = curve[:, 1:-1]
    is_peak = (middle >= curve[:, :-2]) & (middle > curve[:, 2:]) & fallen[:, 1:-1]
    is_peak[:, : shortest - 1] = False
    heights = np.where(is_peak, middle, -1.0)
    highest = heights.max(1, keepdims=True)
    first = np.argmax(heights >= NEAR_HIGHEST * highest, axis=1) + 1
    rows = np.arange(len(curve))
    found = (highest[:, 0] > 0) & is_peak[rows, first - 1]
    period = _summit(curve, first.astype(float))
    for doubling in range(1, 9):  # twice the period, four times … each finds the period twice as finely
        multiple = 2 ** np.maximum(0, np.floor(np.log2((curve.shape[1] - 4) / np.maximum(period, 1.0)))).astype(int)
        step = np.minimum(2**doubling, multiple)
        sharper = _summit(curve, period * step) / step
        good = np.abs(sharper - period) * step < 1.5  # the summit is still the one we were climbing
        period = np.where(good, sharper, period)
    return np.where(found, period / _FINER, 0.0), np.where(found, heights[rows, first - 1], 0.0)


def _correlation(frames: Floats, window: int, longest: int) -> Floats:
    """r / sqrt(E0 · E_lag) at every 1/_FINER frame of lag up to `longest`, (points, lags)."""
    size = 1 << (window + longest - 1).bit_length()
    whole, start = np.fft.rfft(frames, size), np.fft.rfft(frames[:, :window], size)
    product = np.fft.irfft(whole * start.conj(), size * _FINER)[:, : longest * _FINER] * _FINER
    total = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    energies = total[:, window : window + longest + 1] - total[:, : longest + 1]
    between = (energies[:, 1:] + energies[:, :-1]) / 2
    finer = np.stack([energies[:, :-1], between], axis=2).reshape(len(frames), -1)[:, : longest * _FINER]
    return np.asarray(product / np.sqrt(np.maximum(finer * energies[:, :1], 1e-20)))


def _summit(curve: Floats, near: Floats) -> Floats:
    """The place of the local maximum of each row near `near`, by a parabola through the three highest points."""
    rows = np.arange(len(curve))
    place = np.clip(near.round().astype(int), 1, curve.shape[1] - 2)
    for _ in range(2):
        around = np.stack([curve[rows, place - 1], curve[rows, place], curve[rows, place + 1]])
        place = np.clip(place + around.argmax(0) - 1, 1, curve.shape[1] - 2)
    left, here, right = curve[rows, place - 1], curve[rows, place], curve[rows, place + 1]
    bend = left - 2 * here + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, -1.0), 0.0)
    return np.asarray(place + np.clip(shift, -0.5, 0.5))
