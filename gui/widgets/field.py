"""A small field for one thing that is typed and checked: a note, a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from engine.errors import BadRequest
from engine.pitch import note_name, parse_note
from gui.theme import font


class Field(QLineEdit):
    """Holds a value or None (empty, where `empty` says what that means). Emits `chosen` with what the user typed or
    walked to with Up and Down, and `refused` with one line for what makes no sense, which is taken back."""

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        name: str,
        help_text: str,
        parse: Callable[[str], Any],
        show: Callable[[Any], str],
        empty: str = "",
        step: float = 1.0,
        leap: float = 12.0,
    ) -> None:
        super().__init__()
        self._parse, self._show, self._empty = parse, show, empty
        self._steps = {Qt.Key.Key_Up: step, Qt.Key.Key_Down: -step, Qt.Key.Key_PageUp: leap, Qt.Key.Key_PageDown: -leap}
        self._value: Any = None
        self.setPlaceholderText(empty)
        self.setFixedHeight(26)
        self.setMinimumWidth(48)
        self.setFont(font(12))
        self.setAccessibleName(name)
        self.setToolTip(help_text)
        self.setTextMargins(-4, 0, -4, 0)
        self.editingFinished.connect(self._typed)

    @property
    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        """Shows `value`; emits nothing. What is being typed stays."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self.setText("" if value is None else self._show(value))

    def take_back(self) -> None:
        """Shows the value again in place of what was typed."""
        self.setText("" if self._value is None else self._show(self._value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.take_back()
            event.ignore()
        elif step is not None and self._value is not None:
            try:
                self._choose(self._parse(self._show(self._value + step)))
            except BadRequest:
                return  # at its end
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def _typed(self) -> None:
        text = self.text().strip()
        self.setModified(False)
        if text == ("" if self._value is None else self._show(self._value)):
            return
        try:
            value = None if not text and self._empty else self._parse(text)
        except BadRequest as error:
            self.take_back()
            self.refused.emit(str(error))
            return
        self._choose(value)

    def _choose(self, value: Any) -> None:
        self._value = value
        self.take_back()
        self.chosen.emit(value)


def note_field(name: str, help_text: str, empty: str = "") -> Field:
    """For MIDI notes 0..127, with cents where they are not whole: "F#4", "F#4 +12"."""
    return Field(
        name, f"{help_text} Such as F#4 or Bb2; Up and Down move by a semitone.", parse_cents, show_cents, empty
    )


def seconds_field(name: str, help_text: str, empty: str) -> Field:
    return Field(name, help_text, parse_seconds, lambda value: f"{value:.4g} s", empty, 0.001, 0.05)


def parse_cents(text: str) -> float:
    """Raises BadRequest."""
    note, _, cents = text.strip().replace("−", "-").partition(" ")
    try:
        return min(127.0, max(0.0, parse_note(note, 0, 127) + (float(cents) / 100 if cents.strip() else 0.0)))
    except ValueError:
        raise BadRequest(f"“{text[:40]}” is no note. Write one like F#4 or F#4 +12.") from None


def show_cents(note: float) -> str:
    cents = round(100 * (note - round(note)))
    return f"{note_name(note)} {cents:+d}".replace("-", "−") if cents else note_name(note)


def parse_seconds(text: str) -> float:
    """Seconds, or milliseconds where the text says so. Raises BadRequest."""
    number, factor = text.lower().replace(",", ".").strip(), 1.0
    for unit, size in (("ms", 1e-3), ("s", 1.0)):
        if number.endswith(unit):
            number, factor = number.removesuffix(unit), size
            break
    try:
        seconds = float(number) * factor
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 60:
        raise BadRequest(f"“{text[:40]}” is no moment of a sound. Write one like 0.35 s or 350 ms.")
    return seconds
