"""A piano keyboard to play with the mouse; it also shows what is held from elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.pitch import note_name
from gui.theme import colour, font

LOWEST, HIGHEST = 24, 84  # C1 to C6
_BLACK = {1, 3, 6, 8, 10}
_BLACK_WIDTH, _BLACK_HEIGHT = 0.6, 0.6  # of a white key


class Keyboard(QWidget):
    """Emits `pressed(note, velocity 1..127)` and `released(note)`. The lower on the key, the louder."""

    pressed = Signal(int, int)
    released = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Keyboard")
        self.setAccessibleDescription("Play the take in hand: with the mouse here, or with the keys A to L and W to O.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(False)
        self._held: frozenset[int] = frozenset()
        self._root: int | None = None
        self._mouse_note: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(900, 96)

    def set_held(self, notes: frozenset[int]) -> None:
        self._held = notes
        self.update()

    def set_root(self, note: int | None) -> None:
        """Marks the key at which the take sounds as it was made."""
        self._root = note
        self.update()

    def key_rect(self, note: int) -> QRectF:
        """Where the key of `note` lies."""
        white_px = self.width() / sum(1 for key in range(LOWEST, HIGHEST + 1) if key % 12 not in _BLACK)
        whites = sum(1 for key in range(LOWEST, note) if key % 12 not in _BLACK)
        if note % 12 in _BLACK:
            wide = white_px * _BLACK_WIDTH
            return QRectF(whites * white_px - wide / 2, 0, wide, self.height() * _BLACK_HEIGHT)
        left, right = round(whites * white_px), round((whites + 1) * white_px)
        return QRectF(left, 0, right - left - 1, self.height())

    def note_at(self, point: QPointF) -> int | None:
        order = sorted(range(LOWEST, HIGHEST + 1), key=lambda note: note % 12 not in _BLACK)  # black ones lie on top
        return next((note for note in order if self.key_rect(note).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._touch(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._touch(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate):
            self._let_go()
        return super().event(event)

    def _touch(self, point: QPointF) -> None:
        note = self.note_at(point)
        if note == self._mouse_note:
            return
        self._let_go()
        if note is not None:
            self._mouse_note = note
            share = min(1.0, max(0.0, point.y() / self.key_rect(note).height()))
            self.pressed.emit(note, round(40 + 87 * share))

    def _let_go(self) -> None:
        if self._mouse_note is not None:
            note, self._mouse_note = self._mouse_note, None
            self.released.emit(note)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whites = [note for note in range(LOWEST, HIGHEST + 1) if note % 12 not in _BLACK]
        for note in whites:
            self._paint_key(painter, note, "ivory", 4)
        for note in range(LOWEST, HIGHEST + 1):
            if note % 12 in _BLACK:
                self._paint_key(painter, note, "ebony", 3)
        painter.end()

    def _paint_key(self, painter: QPainter, note: int, tint: str, radius: float) -> None:
        rect = self.key_rect(note)
        black = tint == "ebony"
        painter.setPen(QPen(colour("ground"), 1) if black else Qt.PenStyle.NoPen)
        painter.setBrush(colour("note") if note in self._held else colour(tint))
        painter.setClipRect(rect.adjusted(-1, 0, 1, 0))  # rounded below, straight above
        painter.drawRoundedRect(rect.adjusted(0, -radius, 0, 0), radius, radius)
        painter.setClipping(False)
        if note == self._root and note not in self._held:
            painter.setBrush(colour("note"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(rect.center().x(), rect.bottom() - (10 if black else 26)), 3.5, 3.5)
        if note % 12 == 0 and rect.width() >= 18:
            painter.setFont(font(10))
            painter.setPen(colour("ground") if note in self._held else colour("edge"))
            below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(0, 0, 0, -4), below, note_name(note))
