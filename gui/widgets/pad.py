"""One drum pad: play it, drop takes on it, drag it to another place."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from engine.pitch import note_name
from gui.peaks import Floats
from gui.theme import Weight, colour, font
from gui.widgets.drop_target import DropTarget, takes_of
from gui.widgets.thumbnail import drag_picture, paint_thumbnail

COLUMNS = 14
_LINE_PX = 13
_FLASH_S = 0.22
_SOFTEST = 30  # velocity at the very top; 127 at the foot


class PadView(DropTarget):
    """Emits `pressed(velocity)` and `released`; `takes_dropped(ids)`, `pad_dropped(note)`; `menu_wanted(QPoint)`,
    `clear_wanted`."""

    pressed = Signal(int)
    released = Signal()
    takes_dropped = Signal(list)
    pad_dropped = Signal(int)
    menu_wanted = Signal(object)
    clear_wanted = Signal()

    def __init__(self, note: int, drum: str) -> None:
        super().__init__()
        self.note, self._drum = note, drum
        self._name = ""
        self._peaks: tuple[Floats, Floats] | None = None
        self._down = False
        self._lifted: QPointF | None = None  # where the pointer took hold of it
        self._flashed = (0.0, 0.0)  # (when, how strong 0..1)
        self._fade = QTimer(self, interval=33)
        self._fade.timeout.connect(self._fade_out)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(44, 56)
        self.show_take("", None)

    def show_take(self, name: str, peaks: tuple[Floats, Floats] | None) -> None:
        """name: "" for an empty pad."""
        self._name, self._peaks = name, peaks
        place = f"{note_name(self.note)} ({self.note}), {self._drum}"
        self.setAccessibleName(f"Pad {place}: {name or 'empty'}")
        if name:
            self.setToolTip(f"{name}\n{place}\nClick: play. Drag it off: to another pad. Right click: more.")
        else:
            self.setToolTip(f"{place}\nDrop a take here.")
        self.update()

    @property
    def name(self) -> str:
        return self._name

    @property
    def flashing(self) -> bool:
        return time.monotonic() - self._flashed[0] < _FLASH_S

    def flash(self, velocity: int) -> None:
        """It was played."""
        self._flashed = (time.monotonic(), 0.4 + 0.6 * velocity / 127)
        self._fade.start()
        self.update()

    def _fade_out(self) -> None:
        if not self.flashing:
            self._fade.stop()
        self.update()

    # -- played

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._name:
            self._down, self._lifted = True, event.position()
            share = min(1.0, max(0.0, event.position().y() / self.height()))
            self._press(round(_SOFTEST + (127 - _SOFTEST) * share))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pad that is pressed stays played while the pointer is on it; drawn off, its take comes along."""
        if self._lifted is not None and not self.rect().contains(event.position().toPoint()):
            self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._lifted = None
        self._let_go()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate):
            self._let_go()
        elif event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat() and self._name:
            self._down = True
            self._press(100)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_wanted.emit()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._let_go()
        else:
            event.ignore()

    def _press(self, velocity: int) -> None:
        self.flash(velocity)
        self.pressed.emit(velocity)

    def _let_go(self) -> None:
        if self._down:
            self._down = False
            self.released.emit()

    # -- moved about

    def _drag(self) -> None:
        self._lifted = None
        self._let_go()
        drag = QDrag(self)
        drag.setMimeData(QMimeData())
        drag.setPixmap(drag_picture(self._peaks, self._name, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.MoveAction)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._lifted = None
        self.menu_wanted.emit(event.globalPos())

    def wants(self, source: object) -> bool:
        return source is not self and (isinstance(source, PadView) or bool(takes_of(source)))

    def receive(self, source: object, place: QPointF) -> None:
        if isinstance(source, PadView):
            self.pad_dropped.emit(source.note)
        else:
            self.takes_dropped.emit(takes_of(source))

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit = self.over is not None or self.hasFocus()
        rim = "amber" if lit else "edge" if self.underMouse() and self._name else "line"
        painter.setPen(QPen(colour(rim), 1))
        painter.setBrush(colour("raised" if self._name else "well"))
        painter.drawRoundedRect(box, 6, 6)
        when, strength = self._flashed
        left = 1 - (time.monotonic() - when) / _FLASH_S
        if left > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("note", 0.75 * strength * left))
            painter.drawRoundedRect(box, 6, 6)
        inner = box.adjusted(6, 5, -5, -5)
        painter.setFont(font(10, Weight.Medium))
        lines = _lines(self._name, painter.fontMetrics(), int(inner.width()))
        if self._peaks is not None:
            wave = QRectF(inner.left(), inner.top() + 2, 0, max(14.0, inner.height() - 18 - _LINE_PX * len(lines)))
            paint_thumbnail(painter, wave, self._peaks, colour("amber"))
        painter.setPen(colour("text"))
        for place, line in enumerate(reversed(lines)):
            room = inner.adjusted(0, 0, 0, -13 - _LINE_PX * place)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, line)
        painter.setFont(font(9))
        painter.setPen(colour("quiet", 1.0 if self._name else 0.8))
        drum = painter.fontMetrics().elidedText(self._drum, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, drum)
        if not self._name:
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, note_name(self.note))
        painter.end()


def _lines(name: str, metrics: QFontMetrics, width_px: int) -> list[str]:
    """A name in two short lines at most."""
    words = name.replace(",", "").split()
    first = ""
    while words and (not first or metrics.horizontalAdvance(f"{first} {words[0]}") <= width_px):
        first = f"{first} {words.pop(0)}".strip()
    lines = [first, " ".join(words)] if words else [first]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width_px) for line in lines if line]
