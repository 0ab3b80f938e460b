"""Beside the latent sliders: dice, comparing with the take as it was, reset, keep."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from engine.latent.slots import Slots
from gui.icons import icon
from gui.theme import font

_AMOUNTS = (5, 10, 25, 50, 100)  # %
_STEP, _WIDTH_PX = 5, 88


class LatentTools(QWidget):
    """Emits `thrown` with how far, 0..1; `compared` with whether the take is heard without edits."""

    thrown = Signal(float)
    compared = Signal(bool)
    reset_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shaped = False
        self.dice = DiceButton()
        self.compare = _chip("Original", "Hear the take as it was, to compare (Ctrl+B)")
        self.compare.setCheckable(True)
        self.reset = _chip("Reset", "The sliders of this page back to where they do nothing")
        self.keep = _chip("Keep", "Make a take of its own of what is heard (Ctrl+K)")
        self._chips = {"dice": self.dice, "original": self.compare, "reset": self.reset, "keep": self.keep}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for chip in self._chips.values():
            column.addWidget(chip)
        column.addStretch(1)
        self.dice.clicked.connect(lambda: self.thrown.emit(self.dice.percent / 100))
        self.compare.clicked.connect(self.compared)
        self.reset.clicked.connect(self.reset_wanted)
        self.keep.clicked.connect(self.keep_wanted)

    def set_narrow(self, narrow: bool) -> None:
        """Drawings in place of words."""
        self.dice.set_narrow(narrow)
        for name, chip in self._chips.items():
            chip.setIcon(icon(name, "quiet", "latent") if narrow else QIcon())
            chip.setIconSize(QSize(16, 16))
            chip.setFixedWidth(36 if narrow else _WIDTH_PX)
            chip.setProperty("shape", "icon" if narrow else "chip")
            if chip is not self.dice:
                chip.setText("" if narrow else chip.accessibleName())
            chip.style().unpolish(chip)
            chip.style().polish(chip)

    def set_shaped(self, shaped: bool) -> None:
        """Whether the take is shaped, too: told before `show_slots`."""
        self._shaped = shaped

    def show_slots(self, slots: Slots, able: bool) -> None:
        """able: whether there is something to edit."""
        edited = bool(slots.chain.active)
        changed = edited or self._shaped
        self.dice.setEnabled(able)
        self.compare.setEnabled(changed)
        self.compare.setChecked(slots.bypassed)
        self.reset.setEnabled(able and edited)
        self.keep.setEnabled(changed and not slots.bypassed)


class DiceButton(QPushButton):
    """Click throws; wheel, arrow keys or a right click say how far."""

    def __init__(self) -> None:
        super().__init__()
        self.percent = 25
        self._narrow = False
        _dress(self)
        self.set_percent(25)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.set_percent(self.percent)

    def set_percent(self, percent: int) -> None:
        self.percent = min(100, max(_STEP, percent))
        self.setText("" if self._narrow else f"Dice {self.percent} %")
        self.setAccessibleName(f"Throw the sliders, {self.percent} % of the way at most")
        self.setToolTip(
            f"Moves every slider of this page that is not locked by up to {self.percent} % of the way. "
            "Wheel or arrow keys: how far. Right click a slider to lock it."
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.set_percent(self.percent + (_STEP if event.angleDelta().y() > 0 else -_STEP))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: _STEP, Qt.Key.Key_Right: _STEP, Qt.Key.Key_Down: -_STEP, Qt.Key.Key_Left: -_STEP}
        if event.key() in steps:
            self.set_percent(self.percent + steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for percent in _AMOUNTS:
            action = menu.addAction(f"{percent} %", partial(self.set_percent, percent))
            action.setCheckable(True)
            action.setChecked(percent == self.percent)
        menu.popup(event.globalPos())


def _dress(chip: QPushButton) -> None:
    chip.setProperty("shape", "chip")
    chip.setFont(font(12))
    chip.setFixedSize(_WIDTH_PX, 26)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _chip(text: str, help_text: str) -> QPushButton:
    chip = QPushButton(text)
    _dress(chip)
    chip.setAccessibleName(text)
    chip.setToolTip(help_text)
    return chip
