"""The latent as a heat map: time from left to right, one row per channel; or how far edits moved it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.request import Latent
from gui.theme import colour, font

_REACH = 3.0  # deviations at which a colour is full
_CHANGED = 3.0  # and the same for changes
_STEP = 0.1  # of a channel's factor, per notch of the wheel


class HeatMap(QWidget):
    """A click goes over from the latent to its change and back; the wheel gains the channel under the mouse, the middle
    button takes its gain back. Emits `gained` with a channel and its factor, which `factor_of` knows."""

    gained = Signal(int, float)

    def __init__(self) -> None:
        super().__init__()
        self._original = self._edited = np.zeros((0, 0), np.float32)
        self._values = self._edited
        self._image = QImage()
        self.factor_of: Callable[[int], float] = lambda _channel: 1.0
        self.changes = False
        self.setMinimumSize(96, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.set_changes(False)

    def set_changes(self, changes: bool) -> None:
        """Whether it shows what edits changed."""
        self.changes = changes
        what = "how far edits moved each channel" if changes else "each channel over time"
        self.setAccessibleName(f"Latent: {what}")
        self.setAccessibleDescription("Enter shows the other of the two.")
        self._draw()

    def show_latents(self, original: Latent, edited: Latent) -> None:
        """Both (frames, channels); their lengths may differ."""
        self._original, self._edited = original, edited
        self._draw()

    def _draw(self) -> None:
        self._values = self._measured()
        shares = np.abs(self._values) / _CHANGED if self.changes else self._values / _REACH / 2 + 0.5
        self._image = _painted(np.asarray(shares, np.float32))
        self.update()

    def _measured(self) -> Latent:
        """(frames, channels) in deviations of the original, about each channel's own mean; or the change alone."""
        original, edited = self._original, self._edited
        if original.size == 0 or edited.size == 0:
            return np.zeros((0, 0), np.float32)
        mean, spread = original.mean(axis=0), float(original.std(axis=0).mean()) + 1e-6
        if not self.changes:
            return np.asarray((edited - mean) / spread, np.float32)
        places = np.minimum(np.arange(len(edited)) * len(original) // len(edited), len(original) - 1)
        return np.asarray((edited - (original[places] if len(original) != len(edited) else original)) / spread)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_changes(not self.changes)
        elif event.button() == Qt.MouseButton.MiddleButton and self._values.size:
            self.gained.emit(self._channel(event.position().y()), 1.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._values.size and event.angleDelta().y():
            channel = self._channel(event.position().y())
            factor = self.factor_of(channel) + math.copysign(_STEP, event.angleDelta().y())
            self.gained.emit(channel, round(factor, 3))
            self._tell(event.position(), event.globalPosition())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._values.size:
            self._tell(event.position(), event.globalPosition())

    def _channel(self, y: float) -> int:
        channels = self._values.shape[1]
        return min(channels - 1, max(0, int(y / self.height() * channels)))

    def _tell(self, place: QPointF, on_screen: QPointF) -> None:
        frame = min(len(self._values) - 1, max(0, int(place.x() / self.width() * len(self._values))))
        channel = self._channel(place.y())
        value = f"{self._values[frame, channel]:+.2f}".replace("-", "−")
        factor = self.factor_of(channel)
        gain = "" if factor == 1.0 else f", × {factor:.1f}"
        other = "Click: the latent." if self.changes else "Click: what edits changed."
        line = f"channel {channel + 1}: {value} σ{gain}\n{other} Wheel: more or less of the channel."
        QToolTip.showText(on_screen.toPoint(), line, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_changes(not self.changes)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 6, 6)
        painter.fillPath(shape, colour("well"))
        painter.setClipPath(shape)
        if not self._image.isNull():
            painter.drawImage(box, self._image)
        word = "change" if self.changes else "latent"
        painter.setFont(font(10))
        plate = QRectF(6, 6, painter.fontMetrics().horizontalAdvance(word) + 12, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("well", 0.75))
        painter.drawRoundedRect(plate, 8, 8)
        painter.setPen(colour("latent"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, word)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour("latent") if self.hasFocus() else colour("line"))
        painter.drawPath(shape)
        painter.end()


def _painted(shares: Latent) -> QImage:
    """shares (frames, channels) 0..1 -> an image of frames × channels pixels, dark to teal to near white."""
    frames, channels = shares.shape
    if frames == 0 or channels == 0:
        return QImage()
    bytes_ = np.ascontiguousarray(np.clip(shares.T * 255, 0, 255).astype(np.uint8))
    image = QImage(bytes_.data, frames, channels, frames, QImage.Format.Format_Indexed8)
    image.setColorTable(_COLOURS)
    return image.convertToFormat(QImage.Format.Format_RGB32)  # a copy: numpy's bytes may go


def _ramp() -> list[int]:
    stops = ((0.0, colour("well")), (0.5, QColor(20, 48, 49)), (0.85, colour("latent")), (1.0, QColor(225, 250, 246)))
    places = np.linspace(0, 1, 256)
    at = [share for share, _ in stops]
    channels = [[shade.red(), shade.green(), shade.blue()] for _, shade in stops]
    rows = np.stack([np.interp(places, at, [row[place] for row in channels]) for place in range(3)], 1).astype(int)
    return [(0xFF << 24) | (int(r) << 16) | (int(g) << 8) | int(b) for r, g, b in rows]


_COLOURS = _ramp()
