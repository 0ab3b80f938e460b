"""From a slider to the ear: what is edited is decoded at once, the last move winning, and heard instead of the take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import LatenteError
from engine.events import Decoded, Event, Failed
from engine.latent.apply import Other
from engine.latent.chain import Chain
from engine.latent.slots import Slots, slots_json
from engine.latent.space import Space
from engine.library import Library
from engine.pitch import Pitch
from engine.request import Latent, Take
from engine.sound import Sound
from engine.studio import Studio
from gui.bridge import Bridge
from gui.editing import Editing
from gui.listening import Listening

_REST_MS = 450  # without a move: then keys are decoded and edits written
_CACHED = 8  # variants that need not be decoded again: A beside B, edited beside not

Spaces = Callable[[Take], Space]  # of the codec that made a take; called in the engine thread


@dataclass(frozen=True)
class Heard:
    """What is heard of a take: edited, or the take itself (chain without edits)."""

    take: Take
    chain: Chain
    sound: Sound = field(compare=False)
    latent: Latent = field(compare=False)
    pitch: Pitch = field(compare=False)


@dataclass(frozen=True)
class ChainEdit:
    """A chain as the studio applies it. Two are alike when their chains are."""

    chain: Chain
    take: Take = field(compare=False)
    spaces: Spaces = field(compare=False)
    others: dict[str, Other] = field(compare=False)

    def __call__(self, latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        return self.chain.apply(latent, pitch, self.spaces(self.take), self.others)


class Live(QObject):
    """Emits `heard` with each Heard as it comes, `rested` with the same once no slider moves, `failed` with a line."""

    heard = Signal(object)
    rested = Signal(object)
    failed = Signal(str)
    source_opened = Signal(str, str)  # id and name of a take that edits need

    def __init__(
        self, studio: Studio, listening: Listening, editing: Editing, library: Library, bridge: Bridge, spaces: Spaces
    ) -> None:
        super().__init__()
        self._studio, self._listening, self._editing = studio, listening, editing
        self._library, self._bridge, self._spaces = library, bridge, spaces
        self._asked: dict[str, ChainEdit] = {}  # by request_id, the oldest first
        self._cache: list[Heard] = []  # the latest last
        self._others: dict[str, Other] = {}
        self._opening: set[str] = set()
        self._gone: set[str] = set()  # sounds that edits need and that are no more
        self._unkept: dict[str, Slots] = {}
        self.now: Heard | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._settle)
        editing.changed.connect(self._change)
        bridge.happened.connect(self._receive)

    @property
    def waiting(self) -> bool:
        """Whether a decode is under way."""
        return bool(self._asked)

    # -- a move

    def _change(self, slots: Slots) -> None:
        take, chain = self._editing.take, _without(slots.heard, self._gone)
        if take is None:
            self._asked.clear()
            self.now = None
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
        self._asked[self._studio.decode(take, edit)] = edit

    def _receive(self, event: Event) -> None:
        if event.request_id not in self._asked:
            return
        edit = self._asked[event.request_id]
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

    def _show(self, heard: Heard) -> None:
        self.now = heard
        edit = self._edit_of(heard.take, heard.chain) if heard.chain.active else None
        self._listening.vary(heard.sound, edit)
        self.heard.emit(heard)

    def _found(self, take: Take, chain: Chain) -> Heard | None:
        if not chain.active or not take.latent.size:
            return Heard(take, Chain(), take.sound, take.latent, take.pitch)
        return next((old for old in reversed(self._cache) if old.chain == chain and old.take is take), None)

    def _edit_of(self, take: Take, chain: Chain) -> ChainEdit:
        return ChainEdit(chain, take, self._spaces, dict(self._others))

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
