"""Two-pole filters with resonance (Bristow-Johnson, Cookbook formulae for audio EQ biquads)."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.signal import sosfilt

from engine.curves import quality
from engine.sound import Sound

Kind = Literal["low-pass", "high-pass", "band-pass"]


def coefficients(kind: Kind, cutoff_hz: float, resonance: float, rate_hz: int) -> npt.NDArray[np.float64]:
    """One second-order section (1, 6): b0 b1 b2 1 a1 a2. The band-pass has 0 dB at its centre and a width of
    cutoff / Q between its points at -3 dB. A cutoff beyond what the rate can hold is brought within."""
    omega = 2 * math.pi * min(cutoff_hz, 0.49 * rate_hz) / rate_hz
    cosine, alpha = math.cos(omega), math.sin(omega) / (2 * quality(resonance))
    numerator = {
        "low-pass": ((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2),
        "high-pass": ((1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2),
        "band-pass": (alpha, 0.0, -alpha),
    }[kind]
    return np.array([[*numerator, 1 + alpha, -2 * cosine, 1 - alpha]]) / (1 + alpha)


def filtered(sound: Sound, kind: Kind, cutoff_hz: float, resonance: float) -> Sound:
    """The sound through the filter. Its level may rise where the filter resonates."""
    section = coefficients(kind, cutoff_hz, resonance, sound.rate_hz)
    return sound.with_samples(np.asarray(sosfilt(section, sound.samples.astype(np.float64), axis=0), np.float32))
