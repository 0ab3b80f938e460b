"""The line for the words, with a history on Up and Down."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui.theme import font


class PromptLine(QLineEdit):
    """Emits `submitted` on Enter. Up and Down walk the history; what was being typed waits below it."""

    submitted = Signal()

    def __init__(self, history: tuple[str, ...]) -> None:
        super().__init__()
        self.setObjectName("prompt")
        self.setFont(font(17))
        self.setFixedHeight(44)
        self.setPlaceholderText("Describe a sound")
        self.setAccessibleName("Prompt")
        self.setAccessibleDescription("Words for a sound. Enter generates, Up and Down recall earlier prompts.")
        self._history = history  # the newest last
        self._place = len(history)
        self._draft = ""
        self.textEdited.connect(self._forget_place)

    def set_history(self, history: tuple[str, ...]) -> None:
        self._history = history
        self._forget_place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Up:
            self._walk(-1)
        elif event.key() == Qt.Key.Key_Down:
            self._walk(1)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the window's
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int) -> None:
        if self._place == len(self._history):
            self._draft = self.text()
        place = self._place + step
        while step < 0 and 0 <= place < len(self._history) and self._history[place] == self.text():
            place -= 1  # the prompt just used is no news
        if 0 <= place <= len(self._history):
            self._place = place
            self.setText(self._history[place] if place < len(self._history) else self._draft)

    def _forget_place(self) -> None:
        self._place = len(self._history)
