"""Strokes of a pencil over the pitch curve. Each is a `draw` edit; what is drawn last is what is heard there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from engine.latent.chain import Chain
from engine.latent.curves import FADE_S
from engine.latent.edit import KINDS, LAST_S, MOST_POINTS, Edit
from engine.latent.space import POINT_HZ

Line = Sequence[tuple[float, float]]  # (seconds, semitones from the root note)
FARTHEST_ST = 60.0  # from the root note
_JOIN_S = 2 * FADE_S  # lines closer than this would fade into each other: they are one


def stroked(chain: Chain, line: Line) -> Chain:
    """The chain with a line drawn over the curve that is heard: exactly that line is heard then.

    The line goes to the end, where nothing bends it any more, and lines drawn before that it touches become one with
    it, as far as they still are what is heard. `line` in any order; one of no points changes nothing. Raises BadRequest
    when there are too many edits.
    """
    if not line:
        return chain
    points = _on_the_grid(sorted(line))
    first, last = points[0][0] - _JOIN_S, points[-1][0] + _JOIN_S
    touched = {
        place
        for place in _heard_lines(chain)
        if min(chain.edits[place].points)[0] <= last and max(chain.edits[place].points)[0] >= first
    }
    older = [point for place in sorted(touched) for point in chain.edits[place].points]
    points += [point for point in older if not points[0][0] <= point[0] <= points[-1][0]]
    for place in sorted(touched, reverse=True):
        chain = chain.without(place)
    return chain.plus(Edit(kind="draw", points=tuple(sorted(points)[:MOST_POINTS])))


def line_at(chain: Chain, moment_s: float) -> int | None:
    """The place in the chain of the line that is heard at a moment; None where none was drawn."""
    those = (place for place in _heard_lines(chain) if _spans(chain.edits[place], moment_s))
    return next(those, None)


def has_lines(chain: Chain) -> bool:
    """Whether anything was drawn."""
    return any(edit.kind == "draw" for edit in chain.edits)


def without_lines(chain: Chain) -> Chain:
    """The chain with nothing drawn."""
    return msgspec.structs.replace(chain, edits=tuple(edit for edit in chain.edits if edit.kind != "draw"))


def _heard_lines(chain: Chain) -> list[int]:
    """Places of the lines that lie where and at the pitch they were drawn at, the latest first: nothing after them
    bends the curve or moves it in time."""
    found: list[int] = []
    for place in range(len(chain.edits) - 1, -1, -1):
        edit = chain.edits[place]
        if edit.kind == "draw" and edit.points and edit.enabled:
            found.append(place)
        elif not (edit.idle or _leaves_alone(edit)):
            break
    return found


def _leaves_alone(edit: Edit) -> bool:
    """Whether a curve keeps its shape and time; where its root note lies does not matter."""
    kind = KINDS[edit.kind]
    if kind.key == "transpose":
        return edit.region_s is None and not edit.moves
    return kind.key == "formants" or not (kind.pitch or kind.time)


def _spans(edit: Edit, moment_s: float) -> bool:
    return min(edit.points)[0] <= moment_s <= max(edit.points)[0]


def _on_the_grid(line: Line) -> list[tuple[float, float]]:
    """The line at the moments at which a pitch curve has points, and at its ends; within what an edit takes."""
    moments, semitones = np.asarray(line, np.float64).T
    moments = np.clip(moments, 0.0, LAST_S)
    first, last = moments[0], moments[-1]
    between = np.arange(np.floor(first * POINT_HZ) + 1, np.ceil(last * POINT_HZ)) / POINT_HZ
    at = np.unique(np.concatenate([[first], between, [last]]).round(5))
    heights = np.clip(np.interp(at, moments, semitones), -FARTHEST_ST, FARTHEST_ST).round(4)
    return list(zip(at.tolist(), heights.tolist(), strict=True))
