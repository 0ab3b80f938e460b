"""The waveform: amber bars from lowest to highest sample, the part already heard bright; a part of it can be chosen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)

from engine.sound import Sound
from gui.peaks import Floats, peaks
from gui.theme import colour
from gui.widgets import marks
from gui.widgets.marks import Marks
from gui.widgets.plot import LEFT_PX, Plot, tick_seconds
from gui.widgets.selection import Region, Selection, cursor_side

_BAR_PX, _PITCH_PX = 2, 3
_LEVELS_DB = (0, -6, -12, -24)
_MARGIN_PX = 16  # above full scale and below it
_MARK_PX = 5  # height of the marks of edited parts
_HELP = "Click to play from there; drag to choose a part that sliders act on, Escape or double-click for all of it."
_Bars = tuple[Floats, Floats]


class WaveformView(Plot):
    """Draws one sound, and behind it the one that it was. Click: play from there.

    Emits `region_chosen` with (s, s) or None when a part was chosen, `region_moved` when the chosen one goes elsewhere;
    `mark_moved(name, s)` while a mark is dragged, `mark_dropped` when it is let go, `mark_reset(name)` on a double
    click; `menu_wanted` with the place on the screen.
    """

    region_chosen = Signal(object)
    region_moved = Signal(object)
    mark_moved = Signal(str, float)
    mark_dropped = Signal()
    mark_reset = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__("Waveform", _HELP)
        self.setToolTip("")
        self._sound: Sound | None = None
        self._original: Sound | None = None
        self._bars: _Bars = (np.zeros(0, np.float32), np.zeros(0, np.float32))
        self._shadow: _Bars | None = None
        self.region: Region | None = None
        self._edited: tuple[Region, ...] = ()
        self._selection: Selection | None = None
        self._marks: Marks | None = None
        self._held: str | None = None  # the mark that is dragged
        self._lit: str | None = None  # the one under the mouse
        self.setMouseTracking(True)
        self.setMinimumHeight(90)

    def show_sound(self, sound: Sound | None, original: Sound | None = None) -> None:
        """original: what it was before it was edited; None when it was not."""
        if self._seconds != (sound.seconds if sound else 0.0):
            self._playhead_s = None
        self._seconds = sound.seconds if sound else 0.0
        if original is not self._original or sound is None:
            self._original = original
            self._measure_shadow()
        self._sound = sound
        self._measure()
        self.update()

    def show_region(self, region: Region | None, edited: tuple[Region, ...]) -> None:
        """The chosen part, and those in which something was edited."""
        if (region, edited) != (self.region, self._edited):
            self.region, self._edited = region, edited
            self.update()

    def show_marks(self, shown: Marks | None) -> None:
        """Cut, fades and loop; None without a sound."""
        if shown != self._marks:
            self._marks = shown
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        self._measure_shadow()

    def _columns(self) -> int:
        return int(self.plot_rect().width() // _PITCH_PX)

    def _measure(self) -> None:
        if self._sound is not None:
            self._bars = peaks(self._sound, self._columns())

    def _measure_shadow(self) -> None:
        self._shadow = None if self._original is None else peaks(self._original, self._columns())

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._seconds > 0:
            self._held = self.mark_at(event.position())
            if self._held is not None:
                return
            place = self._mark_at(event.position().x(), event.position().y())
            if place is not None:
                self.region_chosen.emit(place)
                return
            at = self.second_at(event.position().x())
            self._selection = Selection(self.region, self._seconds, self._second_px(), at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.second_at(event.position().x())
        if self._held is not None:
            self.mark_moved.emit(self._held, at)
            return
        if self._selection is None:
            self._light(self.mark_at(event.position()))
            border = self._lit is not None or cursor_side(self.region, at, self._second_px())
            self.setCursor(Qt.CursorShape.SizeHorCursor if border else Qt.CursorShape.ArrowCursor)
            return
        region = self._selection.at(at)
        if region is not None:
            (self.region_moved if self._selection.moves else self.region_chosen).emit(region)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = None
            self.mark_dropped.emit()
            return
        selection, self._selection = self._selection, None
        if selection is not None and not selection.dragged:
            self._seek(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._selection = None
        mark = self.mark_at(event.position())
        if mark is not None:
            self.mark_reset.emit(mark)
        else:
            self.region_chosen.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._seconds > 0:
            self.menu_wanted.emit(event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._light(None)
        self.update()

    def mark_box(self, name: str) -> QRectF:
        """Where a mark is taken hold of."""
        return marks.boxes(self._marks, self._mark_xs(), self.height(), _MARGIN_PX)[name] if self._marks else QRectF()

    def mark_at(self, place: QPointF) -> str | None:
        """The mark that a press there takes hold of."""
        if self._marks is None:
            return None
        return marks.hit(marks.boxes(self._marks, self._mark_xs(), self.height(), _MARGIN_PX), place)

    def _mark_xs(self) -> dict[str, float]:
        moments = self._marks.moments if self._marks is not None else {}
        return {name: self.x_of(min(at, self._seconds)) for name, at in moments.items()}

    def _light(self, mark: str | None) -> None:
        if mark != self._lit:
            self._lit = mark
            self.setToolTip(marks.HINTS[mark] if mark else "")
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.region is not None:
            self.region_chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def _second_px(self) -> float:
        return max(1e-6, self.plot_rect().width() / max(self._seconds, 1e-6))

    def _mark_at(self, x: float, y: float) -> Region | None:
        """The edited part whose mark lies there."""
        if y < self.height() - _MARK_PX - 4:
            return None
        at = self.second_at(x)
        return next((part for part in self._edited if part != self.region and part[0] <= at <= part[1]), None)

    # -- drawing

    def paint_picture(self, painter: QPainter, heard: bool) -> None:
        if self._sound is None:
            return
        self._paint_grid(painter)
        self._paint_region(painter)
        if self._shadow is not None:
            self._paint_bars(painter, self._shadow, "edge")
        self._paint_bars(painter, self._bars, "amber" if heard else "ember")
        if self._marks is not None:
            size, lit = (self.height(), _MARGIN_PX), self._held or self._lit
            marks.paint(painter, self._marks, self._mark_xs(), size, lit, 0.7 if self.underMouse() else 0.35)

    def heard_x(self, playhead_x: int) -> int:
        """Whole bars."""
        return LEFT_PX + _PITCH_PX * ((playhead_x - LEFT_PX) // _PITCH_PX + 1)

    def _half(self) -> float:
        return self.height() / 2 - _MARGIN_PX

    def _paint_grid(self, painter: QPainter) -> None:
        rect, middle = self.plot_rect(), self.height() / 2
        for seconds in tick_seconds(self._seconds, rect.width())[1:]:
            painter.fillRect(QRectF(round(self.x_of(seconds)), 0, 1, self.height()), colour("line", 0.45))
        last_y = -100.0
        for level in _LEVELS_DB:
            offset = self._half() * 10 ** (level / 20)
            y = round(middle - offset)
            for line in (y, round(middle + offset)):
                painter.fillRect(QRectF(rect.left(), line, rect.width(), 1), colour("line", 0.35))
            if y - last_y >= 16:
                text = f"{level} dB".replace("-", "−")
                self.paint_label(painter, QRectF(0, y - 8, LEFT_PX - 8, 16), text, Qt.AlignmentFlag.AlignRight)
                last_y = y

    def _paint_region(self, painter: QPainter) -> None:
        for part in self._edited:
            left, right = (self.x_of(min(at, self._seconds)) for at in part)
            mark = QRectF(left, self.height() - _MARK_PX, right - left, _MARK_PX - 2)
            painter.fillRect(mark, colour("latent", 0.8 if part == self.region else 0.4))
        if self.region is None:
            return
        left, right = (round(self.x_of(min(at, self._seconds))) for at in self.region)
        painter.fillRect(QRectF(left, 0, right - left, self.height()), colour("latent", 0.09))
        painter.setPen(QPen(colour("latent"), 1, Qt.PenStyle.DashLine))
        for x in (left, right):
            painter.drawLine(x, 0, x, self.height())

    def _paint_bars(self, painter: QPainter, bars: _Bars, ink: str) -> None:
        """Whole pixels wide, so that they stay crisp."""
        left, middle, half = self.plot_rect().left(), self.height() / 2, self._half()
        low, high = bars
        tops = np.minimum(middle - high * half, middle - 0.5).tolist()
        bottoms = np.maximum(middle - low * half, middle + 0.5).tolist()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink))
        painter.drawRects(
            [
                QRectF(left + column * _PITCH_PX, top, _BAR_PX, bottom - top)
                for column, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))
            ]
        )
