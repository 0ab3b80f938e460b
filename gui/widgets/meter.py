"""Level meter, left and right: the average solid, peaks lighter above it, the highest peak held for a moment."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme import colour, font

_FLOOR_DB = -60.0
_FALL_DB_S, _HOLD_S = 40.0, 1.2
_MARKS_DB = (0, -12, -24, -48)
_HOT_DB = -3.0
_BAR_PX, _PITCH_PX, _TOP_PX = 8, 12, 6
_BARS_PX = _PITCH_PX + _BAR_PX  # both bars together
_LABELS_PX = 28  # from the left


def _db(level: float) -> float:
    return max(_FLOOR_DB, 20 * math.log10(level)) if level > 0 else _FLOOR_DB


class Meter(QWidget):
    """Call `set_levels` regularly; levels fall by themselves in between."""

    def __init__(self) -> None:
        super().__init__()
        self._peak_db = [_FLOOR_DB, _FLOOR_DB]
        self._rms_db = [_FLOOR_DB, _FLOOR_DB]
        self._held_db = [_FLOOR_DB, _FLOOR_DB]
        self._held_until = [0.0, 0.0]
        self._last = time.monotonic()
        self._drawn: tuple[int, ...] = ()
        self._said = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies behind it need not be painted with it
        self.setFixedWidth(56)
        self.setAccessibleName("Level: silent")
        self.setToolTip("Solid: average (RMS). Light: peaks. Line: the highest of late.")

    def set_levels(self, left: float, right: float, rms: tuple[float, float] = (0.0, 0.0)) -> None:
        """Peaks since the last call and averages of late, linear, 1 is full scale."""
        now = time.monotonic()
        fall = _FALL_DB_S * (now - self._last)
        self._last = now
        for side, peak in enumerate((left, right)):
            level = _db(peak)
            self._peak_db[side] = max(level, self._peak_db[side] - fall, _FLOOR_DB)
            self._rms_db[side] = max(_db(rms[side]), self._rms_db[side] - fall, _FLOOR_DB)
            if level >= self._held_db[side]:
                self._held_db[side], self._held_until[side] = level, now + _HOLD_S
            elif now > self._held_until[side]:
                self._held_db[side] = max(self._held_db[side] - fall, _FLOOR_DB)
        px_a_db = self._px_a_db()
        drawn = tuple([round(px_a_db * level) for level in (*self._peak_db, *self._rms_db, *self._held_db)])
        if drawn != self._drawn:
            self._drawn = drawn
            self._say()
            self.update(0, 0, _BARS_PX, self.height())

    def _say(self) -> None:
        loudest = max(self._peak_db)
        said = "Level: silent" if loudest <= _FLOOR_DB else f"Level: {loudest:.0f} dBFS"
        if said != self._said:
            self._said = said
            self.setAccessibleName(said)

    def _y(self, db: float) -> float:
        return _TOP_PX + self._px_a_db() * db

    def _px_a_db(self) -> float:
        return (self.height() - 2 * _TOP_PX) / _FLOOR_DB

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("pane"))
        for side in (0, 1):
            box = QRectF(side * _PITCH_PX, _TOP_PX, _BAR_PX, self.height() - 2 * _TOP_PX)
            painter.fillRect(box, colour("well"))
            self._paint_side(painter, box, self._peak_db[side], self._rms_db[side], self._held_db[side])
        if event.rect().right() >= _LABELS_PX:
            self._paint_labels(painter)
        painter.end()

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(font(10))
        painter.setPen(colour("quiet"))
        for level in _MARKS_DB:
            text = "0 dB" if level == 0 else f"−{-level}"
            painter.drawText(QRectF(_LABELS_PX, self._y(level) - 7, 28, 14), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_side(self, painter: QPainter, box: QRectF, peak_db: float, rms_db: float, held_db: float) -> None:
        def fill(high_db: float, low_db: float, tint: str, alpha: float = 1.0) -> None:
            if high_db > low_db:
                bar = QRectF(box.left(), self._y(high_db), box.width(), self._y(low_db) - self._y(high_db))
                painter.fillRect(bar, colour(tint, alpha))

        fill(min(peak_db, _HOT_DB), _FLOOR_DB, "fine", 0.45)
        fill(peak_db, _HOT_DB, "amber")
        fill(min(rms_db, peak_db), _FLOOR_DB, "fine")
        if held_db > _FLOOR_DB:
            tint = "amber" if held_db > _HOT_DB else "fine"
            painter.fillRect(QRectF(box.left(), self._y(held_db), box.width(), 1.5), colour(tint))
