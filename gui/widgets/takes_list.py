"""The list of takes: rows with waveform, words, note and length, star; each can be dragged out."""

from __future__ import annotations

import time

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.library import Entry
from gui.files import drag_files
from gui.icons import paint_icon
from gui.theme import colour, font
from gui.widgets.takes_model import ARRIVED, ENTRY, PEAKS, TakesModel, facts
from gui.widgets.thumbnail import WIDTH_PX, drag_picture, paint_thumbnail

_ROW_PX = 46
_ARRIVAL_S = 0.9
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}


class TakesList(QListView):
    """Emits `heard` when the user goes to a take, `starred` when a star is pressed."""

    heard = Signal(object)
    starred = Signal(object)

    def __init__(self, model: TakesModel) -> None:
        super().__init__()
        self.takes = model
        self.setModel(model)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName("Takes")
        self.setAccessibleDescription("Arrow keys: hear. Space: play and stop. Delete: to the trash.")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self._pressed = QPersistentModelIndex()  # the row under a plain press
        self._before = ""  # the take that was chosen before it
        self._arrivals = QTimer(self, interval=33)
        self._arrivals.timeout.connect(self._fade_arrivals)
        model.rowsInserted.connect(lambda *_rows: self._arrivals.start())

    def selected(self) -> list[Entry]:
        """From top to bottom."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self.takes.entry(row) for row in rows]

    def dragged_takes(self) -> list[str]:
        """What a drop inside the window gets: ids, from top to bottom."""
        return [entry.take_id for entry in self.selected()]

    def choose(self, take_id: str) -> None:
        """Makes a take the selected one without hearing it."""
        row = self.takes.row_of(take_id)
        if row >= 0:
            alone = QItemSelectionModel.SelectionFlag.ClearAndSelect  # also while Shift or Ctrl is held
            self.selectionModel().setCurrentIndex(self.takes.index(row), alone)
            self.scrollTo(self.takes.index(row))
        else:
            self.clearSelection()

    def star_rect(self, row: QRect) -> QRect:
        return QRect(row.right() - 31, row.center().y() - 11, 24, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            before = self.currentIndex()
            super().keyPressEvent(event)
            if self.currentIndex() != before:
                self._hear(self.currentIndex())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._hear(self.currentIndex())
        else:
            event.ignore()  # letters play notes, space plays and stops: the window's

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self.star_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self.starred.emit(index.data(ENTRY))
            return
        before = self.currentIndex()
        self._before = before.data(ENTRY).take_id if before.isValid() else ""
        super().mousePressEvent(event)
        alone = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._pressed = QPersistentModelIndex(index) if left and alone else QPersistentModelIndex()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click hears a take. One that is dragged off is not taken in hand: it may be meant for the one that is."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, QPersistentModelIndex()
        if pressed.isValid() and self.indexAt(event.position().toPoint()) == pressed:
            self._hear(QModelIndex(pressed))

    def startDrag(self, actions: Qt.DropAction) -> None:
        entries = self.selected()
        alone, self._pressed = self._pressed.isValid(), QPersistentModelIndex()
        if entries:
            text = entries[0].path.name if len(entries) == 1 else f"{len(entries)} takes"
            peaks = self.takes.index(self.takes.row_of(entries[0].take_id)).data(PEAKS)
            drag_files(self, [entry.path for entry in entries], drag_picture(peaks, text, self.devicePixelRatioF()))
        if alone and self._before:
            self.choose(self._before)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def _hear(self, index: QModelIndex) -> None:
        if index.isValid():
            self.heard.emit(index.data(ENTRY))

    def _fade_arrivals(self) -> None:
        self.viewport().update()
        if self.takes.rowCount() == 0 or time.monotonic() - self.takes.index(0).data(ARRIVED) > _ARRIVAL_S:
            self._arrivals.stop()


class _Rows(QStyledItemDelegate):
    """Paints one row."""

    def __init__(self, view: TakesList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY)
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = rect.contains(self._view.viewport().mapFromGlobal(self._view.cursor().pos()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(rect).adjusted(0, 1, 0, -1)
        self._paint_ground(painter, box, index, chosen, hovered)
        peaks = index.data(PEAKS)
        if peaks is not None:
            ink = colour("amber") if chosen else colour("quiet", 0.75)
            paint_thumbnail(painter, QRectF(rect.left() + 8, rect.top() + 9, WIDTH_PX, _ROW_PX - 18), peaks, ink)
        starry = entry.starred or chosen or hovered
        self._paint_text(painter, rect, entry, 34 if starry else 8)
        if starry:
            star = QRectF(self._view.star_rect(rect)).adjusted(5, 5, -5, -5)
            paint_icon(painter, "star-filled" if entry.starred else "star", "text" if entry.starred else "quiet", star)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, chosen: bool, hovered: bool
    ) -> None:
        if chosen or hovered:
            painter.setBrush(colour("raised", 1.0 if chosen else 0.5))
            painter.drawRoundedRect(box, 6, 6)
        age = time.monotonic() - index.data(ARRIVED)
        if age < _ARRIVAL_S:
            painter.setBrush(colour("amber", 0.22 * (1 - age / _ARRIVAL_S)))
            painter.drawRoundedRect(box, 6, 6)
        if chosen and self._view.currentIndex().row() == index.row():
            painter.save()
            painter.setClipRect(QRectF(box.left(), box.top(), 3, box.height()))
            painter.setBrush(colour("amber"))
            painter.drawRoundedRect(box, 6, 6)
            painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, entry: Entry, margin_px: int) -> None:
        left = rect.left() + 8 + WIDTH_PX + 12
        room = QRectF(left, rect.top() + 5, rect.right() - margin_px - left, 18)
        painter.setFont(font(13))
        painter.setPen(colour("text"))
        text = painter.fontMetrics().elidedText(entry.prompt, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(font(11))
        painter.setPen(colour("quiet"))
        painter.drawText(room.translated(0, 18), Qt.AlignmentFlag.AlignVCenter, facts(entry))
