"""A window that repaints at 60 Hz and looks at the player as the program's own does."""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QWidget

from engine.audio.player import Player

_POINTS = 4_000


class Scope(QWidget):
    """A moving curve of thousands of points, and levels."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self.loads: list[float] = []
        self.frames = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames += 1
        self._player.reports()
        self._player.status()
        self.loads.append(self._player.cpu_load())
        x = np.linspace(0, self.width(), _POINTS)
        y = self.height() * (0.5 + 0.4 * np.sin(x / 30 + self.frames / 7))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.setPen(QPen(Qt.GlobalColor.green, 1.5))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, y, strict=True)]))
        for side, level in enumerate(self._player.levels()):
            painter.fillRect(QRectF(12 * side, 0, 10, level * self.height()), Qt.GlobalColor.green)
        painter.end()


def painted(player: Player, seconds: float) -> float:
    """Repaint for so long; returns the mean load of the audio callback meanwhile."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    scope = Scope(player)
    scope.resize(1200, 600)
    scope.show()
    timer = QTimer()
    timer.timeout.connect(scope.update)
    timer.start(16)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        application.processEvents()
        time.sleep(0.001)
    timer.stop()
    scope.close()
    return statistics.mean(scope.loads)
