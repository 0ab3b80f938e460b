"""Icons: the SVG drawings of `resources/icons`, in any colour of the theme, sharp at any pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine.paths import resources
from gui.theme import COLOURS


@lru_cache(maxsize=64)
def _renderer(name: str, tint: str) -> QSvgRenderer:
    text = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", COLOURS[tint])
    return QSvgRenderer(QByteArray(text.encode()))


def paint_icon(painter: QPainter, name: str, tint: str, box: QRectF) -> None:
    """Draws the icon into `box`."""
    _renderer(name, tint).render(painter, box)


def icon(name: str, tint: str = "quiet", active: str | None = None) -> QIcon:
    """The icon as buttons want it; `active` is its colour when the button is checked."""
    made = QIcon()
    for state, shade in ((QIcon.State.Off, tint), (QIcon.State.On, active or tint)):
        for pixels in (16, 32, 48):
            pixmap = QPixmap(pixels, pixels)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint_icon(painter, name, shade, QRectF(0, 0, pixels, pixels))
            painter.end()
            made.addPixmap(pixmap, QIcon.Mode.Normal, state)
    return made
