"""The axes along which a set of latents differs most, such as a user's own library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.latent.axes import sounding
from engine.latent.space import Floats, Space
from engine.request import Latent

_LEAST = 1e-4  # of the strongest axis' variance: what is less comes from the half precision of what is kept


@dataclass(frozen=True, eq=False)
class Principal:
    """directions: float32 (axes, channels) in deviations of each channel; a unit along one is one standard deviation
    of the set. shares: (axes,) of the whole variance. mean: (channels,) of the set, as the directions are counted."""

    directions: Floats
    shares: Floats
    mean: Floats

    def place(self, latent: Latent, space: Space) -> Floats:
        """Where a sound lies, (axes,), in units along each direction."""
        centred = _summary(latent, space) - self.mean
        sizes = np.maximum(np.square(self.directions).sum(1), 1e-12)
        return np.asarray(self.directions @ centred / sizes, np.float32)


def principal_axes(latents: Sequence[Latent], space: Space, count: int = 4) -> Principal:
    """By singular values of each sound's mean frame, of those in which it sounds. Fewer sounds than axes give fewer
    axes; signs are fixed, so the same set always gives the same axes. Raises ValueError for fewer than two latents."""
    if len(latents) < 2:
        raise ValueError("axes need at least two sounds to tell apart")
    rows = np.stack([_summary(latent, space) for latent in latents]).astype(np.float64)
    mean = rows.mean(0)
    _, sizes, directions = np.linalg.svd(rows - mean, full_matrices=False)
    variance = sizes**2 / max(1, len(rows) - 1)
    kept = min(count, int((variance > _LEAST * max(variance[0], 1e-12)).sum()))
    strongest = np.abs(directions).argmax(1)
    signs = np.sign(directions[np.arange(len(directions)), strongest])
    scaled = directions * (signs * np.sqrt(variance))[:, None]
    shares = variance / max(variance.sum(), 1e-12)
    return Principal(scaled[:kept].astype(np.float32), shares[:kept].astype(np.float32), np.asarray(mean, np.float32))


def _summary(latent: Latent, space: Space) -> Floats:
    weights = sounding(latent, space)
    return np.asarray(weights @ ((latent - space.mean) / space.deviation) / weights.sum(), np.float32)
