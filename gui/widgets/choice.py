"""One of a few numbers, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from gui.theme import Weight, colour, font

_EDGE_PX = 5


class _Cell(QAbstractButton):
    def __init__(self, text: str, height_px: int) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setFixedSize(34, height_px)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.hasFocus():
            painter.setPen(colour("amber") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(colour("line") if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 5, 5)
        painter.setFont(font(13, Weight.Medium if self.isChecked() else Weight.Normal))
        painter.setPen(colour("text" if self.isChecked() or self.underMouse() else "quiet"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Choice(QWidget):
    """Emits `chosen` when the user picks another number."""

    chosen = Signal(int)

    def __init__(self, name: str, values: tuple[int, ...], height_px: int = 44) -> None:
        super().__init__()
        self.setFixedHeight(height_px)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE_PX, _EDGE_PX, _EDGE_PX, _EDGE_PX)
        row.setSpacing(0)
        for value in values:
            cell = _Cell(str(value), height_px - 2 * _EDGE_PX)
            cell.setAccessibleName(f"{name}: {value}")
            cell.setToolTip(f"{name}: {value}")
            self._group.addButton(cell, value)
            row.addWidget(cell)
        self._group.idClicked.connect(self.chosen)
        self.set_value(values[0])

    @property
    def value(self) -> int:
        return self._group.checkedId()

    def set_value(self, value: int) -> None:
        """Shows `value`; one that is not offered leaves the choice as it is."""
        button = self._group.button(value)
        if button is not None:
            button.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour("line"))
        painter.setBrush(colour("well"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
