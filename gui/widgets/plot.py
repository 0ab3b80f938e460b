"""What waveform, spectrogram and their time axis share: the same gutters, the same seconds, the same playhead."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.theme import colour, font

LEFT_PX, RIGHT_PX = 56, 56  # gutters for labels
_AROUND_PX = 4  # of the playhead: what is drawn beside it changes with it
_STEPS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def tick_seconds(seconds: float, width_px: float, apart_px: float = 88) -> list[float]:
    """Round times from 0 on, at least `apart_px` from each other."""
    if seconds <= 0 or width_px <= 0:
        return []
    least = seconds * apart_px / width_px
    step = next((step for step in _STEPS_S if step >= least), _STEPS_S[-1])
    return [count * step for count in range(math.floor(seconds / step + 1e-9) + 1)]


class Plot(QWidget):
    """A view over the seconds of one sound. Emits `sought` with the time in s that was clicked.

    Its picture is kept, as it looks where the sound was heard already and where it is to come, so that the playhead, 60
    times a second, only has strips of it copied. `update()` has the picture painted anew.
    """

    sought = Signal(float)

    def __init__(self, name: str, help_text: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(help_text)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._seconds = 0.0
        self._playhead_s: float | None = None
        self._playhead_px: int | None = None  # where it was shown last
        self._pictures: dict[bool, QPixmap] = {}  # heard or not
        self._pictured = (0, 0, 0.0)  # the size and the screen they are for

    def update(self, *place: Any) -> None:
        """Without a place something has changed, with one only what is already painted is shown there."""
        if not place:
            self._pictures.clear()
        super().update(*place)

    def plot_rect(self) -> QRectF:
        return QRectF(LEFT_PX, 0, self._wide(), self.height())

    def _wide(self) -> int:
        return max(1, self.width() - LEFT_PX - RIGHT_PX)

    def x_of(self, seconds: float) -> float:
        return LEFT_PX + (seconds / self._seconds * self._wide() if self._seconds > 0 else 0.0)

    def set_playhead(self, seconds: float | None) -> None:
        """Where the sound is heard just now; None when silent. Shows only the stretch that changes anew."""
        self._playhead_s = seconds
        before, now = self._playhead_px, self._playhead_x()
        self._playhead_px = now
        if before == now:
            return
        if before is None or now is None:
            super().update()
            return
        low, high = min(before, now), max(before, now)
        super().update(low - _AROUND_PX, 0, high - low + 1 + 2 * _AROUND_PX, self.height())

    def _playhead_x(self) -> int | None:
        if self._playhead_s is None or self._seconds <= 0:
            return None
        return round(self.x_of(min(self._playhead_s, self._seconds)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def paint_picture(self, painter: QPainter, heard: bool) -> None:
        """Everything but the playhead, on a `well`. heard: as it looks where the sound was heard already."""
        raise NotImplementedError

    def heard_x(self, playhead_x: int) -> int:
        """Up to where the picture looks heard; where it always does, the right edge."""
        return self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        pictured = self.width(), self.height(), self.devicePixelRatioF()
        if pictured != self._pictured:
            self._pictures.clear()
            self._pictured = pictured
        painter, shown = QPainter(self), event.rect()
        self._playhead_px = playhead = self._playhead_x()
        border = self.width() if playhead is None else self.heard_x(playhead)
        if shown.left() < border:
            painter.drawPixmap(0, 0, self._picture(True))
        if shown.right() >= border:
            painter.setClipRect(border, 0, self.width() - border, self.height())
            painter.drawPixmap(0, 0, self._picture(False))
            painter.setClipping(False)
        if playhead is not None:
            painter.fillRect(playhead, 0, 1, self.height(), colour("text"))
        painter.end()

    def _picture(self, heard: bool) -> QPixmap:
        """Painted, unless it is there."""
        if heard in self._pictures:
            return self._pictures[heard]
        ratio = self.devicePixelRatioF()
        made = self._pictures[heard] = QPixmap((self.size().toSizeF() * ratio).toSize())
        made.setDevicePixelRatio(ratio)
        made.fill(colour("well"))
        painter = QPainter(made)
        self.paint_picture(painter, heard)
        painter.end()
        return made

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
