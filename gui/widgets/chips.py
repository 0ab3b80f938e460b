"""Small pills that say what was understood. They are read, not pressed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import colour, font

_HEIGHT_PX, _GAP_PX, _PAD_PX = 20, 6, 9
_MORE_PX = 34  # room for `+2` and its gap


@dataclass(frozen=True)
class Chip:
    """tint: a colour of the theme."""

    text: str
    tint: str = "quiet"


class Chips(QWidget):
    """One row of chips; those for which there is no room are summed up as `+2`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._chips: tuple[Chip, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT_PX)

    def show_chips(self, chips: tuple[Chip, ...]) -> None:
        self._chips = chips
        said = ", ".join(chip.text for chip in chips)
        self.setAccessibleName(f"{self._name}: {said}" if said else f"{self._name}: nothing")
        self.setToolTip(f"{self._name}: {said}" if said else "")
        self.setVisible(bool(chips))
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        metrics = QFontMetricsF(font(11))
        return [round(metrics.horizontalAdvance(chip.text)) + 2 * _PAD_PX for chip in self._chips]

    def sizeHint(self) -> QSize:
        widths = self._widths()
        return QSize(int(sum(widths) + _GAP_PX * max(0, len(widths) - 1)), _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        widths = self._widths()
        x, count = 0.0, len(widths)
        for place, (chip, width) in enumerate(zip(self._chips, widths, strict=True)):
            rest = count - place - 1
            if x + width + (_MORE_PX if rest else 0) > self.width() + 0.5:
                self._paint(painter, Chip(f"+{rest + 1}"), QRectF(x, 0, 28, _HEIGHT_PX))
                break
            self._paint(painter, chip, QRectF(x, 0, width, _HEIGHT_PX))
            x += width + _GAP_PX
        painter.end()

    def _paint(self, painter: QPainter, chip: Chip, box: QRectF) -> None:
        painter.setPen(QPen(colour("line") if chip.tint == "quiet" else colour(chip.tint, 0.6), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _HEIGHT_PX / 2 - 0.5, _HEIGHT_PX / 2 - 0.5)
        painter.setFont(font(11))
        painter.setPen(colour(chip.tint))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip.text)
