"""Chain: the edits of a take, in order. The take keeps its own latent; a chain is applied anew whenever it changes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from engine.errors import BadRequest
from engine.latent.apply import Other, applied
from engine.latent.edit import KINDS, Edit, Moves, Points
from engine.latent.space import Space
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent

VERSION = 1
MOST_EDITS = 64
MOST_MOVES = 8000  # of all knobs together: edits and presets are small files
MOST_BYTES = 1_000_000
Region = tuple[float, float]  # first and last second
_KIND_OF = {key: kind.key for kind in KINDS.values() for key in kind.keys}


class Chain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Non-destructive: every method gives a new chain. bypassed: the whole chain is passed by.

    Raises BadRequest when it is too long or of another version.
    """

    version: int = VERSION
    edits: tuple[Edit, ...] = ()
    bypassed: bool = False

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise BadRequest(f"These edits were made by another Latente (version {self.version}). Update the program.")
        if len(self.edits) > MOST_EDITS:
            raise BadRequest(f"A sound takes at most {MOST_EDITS} edits, not {len(self.edits)}.")
        if sum(len(edit.moves) for edit in self.edits) > MOST_MOVES:
            raise BadRequest(f"A sound takes at most {MOST_MOVES} moves of its knobs.")

    @property
    def active(self) -> tuple[Edit, ...]:
        """The edits that do something, in order."""
        return () if self.bypassed else tuple(edit for edit in self.edits if not edit.idle)

    @property
    def sources(self) -> frozenset[str]:
        """Names of the other sounds that the active edits need."""
        return frozenset(edit.source for edit in self.active if edit.source)

    def value(self, key: str, region_s: Region | None = None) -> float:
        """Where a parameter's slider stands: in the first edit of that part of the sound (None: of the whole) that has
        it, else its default. What cannot act on a part has one slider for the whole."""
        found = self._place(key, region_s)
        return (Edit(kind=_kind_of(key)) if found is None else self.edits[found]).number(key)

    def having(self, key: str, number: float, region_s: Region | None = None) -> Chain:
        """The slider of a parameter moved: its edit is changed, or added at the end. Raises BadRequest."""
        found = self._place(key, region_s)
        if found is None:
            return self.plus(Edit(kind=_kind_of(key), region_s=_part(key, region_s)).having(key, number))
        return self.replacing(found, self.edits[found].having(key, number))

    @property
    def moved_keys(self) -> tuple[str, ...]:
        """The parameters that have moves, each once."""
        return tuple(dict.fromkeys(KINDS[edit.kind].keys[0] for edit in self.edits if edit.moves))

    def moves(self, key: str, region_s: Region | None = None) -> Moves:
        """The moves of a parameter in that part of the sound (None: in the whole); () where there are none."""
        found = self._place(key, region_s)
        return () if found is None or not movable(key) else self.edits[found].moves

    def moving(self, key: str, moves: Moves, region_s: Region | None = None) -> Chain:
        """A parameter moves so within the sound; () holds it where its slider stands. Raises BadRequest."""
        if not movable(key):
            if moves:
                raise BadRequest(f"{PARAMS[key].label} cannot move within a sound.")
            return self
        found = self._place(key, region_s)
        if found is None:
            return self.plus(Edit(kind=_kind_of(key), region_s=_part(key, region_s), moves=moves)) if moves else self
        return self.replacing(found, msgspec.structs.replace(self.edits[found], moves=moves))

    @property
    def still(self) -> Chain:
        """The chain without any moves: every parameter where its slider stands."""
        return self._with(tuple(msgspec.structs.replace(edit, moves=()) for edit in self.edits))

    def pointed(self, points: Mapping[str, Points]) -> Chain:
        """The edits of these kinds that have no points yet take theirs."""
        if all(edit.points or edit.kind not in points for edit in self.edits):
            return self
        given = ({} if edit.points else {"points": points.get(edit.kind, ())} for edit in self.edits)
        return self._with(
            tuple(msgspec.structs.replace(edit, **new) for edit, new in zip(self.edits, given, strict=True))
        )

    def plus(self, edit: Edit) -> Chain:
        return self._with((*self.edits, edit))

    def replacing(self, index: int, edit: Edit) -> Chain:
        return self._with((*self.edits[:index], edit, *self.edits[index + 1 :]))

    def without(self, index: int) -> Chain:
        return self._with((*self.edits[:index], *self.edits[index + 1 :]))

    def moved(self, index: int, to: int) -> Chain:
        """The edit `index` at the place `to` of the new order."""
        rest = list(self.edits)
        rest.insert(to, rest.pop(index))
        return self._with(tuple(rest))

    def apply(
        self, latent: Latent, pitch: Pitch, space: Space, others: Mapping[str, Other] | None = None
    ) -> tuple[Latent, Pitch]:
        """The edited latent and pitch; without active edits the very same two. Raises BadRequest when one of
        `sources` is not among `others` (name -> latent and pitch of the same codec)."""
        return applied(self.active, latent, pitch, space, others or {})

    def _place(self, key: str, region_s: Region | None) -> int | None:
        kind, part = _kind_of(key), _part(key, region_s)
        those = (index for index, edit in enumerate(self.edits) if edit.kind == kind and edit.region_s == part)
        return next(those, None)

    def _with(self, edits: tuple[Edit, ...]) -> Chain:
        return msgspec.structs.replace(self, edits=edits)


def movable(key: str) -> bool:
    """Whether a parameter can change within a sound. Raises BadRequest for one that is no edit's."""
    kind = KINDS[_kind_of(key)]
    return kind.moving and kind.keys[0] == key


def chain_json(chain: Chain) -> str:
    """The chain as JSON on one line; what has its default is left out."""
    return msgspec.json.encode(chain).decode()


def read_chain(data: str | bytes) -> Chain:
    """A chain from JSON of any origin. Raises BadRequest with one line."""
    if len(data) > MOST_BYTES:
        raise BadRequest("These edits are too long to be edits of Latente.")
    try:
        return msgspec.json.decode(data, type=Chain)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"These edits cannot be read: {_line(error)}.") from error


def chain_from(plain: object) -> Chain:
    """A chain from dicts and lists, as a TOML file gives them. Raises BadRequest with one line."""
    try:
        return msgspec.convert(plain, type=Chain)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"These edits cannot be read: {_line(error)}.") from error


def plain(chain: Chain) -> dict[str, object]:
    """The chain as dicts and lists without None, ready for JSON or TOML."""
    made: dict[str, object] = msgspec.to_builtins(chain)
    return made


def _kind_of(key: str) -> str:
    if key not in _KIND_OF:
        raise BadRequest(f"“{key[:40]}” is no parameter of an edit.")
    return _KIND_OF[key]


def _part(key: str, region_s: Region | None) -> Region | None:
    return region_s if KINDS[_kind_of(key)].regional else None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
