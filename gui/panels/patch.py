"""How the take in hand is played: envelope, filter, pitch and mode."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import BadRequest
from engine.patch import Patch
from gui.panels.patch_card import PatchCard
from gui.panels.patch_cards import EnvelopeCard, FilterCard, PlayingCard
from gui.widgets.param_control import ParamControl


class PatchPanel(QWidget):
    """Emits `changed(Patch)` when the user, or his hardware, changed something, `said` with a line for the status.
    It is as wide as a side pane within its margins and as high as its cards: put it into a scroll area."""

    changed = Signal(object)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._patch: Patch | None = None
        self.envelope, self.filter, self.playing = EnvelopeCard(), FilterCard(), PlayingCard()
        self._cards: tuple[PatchCard, ...] = (self.envelope, self.filter, self.playing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for card in self._cards:
            column.addWidget(card)
            card.edited.connect(self._edit)
            card.reset_wanted.connect(self._reset)
        column.addStretch(1)
        self.playing.replaced.connect(lambda field, value: self._replace(**{field: value}))
        self.playing.refused.connect(self.said)
        self.show_patch(None)

    @property
    def patch(self) -> Patch | None:
        return self._patch

    def show_patch(self, patch: Patch | None) -> None:
        """Shows how a take is played; None: there is no take, nothing can be moved."""
        self._patch = patch
        self.setEnabled(patch is not None)
        for card in self._cards:
            card.show_patch(patch or Patch())

    def knobs(self) -> dict[str, ParamControl]:
        """Every control that MIDI may move, by the name it is learnt under."""
        return {f"patch.{key}": control for card in self._cards for key, control in card.controls.items()}

    def _edit(self, key: str, number: float) -> None:
        if self._patch is not None:
            self._show(self._patch.having(key, number))

    def _reset(self, keys: tuple[str, ...]) -> None:
        rest = Patch()
        self._replace(**{key: getattr(rest, key) for key in keys})

    def _replace(self, **fields: Any) -> None:
        if self._patch is None:
            return
        low, high = (fields.get(key, getattr(self._patch, key)) for key in ("key_low", "key_high"))
        if low > high:  # the end that was not moved gives way
            fields |= {"key_high": low} if "key_low" in fields else {"key_low": high}
        try:
            patch = msgspec.structs.replace(self._patch, **fields)
        except BadRequest as error:
            self.said.emit(str(error))
            patch = self._patch
        self._show(patch)

    def _show(self, patch: Patch) -> None:
        before = self._patch
        self.show_patch(patch)
        if patch != before:
            self.changed.emit(patch)
