"""Curves that envelope and filter share wherever they are heard, written to a file or drawn."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

SHARPEST = 4.0  # octaves of steepness at either end of a bend
Q_LOWEST, Q_HIGHEST = math.sqrt(0.5), 20.0  # no emphasis at all (Butterworth), and 26 dB of it


def bent(places: npt.NDArray[np.float64], bend: float) -> npt.NDArray[np.float64]:
    """0..1 over places 0..1, a hyperbola: straight at bend 0, fast then slow above it, slow then fast below (-1..1)."""
    steep = 2.0 ** (SHARPEST * bend) - 1.0
    return np.asarray(places * (1.0 + steep) / (1.0 + steep * places))


def quality(resonance: float) -> float:
    """Q of a resonance in percent: 0 lies 3 dB down at the cutoff, 100 stands 26 dB above."""
    return float(Q_LOWEST * (Q_HIGHEST / Q_LOWEST) ** (resonance / 100))
