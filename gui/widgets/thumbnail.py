"""A waveform in miniature: in the list of takes, on the drag tile, under the pointer while dragging."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gui.peaks import Floats
from gui.theme import Weight, colour, font

COLUMNS = 19
TILE_COLUMNS = 12  # on the drag tile, where the name needs the room
_BAR_PX, _PITCH_PX = 2, 3
WIDTH_PX = COLUMNS * _PITCH_PX - 1


def paint_thumbnail(painter: QPainter, box: QRectF, peaks: tuple[Floats, Floats], ink: QColor) -> None:
    """Bars from the left of `box`, as high as it is."""
    middle, half = box.center().y(), box.height() / 2
    low, high = peaks
    for column in range(len(low)):
        top = min(middle - float(high[column]) * half, middle - 0.75)
        bottom = max(middle - float(low[column]) * half, middle + 0.75)
        painter.fillRect(QRectF(box.left() + column * _PITCH_PX, top, _BAR_PX, bottom - top), ink)


def drag_picture(peaks: tuple[Floats, Floats] | None, text: str, ratio: float) -> QPixmap:
    """What is seen under the pointer: waveform and name on a small card. ratio: device pixels per pixel."""
    width, height = 224, 48
    picture = QPixmap(int(width * ratio), int(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("amber"), 1))
    painter.setBrush(colour("raised", 0.96))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 8, 8)
    if peaks is not None:
        paint_thumbnail(painter, QRectF(12, 10, WIDTH_PX, height - 20), peaks, colour("amber"))
    painter.setFont(font(12, Weight.Medium))
    painter.setPen(colour("text"))
    room = QRectF(WIDTH_PX + 24, 0, width - WIDTH_PX - 36, height)
    text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return picture
