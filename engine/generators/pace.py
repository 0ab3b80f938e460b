"""How the way from noise to sound is gone: by which sampler, in how many steps, and whether by the flow's student."""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.fast import FastConfig
from engine.generators.sampling import Sampler, adams, euler
from engine.request import Request


@dataclass(frozen=True)
class Pace:
    """student: whether the student goes it, guidance folded in, instead of the flow itself."""

    sampler: Sampler
    steps: int
    student: bool = False


def pace(request: Request, student: FastConfig | None, plain: bool) -> Pace:
    """What `request.sampling` means. plain: nothing is asked that a student was not taught: one prompt, from noise.

    Eight steps of Adams and Bashforth end as near to the flow's true course as sixteen of Euler: at half of the time,
    they are the default.
    """
    if request.sampling == "fine":
        return Pace(adams, 2 * request.steps)
    if request.sampling == "normal":
        return Pace(adams, request.steps)
    if student is not None and plain and not request.negative and request.guidance == student.guidance:
        return Pace(euler, student.steps, student=True)
    return Pace(adams, max(1, request.steps // 2))
