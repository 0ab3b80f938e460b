"""What lies over the window while sound files are dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import Weight, colour, font


class DropFrame(QWidget):
    """Sees no mouse; shown by the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, area: QWidget) -> None:
        """Covers `area`."""
        self.setGeometry(area.rect().translated(area.mapTo(self._window, area.rect().topLeft())))
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("ground", 0.82))
        painter.setPen(QPen(colour("latent"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(colour("latent", 0.06))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 10, 10)
        painter.setPen(colour("text"))
        painter.setFont(font(17, Weight.Medium))
        middle = QRectF(self.rect())
        painter.drawText(middle.adjusted(0, -28, 0, 0), Qt.AlignmentFlag.AlignCenter, "Drop sounds to bend them")
        painter.setFont(font(12))
        painter.setPen(colour("quiet"))
        painter.drawText(middle.adjusted(0, 24, 0, 0), Qt.AlignmentFlag.AlignCenter, "WAV · FLAC · MP3 · OGG · AIFF")
        painter.end()
