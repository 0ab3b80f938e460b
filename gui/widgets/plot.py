"""What waveform, spectrogram and their time axis share: the same gutters, the same seconds, the same playhead."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.theme import colour, font

LEFT_PX, RIGHT_PX = 56, 56  # gutters for labels
_STEPS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def tick_seconds(seconds: float, width_px: float, apart_px: float = 88) -> list[float]:
    """Round times from 0 on, at least `apart_px` from each other."""
    if seconds <= 0 or width_px <= 0:
        return []
    least = seconds * apart_px / width_px
    step = next((step for step in _STEPS_S if step >= least), _STEPS_S[-1])
    return [count * step for count in range(math.floor(seconds / step + 1e-9) + 1)]


class Plot(QWidget):
    """A view over the seconds of one sound. Emits `sought` with the time in s that was clicked."""

    sought = Signal(float)

    def __init__(self, name: str, help_text: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(help_text)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._seconds = 0.0
        self._playhead_s: float | None = None

    def plot_rect(self) -> QRectF:
        return QRectF(LEFT_PX, 0, max(1, self.width() - LEFT_PX - RIGHT_PX), self.height())

    def x_of(self, seconds: float) -> float:
        rect = self.plot_rect()
        return rect.left() + (seconds / self._seconds * rect.width() if self._seconds > 0 else 0)

    def set_playhead(self, seconds: float | None) -> None:
        """Where the sound is heard just now; None when silent. Repaints only the stretch that changes."""
        if seconds == self._playhead_s:
            return
        ends = [self.x_of(at) if at is not None else None for at in (self._playhead_s, seconds)]
        self._playhead_s = seconds
        if None in ends or self._seconds <= 0:
            self.update()
            return
        low, high = min(e for e in ends if e is not None), max(e for e in ends if e is not None)
        self.update(int(low) - 4, 0, int(high - low) + 8, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def paint_playhead(self, painter: QPainter) -> None:
        if self._playhead_s is not None and self._seconds > 0:
            x = round(self.x_of(min(self._playhead_s, self._seconds)))
            painter.fillRect(QRectF(x, 0, 1, self.height()), colour("text"))

    def paint_label(self, painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
        painter.setFont(font(11))
        painter.setPen(colour("quiet"))
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, text)

    def second_at(self, x: float) -> float:
        """The time under a place, within the sound."""
        rect = self.plot_rect()
        return min(1.0, max(0.0, (x - rect.left()) / rect.width())) * self._seconds

    def _seek(self, event: QMouseEvent) -> None:
        rect = self.plot_rect()
        x = event.position().x()
        if self._seconds > 0 and rect.left() - 8 <= x <= rect.right() + 8:
            self.sought.emit(min(self.second_at(x), max(0.0, self._seconds - 0.001)))
