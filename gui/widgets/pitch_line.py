"""The pitch curve over the spectrogram, and the pencil that draws it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QPushButton, QWidget

from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, note_hz, note_name
from gui.theme import Weight, colour, font
from gui.widgets.pitch_stroke import Stroke
from gui.widgets.plot import RIGHT_PX
from gui.widgets.spectrogram import SpectrogramView

_DRAG_PX = 3  # less is a click
_EDGE_PX = 2.0  # of the picture: what lies beyond is shown there
_READOUT = (168, 20)  # px
_PENCIL_PX = 84
_HELP = (
    "Draw the pitch with the mouse over the picture (Ctrl+E).\n"
    "Shift: semitones. Ctrl: from the curve, ten times finer. Escape: not this stroke.\n"
    "Double click: takes back the line there. Right click: more. A click plays from there."
)


@dataclass(frozen=True, eq=False)
class Curve:
    """seconds of the picture and MIDI notes (points,), NaN where there is no pitch. chord: semitones of the notes that
    move along, the curve itself left out."""

    seconds: npt.NDArray[np.float64]
    notes: npt.NDArray[np.float64]
    chord: tuple[int, ...] = ()

    def at(self, seconds: float) -> float | None:
        """The note at a moment; None where there is none."""
        if not len(self.notes):
            return None
        note = float(self.notes[int(np.abs(self.seconds - seconds).argmin())])
        return None if np.isnan(note) else note


@dataclass(frozen=True)
class Shown:
    """seconds: of the whole picture. heard: as it sounds; before: as it was, None when that is the same. word: why
    there is no curve."""

    seconds: float = 0.0
    heard: Curve | None = field(default=None, compare=False)
    before: Curve | None = field(default=None, compare=False)
    word: str = ""


class PitchLine(QWidget):
    """Lies on a spectrogram. It has no mouse while `pencil` is off, and no cost while it does not change.

    Emits `pressed` when a stroke may begin, `stroked` with its line, (s of the picture, note) from left to right,
    whenever it grows, `lifted` when it is done and `cancelled` when it shall not be; `reset_wanted(s)`,
    `menu_wanted(place on the screen, s)`; `refused` when there is nothing to draw on.
    """

    pressed = Signal()
    stroked = Signal(list)
    lifted = Signal()
    cancelled = Signal()
    reset_wanted = Signal(float)
    menu_wanted = Signal(QPoint, float)
    refused = Signal()

    def __init__(self, view: SpectrogramView) -> None:
        super().__init__(view)
        self._view = view
        self._shown = Shown()
        self._picture: QPixmap | None = None
        self._stroke: Stroke | None = None
        self._press: QPointF | None = None
        self._pointer: QPointF | None = None
        self._as_seen = False
        self.pencil = _pencil(view)
        self.pencil.toggled.connect(self._arrange)
        self.setAccessibleName("Pitch curve")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.lower()  # under the view's switches
        view.installEventFilter(self)
        self._fit()
        self._arrange()

    # -- what is shown

    @property
    def held(self) -> bool:
        """Whether a hand is drawing."""
        return self._stroke is not None

    @property
    def watched(self) -> bool:
        """Whether anything of it can be seen."""
        return self.pencil.isChecked() or self._as_seen

    def show_curves(self, shown: Shown) -> None:
        """Another curve, or none."""
        self._shown = shown
        self._renew()

    def set_seen(self, seen: bool) -> None:
        """Whether the curve is shown without the pencil, too."""
        self._as_seen = seen
        self._arrange()

    def drop_stroke(self) -> None:
        """The hand is on it no more, whatever it does."""
        self._stroke = self._press = None
        self.update()

    def _arrange(self, *_: object) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not self.pencil.isChecked())
        self._pointer = None
        self.setVisible(self.watched)

    def _fit(self) -> None:
        self.setGeometry(self._view.rect())
        self.pencil.move(self._view.width() - RIGHT_PX - 8 - _PENCIL_PX, 8)
        self._renew()

    def _renew(self) -> None:
        self._picture = None
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    # -- places

    def x_at(self, seconds: float) -> float:
        room = self._view.plot_rect()
        return room.left() + seconds / max(self._shown.seconds, 1e-6) * room.width()

    def y_at(self, note: float) -> float:
        """Where a note lies; what is too low or too high for the picture lies at its edge."""
        y = self._view.y_of(note_hz(note))
        return min(max(y, _EDGE_PX), self.height() - _EDGE_PX)

    def second_at(self, x: float) -> float:
        room = self._view.plot_rect()
        return min(1.0, max(0.0, (x - room.left()) / room.width())) * self._shown.seconds

    def note_at(self, y: float) -> float:
        """The note at a height, below and above the picture too, within C0 … C9."""
        c4, c5 = (self._view.y_of(note_hz(note)) for note in (60, 72))
        return min(max(60 + 12 * (c4 - y) / (c4 - c5), LOWEST_NOTE), HIGHEST_NOTE)

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._shown.seconds <= 0:
            return
        if self._shown.heard is None:
            self.refused.emit()
        self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._inside(event.position())
        if self._stroke is None and self._press is not None and self._shown.heard is not None:
            if (event.position() - self._press).manhattanLength() >= _DRAG_PX:
                self._begin(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        if self._stroke is not None:
            self._stroke.to(place.x(), self.note_at(place.y()), _snapped(event))
            self.stroked.emit([(self.second_at(x), note) for x, note in self._stroke.line()])
            self.update()
        self._point(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        press, drew = self._press, self._stroke is not None
        self.drop_stroke()
        if drew:
            self.lifted.emit()
        elif press is not None:
            self._view.sought.emit(min(self.second_at(press.x()), max(0.0, self._shown.seconds - 0.001)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.drop_stroke()
        self.reset_wanted.emit(self.second_at(event.position().x()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._stroke is None and self._shown.heard is not None:
            self.menu_wanted.emit(event.globalPos(), self.second_at(event.pos().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stroke is not None:
            self.drop_stroke()
            self.cancelled.emit()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def _begin(self, fine: bool) -> None:
        assert self._press is not None
        start = self._inside(self._press)
        curve = self._shown.heard
        base = curve.at(self.second_at(start.x())) if fine and curve is not None else None
        note = self.note_at(start.y())
        self.pressed.emit()
        self._stroke = Stroke(start.x(), note, (base or note) if fine else None)

    def _inside(self, place: QPointF) -> QPointF:
        room = self._view.plot_rect()
        return QPointF(min(max(place.x(), room.left()), room.right()), place.y())

    def _point(self, place: QPointF | None) -> None:
        before, self._pointer = self._readout_box(), place
        for box in (before, self._readout_box()):
            if not box.isEmpty():
                self.update(box.toAlignedRect().adjusted(-1, -1, 1, 1))

    def readout(self) -> str:
        """What would be drawn at the pointer: note, cents beside it, frequency."""
        if self._pointer is None or self._shown.heard is None:
            return ""
        note = self.note_at(self._pointer.y())
        if self._stroke is not None:
            note = self._stroke.height(note, self._stroke.snapped)
        cents = round(100 * (note - round(note)))
        beside = "" if cents == 0 else f" {cents:+d} ct".replace("-", "−")
        return f"{note_name(note)}{beside}   {note_hz(note):.1f} Hz"

    # -- drawing

    def _readout_box(self) -> QRectF:
        """Beside the pointer, within the picture."""
        if self._pointer is None or self._shown.heard is None:
            return QRectF()
        width, height = _READOUT
        room = self._view.plot_rect()
        left = self._pointer.x() + 14
        if left + width > room.right():
            left = self._pointer.x() - 14 - width
        top = min(max(self._pointer.y() - height - 8, 4.0), self.height() - height - 4.0)
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._curves())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._stroke is not None:
            xs, notes = np.array(self._stroke.line()).T
            self._paint_path(painter, self._path(xs, notes), QPen(colour("text"), 2))
        text, box = self.readout(), self._readout_box()
        if text:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("well", 0.85))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(font(12, Weight.Medium))
            painter.setPen(colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _curves(self) -> QPixmap:
        """Painted when it has changed, and kept."""
        if self._picture is not None:
            return self._picture
        ratio = self.devicePixelRatioF()
        made = self._picture = QPixmap((self.size().toSizeF() * ratio).toSize())
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._view.plot_rect())
        shown = self._shown
        if shown.before is not None:
            faint = QPen(colour("text", 0.6), 1.25, Qt.PenStyle.DashLine)
            self._paint_path(painter, self._path_of(shown.before), faint, 0.3)
        if shown.heard is not None:
            for above in shown.heard.chord:
                self._paint_path(painter, self._path_of(shown.heard, above), QPen(colour("note", 0.55), 1.25), 0.3)
            self._paint_path(painter, self._path_of(shown.heard), QPen(colour("note"), 2))
        if shown.word:
            self._paint_word(painter, shown.word)
        painter.end()
        return made

    def _paint_path(self, painter: QPainter, path: QPainterPath, pen: QPen, shade: float = 0.7) -> None:
        """A line with a dark rim, to be told from whatever lies under it."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one in (QPen(colour("well", shade), pen.widthF() + 2.5), pen):
            one.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(one)
            painter.drawPath(path)

    def _path_of(self, curve: Curve, above: int = 0) -> QPainterPath:
        room = self._view.plot_rect()
        xs = room.left() + curve.seconds / max(self._shown.seconds, 1e-6) * room.width()
        return self._path(xs, curve.notes + above)

    def _path(self, xs: npt.NDArray[np.float64], notes: npt.NDArray[np.float64]) -> QPainterPath:
        path, pen_down = QPainterPath(), False
        for x, note in zip(xs.tolist(), notes.tolist(), strict=True):
            if note != note:
                pen_down = False
            elif pen_down:
                path.lineTo(x, self.y_at(note))
            else:
                path.moveTo(x, self.y_at(note))
                pen_down = True
        return path

    def _paint_word(self, painter: QPainter, word: str) -> None:
        painter.setFont(font(12))
        width = painter.fontMetrics().horizontalAdvance(word) + 20
        room = self._view.plot_rect()
        box = QRectF(room.center().x() - width / 2, room.center().y() - 12, width, 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("well", 0.85))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


def _snapped(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _pencil(view: QWidget) -> QPushButton:
    """The switch in the view's corner."""
    chip = QPushButton("draw pitch", view)
    chip.setCheckable(True)
    chip.setProperty("shape", "overlay")
    chip.setFont(font(11))
    chip.resize(_PENCIL_PX, 22)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    chip.setToolTip(_HELP)
    chip.setShortcut("Ctrl+E")
    return chip
