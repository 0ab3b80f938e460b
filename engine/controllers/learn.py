"""Learner: which controller does the user mean? The first one that moves clearly, in the way that it sends."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from engine.controllers.binding import FINE_OFFSET, Kind, reserved
from engine.controllers.encoders import ways

_TRAVEL = 8  # steps of 127: an unsteady potentiometer wavers by one or two
_REPEATS = 2  # of the same number in a row: knobs do not send them, encoders do
_RUN = 5  # messages of a slow knob between 1 and 15, where it looks like an encoder
_KEPT = 64  # messages of each controller


class Control(NamedTuple):
    port: str
    channel: int
    number: int


class Found(NamedTuple):
    """kinds: what it may be, the likeliest first."""

    control: Control
    kinds: tuple[Kind, ...]


class Learner:
    """rest: where controllers stood before, so that a button pressed once is seen to move."""

    def __init__(self, rest: Mapping[Control, int]) -> None:
        self._rest = dict(rest)
        self._seen: dict[Control, list[int]] = {}
        self._refused: set[int] = set()

    def refuses(self, number: int) -> str:
        """Why this number cannot be learnt, said once; "" when it can or was said."""
        words = reserved(number)
        if not words or number in self._refused:
            return ""
        self._refused.add(number)
        return words

    def hears(self, control: Control, value: int) -> Found | None:
        """The controller that is meant, once that is clear. value: 0..127."""
        if reserved(control.number):
            return None
        values = self._seen.setdefault(control, [])
        values.append(value)
        del values[:-_KEPT]
        pair = self._pair(control)
        if pair is not None:
            return Found(pair, ("fine",)) if self._travel(pair) >= _TRAVEL else None
        kinds = ways(values)
        if kinds and _repeats(values) >= _REPEATS:
            return Found(control, kinds)
        if self._travel(control) >= _TRAVEL and (not kinds or _runs(values)):
            return Found(control, ("absolute",))
        return None

    def _pair(self, control: Control) -> Control | None:
        """The coarse half of a 14-bit controller when both halves are being heard, about as often."""
        if control.number >= 2 * FINE_OFFSET:
            return None
        coarse = control._replace(number=control.number % FINE_OFFSET)
        fine = control._replace(number=coarse.number + FINE_OFFSET)
        if coarse not in self._seen or fine not in self._seen:
            return None
        return coarse if 2 * len(self._seen[fine]) >= len(self._seen[coarse]) else None

    def _travel(self, control: Control) -> int:
        values = self._seen[control]
        if control in self._rest:
            values = [self._rest[control], *values]
        return max(values) - min(values)


def _repeats(values: list[int]) -> int:
    return sum(a == b for a, b in pairwise(values))


def _runs(values: list[int]) -> bool:
    """Whether it goes steadily one way, as knobs do and encoders do not."""
    up = all(a < b for a, b in pairwise(values))
    down = all(a > b for a, b in pairwise(values))
    return len(values) >= _RUN and (up or down)
