"""Between two chains: every slider part of the way from where one has it to where the other has it."""

from __future__ import annotations

from collections import Counter

import msgspec

from engine.latent.chain import MOST_EDITS, Chain
from engine.latent.edit import KINDS, Edit
from engine.params import PARAMS

_Name = tuple[object, ...]


def blended(first: Chain, second: Chain, share: float) -> Chain:
    """share 0 is `first`, 1 is `second`, themselves.

    Between them, edits of the same kind and part of the sound travel as their knobs do, what only one chain has grows
    from its default, and what cannot be in between (choices, seeds, points, moves, switches) changes over in the
    middle. The order is that of `first`, then what only `second` has.
    """
    if share <= 0.0 or first == second:
        return first
    if share >= 1.0:
        return second
    ours, theirs = _named(first), _named(second)
    edits = [_between(ours.get(name), theirs.get(name), share) for name in dict.fromkeys([*ours, *theirs])]
    return Chain(edits=tuple(edit for edit in edits if edit is not None)[:MOST_EDITS])


def _named(chain: Chain) -> dict[_Name, Edit]:
    """The edits by what makes them the same in another chain; of several alike, the first belongs to the first."""
    seen: Counter[_Name] = Counter()
    named: dict[_Name, Edit] = {}
    for edit in () if chain.bypassed else chain.edits:
        name = (edit.kind, edit.region_s, edit.source)
        named[(*name, seen[name])] = edit
        seen[name] += 1
    return named


def _between(ours: Edit | None, theirs: Edit | None, share: float) -> Edit | None:
    nearer = ours if share < 0.5 else theirs
    some = ours or theirs
    if some is None:
        return None
    if all(PARAMS[key].choices for key in KINDS[some.kind].keys):  # there or not, as reversing is
        return nearer
    values: dict[str, float | str] = {}
    for key in KINDS[some.kind].keys:
        spec = PARAMS[key]
        near = nearer or some
        if spec.choices:
            values[key] = near.word(key)
        elif spec.key.endswith("seed"):
            values[key] = near.number(key)
        else:
            ends = [spec.position(_number(edit, other, key)) for edit, other in ((ours, theirs), (theirs, ours))]
            values[key] = spec.at(ends[0] + share * (ends[1] - ends[0]))
    moves = nearer.moves if nearer is not None else ()
    return msgspec.structs.replace(nearer or some, values=values, enabled=True, moves=moves)


def _number(edit: Edit | None, other: Edit | None, key: str) -> float:
    """Where a chain has a parameter. Without the edit, what says how much is at its default, and the rest as it is in
    the other chain: a drop that fades away does not change its time meanwhile."""
    if edit is not None and edit.enabled:
        return edit.number(key)
    given = edit or other
    if given is None or KINDS[given.kind].keys[0] == key:
        return PARAMS[key].default
    return given.number(key)
