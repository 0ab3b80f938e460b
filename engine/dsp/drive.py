"""Distortion without the aliases: 8 times the rate, and the antiderivative of the curve (Parker et al. 2016)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import soxr

from engine.dsp.dc import without_dc
from engine.sound import Sound

Kind = Literal["soft", "hard", "fold"]
Floats = npt.NDArray[np.float64]
TIMES = 8
_CLOSE = 1e-6  # neighbours so near each other that their difference quotient would be all rounding


def drive(sound: Sound, kind: Kind, drive_db: float) -> Sound:
    """soft: tanh; hard: cut off; fold: a sine, back again from each peak. A full-scale peak stays there,
    but for what a band limit makes of steep edges. Extreme folds of high tones still alias."""
    if not sound.frames:
        return sound
    gain = 10.0 ** (drive_db / 20)
    up = soxr.resample(sound.samples.astype(np.float64), 1, TIMES, quality="VHQ")
    bent = _smoothed(up * gain, kind)
    if kind == "soft":
        bent /= np.tanh(gain)
    down = soxr.resample(bent, TIMES, 1, quality="VHQ")[: sound.frames]
    down = np.pad(down, ((0, sound.frames - len(down)), (0, 0)))
    return sound.with_samples(np.asarray(without_dc(down, sound.rate_hz), np.float32))


def curve(x: Floats, kind: Kind) -> Floats:
    """What becomes of each sample."""
    if kind == "soft":
        return np.tanh(x)
    return np.clip(x, -1.0, 1.0) if kind == "hard" else np.sin(0.5 * np.pi * x)


def _antiderivative(x: Floats, kind: Kind) -> Floats:
    if kind == "soft":
        return np.asarray(np.logaddexp(x, -x))  # ln(2 cosh x), without overflow
    if kind == "fold":
        return np.asarray(-np.cos(0.5 * np.pi * x) / (0.5 * np.pi))
    size = np.abs(x)
    return np.where(size <= 1.0, 0.5 * x * x, size - 0.5)


def _smoothed(x: Floats, kind: Kind) -> Floats:
    """The mean of the curve between each sample and the one before it, (frames, channels)."""
    before = np.concatenate([np.zeros_like(x[:1]), x[:-1]])
    step = x - before
    close = np.abs(step) < _CLOSE
    quotient = (_antiderivative(x, kind) - _antiderivative(before, kind)) / np.where(close, 1.0, step)
    return np.where(close, curve(0.5 * (x + before), kind), quotient)
