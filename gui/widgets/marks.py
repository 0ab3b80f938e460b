"""Marks on the waveform that can be dragged: where the sound is cut, how it fades, where it loops."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.theme import colour
from gui.widgets.selection import Region

Place = tuple[float, float, float]  # x, top and bottom of the picture's middle part, px
FLAG_PX, TAB_PX, DOT_PX = 10.0, 9.0, 4.0
_TAB_HIGH_PX, _TAB_UP_PX = 16.0, 10.0  # how high a tab is, and how far above the picture's foot
_REACH_PX = 4.0  # beyond a mark, where the mouse still takes hold of it
HINTS = {
    "first": "Cut: where the sound begins. Drag; double-click to have all of it.",
    "last": "Cut: where the sound ends. Drag; double-click to have all of it.",
    "fade_in": "Fade in. Drag; double-click for none.",
    "fade_out": "Fade out. Drag; double-click for none.",
    "loop_first": "Where the loop begins. Drag; double-click for no loop.",
    "loop_last": "Where the loop ends. Drag; double-click for no loop.",
}


@dataclass(frozen=True)
class Marks:
    """Seconds of the picture. first, last: of what is kept; where the sound runs backwards, its start is on the right.

    fade_in, fade_out: where the one ends and the other begins. loop: None where there is none.
    """

    first: float
    last: float
    fade_in: float
    fade_out: float
    loop: Region | None = None
    cut: bool = False  # whether anything is cut off

    @property
    def moments(self) -> dict[str, float]:
        """By name, those first that win where two lie near."""
        loop = {} if self.loop is None else {"loop_first": self.loop[0], "loop_last": self.loop[1]}
        return loop | {
            "fade_in": self.fade_in,
            "fade_out": self.fade_out,
            "first": self.first,
            "last": self.last,
        }


def boxes(marks: Marks, xs: dict[str, float], height: float, margin: float) -> dict[str, QRectF]:
    """Where each mark is taken hold of; nowhere else do they stand in the way."""
    mirrored = marks.first > marks.last
    found = {}
    for name, x in xs.items():
        if name.startswith("loop"):
            left = x if name == "loop_first" else x - FLAG_PX
            box = QRectF(left, 0, FLAG_PX, FLAG_PX)
        elif name.startswith("fade"):
            box = QRectF(x - DOT_PX, margin - DOT_PX, 2 * DOT_PX, 2 * DOT_PX)
        else:
            outwards = (name == "first") == mirrored  # to the right
            left = x if outwards else x - TAB_PX
            box = QRectF(left, height - _TAB_HIGH_PX - _TAB_UP_PX, TAB_PX, _TAB_HIGH_PX)
        found[name] = box
    return found


def hit(found: dict[str, QRectF], at: QPointF) -> str | None:
    """The mark under the mouse."""
    return next(
        (name for name, box in found.items() if box.adjusted(-_REACH_PX, -1, _REACH_PX, _REACH_PX).contains(at)), None
    )


def paint(
    painter: QPainter, marks: Marks, xs: dict[str, float], size: tuple[float, float], lit: str | None, ink: float
) -> None:
    """size: height and margin of the picture. lit: the one under the mouse. ink: how clear what does nothing yet is."""
    height, margin = size
    found = boxes(marks, xs, height, margin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for name in ("first", "last"):
        tint = colour("text" if name == lit else "quiet", 1.0 if name == lit or marks.cut else ink)
        if marks.cut:
            painter.fillRect(QRectF(round(xs[name]), 0, 1, height), colour("quiet", 0.7))
        _paint_tab(painter, found[name], tint)
    for name, end in (("fade_in", "first"), ("fade_out", "last")):
        used = abs(xs[name] - xs[end]) > 0.5
        if used:
            _paint_fade(painter, xs[end], xs[name], height, margin)
        tint = colour("text" if name == lit else "quiet", 1.0 if used or name == lit else ink)
        painter.setPen(QPen(tint, 1))
        painter.setBrush(tint if name == lit else colour("well"))
        painter.drawEllipse(found[name].adjusted(0.5, 0.5, -0.5, -0.5))
    for name in ("loop_first", "loop_last"):
        if name in xs:
            _paint_flag(painter, xs[name], height, name == "loop_first", colour("note", 1.0 if name == lit else 0.85))
    painter.restore()


def _paint_tab(painter: QPainter, box: QRectF, tint: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(box.adjusted(1, 0, -1, 0), 2, 2)


def _paint_fade(painter: QPainter, start: float, end: float, height: float, margin: float) -> None:
    """The gain between two places, as the fade has it: a raised cosine."""
    path, middle = QPainterPath(), height / 2
    for step in range(25):
        share = step / 24
        gain = 0.5 - 0.5 * math.cos(math.pi * share)
        place = QPointF(start + (end - start) * share, middle - gain * (middle - margin))
        path.lineTo(place) if step else path.moveTo(place)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("quiet"), 1))
    painter.drawPath(path)


def _paint_flag(painter: QPainter, x: float, height: float, first: bool, tint: QColor) -> None:
    x = round(x)
    painter.fillRect(QRectF(x, 0, 1, height), tint)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    side = FLAG_PX if first else -FLAG_PX
    corner = x if first else x + 1
    painter.drawPolygon(QPolygonF([QPointF(corner, 0), QPointF(corner + side, 0), QPointF(corner, FLAG_PX)]))
