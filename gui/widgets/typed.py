"""A control of a parameter whose value can be typed, turned by the wheel and walked by the arrow keys."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from engine.params import ParamSpec
from gui.theme import Weight, font
from gui.widgets.param_control import ParamControl


class TypedControl(ParamControl):
    """Enter or a digit begins typing, with units; Shift makes the wheel fine."""

    def __init__(
        self, spec: ParamSpec, automatic: bool = False, caption: str = "", words: dict[int, str] | None = None
    ) -> None:
        super().__init__(spec, automatic, caption, words)
        self._edit = QLineEdit(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._edit.setObjectName("knobValue")
        self._edit.setFont(font(12, Weight.Medium))
        self._edit.setAccessibleName(f"{spec.label}, typed")
        self._edit.hide()
        self._edit.editingFinished.connect(self._typed)

    def value_box(self) -> QRect:
        """Where its value stands, and is typed. For subclasses."""
        raise NotImplementedError

    def add_actions(self, menu: QMenu) -> None:
        menu.addAction("Type a value …", self._start_typing)

    @property
    def typing(self) -> bool:
        return not self._edit.isHidden()

    def wheelEvent(self, event: QWheelEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not self.spec.counted
        # with some systems Shift makes the wheel a sideways one
        turned = event.angleDelta().y() or event.angleDelta().x() or 1
        self._turn(math.copysign(0.2 if fine else 1.0, turned))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Right: 1.0, Qt.Key.Key_Down: -1.0, Qt.Key.Key_Left: -1.0}
        steps |= {Qt.Key.Key_PageUp: 10.0, Qt.Key.Key_PageDown: -10.0}
        if key in steps:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not self.spec.counted
            self._turn(steps[Qt.Key(key)] * (0.2 if fine else 1.0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._start_typing()
        elif event.text() and event.text() in "0123456789-":
            self._start_typing(event.text())
        else:
            super().keyPressEvent(event)

    def _start_typing(self, text: str | None = None) -> None:
        self._edit.setGeometry(self.value_box())
        self._edit.setText(self.text() if text is None else text)
        if text is None:
            self._edit.selectAll()
        self._edit.show()
        self._edit.setFocus()

    def _typed(self) -> None:
        """What was typed, held within range; anything without a number leaves the control as it was."""
        if self._edit.isHidden():
            return
        self._edit.hide()
        text = self._edit.text().strip()
        value = self.spec.parse(text, self._value)
        if value is not None:
            if text != self.text():  # an untouched label is rounded: it is not the value
                self._move(value)
        elif self._automatic and text.lower() in ("", "auto"):
            self._move(None)
        self.setFocus()
