"""A small picture with points that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from engine.patch import Patch
from gui.theme import colour

_REACH_PX = 16.0  # how far from a point a press still means it
_FINE = 0.2


class HandlesView(QWidget):
    """Subclasses say where the points are and what a drag of them means. Emits `dragged(key, position)`, position 0..1
    as a knob counts it, and `reset_wanted(key)` on a double click. Knobs beside it do the same from the keyboard."""

    dragged = Signal(str, float)
    reset_wanted = Signal(str)

    def __init__(self, name: str, help_text: str, height_px: int = 76) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(help_text)
        self.setToolTip(help_text)
        self.setFixedHeight(height_px)
        self.setMouseTracking(True)
        self._patch = Patch()
        self._held: str | None = None
        self._hovered: str | None = None
        self._grip = QPointF()  # from the mouse to the point it holds
        self._at = QPointF()  # the held point, finer than the mouse moves it
        self._mouse = QPointF()

    def shown_keys(self) -> tuple[str, ...]:
        """Parameters of the patch that change the picture."""
        raise NotImplementedError

    def show_patch(self, patch: Patch) -> None:
        before, self._patch = self._patch, patch
        if any(getattr(before, key) != getattr(patch, key) for key in self.shown_keys()):
            self.update()

    def handles(self) -> dict[str, QPointF]:
        """Points by name, those first that win where two lie near."""
        raise NotImplementedError

    def drag(self, handle: str, to: QPointF) -> None:
        """A point was moved."""
        raise NotImplementedError

    def keys_of(self, handle: str) -> tuple[str, ...]:
        """Parameters that a point stands for."""
        raise NotImplementedError

    def plot_rect(self) -> QRectF:
        return QRectF(10, 10, self.width() - 20, self.height() - 20)

    def nearest(self, at: QPointF) -> str | None:
        found, least = None, _REACH_PX
        for name, place in self.handles().items():
            away = (place - at).manhattanLength()
            if away < least:
                found, least = name, away
        return found

    def lit(self, handle: str) -> bool:
        return handle in (self._held, self._hovered)

    @property
    def busy(self) -> bool:
        """Whether the mouse is over it or holds a point."""
        return self.isEnabled() and (self.underMouse() or self._held is not None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self.grab_at(event.position())
            if self._held is not None:
                self._mouse, self._at = event.position(), self.handles()[self._held]

    def grab_at(self, at: QPointF) -> str | None:
        """The point that a press at `at` takes."""
        return self.nearest(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            hovered = self.nearest(event.position())
            if hovered != self._hovered:
                self._hovered = hovered
                self.setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
                self.update()
            return
        fine = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        self._at += (event.position() - self._mouse) * fine
        self._mouse = event.position()
        self.drag(self._held, self._at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        handle = self.nearest(event.position())
        self._held = None
        for key in self.keys_of(handle) if handle else ():
            self.reset_wanted.emit(key)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = None
        self.update()

    def paint_well(self, painter: QPainter) -> None:
        painter.setPen(colour("line"))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def paint_handle(self, painter: QPainter, handle: str, place: QPointF, tint: str, radius: float = 3.5) -> None:
        painter.setPen(colour(tint))
        painter.setBrush(colour(tint if self.lit(handle) else "well"))
        radius += 0.5 if self.lit(handle) else 0.0
        painter.drawEllipse(place, radius, radius)


def share(low: float, high: float, value: float) -> float:
    """Where `value` lies between low and high, 0..1."""
    return min(1.0, max(0.0, (value - low) / (high - low))) if high != low else 0.0
