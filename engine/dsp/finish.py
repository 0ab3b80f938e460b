"""What every sound that leaves is guaranteed: no NaN, no DC, its peak, its onset at the start, faded ends, no click."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.dsp.dc import without_dc
from engine.dsp.fade import fade_window
from engine.dsp.trim import onset_frame, tail_frame
from engine.sound import Sound

_PRE_ROLL_S = 0.002  # kept before the onset; the fade-in ends within it
_FADE_IN_S = 0.001
_FADE_OUT_S = 0.05
_TAIL_S = 0.03  # kept after the tail has died away
_SHORTEST_S = 0.05
_NOTHING = 1e-5  # a peak of -100 dBFS is silence, not a sound to be made 99 dB louder


def finish(sound: Sound, *, seconds: float | None = None, peak_dbfs: float = -1.0) -> Sound:
    """`sound` ready to leave.

    seconds: exact length, cut or filled with silence; None trims the tail where it has died away.
    peak_dbfs: level of the largest sample. Silence stays silence of the length asked for.
    """
    rate_hz = sound.rate_hz
    raw = np.nan_to_num(sound.samples.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    samples = without_dc(raw, rate_hz)
    start = max(0, onset_frame(samples.astype(np.float32), rate_hz) - round(_PRE_ROLL_S * rate_hz))
    if np.abs(samples).max(initial=0.0) >= _NOTHING:
        samples = _faded(_of_length(samples[start:], rate_hz, seconds), rate_hz)
        peak = np.abs(samples).max()
        if peak > 0.0:
            samples *= 10 ** (peak_dbfs / 20) / peak
            return replace(sound, samples=samples.astype(np.float32), loop=_moved(sound.loop, start, len(samples)))
    frames = sound.frames if seconds is None else round(seconds * rate_hz)
    return replace(sound, samples=np.zeros((frames, sound.channels), np.float32), loop=None)


def _of_length(samples: npt.NDArray[np.float64], rate_hz: int, seconds: float | None) -> npt.NDArray[np.float64]:
    """The first `seconds`, filled up with silence; without a length, up to where the sound has died away."""
    if seconds is None:
        end = tail_frame(samples.astype(np.float32), rate_hz) + round(_TAIL_S * rate_hz)
        frames = max(round(_SHORTEST_S * rate_hz), min(len(samples), end))
    else:
        frames = max(1, round(seconds * rate_hz))
    kept = samples[:frames]
    return np.pad(kept, ((0, frames - len(kept)), (0, 0)))


def _faded(samples: npt.NDArray[np.float64], rate_hz: int) -> npt.NDArray[np.float64]:
    """Both ends faded to zero and the mean exactly zero, without moving the ends away from zero again."""
    sounding = int(np.flatnonzero(samples.any(axis=1))[-1]) + 1  # the fade ends the sound, not the silence after it
    fade_out = min(round(_FADE_OUT_S * rate_hz), sounding // 5)
    gain = np.zeros(len(samples))
    gain[:sounding] = fade_window(sounding, round(_FADE_IN_S * rate_hz), fade_out)
    faded = samples * gain[:, None]
    return np.asarray(faded - gain[:, None] * (faded.sum(axis=0) / max(gain.sum(), 1e-9)))


def _moved(loop: tuple[int, int] | None, start: int, frames: int) -> tuple[int, int] | None:
    if loop is None:
        return None
    first, last = loop[0] - start, loop[1] - start
    return (first, last) if 0 <= first < last < frames else None
