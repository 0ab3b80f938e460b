"""What a hand does to a chain in one step, where that is more than a slider's value: the other sound that a take goes
into, whose pitch it takes on, the gain of a channel."""

from __future__ import annotations

import msgspec

from engine.latent.chain import Chain, Region
from engine.latent.edit import Edit
from engine.params import PARAMS

SINGING = PARAMS["singing"].choices
_HALFWAY = 0.5
_MOST_GAIN = 3.0


def source(chain: Chain) -> str:
    """Id of the take that it morphs into, "" for none."""
    return next((edit.source for edit in chain.edits if edit.kind == "morph"), "")


def into(chain: Chain, take_id: str) -> Chain:
    """It morphs into that take, and sings as that one: half way, unless it already did into another."""
    before = source(chain)
    chain = chain if before else chain.having("morph", _HALFWAY)
    return _with(chain, [_replaced(edit, source=take_id) if _goes_into(edit, before) else edit for edit in chain.edits])


def leaving(chain: Chain) -> Chain:
    """It goes into that take no more."""
    before = source(chain)
    return _with(chain, [edit for edit in chain.edits if not _goes_into(edit, before)])


def singing(chain: Chain) -> str:
    """Whether it has the pitch of the take that it morphs into: its curve at one's own note, or at its (SINGING)."""
    found = _singing(chain)
    if found is None:
        return "no"
    return "own note" if found.word("pitch_note") == "own" else "its note"


def sung(chain: Chain, how: str) -> Chain:
    """The same with that pitch, which all other edits of the pitch then act on. Without a take that it morphs into,
    nothing changes."""
    if not source(chain):
        return chain
    found = _singing(chain)
    rest = [edit for edit in chain.edits if edit is not found]
    if how == "no":
        return _with(chain, rest)
    place = 0 if found is None else chain.edits.index(found)
    made = Edit(kind="sing", values={"pitch_note": "own" if how == "own note" else "other"}, source=source(chain))
    return _with(chain, [*rest[:place], made, *rest[place:]])


def gain(chain: Chain, channel: int, region_s: Region | None = None) -> float:
    """The factor of one channel of the latent."""
    found = _channels(chain, region_s)
    return 1.0 if found is None else dict(found.points).get(float(channel), 1.0)


def gained(chain: Chain, channel: int, factor: float, region_s: Region | None = None) -> Chain:
    """One channel of the latent times a factor, held within 0..3; 1 takes it off the list."""
    found = _channels(chain, region_s)
    factors = {} if found is None else dict(found.points)
    factors[float(channel)] = min(_MOST_GAIN, max(0.0, factor))
    points = tuple(sorted(point for point in factors.items() if point[1] != 1.0))
    if found is None:
        return chain.plus(Edit(kind="channels", region_s=region_s, points=points)) if points else chain
    edits = [_replaced(edit, points=points) if edit is found else edit for edit in chain.edits]
    return _with(chain, [edit for edit in edits if edit.kind != "channels" or edit.points])


def _goes_into(edit: Edit, take_id: str) -> bool:
    return edit.kind in ("morph", "sing") and edit.source == take_id


def _singing(chain: Chain) -> Edit | None:
    return next((edit for edit in chain.edits if edit.kind == "sing" and _goes_into(edit, source(chain))), None)


def _channels(chain: Chain, region_s: Region | None) -> Edit | None:
    return next((edit for edit in chain.edits if edit.kind == "channels" and edit.region_s == region_s), None)


def _replaced(edit: Edit, **changes: object) -> Edit:
    made: Edit = msgspec.structs.replace(edit, **changes)
    return made


def _with(chain: Chain, edits: list[Edit]) -> Chain:
    made: Chain = msgspec.structs.replace(chain, edits=tuple(edits))
    return made
