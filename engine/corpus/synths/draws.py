"""The dice that instruments are drawn with: small, named, on a numpy generator."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Uniform between `low` and `high`."""
    return float(rng.uniform(low, high))


def spread(rng: np.random.Generator, low: float, high: float) -> float:
    """Uniform in ratio between `low` and `high`, both above 0: for hertz and seconds."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def choose(rng: np.random.Generator, weights: Sequence[float]) -> float:
    """Index of one of the weighted choices, as a number for a patch."""
    shares = np.asarray(weights, dtype=np.float64)
    return float(rng.choice(len(shares), p=shares / shares.sum()))


def perhaps(rng: np.random.Generator, chance: float, low: float, high: float) -> float:
    """With probability `chance` a value between `low` and `high`, else 0. Draws both numbers always."""
    value = float(rng.uniform(low, high))
    return value if rng.random() < chance else 0.0


def seed(rng: np.random.Generator) -> float:
    """A whole number that a float32 holds exactly; `hits.scatter` unfolds it on the device."""
    return float(rng.integers(1, 2**23))
