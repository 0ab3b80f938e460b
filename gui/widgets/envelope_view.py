"""The envelope of a note: a rise, a fall, what is held, and the end, each bent as it is heard."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF

from engine.params import PARAMS
from gui.curves import slopes
from gui.theme import colour
from gui.widgets.handles import HandlesView, share

_HOLD = 0.13  # of the width: what is held has no length of its own
_POINTS = 33  # of each bent segment
_BEND_TRAVEL_PX = 30.0  # of the mouse, from straight to bent all the way
_WIDER = 0.7  # power of a time knob's position: usual times are short, and easier to see and to hold a little wider
_KEYS = {"attack": ("attack_s",), "decay": ("decay_s", "sustain_db"), "release": ("release_s",)}


class EnvelopeView(HandlesView):
    """Level (linear) over time. Each segment's width follows its knob; the end stands at the right edge."""

    def __init__(self) -> None:
        super().__init__("Envelope", "Drag the points: attack, decay and sustain, release. Drag a slope to bend it.")

    def shown_keys(self) -> tuple[str, ...]:
        return (*(key for keys in _KEYS.values() for key in keys), *self._ends())

    # -- where things are

    def _corners(self) -> tuple[QPointF, QPointF, QPointF, QPointF, QPointF]:
        """Start, peak, where the sustain begins, where it ends, the end."""
        box, widest = self.plot_rect(), self._widest()
        sustain = 0.0 if self._patch.sustain_db <= -60 else 10 ** (self._patch.sustain_db / 20)
        held_y = box.bottom() - sustain * box.height()
        peak_x = box.left() + self._position("attack_s") * widest
        return (
            QPointF(box.left(), box.bottom()),
            QPointF(peak_x, box.top()),
            QPointF(peak_x + self._position("decay_s") * widest, held_y),
            QPointF(box.right() - self._position("release_s") * widest, held_y),
            QPointF(box.right(), box.bottom()),
        )

    def _widest(self) -> float:
        return self.plot_rect().width() * (1 - _HOLD) / 3

    def _position(self, key: str) -> float:
        return float(PARAMS[key].position(self._patch.number(key)) ** _WIDER)

    def _ends(self) -> dict[str, tuple[QPointF, QPointF]]:
        """Where each slope begins and ends, by the key of its bend."""
        start, peak, held, let_go, end = self._corners()
        return {"attack_bend": (start, peak), "decay_bend": (peak, held), "release_bend": (let_go, end)}

    def _slopes(self) -> dict[str, QPolygonF]:
        shares, slopes_px = slopes(self._patch, _POINTS), {}
        for key, (a, b) in self._ends().items():
            steps = (b.x() - a.x()) / (_POINTS - 1)
            slopes_px[key] = QPolygonF(
                [QPointF(a.x() + n * steps, a.y() + (b.y() - a.y()) * y) for n, y in enumerate(shares[key])]
            )
        return slopes_px

    def handles(self) -> dict[str, QPointF]:
        _, peak, held, let_go, _ = self._corners()
        return {"decay": held, "attack": peak, "release": let_go} | self._bends()

    def _bends(self) -> dict[str, QPointF]:
        """The middles of slopes that are long enough to be taken there."""
        return {
            key: slope[_POINTS // 2]
            for key, slope in self._slopes().items()
            if (slope.first() - slope.last()).manhattanLength() > 40 and slope.last().x() - slope.first().x() > 12
        }

    def keys_of(self, handle: str) -> tuple[str, ...]:
        return _KEYS.get(handle, (handle,))

    def drag(self, handle: str, to: QPointF) -> None:
        box = self.plot_rect()
        if handle == "attack":
            self._drag_time("attack_s", to.x() - box.left())
        elif handle == "decay":
            self._drag_time("decay_s", to.x() - self._corners()[1].x())
            gain = share(box.bottom(), box.top(), to.y())
            self.dragged.emit("sustain_db", PARAMS["sustain_db"].position(20 * math.log10(max(gain, 1e-3))))
        elif handle == "release":
            self._drag_time("release_s", box.right() - to.x())
        else:
            a, b = self._ends()[handle]
            below = (to.y() - (a.y() + b.y()) / 2) / _BEND_TRAVEL_PX  # of the straight line's middle
            bend = -below if b.y() < a.y() else below
            self.dragged.emit(handle, share(-1, 1, bend))

    def _drag_time(self, key: str, width: float) -> None:
        self.dragged.emit(key, share(0, self._widest(), width) ** (1 / _WIDER))

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_well(painter)
        tint = "amber" if self.isEnabled() else "edge"
        lines = self._slopes()
        path = QPainterPath()
        path.addPolygon(lines["attack_bend"])
        for key in ("decay_bend", "release_bend"):
            for point in lines[key].toList():
                path.lineTo(point)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint, 0.1))
        painter.drawPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(
            QPen(colour(tint), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPath(path)
        if self.isEnabled():
            self._paint_handles(painter)
        painter.end()

    def _paint_handles(self, painter: QPainter) -> None:
        bends = self._bends()
        for name, place in self.handles().items():
            if name not in bends:
                self.paint_handle(painter, name, place, "amber")
            elif self.busy:
                self.paint_handle(painter, name, place, "ember", 2.5)
