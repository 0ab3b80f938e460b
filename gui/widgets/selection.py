"""Choosing a part of a sound with the mouse: a drag chooses, borders and the part itself can be moved."""

from __future__ import annotations

from dataclasses import dataclass

Region = tuple[float, float]  # first and last second

SHORTEST_S = 0.02
_NEAR_PX = 5  # of a border, to take hold of it
_DRAG_PX = 4  # less is a click


@dataclass
class Selection:
    """What one press of the mouse does, in seconds; `second_px`: how many px a second has."""

    region: Region | None
    seconds: float  # length of the sound
    second_px: float
    pressed_s: float

    def __post_init__(self) -> None:
        self.dragged = False
        self._before = self.region
        self._side = self._taken_hold()

    @property
    def moves(self) -> bool:
        """Whether it moves what was chosen, rather than choosing something else."""
        return self._side != "new"

    def _taken_hold(self) -> str:
        if self.region is None:
            return "new"
        near = _NEAR_PX / self.second_px
        first, last = self.region
        if abs(self.pressed_s - first) <= near:
            return "first"
        if abs(self.pressed_s - last) <= near:
            return "last"
        return "both" if first < self.pressed_s < last else "new"

    def at(self, now_s: float) -> Region | None:
        """The region with the mouse at `now_s`; None while nothing was dragged yet."""
        self.dragged = self.dragged or abs(now_s - self.pressed_s) * self.second_px >= _DRAG_PX
        if not self.dragged:
            return None
        if self._before is None or self._side == "new":
            return self._ordered(self.pressed_s, now_s)
        first, last = self._before
        moved = now_s - self.pressed_s
        if self._side == "first":
            return self._ordered(first + moved, last)
        if self._side == "last":
            return self._ordered(first, last + moved)
        moved = min(max(moved, -first), self.seconds - last)
        return first + moved, last + moved

    def _ordered(self, one: float, other: float) -> Region:
        first, last = sorted(min(max(at, 0.0), self.seconds) for at in (one, other))
        last = min(self.seconds, max(last, first + SHORTEST_S))
        return max(0.0, min(first, last - SHORTEST_S)), last


def cursor_side(region: Region | None, at_s: float, second_px: float) -> bool:
    """Whether a border lies under the mouse."""
    return region is not None and min(abs(at_s - border) for border in region) * second_px <= _NEAR_PX
