"""More dice beside `draws`, and lists of numbers as patch parameters, read back as one tensor."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths.base import Patch, column


def around(rng: np.random.Generator, centre: float, octaves: float) -> float:
    """`centre` moved by up to `octaves` either way, evenly by ratio."""
    return centre * math.exp2(rng.uniform(-octaves, octaves))


def maybe(rng: np.random.Generator, probability: float) -> float:
    """1 with that probability, otherwise 0."""
    return float(rng.random() < probability)


def numbered(name: str, values: Iterable[float]) -> Patch:
    """`{name0: ..., name1: ...}`: a list of numbers as patch parameters."""
    return {f"{name}{index}": float(value) for index, value in enumerate(values)}


def register(notes: tuple[int, int]) -> Patch:
    """`note_low` and `note_high`: the MIDI notes an instrument has, where its family's range is wider."""
    return {"note_low": float(notes[0]), "note_high": float(notes[1])}


def columns(patches: Sequence[Patch], name: str, count: int, device: torch.device) -> Tensor:
    """Parameters `name0` … of every patch, float32 (batch, count)."""
    rows = [[patch[f"{name}{index}"] for index in range(count)] for patch in patches]
    return torch.tensor(rows, dtype=torch.float32, device=device)


def reader(patches: Sequence[Patch], device: torch.device) -> Callable[[str], Tensor]:
    """A function that reads one parameter of every patch as float32 (batch, 1)."""

    def read(key: str) -> Tensor:
        return column(patches, key, device)

    return read
