"""The filter's response over the frequencies that are heard, with one point to drag: cutoff and resonance."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF

from engine.params import PARAMS
from gui.curves import filter_db
from gui.theme import colour
from gui.widgets.handles import HandlesView, share

_LOW_DB, _HIGH_DB = -36.0, 30.0
_STEP_PX = 2.0
_TRAVEL_PX = 60.0  # of the mouse, from no resonance to all of it
_MARKS_HZ = (100.0, 1000.0, 10_000.0)


class FilterView(HandlesView):
    """Emits `dragged` for "cutoff_hz" and "resonance", and for "filter_type" when a filter that is off is taken."""

    def __init__(self) -> None:
        super().__init__("Filter response", "Drag the point: sideways the cutoff, up and down the resonance.")
        self._begun = (0.0, 0.0)  # y of the mouse and resonance's position when the point was taken

    def shown_keys(self) -> tuple[str, ...]:
        return ("filter_type", "cutoff_hz", "resonance")

    def plot_rect(self) -> QRectF:
        return QRectF(1, 8, self.width() - 2, self.height() - 9)

    def _y(self, level_db: float) -> float:
        box = self.plot_rect()
        return box.bottom() - share(_LOW_DB, _HIGH_DB, level_db) * box.height()

    def _x(self, hz: float) -> float:
        return self.plot_rect().left() + PARAMS["cutoff_hz"].position(hz) * self.plot_rect().width()

    def handles(self) -> dict[str, QPointF]:
        patch = self._patch
        level = filter_db(patch, np.array([patch.cutoff_hz]))[0]
        return {"point": QPointF(self._x(patch.cutoff_hz), self._y(float(level)))}

    def keys_of(self, handle: str) -> tuple[str, ...]:
        return ("cutoff_hz", "resonance")

    def grab_at(self, at: QPointF) -> str | None:
        """Wherever it is pressed: the point comes to that frequency."""
        if self._patch.filter_type == "off":
            self.dragged.emit("filter_type", PARAMS["filter_type"].position(1))
        if self.nearest(at) is None:
            self._set_cutoff(at.x())
        self._begun = (self.handles()["point"].y(), PARAMS["resonance"].position(self._patch.resonance))
        return "point"

    def drag(self, handle: str, to: QPointF) -> None:
        self._set_cutoff(to.x())
        y, resonance = self._begun
        self.dragged.emit("resonance", min(1.0, max(0.0, resonance + (y - to.y()) / _TRAVEL_PX)))

    def _set_cutoff(self, x: float) -> None:
        self.dragged.emit("cutoff_hz", share(self.plot_rect().left(), self.plot_rect().right(), x))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_well(painter)
        inside = QPainterPath()
        inside.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        painter.setClipPath(inside)
        for hz in _MARKS_HZ:
            painter.fillRect(QRectF(round(self._x(hz)), 0, 1, self.height()), colour("line", 0.55))
        on = self._patch.filter_type != "off" and self.isEnabled()
        line = self._line()
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("note", 0.1))
            box = self.plot_rect()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the line covers its edge
            painter.drawPolygon(QPolygonF([*line.toList(), box.bottomRight(), box.bottomLeft()]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("note" if on else "edge"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(line)
        if on:
            self.paint_handle(painter, "point", self.handles()["point"], "note")
        painter.end()

    def _line(self) -> QPolygonF:
        box = self.plot_rect()
        x = np.arange(box.left(), box.right() + _STEP_PX, _STEP_PX)
        x = np.sort(np.append(x, self._x(self._patch.cutoff_hz)))  # the very peak, however narrow
        spec = PARAMS["cutoff_hz"]
        hz = spec.low * (spec.high / spec.low) ** ((x - box.left()) / box.width())
        levels = filter_db(self._patch, hz)
        bottom = self.height() + 2.0
        y = box.bottom() - (levels - _LOW_DB) / (_HIGH_DB - _LOW_DB) * box.height()
        return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), np.minimum(y, bottom).tolist(), strict=True)])
