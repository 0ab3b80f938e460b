"""Shapes applied in the pictures' thread: never more than one waits, and that is the newest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.dsp.cut import nearest_zero
from engine.errors import LatenteError
from engine.shape import Shape
from engine.sound import Samples, Sound
from gui.bridge import Bridge
from gui.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Shaped:
    """sound: what is heard. picture: the same where it lies in the picture, silence around it. before: what the take
    was, there."""

    sound: Sound
    picture: Sound
    before: Sound
    timeline: Timeline


def shaped(shape: Shape, made: Sound, original: Sound) -> Shaped:
    """made: the take as it was decoded; original: the take itself. Raises BadRequest where nothing would be left."""
    from engine.dsp.shaping import apply  # scipy: not before the window is up

    sound = apply(shape, made)
    first, last = cut_frames(shape, made)
    mirrored = shape.reverse == "on"
    offset = made.frames - last if mirrored else first
    frames = max(made.frames, offset + sound.frames)
    before = original if original.frames == made.frames else made
    timeline = Timeline(frames / made.rate_hz, made.seconds, offset / made.rate_hz, mirrored)
    picture = sound.with_samples(_placed(sound.samples, offset, frames))
    behind = before.samples[::-1] if mirrored else before.samples
    return Shaped(sound, picture, before.with_samples(_placed(behind, 0, frames)), timeline)


def cut_frames(shape: Shape, made: Sound) -> tuple[int, int]:
    """The frames that a shape keeps of a sound, the last one exclusive."""
    if shape.trim_s is None:
        return 0, made.frames
    first, last = (min(made.frames, round(moment * made.rate_hz)) for moment in shape.trim_s)
    if shape.snap == "on":
        first, last = (nearest_zero(made.samples, made.rate_hz, frame) for frame in (first, last))
    return first, last


def _placed(samples: Samples, offset: int, frames: int) -> Samples:
    if offset == 0 and frames == len(samples):
        return samples
    whole = np.zeros((frames, samples.shape[1]), np.float32)
    whole[offset : offset + len(samples)] = samples
    return whole


class Shapes:
    """`done(token, shaped)` and `failed(token, line)` are called in the GUI thread."""

    def __init__(
        self, bridge: Bridge, done: Callable[[object, Shaped], None], failed: Callable[[object, str], None]
    ) -> None:
        self._bridge, self._tell, self._fail = bridge, done, failed
        self._wanted: tuple[object, Callable[[], Shaped]] | None = None
        self.busy = False

    def want(self, token: object, work: Callable[[], Shaped]) -> None:
        """In place of what waits."""
        self._wanted = token, work
        if not self.busy:
            self._next()

    def drop(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = None

    @property
    def waiting(self) -> bool:
        return self._wanted is not None

    def _next(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        self.busy = True
        work = wanted[1]

        def attempt() -> Shaped | str:
            try:
                return work()
            except LatenteError as problem:
                return str(problem)
            except MemoryError:
                return "There is not enough memory for this shape. Close other programs and try again."

        self._bridge.draw(attempt, lambda result: self._done(wanted, result))

    def _done(self, wanted: tuple[object, Callable[[], Shaped]], result: Shaped | str) -> None:
        self.busy = False
        newest = self._wanted
        if newest is wanted:
            self._wanted = None
        if newest is not None:  # what was asked before the newest is on the way there: it is heard, too
            if isinstance(result, str):
                self._fail(wanted[0], result)
            else:
                self._tell(wanted[0], result)
        if newest is not None and newest is not wanted:
            self._next()
