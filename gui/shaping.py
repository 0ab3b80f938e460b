"""What is done to the take in hand after its edits: one Shape per take, kept with it; changes are steps as others."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand

from engine.dsp.cut import nearest_zero
from engine.errors import BadRequest
from engine.library import Library
from engine.params import PARAMS
from engine.request import Take
from engine.shape import UNSHAPED, Shape, Span
from engine.sound import Sound
from gui.bridge import Bridge
from gui.editing import Editing
from gui.listening import Listening
from gui.shapes import cut_frames
from gui.timeline import Timeline

_KEEP_AFTER_MS = 800  # of rest, a changed shape is written into the library
SHORTEST_S = 0.01  # that a cut leaves
_State = tuple[Shape, Span | None]  # and the loop of the patch, which moves along with a cut


class Shaping(QObject):
    """Emits `changed` with the Shape of the take in hand when it is another, `said` with a line for the status."""

    changed = Signal(object)
    said = Signal(str)

    def __init__(self, editing: Editing, listening: Listening, library: Library, bridge: Bridge) -> None:
        super().__init__(editing)
        self.editing, self._listening = editing, listening
        self._library, self._bridge = library, bridge
        self.take: Take | None = None
        self.shape = UNSHAPED
        self.made: Sound | None = None  # what is shaped: the take as its edits left it
        self._shapes: dict[str, Shape] = {}  # as they were left since the start
        self._unkept: set[str] = set()
        self._rest = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._rest.timeout.connect(self.keep)

    def hold(self, take: Take | None) -> None:
        """Another take in hand, with its shape."""
        if take is self.take and take is not None:
            return
        self.take, self.made = take, None if take is None else take.sound
        self.shape = UNSHAPED if take is None else self._shapes.get(take.take_id, take.shape)
        self.changed.emit(self.shape)

    # -- changes, all of them steps

    def set_number(self, key: str, number: float) -> None:
        """A control moved, as its row counts."""
        self._try(lambda: self.shape.having(key, number), PARAMS[key].label)

    def replace(self, name: str, **fields: Any) -> None:
        """Other values of some fields. name: of the step."""
        self._try(lambda: msgspec.structs.replace(self.shape, **fields), name)

    def set_shape(self, shape: Shape, name: str) -> None:
        """Another shape altogether, such as a preset's."""
        self._try(lambda: shape, name)

    def keep_between(self, first_s: float, last_s: float) -> None:
        """Cuts the sound to what lies between two of its moments, which go to zero crossings."""
        if self.made is None:
            return
        seconds = self.made.seconds
        first_s, last_s = max(0.0, min(first_s, seconds)), max(0.0, min(last_s, seconds))
        if last_s - first_s < SHORTEST_S:
            self.said.emit(f"A cut leaves {SHORTEST_S * 1000:.0f} ms at least.")
            return
        first_s, last_s = self.snapped(first_s), self.snapped(last_s)
        whole = first_s <= 0 and last_s >= seconds - 1 / self.made.rate_hz
        self.replace("cut", trim_s=None if whole else (first_s, last_s))

    def snapped(self, moment_s: float) -> float:
        """The zero crossing nearest to a moment, unless that is not wanted."""
        if self.made is None or self.shape.snap == "off":
            return moment_s
        rate_hz = self.made.rate_hz
        return nearest_zero(self.made.samples, rate_hz, round(moment_s * rate_hz)) / rate_hz

    @property
    def span(self) -> Span:
        """First and last moment that are kept."""
        return self.shape.trim_s or (0.0, 0.0 if self.made is None else self.made.seconds)

    def _try(self, change: Any, name: str) -> None:
        if self.take is None:
            return
        try:
            shape = change()
        except BadRequest as refused:
            self.said.emit(str(refused))
            self.changed.emit(self.shape)  # whoever shows it goes back
            return
        if shape == self.shape:
            return
        loop = self._listening.patch_of(self.take).loop_s
        ends = (self.shape, loop), (shape, self._moved(loop, shape))
        self.editing.push(_ShapeStep(self, self.editing, self.take.take_id, ends))

    def _moved(self, loop: Span | None, shape: Shape) -> Span | None:
        """A loop of what is heard stays where it is in the sound; where it would be cut off, it stays in the time."""
        if loop is None or self.made is None:
            return loop
        before, after = (_line(one, self.made) for one in (self.shape, shape))
        if before == after:
            return loop
        first, last = after.turned_span(before.turned_span((before.shown(loop[0]), before.shown(loop[1]))))
        first, last = first - after.offset_s, last - after.offset_s
        return (first, last) if 0 <= first < last else loop

    # -- what steps do

    def show(self, take_id: str, state: _State) -> None:
        """What a step does or undoes."""
        shape, loop = state
        self._shapes[take_id] = shape
        self._unkept.add(take_id)
        self._rest.start()
        if self.take is None or self.take.take_id != take_id:
            return
        self.shape = shape
        patch = self._listening.patch_of(self.take)
        if patch.loop_s != loop:
            self._listening.set_patch(msgspec.structs.replace(patch, loop_s=loop))
        self.changed.emit(shape)

    def keep(self, *, now: bool = False) -> None:
        """Writes shapes into the library; now: here, because the program ends."""
        waiting = {take_id: self._shapes[take_id] for take_id in self._unkept}
        self._unkept.clear()

        def keep() -> None:
            for take_id, shape in waiting.items():
                self._library.keep_shape(take_id, shape)

        if waiting and now:
            self._bridge.attempt(keep)
        elif waiting:
            self._bridge.run(keep, lambda _: None)


def _line(shape: Shape, made: Sound) -> Timeline:
    first, last = cut_frames(shape, made)
    mirrored = shape.reverse == "on"
    offset = made.frames - last if mirrored else first
    return Timeline(made.seconds, made.seconds, offset / made.rate_hz, mirrored)


class _ShapeStep(QUndoCommand):
    """From one shape to another. Moves of one control within a gesture merge."""

    def __init__(self, shaping: Shaping, editing: Editing, take_id: str, ends: tuple[_State, _State]) -> None:
        before, after = ends[0][0], ends[1][0]
        changed = [field for field in Shape.__struct_fields__ if getattr(before, field) != getattr(after, field)]
        names = {"trim_s": "cut", "loop_s": "loop"}
        super().__init__(names.get(changed[0]) or PARAMS[changed[0]].label)
        self._shaping, self._editing, self._take_id, self.ends = shaping, editing, take_id, ends
        self.merges = editing.gesture, tuple(changed)

    def id(self) -> int:
        return 3

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _ShapeStep) or other.merges != self.merges:
            return False
        self.ends = (self.ends[0], other.ends[1])
        self.setObsolete(self.ends[0] == self.ends[1])
        return True

    def redo(self) -> None:
        self._go(self.ends[1])

    def undo(self) -> None:
        self._go(self.ends[0])

    def _go(self, state: _State) -> None:
        before, self._editing.undoing = self._editing.undoing, True  # the loop that moves along is no step of its own
        try:
            self._shaping.show(self._take_id, state)
        finally:
            self._editing.undoing = before
