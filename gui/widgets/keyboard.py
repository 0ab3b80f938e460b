"""A piano keyboard to play with the mouse; it also shows what is held from elsewhere, and how the take lies on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.pitch import note_name
from gui.theme import colour, font

LOWEST, HIGHEST = 24, 84  # C1 to C6
_BLACK = {1, 3, 6, 8, 10}
_NOTES = range(LOWEST, HIGHEST + 1)
_WHITES = [note for note in _NOTES if note % 12 not in _BLACK]
_BLACKS = [note for note in _NOTES if note % 12 in _BLACK]
_BLACK_WIDTH, _BLACK_HEIGHT = 0.6, 0.6  # of a white key
_SOFTEST = 20  # velocity at the very top of a key; 127 at its foot


class Keyboard(QWidget):
    """Emits `pressed(note, velocity 1..127)` and `released(note)`. The lower on the key, the louder."""

    pressed = Signal(int, int)
    released = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Keyboard")
        self.setAccessibleDescription("Play the take in hand: with the mouse here, with the computer's keys, by MIDI.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._held: frozenset[int] = frozenset()
        self._zones: frozenset[int] = frozenset()
        self._range = (0, 127)
        self._root: int | None = None
        self._letters: dict[int, str] = {}
        self._mouse_note: int | None = None
        self._rects: dict[int, QRectF] = {}

    def sizeHint(self) -> QSize:
        return QSize(900, 96)

    # -- what is shown

    def set_held(self, notes: frozenset[int]) -> None:
        """Keys that are down; those beyond the keyboard light its edge."""
        changed, self._held = notes ^ self._held, notes
        self._repaint(changed)
        if any(note not in _NOTES for note in changed):
            self.update()

    def set_zones(self, notes: frozenset[int]) -> None:
        """Keys at which the take was decoded anew."""
        changed, self._zones = notes ^ self._zones, notes
        self._repaint(changed)

    def set_root(self, note: int | None) -> None:
        """Marks the key at which the take sounds as it was made."""
        changed = {self._root, note} - {None} if note != self._root else set()
        self._root = note
        self._repaint(frozenset(key for key in changed if key is not None))

    def set_range(self, low: int, high: int) -> None:
        """Keys outside stay silent and look it."""
        if (low, high) != self._range:
            self._range = (low, high)
            self.update()

    def set_letters(self, letters: dict[int, str]) -> None:
        """note: the computer key that plays it."""
        changed = {note for note in _NOTES if letters.get(note) != self._letters.get(note)}
        self._letters = letters
        self._repaint(frozenset(changed))

    @property
    def held(self) -> frozenset[int]:
        return self._held

    @property
    def zones(self) -> frozenset[int]:
        return self._zones

    def _repaint(self, notes: frozenset[int]) -> None:
        for note in notes:
            if note in _NOTES:
                self.update(self.key_rect(note).adjusted(-1, 0, 1, 1).toAlignedRect())

    # -- where the keys lie

    def key_rect(self, note: int) -> QRectF:
        """Where the key of `note` lies."""
        if not self._rects:
            self._rects = self._measure()
        return self._rects[note]

    def note_at(self, point: QPointF) -> int | None:
        """The black keys lie on top."""
        return next((note for note in (*_BLACKS, *_WHITES) if self.key_rect(note).contains(point)), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rects = {}

    def _measure(self) -> dict[int, QRectF]:
        white_px = self.width() / len(_WHITES)
        found = {}
        for place, note in enumerate(_WHITES):
            left, right = round(place * white_px), round((place + 1) * white_px)
            found[note] = QRectF(left, 0, right - left - 1, self.height())
        wide, high = round(white_px * _BLACK_WIDTH), round(self.height() * _BLACK_HEIGHT)
        for note in _BLACKS:
            found[note] = QRectF(round(found[note - 1].right() + 0.5 - wide / 2), 0, wide, high)
        return found

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._touch(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._touch(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
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
            self.pressed.emit(note, round(_SOFTEST + (127 - _SOFTEST) * share))

    def _let_go(self) -> None:
        if self._mouse_note is not None:
            note, self._mouse_note = self._mouse_note, None
            self.released.emit(note)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dirty = QRectF(event.rect())
        for note in (*_WHITES, *_BLACKS):
            if self.key_rect(note).adjusted(-1, 0, 1, 0).intersects(dirty):
                self._paint_key(painter, note)
        self._paint_beyond(painter)
        painter.end()

    def _paint_key(self, painter: QPainter, note: int) -> None:
        rect, black = self.key_rect(note), note % 12 in _BLACK
        down, plays = note in self._held, self._range[0] <= note <= self._range[1]
        radius = 3 if black else 4
        ground = colour("note") if down else colour("ebony" if black else "ivory")
        if not plays:
            ground = _mixed(ground, colour("ground" if black else "edge"), 0.75)
        painter.setPen(QPen(colour("ground"), 1) if black else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.setClipRect(rect.adjusted(-1, 0, 1, 0))  # rounded below, straight above
        painter.drawRoundedRect(rect.adjusted(0, -radius, 0, 0), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        if note in self._zones and plays and not down:
            painter.fillRect(QRectF(rect.left() + 3, rect.bottom() - 3, rect.width() - 6, 2), colour("latent"))
        painter.setClipping(False)
        if note == self._root:
            painter.setBrush(colour("ground" if down else "note"))
            painter.drawEllipse(QPointF(rect.center().x(), rect.bottom() - (12 if black else 42)), 3.5, 3.5)
        self._paint_words(painter, note, rect, black)

    def _paint_words(self, painter: QPainter, note: int, rect: QRectF, black: bool) -> None:
        if rect.width() < 9:
            return
        down = note in self._held
        below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        if note in self._letters:
            painter.setFont(font(9))
            ink = colour("ground") if down else colour("quiet", 0.9)
            painter.setPen(ink)
            painter.drawText(rect.adjusted(-4, 0, 4, -20), below, self._letters[note])
        if note % 12 == 0 and rect.width() >= 16:
            painter.setFont(font(10))
            painter.setPen(colour("ground" if down else "edge"))
            painter.drawText(rect.adjusted(0, 0, 0, -5), below, note_name(note))

    def _paint_beyond(self, painter: QPainter) -> None:
        """A small arrow at the side where something plays that lies beyond the five octaves."""
        middle = self.height() * 0.8
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("note"))
        for there, x, tip in (
            (any(note < LOWEST for note in self._held), 9.0, 2.0),
            (any(note > HIGHEST for note in self._held), self.width() - 10.0, self.width() - 3.0),
        ):
            if there:
                corners = [QPointF(tip, middle), QPointF(x, middle - 5), QPointF(x, middle + 5)]
                painter.drawPolygon(QPolygonF(corners))


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with so much of `other`."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))
