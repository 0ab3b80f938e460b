"""From a slider to the ear: what is edited is decoded at once, the last move winning, and heard instead of the take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from engine.edited import inside, without_regions
from engine.errors import LatenteError
from engine.events import Decoded, Event, Failed, Soon
from engine.latent.apply import Other
from engine.latent.chain import Chain
from engine.latent.slots import Slots, slots_json
from engine.latent.space import Space
from engine.library import Library
from engine.pitch import Pitch
from engine.request import Latent, Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from engine.studio import Studio
from engine.variants import Playing
from gui.bridge import Bridge
from gui.listening import Listening
from gui.shapes import Shaped, Shapes, shaped
from gui.shaping import Shaping
from gui.timeline import Timeline

_REST_MS = 450  # without a move: then keys are decoded and edits written
_CACHED = 8  # variants that need not be decoded again: A beside B, edited beside not

Spaces = Callable[[Take], Space]  # of the codec that made a take; called in the engine thread


@dataclass(frozen=True)
class Heard:
    """What is heard of a take: edited, shaped, or the take itself (chain without edits, shape without effect).

    shaped: what the shape made of it, None where it has none.
    """

    take: Take
    chain: Chain
    sound: Sound = field(compare=False)
    latent: Latent = field(compare=False)
    pitch: Pitch = field(compare=False)
    shape: Shape = UNSHAPED
    shaped: Shaped | None = field(compare=False, default=None)

    @property
    def altered(self) -> bool:
        """Whether it is another sound than the take."""
        return bool(self.chain.active) or self.shape != UNSHAPED

    @property
    def timeline(self) -> Timeline:
        """The seconds of its picture."""
        return self.shaped.timeline if self.shaped else Timeline(self.sound.seconds, self.sound.seconds)


@dataclass(frozen=True)
class ChainEdit:
    """A chain as the studio applies it. Two are alike when their chains are."""

    chain: Chain
    take: Take = field(compare=False)
    spaces: Spaces = field(compare=False)
    others: dict[str, Other] = field(compare=False)

    def __call__(self, latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return self.chain.apply(latent, pitch, self.spaces(self.take), self.others)


@dataclass(frozen=True)
class PartialEdit(ChainEdit):
    """One that changes parts of the sound only (`engine.variants.Partial`)."""

    rest: ChainEdit

    def inside(self, frames: int, rate_hz: int) -> npt.NDArray[np.float32]:
        return inside(self.chain, frames, rate_hz)


class Live(QObject):
    """Emits `heard` with each Heard as it comes, `rested` with the same once no slider moves, `failed` with a line."""

    heard = Signal(object)
    rested = Signal(object)
    failed = Signal(str)
    source_opened = Signal(str, str)  # id and name of a take that edits need

    def __init__(
        self, studio: Studio, listening: Listening, shaping: Shaping, library: Library, bridge: Bridge, spaces: Spaces
    ) -> None:
        super().__init__()
        editing = shaping.editing
        self._studio, self._listening, self._editing, self._shaping = studio, listening, editing, shaping
        self._library, self._bridge, self._spaces = library, bridge, spaces
        self._asked: dict[str, ChainEdit] = {}  # by request_id, the oldest first
        self._cache: list[Heard] = []  # the latest last
        self._others: dict[str, Other] = {}
        self._opening: set[str] = set()
        self._gone: set[str] = set()  # sounds that edits need and that are no more
        self._unkept: dict[str, Slots] = {}
        self.now: Heard | None = None
        self._made: Heard | None = None  # the same before it is shaped
        self._shapes = Shapes(bridge, self._take_shape, self._refuse_shape)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._settle)
        editing.changed.connect(self._change)
        shaping.changed.connect(lambda _: self._reshape())
        bridge.happened.connect(self._receive)

    @property
    def made(self) -> Heard | None:
        """What is heard as it was before it was shaped."""
        return self._made

    @property
    def waiting(self) -> bool:
        """Whether something is being decoded or shaped."""
        return bool(self._asked) or self._shapes.waiting

    # -- a move

    def _change(self, slots: Slots) -> None:
        take, chain = self._editing.take, _without(slots.heard, self._gone)
        if take is None:
            self._asked.clear()
            self.now = self._made = None
            self._shapes.drop()
            self._rest.stop()
            return
        another = self.now is None or self.now.take.take_id != take.take_id
        if not another:
            self._unkept[take.take_id] = slots
        self._rest.start()
        if not self._sources_open(slots):
            return
        found = self._found(take, chain)
        if found is not None:
            self._asked.clear()  # whatever still comes is older
            self._show(found)
            return
        if another:
            self._show(Heard(take, Chain(), take.sound, take.latent, take.pitch))
        edit = self._edit_of(take, chain)
        self._asked[self._studio.decode(take, edit, playing=self._playing())] = edit

    def _playing(self) -> Playing | None:
        """What is heard until the next variant is there; not where it has yet to be shaped as a whole."""
        if self._made is None or self._shape != UNSHAPED:
            return None
        return Playing(self._made.sound, self._listening.position_s)

    def _receive(self, event: Event) -> None:
        if event.request_id not in self._asked:
            return
        edit = self._asked[event.request_id]
        if isinstance(event, Soon):
            if self._editing.take is edit.take and self._shape == UNSHAPED:
                known = self._made is not None and self._made.sound is event.over
                self._listening.vary_soon(event.sound, edit, event.changed if known else None)
            return
        for older in list(self._asked):  # they gave way to this one
            del self._asked[older]
            if older == event.request_id:
                break
        if isinstance(event, Failed):
            self.failed.emit(event.message)
        elif isinstance(event, Decoded) and self._editing.take is edit.take:
            heard = Heard(edit.take, edit.chain, event.sound, event.latent, event.pitch)
            self._cache = [*self._cache[1 - _CACHED :], heard]
            self._show(heard)

    def _show(self, made: Heard) -> None:
        """What was decoded, once it is shaped."""
        self._made = made
        self._shaping.made = made.sound
        shape = self._shape
        if shape == UNSHAPED:
            self._shapes.drop()
            self._hear(made)
            return
        if self.now is None or self.now.take is not made.take:
            self.now = made  # seen as it is, and heard once it is shaped
            self._listening.hold_back()
            self.heard.emit(made)
        self._shapes.want((made, shape), partial(shaped, shape, made.sound, made.take.sound))

    @property
    def _shape(self) -> Shape:
        return UNSHAPED if self._editing.slots.bypassed else self._shaping.shape

    def _reshape(self) -> None:
        take = self._editing.take
        if self._made is not None and self._made.take is take and self._shaping.take is take:
            self._rest.start()
            self._show(self._made)

    def _take_shape(self, token: object, found: Shaped) -> None:
        made, shape = cast(tuple[Heard, Shape], token)
        if made.take is self._editing.take:
            self._hear(replace(made, sound=found.sound, shape=shape, shaped=found))

    def _refuse_shape(self, token: object, line: str) -> None:
        made, _shape = cast(tuple[Heard, Shape], token)
        self.failed.emit(line)
        if made.take is self._editing.take:
            self._hear(made)

    def _hear(self, heard: Heard) -> None:
        self.now = heard
        edit = self._edit_of(heard.take, heard.chain) if heard.chain.active else None
        self._listening.vary(heard.sound, edit, heard.shape)
        self.heard.emit(heard)

    def _found(self, take: Take, chain: Chain) -> Heard | None:
        if not chain.active or not take.latent.size:
            return Heard(take, Chain(), take.sound, take.latent, take.pitch)
        return next((old for old in reversed(self._cache) if old.chain == chain and old.take is take), None)

    def _edit_of(self, take: Take, chain: Chain) -> ChainEdit:
        given = (take, self._spaces, dict(self._others))
        rest = without_regions(chain)
        return ChainEdit(chain, *given) if rest is None else PartialEdit(chain, *given, ChainEdit(rest, *given))

    # -- rest

    def _settle(self) -> None:
        if self.waiting:
            self._rest.start()
            return
        self._listening.spread_again()
        self.keep()
        if self.now is not None:
            self.rested.emit(self.now)

    def keep(self, *, now: bool = False) -> None:
        """Writes edits into the library; now: here, because the program ends."""
        waiting, self._unkept = self._unkept, {}

        def keep() -> None:
            for take_id, slots in waiting.items():
                self._library.keep_edits(take_id, slots_json(slots))

        if waiting and now:
            self._bridge.attempt(keep)
        elif waiting:
            self._bridge.run(keep, lambda _: None)

    # -- other sounds that edits need

    def _sources_open(self, slots: Slots) -> bool:
        """Whether they are here. If not, they are opened, and the change is made when they are."""
        missing = slots.sources - self._others.keys() - self._gone
        for take_id in missing - self._opening:
            self._opening.add(take_id)
            self._bridge.run(partial(self._opened, take_id), lambda found: self._take_in(*found))
        return not missing

    def _opened(self, take_id: str) -> tuple[str, Take | None, str]:
        try:
            return take_id, self._library.open(take_id), ""
        except LatenteError as problem:
            return take_id, None, str(problem)

    def _take_in(self, take_id: str, other: Take | None, problem: str) -> None:
        self._opening.discard(take_id)
        if other is None:
            self._gone.add(take_id)
            self.source_opened.emit(take_id, "gone")
            self.failed.emit(f"An edit needs a sound that is gone: {problem}")
        else:
            self._others[take_id] = other.latent, other.pitch
            self.source_opened.emit(take_id, other.request.prompt)
        self._change(self._editing.slots)


def _without(chain: Chain, gone: set[str]) -> Chain:
    """The chain without the edits whose other sound is no more."""
    if not chain.sources & gone:
        return chain
    return Chain(edits=tuple(edit for edit in chain.edits if edit.source not in gone))
