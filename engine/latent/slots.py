"""Slots: four chains of one take, A to D, of which one is heard, or what lies between two of them."""

from __future__ import annotations

import msgspec

from engine.errors import BadRequest
from engine.latent.blend import blended
from engine.latent.chain import MOST_BYTES, Chain, Region, read_chain
from engine.latent.edit import Edit

LETTERS = ("A", "B", "C", "D")
_FRESH: tuple[Chain | None, ...] = (Chain(), None, None, None)


class Slots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """chains: one for each letter, None where nothing was put yet. place: the one in hand. towards: the other end of
    the morph, which stands at `share`, 0..1. bypassed: the take is heard without any.

    Raises BadRequest when they do not fit.
    """

    chains: tuple[Chain | None, ...] = _FRESH
    place: int = 0
    towards: int = 1
    share: float = 0.0
    bypassed: bool = False

    def __post_init__(self) -> None:
        count = len(LETTERS)
        fits = len(self.chains) == count and 0 <= self.place < count and 0 <= self.towards < count
        if not fits or self.chains[self.place] is None or not 0.0 <= self.share <= 1.0:
            raise BadRequest("These edits cannot be read: their slots do not fit.")

    @property
    def heard(self) -> Chain:
        return Chain() if self.bypassed else self.chain

    @property
    def chain(self) -> Chain:
        """What the sliders show, and what is heard unless that is passed by."""
        other = self.chains[self.towards]
        return self.own if other is None else blended(self.own, other, self.share)

    @property
    def own(self) -> Chain:
        """The chain of the slot in hand."""
        return self.chains[self.place] or Chain()

    @property
    def morphing(self) -> bool:
        """Whether what is heard is not the slot in hand alone."""
        return self.share > 0.0 and self.chains[self.towards] is not None

    @property
    def sources(self) -> frozenset[str]:
        """Names of the other sounds that any slot needs."""
        return frozenset[str]().union(*(chain.sources for chain in self.chains if chain is not None))

    def having(self, chain: Chain) -> Slots:
        """`chain` is heard from now on. Between two slots it goes to a free one, if there is one: both ends stay."""
        place = self.place
        if self.morphing and None in self.chains:
            place = self.chains.index(None)
        return self._with(place, chain)

    def at(self, place: int) -> Slots:
        """Another slot in hand. A free one begins with what is heard now."""
        if self.chains[place] is None:
            return self._with(place, self.chain)
        towards = self._other(place)
        return msgspec.structs.replace(self, place=place, towards=towards, share=0.0, bypassed=False)

    def copied(self, place: int) -> Slots:
        """What is heard now goes to another slot, too."""
        chains = tuple(self.chain if at == place else chain for at, chain in enumerate(self.chains))
        return msgspec.structs.replace(self, chains=chains)

    def laid(self, place: int, chain: Chain) -> Slots:
        """`chain` goes into a slot, whichever is in hand; a mix with that slot is over."""
        chains = tuple(chain if at == place else other for at, other in enumerate(self.chains))
        share = 0.0 if place in (self.place, self.towards) else self.share
        return msgspec.structs.replace(self, chains=chains, share=share)

    def freed(self, place: int) -> Slots:
        """A slot is free again; the one in hand becomes one without edits instead."""
        rest = Chain() if place == self.place else None
        chains = tuple(rest if at == place else chain for at, chain in enumerate(self.chains))
        share = 0.0 if place in (self.place, self.towards) else self.share
        return msgspec.structs.replace(self, chains=chains, share=share)

    def morphed(self, towards: int, share: float) -> Slots:
        """So far towards another slot; a free one counts as the sound without edits."""
        chains = tuple(Chain() if at == towards and chain is None else chain for at, chain in enumerate(self.chains))
        share = min(1.0, max(0.0, share))
        return msgspec.structs.replace(self, chains=chains, towards=towards, share=share, bypassed=False)

    def passed_by(self, bypassed: bool) -> Slots:
        """The take without edits, or with them again."""
        return msgspec.structs.replace(self, bypassed=bypassed)

    def _with(self, place: int, chain: Chain) -> Slots:
        chains = tuple(chain if at == place else other for at, other in enumerate(self.chains))
        towards = self._other(place)
        return msgspec.structs.replace(self, chains=chains, place=place, towards=towards, share=0.0, bypassed=False)

    def _other(self, place: int) -> int:
        """The other end of a morph from `place`: what it was, unless that is where we are."""
        if self.towards != place:
            return self.towards
        return self.place if self.place != place else (place + 1) % len(LETTERS)


def standing_for(take_id: str, edits: Chain) -> Chain:
    """The chain that makes another take, with edits of its own, of whatever take it is applied to."""
    timbre = Edit(kind="morph", values={"morph": 1.0}, source=take_id)
    pitch = Edit(kind="sing", values={"pitch_note": "other"}, source=take_id)
    return msgspec.structs.replace(edits, edits=(timbre, pitch, *edits.edits))


def slots_json(slots: Slots) -> str:
    """On one line; "" for slots in which nothing was done."""
    return "" if slots == Slots() else msgspec.json.encode(slots).decode()


def read_slots(text: str) -> Slots:
    """Slots from JSON of any origin; a chain alone is slot A. Raises BadRequest with one line."""
    if not text:
        return Slots()
    if len(text) > len(LETTERS) * MOST_BYTES:
        raise BadRequest("These edits are too long to be edits of Latente.")
    try:
        return msgspec.json.decode(text, type=Slots)
    except (ValueError, RecursionError):
        return Slots(chains=(read_chain(text), None, None, None))


def moved_region(chain: Chain, before: Region, after: Region) -> Chain:
    """What acts on one part of the sound acts on another from now on. Raises BadRequest for one that cannot be."""
    edits = (msgspec.structs.replace(edit, region_s=after) if edit.region_s == before else edit for edit in chain.edits)
    return msgspec.structs.replace(chain, edits=tuple(edits))


def region_edits(chain: Chain) -> dict[Region, list[Edit]]:
    """The edits of parts of the sound, by part, in the order in which the parts begin."""
    found: dict[Region, list[Edit]] = {}
    for edit in sorted((edit for edit in chain.edits if edit.region_s), key=lambda edit: edit.region_s or (0.0, 0.0)):
        if edit.region_s is not None and not edit.idle:
            found.setdefault(edit.region_s, []).append(edit)
    return found
