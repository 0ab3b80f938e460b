"""A knob that draws itself from a ParamSpec: turn it, type into it, double-click it back."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.params import ParamSpec
from gui.theme import Weight, colour, font

_DISC_PX = 36
_TRAVEL_PX = 180  # of the mouse from one end to the other
_SWEEP_DEG = 270.0
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")


class Knob(QWidget):
    """`value` is None where `automatic` allows it: then something else decides (the prompt, the family).

    Emits `changed` with the value (float or None) when the user moved it, not when the program did.
    """

    changed = Signal(object)

    def __init__(self, spec: ParamSpec, *, automatic: bool = False) -> None:
        super().__init__()
        self.spec = spec
        self._rest: float | None = None if automatic else spec.default
        self._automatic = automatic
        self._value = self._rest
        self._grabbed: tuple[float, float] | None = None  # (mouse y, knob position) at the press
        self._edit = QLineEdit(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._edit.setObjectName("knobValue")
        self._edit.setFont(font(12, Weight.Medium))
        self._edit.setAccessibleName(f"{spec.label}, typed")
        self._edit.hide()
        self._edit.editingFinished.connect(self._typed)
        self.setFixedSize(58, 78)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        rest = "auto" if self._rest is None else spec.text(self._rest)
        self.setToolTip(f"{spec.help}\nDrag or use the arrow keys; Enter to type; double-click for {rest}.")
        self._name()

    @property
    def value(self) -> float | None:
        return self._value

    @property
    def number(self) -> int | float | None:
        """The value as what it is: an int where it is counted."""
        return int(self._value) if self._value is not None and self.spec.curve == "integer" else self._value

    @property
    def at_rest(self) -> bool:
        """Whether it shows its default."""
        return self._value == self._rest

    def set_value(self, value: float | None) -> None:
        """Shows `value` (None: automatic), held within range; emits nothing."""
        if value is not None:
            value = self.spec.at(self.spec.position(value)) if self.spec.curve == "integer" else value
            value = min(self.spec.high, max(self.spec.low, value))
        self._value = value if value is not None else self._rest
        self._name()
        self.update()

    def text(self) -> str:
        return "auto" if self._value is None else self.spec.text(self._value).replace("-", "−")

    def _name(self) -> None:
        self.setAccessibleName(f"{self.spec.label}: {self.text()}")

    def _move(self, value: float | None) -> None:
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.changed.emit(self._value)

    def _turn(self, steps: float) -> None:
        value = self.spec.default if self._value is None else self._value
        if self.spec.curve == "integer":
            self._move(value + steps)
        else:
            self._move(self.spec.at(self.spec.position(value) + steps / 50))

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() > _DISC_PX + 6:
            self._start_typing()
            return
        value = self.spec.default if self._value is None else self._value
        self._grabbed = (event.position().y(), self.spec.position(value))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            start_y, start = self._grabbed
            fine = 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            moved = (start_y - event.position().y()) / _TRAVEL_PX * fine
            if abs(start_y - event.position().y()) >= 2:
                self._move(self.spec.at(start + moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._move(self._rest)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turn(math.copysign(1, event.angleDelta().y() or 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}
        steps |= {Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if key in steps:
            self._turn(steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Home:
            self._move(self.spec.low)
        elif key == Qt.Key.Key_End:
            self._move(self.spec.high)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._move(self._rest)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._start_typing()
        elif event.text().isdigit():
            self._start_typing(event.text())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # -- typing

    def _start_typing(self, text: str | None = None) -> None:
        self._edit.setGeometry(0, _DISC_PX + 6, self.width(), 22)
        self._edit.setText(self.text() if text is None else text)
        if text is None:
            self._edit.selectAll()
        self._edit.show()
        self._edit.setFocus()

    def _typed(self) -> None:
        """What was typed, held within range; anything without a number leaves the knob as it was."""
        if self._edit.isHidden():
            return
        self._edit.hide()
        text = self._edit.text().strip()
        number = _NUMBER.search(text)
        if number:
            self._move(float(number.group().replace("−", "-").replace(",", ".")))
        elif self._automatic and text.lower() in ("", "auto"):
            self._move(None)
        self.setFocus()

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_disc(painter, QRectF((self.width() - _DISC_PX) / 2, 2, _DISC_PX, _DISC_PX))
        painter.setPen(colour("quiet" if self._value is None else "text"))
        painter.setFont(font(12, Weight.Medium))
        if self._edit.isHidden():
            painter.drawText(QRectF(0, _DISC_PX + 8, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(colour("quiet"))
        painter.setFont(font(11))
        below = QRectF(0, _DISC_PX + 26, self.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.spec.label.lower())
        painter.end()

    def _paint_disc(self, painter: QPainter, box: QRectF) -> None:
        focused = self.hasFocus()
        painter.setPen(QPen(colour("amber" if focused else "edge"), 1))
        painter.setBrush(colour("raised"))
        painter.drawEllipse(box.adjusted(4.5, 4.5, -4.5, -4.5))
        start = int((90 + _SWEEP_DEG / 2) * 16)
        rim = box.adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("line"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(rim, start, int(-_SWEEP_DEG * 16))
        value = self.spec.default if self._value is None else self._value
        position = self.spec.position(value)
        ink = colour("edge" if self._value is None else "amber")
        painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self._value is not None:
            painter.drawArc(rim, start, int(-_SWEEP_DEG * position * 16))
        angle = math.radians(-90 - _SWEEP_DEG / 2 + _SWEEP_DEG * position)
        ray = QPointF(math.cos(angle), math.sin(angle))
        painter.drawLine(box.center() + ray * 3.5, box.center() + ray * 10.5)
