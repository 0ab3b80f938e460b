"""More dice beside `draws`, and lists of numbers as patch parameters, read back as one tensor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths.base import Patch


def around(rng: np.random.Generator, centre: float, octaves: float) -> float:
    """`centre` moved by up to `octaves` either way, evenly by ratio."""
    return centre * 2.0 ** float(rng.uniform(-octaves, octaves))


def maybe(rng: np.random.Generator, probability: float) -> float:
    """1 with that probability, otherwise 0."""
    return float(rng.random() < probability)


def numbered(name: str, values: Iterable[float]) -> Patch:
    """`{name0: ..., name1: ...}`: a list of numbers as patch parameters."""
    return {f"{name}{index}": float(value) for index, value in enumerate(values)}


def columns(patches: Sequence[Patch], name: str, count: int, device: torch.device) -> Tensor:
    """Parameters `name0` … of every patch, float32 (batch, count)."""
    rows = [[patch[f"{name}{index}"] for index in range(count)] for patch in patches]
    return torch.tensor(rows, dtype=torch.float32, device=device)
