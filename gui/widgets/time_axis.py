"""The time axis in seconds under waveform and spectrogram."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.theme import colour
from gui.widgets.plot import Plot, tick_seconds


class TimeAxis(Plot):
    """Ticks and seconds. Click: play from there."""

    def __init__(self) -> None:
        super().__init__("Time axis", "Seconds. Click to play from there.")
        self.setFixedHeight(24)

    def show_seconds(self, seconds: float) -> None:
        if seconds != self._seconds:
            self._seconds = seconds
            self.update()

    def set_playhead(self, seconds: float | None) -> None:
        """The views above show it."""

    def paint_picture(self, painter: QPainter, heard: bool) -> None:
        ticks = tick_seconds(self._seconds, self.plot_rect().width())
        digits = 3 if len(ticks) > 1 and ticks[1] < 0.01 else 2 if len(ticks) > 1 and ticks[1] < 0.1 else 1
        for seconds in ticks:
            x = round(self.x_of(seconds))
            painter.fillRect(QRectF(x, 0, 1, 5), colour("edge"))
            text = f"{seconds:.{digits}f}" + (" s" if seconds == 0 else "")
            self.paint_label(painter, QRectF(x - 40, 5, 80, 18), text, Qt.AlignmentFlag.AlignHCenter)
