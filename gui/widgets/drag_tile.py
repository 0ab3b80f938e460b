"""The large tile by which the take in hand leaves the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from engine.sound import Sound
from gui.files import drag_files
from gui.peaks import peaks
from gui.theme import Weight, colour, font
from gui.widgets.thumbnail import COLUMNS, TILE_COLUMNS, drag_picture, paint_thumbnail


class DragTile(QWidget):
    """Drag it: the file goes along. Enter, for those without a mouse, emits `copy_wanted`: a copy on the clipboard.

    `file_wanted` is emitted by a press while the file is not written yet; `show_written` says that it is.
    """

    copy_wanted = Signal()
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(88)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._path: Path | None = None
        self._take_id = ""
        self._format = ""
        self._sound: Sound | None = None
        self._written = True
        self._pressed: QPointF | None = None
        self.show_take(None, "", None)

    def dragged_takes(self) -> list[str]:
        """What a drop inside the window gets."""
        return [self._take_id] if self._take_id else []

    def show_take(
        self, path: Path | None, format_text: str, sound: Sound | None, take_id: str = "", *, written: bool = True
    ) -> None:
        """format_text: such as `WAV · 24-bit · 44.1 kHz`. written: whether the file is there already."""
        self._written = written
        self._path, self._format, self._sound, self._take_id = path, format_text, sound, take_id
        what = f"{path.name}, {format_text}" if path else "no take yet"
        self.setAccessibleName(f"Drag to your DAW: {what}")
        self.setToolTip(f"{path}\nDrag into a track or a folder; Enter copies the file." if path else "")
        self.setCursor(Qt.CursorShape.OpenHandCursor if path else Qt.CursorShape.ArrowCursor)
        self.update()

    def show_written(self, path: Path) -> None:
        """A file is there now."""
        if path == self._path:
            self._written = True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            if self._path is not None and not self._written:
                self.file_wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._path is None or not self._written:
            return
        if (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            drawn = peaks(self._sound, COLUMNS) if self._sound else None
            drag_files(self, [self._path], drag_picture(drawn, self._path.name, self.devicePixelRatioF()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._path is not None:
            self.copy_wanted.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        there = self._path is not None
        hot = there and (self.underMouse() or self.hasFocus())
        ink = colour("amber" if there else "edge")
        rim = ink if hot else colour("amber", 0.55) if there else colour("line")
        painter.setPen(QPen(rim, 1, Qt.PenStyle.DashLine))
        painter.setBrush(colour("amber", 0.10 if hot else 0.06) if there else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        left = 16
        if self._sound is not None:
            paint_thumbnail(painter, QRectF(left, 20, 0, self.height() - 40), peaks(self._sound, TILE_COLUMNS), ink)
            left += TILE_COLUMNS * 3 + 13
        room = QRectF(left, 0, self.width() - left - 12, self.height())
        painter.setPen(ink if there else colour("quiet"))
        painter.setFont(font(13, Weight.DemiBold))
        painter.drawText(room.adjusted(0, 16, 0, 0), Qt.AlignmentFlag.AlignTop, "Drag to your DAW")
        painter.setFont(font(11))
        painter.setPen(colour("text" if there else "quiet"))
        name = self._path.name if self._path else "no take yet"
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.drawText(room.adjusted(0, 37, 0, 0), Qt.AlignmentFlag.AlignTop, name)
        painter.setPen(colour("quiet"))
        painter.drawText(room.adjusted(0, 54, 0, 0), Qt.AlignmentFlag.AlignTop, self._format)
        painter.end()
