"""A pitch-bend or modulation strip beside the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import colour, font

_WIDTH_PX, _LABEL_PX, _THUMB_PX = 24, 14, 8
_STEP = 0.1


class Strip(QWidget):
    """Emits `moved` with its value: -1..1 where it is `centred` and springs back, else 0..1 and stays.

    `set_value` shows what MIDI does and emits nothing.
    """

    moved = Signal(float)

    def __init__(self, name: str, label: str, *, centred: bool) -> None:
        super().__init__()
        self._name, self._label, self._centred = name, label, centred
        self._low = -1.0 if centred else 0.0
        self._value = 0.0
        self._grabbed = False
        self.setFixedWidth(_WIDTH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        rest = "springs back when let go" if centred else "stays; double-click for none"
        self.setToolTip(f"{name}: drag up and down, {rest}")
        self._tell()

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        value = min(1.0, max(self._low, value))
        if value != self._value and not self._grabbed:
            self._value = value
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, 92)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._name}: {round(100 * self._value)} %")

    def _move(self, value: float) -> None:
        value = min(1.0, max(self._low, value))
        if value != self._value:
            self._value = value
            self._tell()
            self.update()
            self.moved.emit(value)

    def _track(self) -> QRectF:
        return QRectF((self.width() - 12) / 2, 0, 12, self.height() - _LABEL_PX)

    def _at(self, y: float) -> float:
        track = self._track()
        share = 1 - (y - track.top() - _THUMB_PX / 2) / (track.height() - _THUMB_PX)
        return self._low + (1 - self._low) * share

    def _let_go(self) -> None:
        self._grabbed = False
        if self._centred:
            self._move(0.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = True
            self._move(self._at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._move(self._at(event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._move(0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._centred:
            self._move(self._value + (_STEP if event.angleDelta().y() > 0 else -_STEP))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: _STEP, Qt.Key.Key_Down: -_STEP}
        if event.key() in steps:
            self._move(self._value + steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self._move(0.0)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._centred and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.isAutoRepeat():
            self._let_go()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate, QEvent.Type.FocusOut):
            self._let_go()
        elif event.type() == QEvent.Type.FocusIn:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track()
        painter.setPen(QPen(colour("amber" if self.hasFocus() else "line"), 1))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 5.5, 5.5)
        y = self._y(self._value)
        rest = self._y(0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._value:
            painter.setBrush(colour("note", 0.35))
            painter.drawRect(QRectF(track.left() + 3, min(y, rest), track.width() - 6, abs(y - rest)))
        painter.setBrush(colour("note" if self._value else "quiet"))
        thumb = QRectF(track.left() + 2, y - _THUMB_PX / 2 + 1, track.width() - 4, _THUMB_PX - 2)
        painter.drawRoundedRect(thumb, 2.5, 2.5)
        painter.setFont(font(10))
        painter.setPen(colour("quiet"))
        foot = QRectF(-4, self.height() - _LABEL_PX, self.width() + 8, _LABEL_PX)
        painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self._label)
        painter.end()

    def _y(self, value: float) -> float:
        """Middle of the thumb at a value."""
        track = self._track().adjusted(0, 1, 0, -1)
        share = (value - self._low) / (1 - self._low)
        return QPointF(0, track.bottom() - _THUMB_PX / 2 - share * (track.height() - _THUMB_PX)).y()
