"""The waveform: amber bars from lowest to highest sample, the part already heard bright."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from engine.sound import Sound
from gui.peaks import peaks
from gui.theme import colour
from gui.widgets.plot import LEFT_PX, Plot, tick_seconds

_BAR_PX, _PITCH_PX = 2, 3
_LEVELS_DB = (0, -6, -12, -24)
_MARGIN_PX = 16  # above full scale and below it


class WaveformView(Plot):
    """Draws one sound. Click: play from there."""

    def __init__(self) -> None:
        super().__init__("Waveform", "Click to play from there.")
        self._sound: Sound | None = None
        self._low = self._high = np.zeros(0, np.float32)
        self.setMinimumHeight(120)

    def show_sound(self, sound: Sound | None) -> None:
        self._sound = sound
        self._seconds = sound.seconds if sound else 0.0
        self._playhead_s = None
        self._measure()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def _measure(self) -> None:
        columns = int(self.plot_rect().width() // _PITCH_PX)
        if self._sound is not None:
            self._low, self._high = peaks(self._sound, columns)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("well"))
        if self._sound is not None:
            self._paint_grid(painter)
            self._paint_bars(painter, event.rect().left(), event.rect().right())
            self.paint_playhead(painter)
        painter.end()

    def _half(self) -> float:
        return self.height() / 2 - _MARGIN_PX

    def _paint_grid(self, painter: QPainter) -> None:
        rect, middle = self.plot_rect(), self.height() / 2
        for seconds in tick_seconds(self._seconds, rect.width())[1:]:
            painter.fillRect(QRectF(round(self.x_of(seconds)), 0, 1, self.height()), colour("line", 0.45))
        last_y = -100.0
        for level in _LEVELS_DB:
            offset = self._half() * 10 ** (level / 20)
            y = round(middle - offset)
            for line in (y, round(middle + offset)):
                painter.fillRect(QRectF(rect.left(), line, rect.width(), 1), colour("line", 0.35))
            if y - last_y >= 16:
                text = f"{level} dB".replace("-", "−")
                self.paint_label(painter, QRectF(0, y - 8, LEFT_PX - 8, 16), text, Qt.AlignmentFlag.AlignRight)
                last_y = y

    def _paint_bars(self, painter: QPainter, left_px: int, right_px: int) -> None:
        """Only the bars between `left_px` and `right_px`, whole pixels wide so that they stay crisp."""
        rect, middle, half = self.plot_rect(), self.height() / 2, self._half()
        heard = self.x_of(self._playhead_s) if self._playhead_s is not None else rect.right()
        bright, dim = colour("amber"), colour("ember")
        first = max(0, int((left_px - rect.left()) // _PITCH_PX) - 1)
        last = min(len(self._low), int((right_px - rect.left()) // _PITCH_PX) + 2)
        for column in range(first, last):
            x = rect.left() + column * _PITCH_PX
            top = min(middle - float(self._high[column]) * half, middle - 0.5)
            bottom = max(middle - float(self._low[column]) * half, middle + 0.5)
            painter.fillRect(QRectF(x, top, _BAR_PX, bottom - top), bright if x <= heard else dim)
