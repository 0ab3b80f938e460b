"""Peak meter, left and right, with the highest peak held for a moment."""

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


def _db(peak: float) -> float:
    return max(_FLOOR_DB, 20 * math.log10(peak)) if peak > 0 else _FLOOR_DB


class Meter(QWidget):
    """Call `set_levels` regularly; levels fall by themselves in between."""

    def __init__(self) -> None:
        super().__init__()
        self._db = [_FLOOR_DB, _FLOOR_DB]
        self._held_db = [_FLOOR_DB, _FLOOR_DB]
        self._held_until = [0.0, 0.0]
        self._last = time.monotonic()
        self.setFixedWidth(56)
        self.setAccessibleName("Level: silent")

    def set_levels(self, left: float, right: float) -> None:
        """Peaks since the last call, linear, 1 is full scale."""
        now = time.monotonic()
        fall = _FALL_DB_S * (now - self._last)
        self._last = now
        before = (*self._db, *self._held_db)
        for side, peak in enumerate((left, right)):
            level = _db(peak)
            self._db[side] = max(level, self._db[side] - fall, _FLOOR_DB)
            if level >= self._held_db[side]:
                self._held_db[side], self._held_until[side] = level, now + _HOLD_S
            elif now > self._held_until[side]:
                self._held_db[side] = max(self._held_db[side] - fall, _FLOOR_DB)
        if before != (*self._db, *self._held_db):
            loudest = max(self._db)
            self.setAccessibleName("Level: silent" if loudest <= _FLOOR_DB else f"Level: {loudest:.0f} dBFS")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top, height = 6.0, self.height() - 12.0
        for side in (0, 1):
            box = QRectF(side * 12, top, 8, height)
            painter.fillRect(box, colour("well"))
            self._paint_side(painter, box, self._db[side], self._held_db[side])
        painter.setFont(font(10))
        painter.setPen(colour("quiet"))
        for level in _MARKS_DB:
            y = top + height * level / _FLOOR_DB
            text = "0 dB" if level == 0 else f"−{-level}"
            painter.drawText(QRectF(28, y - 7, 28, 14), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _paint_side(self, painter: QPainter, box: QRectF, level_db: float, held_db: float) -> None:
        def y(db: float) -> float:
            return box.top() + box.height() * db / _FLOOR_DB

        painter.fillRect(QRectF(box.left(), y(level_db), box.width(), box.bottom() - y(level_db)), colour("fine"))
        if level_db > _HOT_DB:
            painter.fillRect(QRectF(box.left(), y(level_db), box.width(), y(_HOT_DB) - y(level_db)), colour("amber"))
        if held_db > _FLOOR_DB:
            tint = "amber" if held_db > _HOT_DB else "fine"
            painter.fillRect(QRectF(box.left(), y(held_db), box.width(), 1.5), colour(tint))
