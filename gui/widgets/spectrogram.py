"""The spectrogram: log-frequency axis in Hz, colour bar in dB, the waveform's time axis."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent

from gui.spectrum import FLOOR_DB, HIGH_HZ, LOW_HZ, TOP_DB, Floats
from gui.theme import colour
from gui.widgets.plot import LEFT_PX, Plot

_MARKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_MARKS_DB = (0, -30, -60, -90)
CHANGE_DB = 24.0  # at which the colour of a change is full
_BAR_PX = 6
# Darkness to the amber of the waveform: (share of the way, red, green, blue).
_RAMP = (
    (0.00, 12, 14, 17), (0.18, 26, 14, 38), (0.38, 70, 22, 92), (0.56, 132, 38, 110), (0.72, 200, 68, 92),
    (0.86, 246, 126, 64), (0.95, 255, 180, 84), (1.00, 255, 236, 190),
)  # fmt: skip


# Softer is teal, louder amber, what stayed is dark.
_CHANGE_RAMP = (
    (0.00, 190, 240, 234), (0.18, 90, 209, 196), (0.38, 26, 66, 66), (0.50, 12, 14, 17),
    (0.62, 74, 50, 28), (0.82, 255, 180, 84), (1.00, 255, 236, 190),
)  # fmt: skip
Ramp = tuple[tuple[float, int, int, int], ...]


def colour_table(ramp: Ramp) -> list[int]:
    """256 colours as QImage wants them, the lowest level first."""
    stops = np.array([row[0] for row in ramp])
    shares = np.linspace(0, 1, 256)
    red, green, blue = (np.interp(shares, stops, [row[at] for row in ramp]).astype(int) for at in (1, 2, 3))
    return [(0xFF << 24) | (int(r) << 16) | (int(g) << 8) | int(b) for r, g, b in zip(red, green, blue, strict=True)]


class SpectrogramView(Plot):
    """Draws levels that were computed elsewhere. Click: play from there."""

    def __init__(self) -> None:
        super().__init__("Spectrogram", "Frequency over time, 40 Hz to 20 kHz. Click to play from there.")
        self._image = QImage()
        self._scaled = QPixmap()
        self.change = False
        self._table, self._changes = colour_table(_RAMP), colour_table(_CHANGE_RAMP)
        self.setMinimumHeight(120)

    def show_levels(self, levels_db: Floats | None, seconds: float, change: bool = False) -> None:
        """levels_db (rows, columns), the lowest frequency first; None: nothing (yet). change: they say how much louder
        (above 0) or softer it became."""
        if seconds != self._seconds:
            self._playhead_s = None
        self._seconds, self.change = seconds, change
        self._image = QImage()
        if levels_db is not None:
            low, high = (-CHANGE_DB, CHANGE_DB) if change else (FLOOR_DB, TOP_DB)
            share = (levels_db[::-1] - low) / (high - low)
            bytes_ = np.ascontiguousarray(np.clip(share * 255, 0, 255).astype(np.uint8))
            rows, columns = bytes_.shape
            image = QImage(bytes_.data, columns, rows, columns, QImage.Format.Format_Indexed8)
            image.setColorTable(self._colours())
            self._image = image.convertToFormat(QImage.Format.Format_RGB32)  # a copy: numpy's bytes may go
        self._scale()
        self.update()

    def _colours(self) -> list[int]:
        return self._changes if self.change else self._table

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scale()

    def _scale(self) -> None:
        if self._image.isNull():
            self._scaled = QPixmap()
            return
        ratio = self.devicePixelRatioF()
        size = (self.plot_rect().size() * ratio).toSize()
        smooth, free = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
        self._scaled = QPixmap.fromImage(self._image.scaled(size, free, smooth))
        self._scaled.setDevicePixelRatio(ratio)

    def y_of(self, hz: float) -> float:
        return self.height() * (1 - math.log(hz / LOW_HZ) / math.log(HIGH_HZ / LOW_HZ))

    def paint_picture(self, painter: QPainter, heard: bool) -> None:
        if self._seconds > 0:
            if not self._scaled.isNull():
                painter.drawPixmap(self.plot_rect().topLeft(), self._scaled)
            self._paint_hz(painter)
            self._paint_db(painter)

    def _paint_hz(self, painter: QPainter) -> None:
        last_y = math.inf
        for hz in _MARKS_HZ:
            y = self.y_of(hz)
            label_y = min(max(y, 9), self.height() - 9)
            if last_y - label_y < 18:
                continue
            last_y = label_y
            painter.fillRect(QRectF(LEFT_PX - 5, min(round(y), self.height() - 1), 5, 1), colour("edge"))
            text = f"{hz // 1000} kHz" if hz >= 1000 else f"{hz} Hz"
            self.paint_label(painter, QRectF(0, label_y - 8, LEFT_PX - 8, 16), text, Qt.AlignmentFlag.AlignRight)

    def _paint_db(self, painter: QPainter) -> None:
        left = self.plot_rect().right() + 8
        top, height = 8.0, self.height() - 16.0
        bar = QImage(1, 256, QImage.Format.Format_RGB32)
        for row, value in enumerate(reversed(self._colours())):
            bar.setPixel(0, row, value)
        painter.drawImage(QRectF(left, top, _BAR_PX, height), bar)
        low, high = (-CHANGE_DB, CHANGE_DB) if self.change else (FLOOR_DB, TOP_DB)
        marks = (24, 12, 0, -12, -24) if self.change else _MARKS_DB
        for level in marks:
            y = top + height * (high - level) / (high - low)
            y = min(max(y, top + 5), top + height - 5)
            text = f"{level:+d}" if self.change and level > 0 else f"{level} dB" if level == 0 else f"{level}"
            text = text.replace("-", "−")
            self.paint_label(painter, QRectF(left + _BAR_PX + 5, y - 8, 40, 16), text, Qt.AlignmentFlag.AlignLeft)
