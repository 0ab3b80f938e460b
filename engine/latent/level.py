"""Amplify, noise, quantise, gain per channel: each frame by itself."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.latent.space import Space
from engine.request import Latent


def amplified(latent: Latent, factor: float, space: Space) -> Latent:
    """Away from the space's mean (above 1) or towards it (below 1; 0 is the mean itself)."""
    if factor == 1.0:
        return latent
    return np.asarray(space.mean + (latent - space.mean) * np.float32(factor), np.float32)


def noisy(latent: Latent, amount: float, seed: int, space: Space) -> Latent:
    """Gaussian noise of `amount` deviations of each channel; the same seed gives the same noise at any length."""
    if amount == 0.0:
        return latent
    noise = np.random.default_rng(seed).standard_normal(latent.shape, np.float32)
    return np.asarray(latent + noise * (space.deviation * np.float32(amount)), np.float32)


def amount_at_snr(latent: Latent, snr_db: float, space: Space) -> float:
    """The `amount` for `noisy` at which signal over noise is `snr_db`, both counted in deviations about the mean."""
    power = float(np.mean(np.square((latent - space.mean) / space.deviation))) if latent.size else 0.0
    return float(np.sqrt(power / 10 ** (snr_db / 10)))


def quantised(latent: Latent, step: float, space: Space) -> Latent:
    """Rounded to whole steps of `step` deviations about the mean; 0 leaves it alone."""
    if step == 0.0:
        return latent
    grid = space.deviation * np.float32(step)
    return np.asarray(space.mean + np.round((latent - space.mean) / grid) * grid, np.float32)


def channels_gained(latent: Latent, gains: Iterable[tuple[float, float]], space: Space) -> Latent:
    """(channel, factor) pairs: each channel named is amplified by itself. Channels that there are not are left out."""
    factors = np.ones(latent.shape[1], np.float32)
    for channel, factor in gains:
        if 0 <= channel < len(factors):
            factors[int(channel)] = factor
    if (factors == 1.0).all():
        return latent
    return np.asarray(space.mean + (latent - space.mean) * factors, np.float32)
