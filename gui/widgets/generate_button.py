"""The one act of the window: Generate. While it runs the same button fills up and cancels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from gui.theme import Weight, colour, font


class GenerateButton(QAbstractButton):
    """`show_idle()` or `show_progress(share, text)`; `clicked` means the one or the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self._share = 0.0
        self._detail = ""
        self.busy = False
        self.show_idle()

    def sizeHint(self) -> QSize:
        return QSize(128, 44)

    def show_idle(self) -> None:
        self.busy, self._share, self._detail = False, 0.0, ""
        self.setText("Generate")
        self.setAccessibleName("Generate")
        self.setToolTip("Make new takes from the words (Enter)")
        self.update()

    def show_progress(self, share: float, detail: str) -> None:
        """share 0..1 of the whole work; detail: one short line, such as `2 of 4 · 7/16`."""
        self.busy, self._share, self._detail = True, min(1.0, max(0.0, share)), detail
        self.setText("Cancel")
        self.setAccessibleName(f"Cancel, {detail}")
        self.setToolTip("Stop (Esc); takes that are finished stay")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 9, 9)
        if self.busy:
            self._paint_busy(painter, box, shape)
        else:
            factor = 89 if self.isDown() else 104 if self.underMouse() else 100
            painter.fillPath(shape, colour("amber").lighter(factor))
            painter.setPen(colour("ground"))
            painter.setFont(font(15, Weight.DemiBold))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("text"), 1.5))
            painter.drawPath(shape)
        painter.end()

    def _paint_busy(self, painter: QPainter, box: QRectF, shape: QPainterPath) -> None:
        painter.fillPath(shape, colour("well"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(box.left(), box.top(), box.width() * self._share, box.height()), colour("amber", 0.24))
        painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width() * self._share, 3), colour("amber"))
        painter.restore()
        painter.setPen(QPen(colour("text" if self.underMouse() else "amber"), 1))
        painter.drawPath(shape)
        painter.setPen(colour("text"))
        painter.setFont(font(14, Weight.DemiBold))
        painter.drawText(box.adjusted(0, 4, 0, -18), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(colour("quiet"))
        painter.setFont(font(11))
        painter.drawText(box.adjusted(0, 22, 0, -4), Qt.AlignmentFlag.AlignCenter, self._detail)
