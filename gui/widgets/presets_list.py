"""The presets of the shelf under the headings of their categories."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.presets.shelf import Kept
from gui.theme import colour, font, title_font

_ROW_PX, _HEAD_PX = 42, 30
_KEPT = Qt.ItemDataRole.UserRole
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
_ELIDE = Qt.TextElideMode.ElideRight


class PresetsList(QListWidget):
    """Emits `shown(Kept | None)` with the one that is selected, `wanted(Kept)` on a double click or Enter."""

    shown = Signal(object)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Presets")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Rows(self))
        self.currentItemChanged.connect(lambda *_: self.shown.emit(self.kept))
        self.itemDoubleClicked.connect(lambda _: self._want())

    @property
    def kept(self) -> Kept | None:
        """The one that is selected."""
        item = self.currentItem()
        return None if item is None else item.data(_KEPT)

    def show_presets(self, presets: Iterable[Kept]) -> None:
        """In their order, which is that of the categories; the selected one stays selected."""
        before = None if self.kept is None else self.kept.path
        self.blockSignals(True)
        self.clear()
        category = ""
        for kept in presets:
            if kept.preset.category != category:
                category = kept.preset.category
                heading = QListWidgetItem(category)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(heading)
            item = QListWidgetItem(kept.preset.name)
            item.setData(_KEPT, kept)
            item.setToolTip(kept.preset.about)
            self.addItem(item)
            if kept.path == before:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.shown.emit(self.kept)

    def choose(self, name: str) -> None:
        """Selects a preset by its name."""
        for item in self.findItems(name, Qt.MatchFlag.MatchExactly):
            if item.data(_KEPT) is not None:
                self.setCurrentItem(item)
                self.scrollToItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._want()
        else:
            event.ignore()  # letters play notes, space plays and stops: the window's

    def _want(self) -> None:
        if self.kept is not None:
            self.wanted.emit(self.kept)


class _Rows(QStyledItemDelegate):
    """Paints a preset: its name, and what it is; or the heading of a category."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, _HEAD_PX if index.data(_KEPT) is None else _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kept: Kept | None = index.data(_KEPT)
        if kept is None:
            painter.setFont(title_font())
            painter.setPen(colour("quiet"))
            painter.drawText(option.rect.adjusted(8, 8, -8, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
        else:
            self._paint_preset(painter, option, kept)
        painter.restore()

    def _paint_preset(self, painter: QPainter, option: QStyleOptionViewItem, kept: Kept) -> None:
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("raised", 1.0 if chosen else 0.5))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), 6, 6)
        mine = 40 if kept.mine else 0
        room = QRectF(rect.left() + 8, rect.top() + 4, rect.width() - 16, 18)
        painter.setFont(font(13))
        painter.setPen(colour("amber" if chosen else "text"))
        name = painter.fontMetrics().elidedText(kept.preset.name, _ELIDE, int(room.width()) - mine)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(font(11))
        painter.setPen(colour("quiet"))
        if kept.mine:
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "mine")
        about = kept.preset.about or kept.preset.request.prompt
        about = painter.fontMetrics().elidedText(about, _ELIDE, int(room.width()))
        painter.drawText(room.translated(0, 17), Qt.AlignmentFlag.AlignVCenter, about)
