"""A knob that draws itself from a ParamSpec: turn it, type into it, double-click it back, let hardware move it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from engine.params import ParamSpec
from gui.theme import Weight, colour, font
from gui.widgets.typed import TypedControl

_DISC_PX = 36
_WIDTH_PX, _HEIGHT_PX = 58, 78
_MIDI_PX = 12  # more height for what MIDI moves it
_TRAVEL_PX = 180  # of the mouse from one end to the other
_SWEEP_DEG = 270.0


class Knob(TypedControl):
    """Drag, wheel (Shift is fine), arrow keys, typing with units, double click to reset; right click for MIDI."""

    def __init__(
        self, spec: ParamSpec, *, automatic: bool = False, caption: str = "", words: dict[int, str] | None = None
    ) -> None:
        super().__init__(spec, automatic, caption, words)
        self._grabbed: tuple[float, float] | None = None  # (mouse y, knob position) at the last move
        self.setFixedSize(_WIDTH_PX, _HEIGHT_PX)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._show_tooltip()

    def value_box(self) -> QRect:
        return QRect(0, _DISC_PX + 6, self.width(), 22)

    def _show_midi(self) -> None:
        self.setFixedHeight(_HEIGHT_PX + (_MIDI_PX if self.midi.text else 0))
        self._show_tooltip()
        super()._show_midi()

    def _show_tooltip(self) -> None:
        rest = "auto" if self._rest is None else self._text(self._rest)
        how = f"Drag or use the arrow keys; Enter to type; double-click for {rest}."
        self.setToolTip(self._help(f"{how}\n{self.midi.sentence}".strip()))

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() > _DISC_PX + 6:
            self._start_typing()
            return
        self._grabbed = (event.position().y(), self.position)

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
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset()

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_disc(painter, QRectF((self.width() - _DISC_PX) / 2, 2, _DISC_PX, _DISC_PX))
        painter.setPen(self._ink("quiet" if self._value is None else "text"))
        painter.setFont(font(12, Weight.Medium))
        if self._edit.isHidden():
            painter.drawText(QRectF(0, _DISC_PX + 8, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(self._ink("quiet"))
        painter.setFont(font(11))
        below = QRectF(0, _DISC_PX + 26, self.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.caption)
        if self.midi.text:
            painter.setPen(self._ink("note"))
            painter.setFont(font(10, Weight.Medium))
            painter.drawText(below.translated(0, 13), Qt.AlignmentFlag.AlignCenter, self.midi.text)
        painter.end()

    def _ink(self, name: str) -> QColor:
        return colour(name if self.isEnabled() else "edge")

    def _paint_disc(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(colour("amber" if self.hasFocus() else "edge"), 1))
        painter.setBrush(colour("raised"))
        painter.drawEllipse(box.adjusted(4.5, 4.5, -4.5, -4.5))
        start = int((90 + _SWEEP_DEG / 2) * 16)
        rim = box.adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("line"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(rim, start, int(-_SWEEP_DEG * 16))
        ink = self._ink("edge" if self._value is None else "amber")
        painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self._value is not None:
            zero = self._zero()
            painter.drawArc(rim, int(start - _SWEEP_DEG * zero * 16), int(-_SWEEP_DEG * (self.position - zero) * 16))
        ray = _ray(self.position)
        painter.drawLine(box.center() + ray * 3.5, box.center() + ray * 10.5)
        self._paint_midi(painter, box)

    def _paint_midi(self, painter: QPainter, box: QRectF) -> None:
        """A ring while learning, and a small tick where hardware stands that is yet to reach the value."""
        if self.midi.learning:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("note", 0.7 + 0.3 * self.midi.pulse), 1.5 + 1.5 * self.midi.pulse))
            painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))
        elif self.midi.ghost is not None:
            ray = _ray(self.midi.ghost)
            painter.setPen(QPen(colour("note"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(box.center() + ray * 13.0, box.center() + ray * 17.0)

    def _zero(self) -> float:
        """Where the arc begins: in the middle for what goes both ways, as tuning does."""
        return 0.5 if self.spec.low == -self.spec.high else 0.0


def _ray(position: float) -> QPointF:
    angle = math.radians(-90 - _SWEEP_DEG / 2 + _SWEEP_DEG * position)
    return QPointF(math.cos(angle), math.sin(angle))
