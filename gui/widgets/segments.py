"""A choice of a few words side by side, drawn from a ParamSpec; hardware can move it as it moves a knob."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from engine.params import ParamSpec
from gui.theme import Weight, colour, font
from gui.widgets.param_control import ParamControl

_HEIGHT_PX, _MIDI_PX = 26, 13


class Segments(ParamControl):
    """Click, arrow keys, wheel; double click or Delete to reset; right click for MIDI. faces: what stands in the cells
    where the words of the row are too long. Takes the width it is given, in cells as wide as their words want."""

    def __init__(self, spec: ParamSpec, faces: tuple[str, ...] = ()) -> None:
        super().__init__(spec)
        self._faces = faces or spec.choices
        self._hovered = -1
        self.setFont(font(12, Weight.Medium))
        self.setMouseTracking(True)
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show_tooltip()

    def cell(self, place: int) -> QRectF:
        """Where a choice stands. All get the same room beside their words."""
        metrics = self.fontMetrics()
        words = [metrics.horizontalAdvance(face) for face in self._faces]
        spare = (self.width() - 4 - sum(words)) / len(words)
        left = 2 + sum(words[:place]) + spare * place
        return QRectF(left, 2, words[place] + spare, _HEIGHT_PX - 4)

    def sizeHint(self) -> QSize:
        return QSize(sum(self.fontMetrics().horizontalAdvance(face) + 16 for face in self._faces), self.height())

    def _show_midi(self) -> None:
        self.setFixedHeight(_HEIGHT_PX + (_MIDI_PX if self.midi.text else 0))
        self._show_tooltip()
        super()._show_midi()

    def _show_tooltip(self) -> None:
        self.setToolTip(self._help(f"{' · '.join(self.spec.choices)}\n{self.midi.sentence}".strip()))

    def _at(self, x: float) -> int:
        return next((n for n in range(len(self._faces)) if self.cell(n).left() <= x < self.cell(n).right()), -1)

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._move(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position().x())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turn(-math.copysign(1, event.angleDelta().y() or 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self._turn(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, 0.5, self.width() - 1, _HEIGHT_PX - 1)
        if self.midi.learning:
            painter.setPen(QPen(colour("note", 0.7 + 0.3 * self.midi.pulse), 1 + self.midi.pulse))
        else:
            painter.setPen(colour("amber" if self.hasFocus() else "line"))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(frame, 6, 6)
        for place, face in enumerate(self._faces):
            self._paint_cell(painter, place, face)
        if self.midi.ghost is not None:
            x = self.cell(round(self.midi.ghost * (len(self._faces) - 1))).center().x()
            painter.fillRect(QRectF(x - 4, _HEIGHT_PX - 3, 8, 2), colour("note"))
        if self.midi.text:
            painter.setPen(colour("note"))
            painter.setFont(font(10, Weight.Medium))
            below = QRectF(0, _HEIGHT_PX, self.width(), _MIDI_PX)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.midi.text)
        painter.end()

    def _paint_cell(self, painter: QPainter, place: int, face: str) -> None:
        chosen, box = place == self._value, self.cell(place)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("line"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4.5, 4.5)
        painter.setFont(font(12, Weight.Medium if chosen else Weight.Normal))
        lit = "text" if chosen or place == self._hovered else "quiet"
        painter.setPen(colour(lit if self.isEnabled() else "edge"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, face)
