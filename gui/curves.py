"""The shapes that envelope and filter have, for drawing them: pure functions of the patch's numbers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[np.float64]

_STEEPEST = 6.0  # time constants within a segment that is bent all the way
_Q_LOWEST, _Q_HIGHEST = math.sqrt(0.5), 20.0


def segment(places: Curve, bend: float) -> Curve:
    """0..1 over places 0..1: a straight line at bend 0, fast then slow above it, slow then fast below it (-1..1)."""
    steepness = _STEEPEST * bend
    if abs(steepness) < 1e-3:
        return places
    return np.asarray(np.expm1(-steepness * places) / np.expm1(-steepness))


def quality(resonance: float) -> float:
    """Q of a resonance in percent: 0 lies 3 dB down at the cutoff, 100 stands 26 dB above."""
    return float(_Q_LOWEST * (_Q_HIGHEST / _Q_LOWEST) ** (resonance / 100))


def filter_db(kind: str, hz: Curve, cutoff_hz: float, resonance: float) -> Curve:
    """Response in dB of the two-pole filter at the frequencies `hz`; 0 everywhere when it is off."""
    if kind == "off":
        return np.zeros(len(hz))
    ratio = hz / cutoff_hz
    q = quality(resonance)
    below = np.hypot(1 - ratio**2, ratio / q)
    above = {"low-pass": np.ones(len(hz)), "high-pass": ratio**2, "band-pass": ratio / q}[kind]
    return np.asarray(20 * np.log10(np.maximum(above / below, 1e-9)))
