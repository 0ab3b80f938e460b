"""Where a take is dropped that another one shall go over into."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from gui.theme import Weight, colour, font
from gui.widgets.drop_target import DropTarget, takes_of

_CROSS_PX = 22


class TakeWell(DropTarget):
    """Emits `dropped` with a take's id, `cleared` when it shall be empty again (its cross, or Delete)."""

    dropped = Signal(str)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(96, 38)
        self.show_take("")

    def show_take(self, name: str) -> None:
        """name: of the take in it, "" for none."""
        self._name = name
        self.setAccessibleName(f"Morphs into: {name or 'nothing'}")
        self.setToolTip(f"Morphs into “{name}”" if name else "Drag a take here: this sound can go over into it")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, 60)

    def wants(self, source: object) -> bool:
        return len(takes_of(source)) == 1

    def receive(self, source: object, place: QPointF) -> None:
        self.dropped.emit(takes_of(source)[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._name and event.position().x() > self.width() - _CROSS_PX:
            self.cleared.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._name and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.over is not None or self.hasFocus()
        style = Qt.PenStyle.SolidLine if self._name else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour("latent" if lit else "edge"), 1, style))
        painter.setBrush(colour("latent", 0.08) if self._name or self.over is not None else colour("well"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        room = QRectF(self.rect()).adjusted(10, 0, -_CROSS_PX if self._name else -10, 0)
        painter.setFont(font(12, Weight.Medium if self._name else Weight.Normal))
        painter.setPen(colour("text" if self._name else "quiet"))
        text = self._name or "drop a take here"
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        align = Qt.AlignmentFlag.AlignLeft if self._name else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, elided)
        if self._name:
            painter.setPen(colour("quiet"))
            cross = QRectF(self.width() - _CROSS_PX, 0, _CROSS_PX - 4, self.height())
            painter.drawText(cross, Qt.AlignmentFlag.AlignCenter, "×")
        painter.end()
