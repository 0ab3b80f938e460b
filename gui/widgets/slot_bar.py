"""Slots A to D side by side: one is in hand, those in which nothing was put yet are faint."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu

from engine.latent.slots import LETTERS, Slots
from gui.theme import Weight, colour, font
from gui.widgets.drop_target import DropTarget, takes_of

_CELL_PX, _HEIGHT_PX = 28, 28
_HELP = (
    "Versions of this sound; a free one begins with what is heard.\n"
    "Drop another take on one to have it there. Right click to copy or clear."
)


class SlotBar(DropTarget):
    """Emits `chosen`, `copy_wanted` and `clear_wanted` with the place of a slot, `takes_dropped(place, ids)`."""

    chosen = Signal(int)
    copy_wanted = Signal(int)
    clear_wanted = Signal(int)
    takes_dropped = Signal(int, list)

    def __init__(self) -> None:
        super().__init__()
        self._slots = Slots()
        self.setFixedSize(_CELL_PX * len(LETTERS) + 4, _HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(_HELP)
        self.show_slots(self._slots)

    def show_slots(self, slots: Slots) -> None:
        self._slots = slots
        self.setAccessibleName(f"Slot {LETTERS[slots.place]}")
        self.update()

    def cell(self, place: int) -> QRectF:
        return QRectF(2 + place * _CELL_PX, 2, _CELL_PX, _HEIGHT_PX - 4)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), _HEIGHT_PX)

    def _at(self, x: float) -> int:
        return min(len(LETTERS) - 1, max(0, int((x - 2) // _CELL_PX)))

    def receive(self, source: object, place: QPointF) -> None:
        self.takes_dropped.emit(self._at(place.x()), takes_of(source))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() in steps:
            self.chosen.emit((self._slots.place + steps[Qt.Key(event.key())]) % len(LETTERS))
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu(self._at(event.pos().x()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self, place: int) -> QMenu:
        """What a right click on a slot offers."""
        menu, letter = QMenu(self), LETTERS[place]
        copy = menu.addAction(f"Copy what is heard to {letter}", partial(self.copy_wanted.emit, place))
        copy.setEnabled(self._slots.chains[place] != self._slots.chain)
        clear = menu.addAction(f"Clear {letter}", partial(self.clear_wanted.emit, place))
        clear.setEnabled(bool(self._slots.chains[place]))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour("amber" if self.hasFocus() else "line"))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        slots = self._slots
        for place, letter in enumerate(LETTERS):
            box, chosen = self.cell(place), place == slots.place
            share = 0.0 if not slots.morphing else slots.share
            part = 1 - share if chosen else share if place == slots.towards and slots.morphing else 0.0
            if part > 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour("edge", 0.25 + 0.75 * part))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            if self.over is not None and place == self._at(self.over.x()):
                painter.setPen(QPen(colour("latent"), 1))
                painter.setBrush(colour("latent", 0.15))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            chain = slots.chains[place]
            painter.setFont(font(12, Weight.DemiBold if chosen else Weight.Normal))
            painter.setPen(colour("text" if part > 0.3 else "quiet" if chain is not None else "edge"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
            if chain is not None and chain.active:
                painter.fillRect(QRectF(box.center().x() - 5, box.bottom() - 4, 10, 1.5), colour("latent"))
        painter.end()
