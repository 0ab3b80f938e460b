"""Samplers: how a velocity field is followed from noise (time 0) to data (time 1). All share one signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

Velocity = Callable[[Tensor, float, float], Tensor]  # (x (B, L, C), time, next time) -> (B, L, C)
OnStep = Callable[[int, int], None]
Hold = Callable[[Tensor, float], Tensor]  # (x, the time it has reached) -> x with what must stay put back

Window = tuple[float, float]
GUIDED: Window = 0.12, 0.6  # of the way from noise to data: before, guidance leads astray; after, it only adds noise
LEAST = 0.15  # of a step: one that is guided for less is not worth the second evaluation


class Sampler(Protocol):
    """What `euler` and its siblings have in common."""

    def __call__(
        self, velocity: Velocity, x: Tensor, steps: int, on_step: OnStep, start: float = 0.0, hold: Hold | None = None
    ) -> Tensor: ...


def euler(
    velocity: Velocity, x: Tensor, steps: int, on_step: OnStep, start: float = 0.0, hold: Hold | None = None
) -> Tensor:
    """Straight steps, shorter towards the noise end, where the field turns most. start: the time x is at."""
    times = schedule(steps, start)
    for index in range(steps):
        x = x + velocity(x, times[index], times[index + 1]) * (times[index + 1] - times[index])
        x = x if hold is None else hold(x, times[index + 1])
        on_step(index + 1, steps)
    return x


def adams(
    velocity: Velocity, x: Tensor, steps: int, on_step: OnStep, start: float = 0.0, hold: Hold | None = None
) -> Tensor:
    """Second order without an evaluation more (Adams and Bashforth's formula of two steps): where the field turned
    since the last step, it is taken to go on turning. Eight steps end as near to the flow's course as sixteen straight
    ones."""
    times = schedule(steps, start)
    before: Tensor | None = None
    for index in range(steps):
        length, now = times[index + 1] - times[index], velocity(x, times[index], times[index + 1])
        turn = 0.0 if before is None else (now - before) * (length / (2 * (times[index] - times[index - 1])))
        x, before = x + (now + turn) * length, now
        x = x if hold is None else hold(x, times[index + 1])
        on_step(index + 1, steps)
    return x


def from_source(
    velocity: Velocity, noise: Tensor, source: Tensor, moved: Tensor, strength: float, steps: int, on_step: OnStep,
    sampler: Sampler = euler,
) -> Tensor:  # fmt: skip
    """Audio-to-audio (SDEdit, Meng et al. 2022, along a straight path): the source with as much noise as `strength`
    says, followed to the data's end. moved (B, L, 1): 1 where the sound may change, 0 where it stays the source's.
    Strength 0 gives the source back. Fewer steps than asked are enough for a shorter way."""
    if strength == 0:
        on_step(steps, steps)
        return source
    start = 1.0 - strength
    steps = max(1, round(steps * strength))

    def at(time: float) -> Tensor:
        return (1 - time) * noise + time * source

    def hold(x: Tensor, time: float) -> Tensor:
        return moved * x + (1 - moved) * at(time)

    return sampler(velocity, at(start), steps, on_step, start, hold)


def schedule(steps: int, start: float = 0.0, bend: float = 1.3) -> list[float]:
    """`steps` + 1 times from `start` to 1."""
    return [start + (1.0 - start) * (index / steps) ** bend for index in range(steps + 1)]


def guided(
    velocity: Callable[[Tensor, Tensor], Tensor],
    wished: Callable[[Tensor, Tensor], Tensor],
    guidance: float,
    shares: Sequence[float] = (1.0,),
    window: Window = GUIDED,
) -> Velocity:
    """Classifier-free guidance (Ho & Salimans 2022): away from the last condition, towards those before it.

    Guided is only what turns the sound that the velocity leads to into another, not what makes more of the same
    (Sadat et al. 2024), and only within the `window` (Kynkäänniemi et al. 2024): latents stay among those of sounds,
    where the plain rule fills dark and soft ones with noise. A step that lies in there in part is guided by that part,
    so that all of it is guided in however few steps the way is gone.

    velocity(x (B · (K + 1), L, C), time (B · (K + 1),)) evaluates B sounds under K wishes and the one to leave at once,
    all sounds under the first wish first; wished(x (B · K, L, C), time (B · K,)) under the wishes alone. shares: weight
    of each wish, sum 1: their velocities are mixed. Guidance 1 means plain conditional sampling.
    """
    weights = torch.tensor(shares)[:, None, None, None]

    def evaluated(field: Callable[[Tensor, Tensor], Tensor], x: Tensor, time: float, count: int) -> Tensor:
        every = x.repeat(count, 1, 1)
        return field(every, torch.full((len(every),), time, device=x.device)).view(-1, *x.shape)

    def follow(x: Tensor, time: float, end: float) -> Tensor:
        part = max(0.0, min(end, window[1]) - max(time, window[0])) / (end - time)
        if guidance == 1.0 or part < LEAST:
            return (evaluated(wished, x, time, len(shares)) * weights.to(x.device)).sum(0)
        made = evaluated(velocity, x, time, len(shares) + 1)
        asked = (made[:-1] * weights.to(x.device)).sum(0)
        away = asked - made[-1]
        aim = x + (1 - time) * asked
        along = (away * aim).sum((1, 2), keepdim=True) / aim.square().sum((1, 2), keepdim=True).clamp(min=1e-12)
        return asked + part * (guidance - 1) * (away - along * aim)

    return follow
