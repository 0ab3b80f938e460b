"""A vertical slider that draws itself from a ParamSpec: name above, value below, and what MIDI moves it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy

from engine.params import ParamSpec
from gui.icons import paint_icon
from gui.theme import Weight, colour, font
from gui.widgets.typed import TypedControl

_WIDTH_PX, _LABEL_PX, _VALUE_PX, _MIDI_PX = 52, 18, 20, 13
_THUMB = QSize(18, 9)
_TRACK_PX = 6
_FINE = 0.15  # of the mouse's way, with Shift
_GHOST_MS = 1600  # that the place where it was stays visible after a move


class Slider(TypedControl):
    """Drag (Shift is fine), click where it shall go, wheel, arrow keys, typing; double click to reset.

    Emits `changed` as every control, `settled` when the mouse lets go of it, `lock_changed` with whether dice leave it,
    `still_wanted` when its recorded moves shall go.
    """

    settled = Signal()
    still_wanted = Signal()
    lock_changed = Signal(bool)

    def __init__(self, spec: ParamSpec, caption: str = "") -> None:
        super().__init__(spec, caption=caption)
        self.locked = False
        self.offers: list[Callable[[QMenu], None]] = []  # what else its menu has
        self._drag: tuple[float, float] | None = None  # (mouse y, position it stands for), unrounded
        self._hovered = False
        self._moves_at: float | None = None  # position of its recorded moves now, None when it has none
        self._ghost: float | None = None  # where it was before this move
        self._fading = QTimer(self, singleShot=True, interval=_GHOST_MS)
        self._fading.timeout.connect(self._forget_ghost)
        self.setMinimumSize(38, 118)
        self.setMaximumWidth(64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._show_tooltip()

    # -- value

    @property
    def held(self) -> bool:
        """Whether the mouse has it."""
        return self._drag is not None

    def set_locked(self, locked: bool) -> None:
        if locked != self.locked:
            self.locked = locked
            self.lock_changed.emit(locked)
            self._show_tooltip()
            self.update()

    def set_value(self, value: float | None) -> None:
        before = self.position
        super().set_value(value)
        if self.position != before:
            self._ghost = before if self._ghost is None else self._ghost
            if not self.held:
                self._fading.start()

    def show_moves(self, value: float | None) -> None:
        """Where its recorded moves are now, which is what is heard; None when it has none."""
        position = None if value is None else self.spec.position(value)
        if position != self._moves_at:
            begins = self._moves_at is None or position is None
            self._moves_at = position
            if begins:
                self._show_tooltip()
            self.update()

    def forget_moves(self) -> None:
        """What it shows from now on is another sound's: no ghost of the one before."""
        self._drag = None
        self._forget_ghost()

    def _forget_ghost(self) -> None:
        self._fading.stop()
        self._ghost = None
        self.update()

    def _text(self, value: float) -> str:
        text = super()._text(value).removesuffix(" frames")
        both_ways = self.spec.low == -self.spec.high
        return f"+{text}" if both_ways and value > 0 and not text.startswith("0 ") and text != "0" else text

    def add_actions(self, menu: QMenu) -> None:
        super().add_actions(menu)
        locked = menu.addAction("Locked: dice leave it alone", lambda: self.set_locked(not self.locked))
        locked.setCheckable(True)
        locked.setChecked(self.locked)
        if self._moves_at is not None:
            menu.addAction("Clear its recorded moves", self.still_wanted.emit)
        for offer in self.offers:
            offer(menu)

    def _show_midi(self) -> None:
        self._show_tooltip()
        super()._show_midi()

    def _show_tooltip(self) -> None:
        rest = self._text(self.spec.default)
        how = f"Drag, wheel or arrow keys, Shift for fine; Enter to type; double-click for {rest}."
        lock = "Locked: dice leave it alone." if self.locked else ""
        moves = "" if self._moves_at is None else "Follows its recorded moves, which the bar shows."
        self.setToolTip(self._help("\n".join(line for line in (how, lock, moves, self.midi.sentence) if line)))

    # -- geometry

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, 150)

    def value_box(self) -> QRect:
        return QRect(0, self.height() - _MIDI_PX - _VALUE_PX, self.width(), _VALUE_PX)

    def track(self) -> QRectF:
        """What the middle of the thumb travels along, and half a thumb beyond."""
        top = _LABEL_PX + 4
        return QRectF((self.width() - _TRACK_PX) / 2, top, _TRACK_PX, self.height() - top - _MIDI_PX - _VALUE_PX - 4)

    def y_of(self, position: float) -> float:
        track = self.track()
        return track.bottom() - _THUMB.height() / 2 - position * self._travel()

    def thumb(self, position: float) -> QRectF:
        width, height = _THUMB.width(), _THUMB.height()
        return QRectF((self.width() - width) / 2, self.y_of(position) - height / 2, width, height)

    def _travel(self) -> float:
        return max(1.0, self.track().height() - _THUMB.height())

    def _lock_box(self) -> QRectF:
        return QRectF(self.width() / 2 + 10, self.track().top() - 1, 11, 11)

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.position()
        if (self._hovered or self.locked) and self._lock_box().adjusted(-2, -3, 3, 3).contains(place):
            self.set_locked(not self.locked)
        elif self.value_box().contains(place.toPoint()):
            self._start_typing()
        elif place.y() > _LABEL_PX:
            self._ghost = None
            on_thumb = self.thumb(self.position).adjusted(-8, -5, 8, 5).contains(place)
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            at = self.position if on_thumb or fine else 1 - (place.y() - self.y_of(1.0)) / self._travel()
            self._drag = (place.y(), min(1.0, max(0.0, at)))
            self._move(self.spec.at(self._drag[1]) if not (on_thumb or fine) else self._value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        last_y, position = self._drag
        fine = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        position += (last_y - event.position().y()) / self._travel() * fine
        self._drag = (event.position().y(), min(1.0, max(0.0, position)))
        self._move(self.spec.at(self._drag[1]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self._fading.start()
            self.settled.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._lock_box().contains(event.position()):
            self.reset()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._hovered = event.type() == QEvent.Type.Enter
            self.update()
        return super().event(event)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setFont(font(11))
        painter.setPen(colour("quiet" if on else "edge"))
        painter.drawText(QRectF(-6, 0, self.width() + 12, _LABEL_PX), middle, self.caption)
        if self.locked or (self._hovered and on):
            paint_icon(
                painter, "lock" if self.locked else "unlock", "text" if self.locked else "edge", self._lock_box()
            )
        self._paint_track(painter)
        if not self.typing:
            painter.setPen(colour("text" if on else "edge"))
            painter.setFont(font(12 if self.width() >= 44 else 11, Weight.Medium))
            text = self.text() if self._moves_at is None else self.text_at(self._moves_at)
            painter.drawText(QRectF(self.value_box()).adjusted(-8, 0, 8, 0), middle, text)
        if self.midi.text:
            painter.setPen(colour("note"))
            painter.setFont(font(10, Weight.Medium))
            painter.drawText(QRectF(0, self.height() - _MIDI_PX - 1, self.width(), _MIDI_PX), middle, self.midi.text)
        painter.end()

    def _paint_track(self, painter: QPainter) -> None:
        ink = colour("latent" if self.isEnabled() else "edge")
        track, now, rest = self.track(), self.y_of(self.position), self.y_of(self.spec.position(self.spec.default))
        focused = self.hasFocus()
        painter.setPen(QPen(colour("latent", 0.7) if focused else colour("line"), 1))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("edge"))
        painter.drawRect(QRectF(track.left() - 4, round(rest) - 0.5, 3, 1))
        painter.drawRect(QRectF(track.right() + 1, round(rest) - 0.5, 3, 1))
        ink.setAlphaF(0.4)
        painter.setBrush(ink)
        shown = now if self._moves_at is None else self.y_of(self._moves_at)
        painter.drawRect(QRectF(track.left() + 1.5, min(shown, rest), track.width() - 3, abs(shown - rest)))
        if self._ghost is not None and abs(self._ghost - self.position) > 1e-6:
            painter.setPen(QPen(colour("latent", 0.55), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.thumb(self._ghost).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        self._paint_midi(painter)
        self._paint_thumb(painter)

    def _paint_thumb(self, painter: QPainter) -> None:
        """Full where it decides; where recorded moves do, they are a bar and it is hollow."""
        tint = "latent" if self.isEnabled() else "edge"
        thumb = self.thumb(self.position)
        painter.setPen(QPen(colour("text"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint))
        if self._moves_at is not None:
            painter.setPen(QPen(colour("text" if self.hasFocus() else tint), 1))
            painter.setBrush(colour("well"))
            thumb = thumb.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(thumb, 3, 3)
        if self._moves_at is not None:
            bar = self.thumb(self._moves_at).adjusted(-3, 3, 3, -3)
            painter.fillRect(bar, colour("amber" if self.isEnabled() else "edge"))

    def _paint_midi(self, painter: QPainter) -> None:
        """A frame while learning, and a small mark where hardware stands that is yet to reach the value."""
        if self.midi.learning:
            painter.setPen(QPen(colour("note", 0.7 + 0.3 * self.midi.pulse), 1 + self.midi.pulse))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.track().adjusted(-8, -2, 8, 2), 6, 6)
        elif self.midi.ghost is not None:
            y = self.y_of(self.midi.ghost)
            painter.fillRect(QRectF(self.track().right() + 5, y - 1, 7, 2), colour("note"))
