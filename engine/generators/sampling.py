"""Samplers: how a velocity field is followed from noise (time 0) to data (time 1). All share one signature."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Velocity = Callable[[Tensor, float], Tensor]  # (x (B, L, C), time) -> (B, L, C)
OnStep = Callable[[int, int], None]


def euler(velocity: Velocity, x: Tensor, steps: int, on_step: OnStep, start: float = 0.0) -> Tensor:
    """Straight steps, shorter towards the noise end, where the field turns most."""
    times = schedule(steps, start)
    for index in range(steps):
        x = x + velocity(x, times[index]) * (times[index + 1] - times[index])
        on_step(index + 1, steps)
    return x


def schedule(steps: int, start: float = 0.0, bend: float = 1.3) -> list[float]:
    """`steps` + 1 times from `start` to 1."""
    return [start + (1.0 - start) * (index / steps) ** bend for index in range(steps + 1)]


def guided(velocity: Callable[[Tensor, Tensor], Tensor], guidance: float) -> Velocity:
    """Classifier-free guidance (Ho & Salimans 2022): away from the second half of the batch, towards the first.

    velocity(x (2B, L, C), time (2B,)) evaluates both halves at once; guidance 1 means plain conditional sampling.
    """

    def follow(x: Tensor, time: float) -> Tensor:
        both = torch.cat([x, x])
        asked, other = velocity(both, torch.full((len(both),), time, device=x.device)).chunk(2)
        return other + guidance * (asked - other)

    return follow
