"""The shapes of a patch's envelope and filter, for drawing them: those of the voices themselves."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.audio.envelope import Envelope, Stage
from engine.audio.filter import Setting, quality, system
from engine.patch import Patch

RATE_HZ = 48_000  # of the pictures; what is heard differs only near half the device's rate


def slopes(patch: Patch, points: int) -> dict[str, list[float]]:
    """How far attack, decay and release have come, 0..1, at `points` even times from their beginning to their end, by
    the key of their bend."""
    envelope = Envelope.of(patch, RATE_HZ)
    stages = {"attack_bend": envelope.attack, "decay_bend": envelope.decay, "release_bend": envelope.release}
    return {key: _shares(stage, points) for key, stage in stages.items()}


def _shares(stage: Stage, points: int) -> list[float]:
    places = [place / (points - 1) for place in range(points)]
    return [stage.share(place * stage.frames) if stage.frames > 0 else place for place in places]


def filter_db(patch: Patch, hz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Response in dB at the frequencies `hz` for a note at C4; 0 everywhere when the filter is off."""
    if patch.filter_type == "off":
        return np.zeros(len(hz))
    setting = Setting(patch.filter_type, patch.cutoff_hz, quality(patch.resonance), RATE_HZ)
    a00, a01, a10, a11, b0, b1, c0, c1, d = system(setting)
    z = np.exp(2j * math.pi * hz / RATE_HZ)
    determinant = (z - a00) * (z - a11) - a01 * a10  # C (z − A)⁻¹ B + D, by Cramer's rule
    first = (z - a11) * b0 + a01 * b1
    second = a10 * b0 + (z - a00) * b1
    response = (c0 * first + c1 * second) / determinant + d
    return np.asarray(20 * np.log10(np.maximum(np.abs(response), 1e-9)))
