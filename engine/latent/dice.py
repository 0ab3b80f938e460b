"""Dice: a chain with its sliders thrown somewhere else, near or far."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.latent.chain import Chain, Region
from engine.params import PARAMS

REACH = 0.5  # of a slider's travel, at full amount, to each side


def thrown(chain: Chain, keys: Iterable[str], amount: float, seed: int, region_s: Region | None = None) -> Chain:
    """Each of `keys` moves by a random share of its travel, `amount` 0..1 of half of it at most, within its range; the
    same seed throws the same. Choices are left alone. Raises BadRequest for a key that is no parameter of an edit."""
    rng = np.random.default_rng(seed)
    for key in keys:
        spec = PARAMS[key]
        moved = float(rng.uniform(-1.0, 1.0)) * amount * REACH
        if spec.choices or amount <= 0.0:
            continue
        if spec.key.endswith("seed"):
            number = float(rng.integers(0, 2**31))
        else:
            number = spec.at(_folded(spec.position(chain.value(key, region_s)) + moved))
        chain = chain.having(key, number, region_s)
    return chain


def _folded(position: float) -> float:
    """What would go past an end comes back from it, so that the ends are no more likely than the rest."""
    return min(1.0, max(0.0, abs(position) if position <= 1.0 else 2.0 - position))
