"""Takes laid on the slots of the take in hand: each becomes a version of it, to be heard, morphed to and bent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from engine.errors import BadRequest
from engine.latent.slots import LETTERS, standing_for
from engine.library import Library
from engine.request import Take
from gui.bridge import Bridge
from gui.editing import Editing


class Laying(QObject):
    """Emits `said` with a line for the status."""

    said = Signal(str)

    def __init__(self, editing: Editing, library: Library, bridge: Bridge) -> None:
        super().__init__(editing)
        self._editing, self._library, self._bridge = editing, library, bridge

    def lay(self, place: int, take_ids: Sequence[str]) -> None:
        """The first take goes to that slot, others to those after it, as far as there are; the take in hand leaves
        what is heard of it."""
        take = self._editing.take
        ids = list(take_ids)[: len(LETTERS) - place]
        if take is None or not ids:
            return
        held = take.take_id

        def lay(others: list[Take]) -> None:
            if self._editing.take is not None and self._editing.take.take_id == held:
                self._lay(place, others)

        self._bridge.run(lambda: [take if one == held else self._library.open(one) for one in ids], lay)

    def _lay(self, place: int, takes: list[Take]) -> None:
        editing = self._editing
        before = slots = editing.slots
        assert editing.take is not None
        width = editing.take.latent.shape[1:]
        for at, take in enumerate(takes, place):
            if take.take_id == editing.take.take_id:
                slots = slots.laid(at, before.chain)
            elif not editing.can_edit or take.latent.size == 0 or take.latent.shape[1:] != width:
                self.said.emit(f"“{take.request.prompt[:40]}” is of another model: no slot can hold it.")
                return
            else:
                try:
                    slots = slots.laid(at, standing_for(take.take_id, editing.slots_of(take).heard))
                except BadRequest as refused:
                    self.said.emit(str(refused))
                    return
        last = place + len(takes) - 1
        where = LETTERS[place] if last == place else f"{LETTERS[place]}–{LETTERS[last]}"
        editing.settle()
        editing.put(slots, f"take to {where}")
        what = f"“{takes[0].request.prompt[:40]}” is" if len(takes) == 1 else f"{len(takes)} takes are"
        self.said.emit(f"{what} in {'slot' if last == place else 'slots'} {where}")
