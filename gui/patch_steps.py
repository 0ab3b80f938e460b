"""Changes of how a take is played, as steps among those of its edits: one undo for everything."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from engine.params import PARAMS
from engine.patch import Patch
from engine.request import Take
from gui.editing import Editing
from gui.listening import Listening


class PatchSteps(QObject):
    """Follows `Listening.patch_changed`, whoever changed it."""

    def __init__(self, editing: Editing, listening: Listening) -> None:
        super().__init__(editing)
        self._editing, self._listening = editing, listening
        self._last: Patch | None = None  # of the take in hand
        listening.taken.connect(self._hold)
        listening.patch_changed.connect(self._change)

    def _hold(self, take: Take | None) -> None:
        self._last = None if take is None else self._listening.patch_of(take)

    def _change(self, take_id: str, patch: Patch) -> None:
        before, self._last = self._last, patch
        take = self._listening.take
        if before is None or before == patch or take is None or take.take_id != take_id:
            return
        if not self._editing.undoing:
            self._editing.push(_PatchStep(self._listening, (before, patch), self._editing.gesture))


class _PatchStep(QUndoCommand):
    """From one patch to another. Moves of one knob within a gesture merge."""

    def __init__(self, listening: Listening, ends: tuple[Patch, Patch], gesture: int) -> None:
        changed = [field for field in Patch.__struct_fields__ if getattr(ends[0], field) != getattr(ends[1], field)]
        super().__init__(PARAMS[changed[0]].label if changed[0] in PARAMS else "how it is played")
        self._listening, self.ends, self.merges = listening, ends, (gesture, tuple(changed))

    def id(self) -> int:
        return 2

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _PatchStep) or other.merges != self.merges:
            return False
        self.ends = (self.ends[0], other.ends[1])
        self.setObsolete(self.ends[0] == self.ends[1])
        return True

    def redo(self) -> None:
        self._listening.set_patch(self.ends[1])

    def undo(self) -> None:
        self._listening.set_patch(self.ends[0])
