"""The take in hand as it is being edited: four slots of latent edits, the part of the sound that is edited, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from engine.errors import BadRequest
from engine.latent import steps
from engine.latent.chain import Chain, Region
from engine.latent.dice import thrown
from engine.latent.edit import Moves, Points
from engine.latent.slots import LETTERS, Slots, moved_region, read_slots
from engine.params import PARAMS
from engine.request import Take, fresh_seed

STEPS = 2000  # that can be undone; each takes 4 KB
_APART_MS = 700  # moves of one slider that come faster than this are one step
_REMEMBERED = 24  # takes whose steps can still be undone


class Editing(QObject):
    """Everything that changes a take's edits goes through here and can be undone.

    Emits `changed` with the Slots when they are others or another take's, `region_changed` with the part of the sound
    that sliders act on (s, s) or None, and `said` with a line for the status.
    """

    changed = Signal(object)
    region_changed = Signal(object)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.take: Take | None = None
        self.slots = Slots()
        self.region: Region | None = None
        self.group = QUndoGroup(self)
        self._none = QUndoStack(self.group)  # without a take there is nothing to undo
        self._stacks: dict[str, QUndoStack] = {}
        self._kept: dict[str, Slots] = {}
        self.own: Mapping[str, Points] = {}
        self.undoing = False  # or redoing
        self._gesture = 0
        self._rest = QTimer(self, singleShot=True, interval=_APART_MS)
        self._rest.timeout.connect(self.settle)
        self._holdings: list[Callable[[], bool]] = []
        self._recorded: Callable[[str, float], bool] = lambda _key, _number: False

    @property
    def chain(self) -> Chain:
        """What the sliders show."""
        return self.slots.chain

    @property
    def can_edit(self) -> bool:
        """Whether there is a take, and a latent to edit."""
        return self.take is not None and self.take.latent.size > 0

    def value(self, key: str) -> float:
        """Where a slider stands, in the part of the sound that is chosen."""
        return self.chain.value(key, self.region)

    # -- the take

    def hold(self, take: Take | None) -> None:
        """Another take in hand, with its edits and its steps."""
        self.settle()
        if take is self.take and take is not None:
            return
        self.take = take
        self.set_region(None)
        self.slots = Slots() if take is None else self.slots_of(take)
        self.group.setActiveStack(self._none if take is None else self._stack_of(take.take_id))
        self.changed.emit(self.slots)

    def forget(self, take_id: str) -> None:
        """A take that is gone."""
        self._kept.pop(take_id, None)
        stack = self._stacks.pop(take_id, None)
        if stack is not None:
            stack.deleteLater()

    def hold_with(self, holding: Callable[[], bool]) -> None:
        """holding(): whether a hand is on a slider or pencil, so that its moves stay one step, however slow."""
        self._holdings.append(holding)

    def record_with(self, recorded: Callable[[str, float], bool]) -> None:
        """recorded(key, number): takes a slider's turn as a move at its moment, if that is wanted; whether it did."""
        self._recorded = recorded

    def set_own(self, own: Mapping[str, Points]) -> None:
        """The user's own axes, by kind: what is edited along them from now on holds these."""
        self.own = own
        self.changed.emit(self.slots)

    def along(self, key: str) -> bool:
        """Whether a slider of an own axis knows its direction."""
        return key in self.own or any(edit.kind == key and edit.points for edit in self.chain.edits)

    # -- changes, all of them steps

    def set_value(self, key: str, number: float) -> None:
        """A slider moved. One that has moves follows them, and only them."""
        if self._recorded(key, number):
            return
        if self.chain.moves(key, self.region):
            self.said.emit(f"{PARAMS[key].label} follows its recorded moves; record over them, or clear them")
            self.changed.emit(self.slots)  # whoever shows it goes back
            return
        self._edit(lambda chain: chain.having(key, number, self.region), PARAMS[key].label, key)

    def set_moves(self, key: str, number: float, moves: Moves, number_of_pass: int) -> None:
        """A slider was moved while that is recorded: it stands at `number`, and what it did so far is `moves`. All
        that is recorded in one pass is one step."""

        def put(chain: Chain) -> Chain:
            return chain.having(key, number, self.region).moving(key, moves, self.region)

        self._edit(put, "recorded moves", "moves", number_of_pass)

    def clear_moves(self, key: str = "") -> None:
        """The moves of a parameter in the chosen part are gone; without a key, all of them."""
        if key:
            self._edit(lambda chain: chain.moving(key, (), self.region), "clear moves")
        else:
            self._edit(lambda chain: chain.still, "clear moves")

    def reset(self, keys: Iterable[str]) -> None:
        """Sliders back to where they do nothing."""

        def back(chain: Chain) -> Chain:
            for key in keys:
                chain = chain.moving(key, (), self.region)
                if chain.value(key, self.region) != PARAMS[key].default:
                    chain = chain.having(key, PARAMS[key].default, self.region)
            return chain

        self._edit(back, "reset")

    def throw(self, keys: Iterable[str], amount: float) -> None:
        """Dice for sliders, 0..1; those that have moves are left alone."""
        still = tuple(key for key in keys if not self.chain.moves(key, self.region))
        self._edit(lambda chain: thrown(chain, still, amount, fresh_seed(), self.region), "dice")

    @property
    def source(self) -> str:
        """Id of the take that the one in hand morphs into, "" for none."""
        return steps.source(self.chain)

    def set_source(self, take_id: str) -> None:
        """The take in hand morphs into another: half way, unless it already did into one."""
        self._edit(lambda chain: steps.into(chain, take_id), "morph")

    def clear_source(self) -> None:
        """It morphs into nothing any more."""
        self._edit(steps.leaving, "morph")

    def set_singing(self, how: str) -> None:
        """Whether it has the pitch of the take that it morphs into."""
        self._edit(lambda chain: steps.sung(chain, how), "pitch of the other")

    def gain_channel(self, channel: int, factor: float) -> None:
        """One channel of the latent times a factor, in the part that is chosen."""
        self._edit(lambda chain: steps.gained(chain, channel, factor, self.region), "channel", f"channel {channel}")

    def move_edit(self, index: int, to: int) -> None:
        """An edit is done sooner or later than it was."""
        self._edit(lambda chain: chain.moved(index, to), "order of edits")

    def enable_edit(self, index: int, enabled: bool) -> None:
        """An edit is passed by, or not any more."""

        def switched(chain: Chain) -> Chain:
            return chain.replacing(index, msgspec.structs.replace(chain.edits[index], enabled=enabled))

        self._edit(switched, "edit on" if enabled else "edit off")

    def drop_edit(self, index: int) -> None:
        self._edit(lambda chain: chain.without(index), "remove edit")

    def set_chain(self, chain: Chain, name: str) -> None:
        """Another chain in the slot in hand, such as a preset's."""
        self._edit(lambda _: chain, name)

    def put(self, slots: Slots, name: str, key: str = "") -> None:
        """Other slots altogether. Moves of the same key are one step until they `settle`."""
        self._push(slots, name, key)

    def set_bypassed(self, bypassed: bool) -> None:
        """The sound without edits, to compare."""
        self._push(self.slots.passed_by(bypassed), "compare", "compare")

    def choose_slot(self, place: int) -> None:
        self._push(self.slots.at(place), f"slot {LETTERS[place]}", "slot")

    def copy_to_slot(self, place: int) -> None:
        self._push(self.slots.copied(place), f"copy to {LETTERS[place]}")

    def free_slot(self, place: int) -> None:
        self._push(self.slots.freed(place), f"clear {LETTERS[place]}")

    def morph(self, towards: int, share: float) -> None:
        """So far from the slot in hand towards another, 0..1."""
        self._push(self.slots.morphed(towards, share), "slot morph", f"morph {towards}")

    def set_region(self, region: Region | None) -> None:
        """The part of the sound that sliders act on from now on, in seconds; None: all of it."""
        if region != self.region:
            self.settle()
            self.region = region
            self.region_changed.emit(region)

    def move_region(self, region: Region) -> None:
        """The chosen part and what was edited in it go elsewhere."""
        before = self.region
        if before is None or region == before:
            self.set_region(region)
            return
        self.region = region
        self._edit(lambda chain: moved_region(chain, before, region), "region", "region")
        self.region_changed.emit(region)

    def undo(self) -> None:
        self._walk(self.group.undo)

    def redo(self) -> None:
        self._walk(self.group.redo)

    def _walk(self, step: Callable[[], None]) -> None:
        self.settle()
        self.undoing = True
        try:
            step()
        finally:
            self.undoing = False

    def settle(self) -> None:
        """The move under way is over: the next one is a step of its own."""
        if any(holding() for holding in self._holdings):
            self._rest.start()
        else:
            self._gesture += 1
            self._rest.stop()

    # -- inside

    @property
    def gesture(self) -> int:
        """Grows with every move that is over: what has the same number is one."""
        return self._gesture

    def push(self, command: QUndoCommand) -> None:
        """A step among those of the take in hand."""
        if self.take is not None:
            self._stack_of(self.take.take_id).push(command)
            self._rest.start()

    def show(self, take_id: str, slots: Slots) -> None:
        """What a step does or undoes."""
        self._kept[take_id] = slots
        if self.take is not None and self.take.take_id == take_id:
            self.slots = slots
            self.changed.emit(slots)

    def _edit(self, change: Callable[[Chain], Chain], name: str, key: str = "", gesture: int | None = None) -> None:
        try:
            chain = change(self.chain).pointed(self.own)
        except BadRequest as refused:
            self.said.emit(str(refused))
            return
        if chain != self.chain:
            self._push(self.slots.having(chain), name, key, gesture)

    def _push(self, slots: Slots, name: str, key: str = "", gesture: int | None = None) -> None:
        if self.take is None or slots == self.slots:
            return
        if slots.place != self.slots.place and self.slots.morphing:
            self.said.emit(f"The mix is now in slot {LETTERS[slots.place]}.")
        if gesture is None:
            gesture = self._gesture if key else -1
        self.push(_Step(self, self.take.take_id, (self.slots, slots), name, (key, gesture)))

    def slots_of(self, take: Take) -> Slots:
        """A take's slots as they were left, in hand or not."""
        kept = self._kept.get(take.take_id)
        if kept is not None:
            return kept
        try:
            return read_slots(take.edits)
        except BadRequest as problem:
            self.said.emit(str(problem))
            return Slots()

    def _stack_of(self, take_id: str) -> QUndoStack:
        stack = self._stacks.pop(take_id, None)
        if stack is None:
            stack = QUndoStack(self.group)
            stack.setUndoLimit(STEPS)
        self._stacks[take_id] = stack
        while len(self._stacks) > _REMEMBERED:
            self.forget(next(iter(self._stacks)))
        return stack


class _Step(QUndoCommand):
    """From some slots to others. Moves of one gesture merge; those that lead back to where they began are no step."""

    def __init__(
        self, editing: Editing, take_id: str, ends: tuple[Slots, Slots], name: str, gesture: tuple[str, int]
    ) -> None:
        super().__init__(name)
        self._editing, self._take_id, self.ends, self.gesture = editing, take_id, ends, gesture

    def id(self) -> int:
        return -1 if self.gesture[1] < 0 else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other.gesture != self.gesture:
            return False
        self.ends = (self.ends[0], other.ends[1])
        self.setObsolete(self.ends[0] == self.ends[1])
        return True

    def redo(self) -> None:
        self._editing.show(self._take_id, self.ends[1])

    def undo(self) -> None:
        self._editing.show(self._take_id, self.ends[0])
