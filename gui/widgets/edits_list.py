"""The edits of a sound in the order in which they are done: dragged to another place, passed by, removed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from engine.latent.chain import Chain
from engine.latent.edit import KINDS, Edit
from engine.params import PARAMS
from gui.theme import font

_WIDTH_PX, _MOST_ROWS, _PADDING_PX = 260, 12, 6


class EditsList(QListWidget):
    """Opens over what it belongs to, closes with a click elsewhere. Emits `moved(from, to)`, `switched(index, on)` and
    `removed(index)`; what it shows is only changed by `show_chain`."""

    moved = Signal(int, int)
    switched = Signal(int, bool)
    removed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("edits")
        self.setWindowFlag(Qt.WindowType.Popup)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(font(12))
        self.setAccessibleName("Edits, in the order in which they are done")
        self.setToolTip("Drag: sooner or later. The box: on or off. Delete: remove. Ctrl+Up and Ctrl+Down move, too.")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self._chain = Chain()
        self._showing = False
        self.itemChanged.connect(self._switch)
        self.model().rowsMoved.connect(self._move)

    def show_chain(self, chain: Chain) -> None:
        """What is edited now; the row in hand stays in hand."""
        self._chain = chain
        if self.isVisible():
            self._fill(chain)

    def _fill(self, chain: Chain) -> None:
        row, self._showing = self.currentRow(), True
        self.clear()
        for edit in chain.edits:
            item = QListWidgetItem(told(edit))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsDragEnabled
                | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if edit.enabled else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(min(row, self.count() - 1))
        self._showing = False

    def open_above(self, place: QPoint) -> None:
        """With its lower right corner there, on the screen."""
        self._fill(self._chain)
        rows = min(_MOST_ROWS, max(1, self.count()))
        height = self.sizeHintForRow(0) * rows + 2 * self.frameWidth() + 2 * _PADDING_PX
        self.setGeometry(place.x() - _WIDTH_PX, place.y() - height, _WIDTH_PX, height)
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, control = self.currentRow(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row >= 0:
            self.removed.emit(row)
        elif control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            to = row + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= row and 0 <= to < self.count():
                self.setCurrentRow(to)
                self.moved.emit(row, to)
        else:
            super().keyPressEvent(event)

    def _switch(self, item: QListWidgetItem) -> None:
        if not self._showing:
            self.switched.emit(self.row(item), item.checkState() == Qt.CheckState.Checked)

    def _move(self, _parent: object, first: int, _last: int, _goal: object, before: int) -> None:
        if not self._showing:
            self.moved.emit(first, before - 1 if before > first else before)


def told(edit: Edit) -> str:
    """An edit in a line: what it is, how much, where."""
    kind = KINDS[edit.kind]
    much = ""
    if edit.moves:
        much = " moves"
    elif kind.keys:
        spec = PARAMS[kind.keys[0]]
        much = f" {spec.text(edit.number(spec.key))}".replace("-", "−")
    part = "" if edit.region_s is None else f"  {edit.region_s[0]:.2f}–{edit.region_s[1]:.2f} s"
    return f"{kind.label}{much}{part}"
