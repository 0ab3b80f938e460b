"""The time axis in seconds under waveform and spectrogram."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from gui.theme import colour
from gui.widgets.plot import Plot, tick_seconds


class TimeAxis(Plot):
    """Ticks and seconds. Click: play from there."""

    def __init__(self) -> None:
        super().__init__("Time axis", "Seconds. Click to play from there.")
        self.setFixedHeight(24)

    def show_seconds(self, seconds: float) -> None:
        self._seconds = seconds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("well"))
        rect = self.plot_rect()
        ticks = tick_seconds(self._seconds, rect.width())
        digits = 3 if len(ticks) > 1 and ticks[1] < 0.01 else 2 if len(ticks) > 1 and ticks[1] < 0.1 else 1
        for seconds in ticks:
            x = round(self.x_of(seconds))
            painter.fillRect(QRectF(x, 0, 1, 5), colour("edge"))
            text = f"{seconds:.{digits}f}" + (" s" if seconds == 0 else "")
            self.paint_label(painter, QRectF(x - 40, 5, 80, 18), text, Qt.AlignmentFlag.AlignHCenter)
        painter.end()
