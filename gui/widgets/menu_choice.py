"""One of several, or some of several, in a menu that opens from what is chosen now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from gui.icons import paint_icon
from gui.theme import colour, font


@dataclass(frozen=True)
class Option:
    """text: what is read. group: a heading over the options that have it. checked: a mark before it."""

    text: str
    value: Any = None
    group: str = ""
    checked: bool = False


class MenuChoice(QPushButton):
    """Shows what is chosen; its menu shows the options. Emits `chosen(value)` when the user picks one."""

    chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._options: tuple[Option, ...] = ()
        self._shown = ""
        self.setProperty("shape", "choice")
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.clicked.connect(self.open)

    def show_options(self, options: Sequence[Option], text: str | None = None) -> None:
        """text: what is read while the menu is closed; None for the checked option's."""
        self._options = tuple(options)
        chosen = next((option.text for option in options if option.checked), "")
        text = chosen if text is None else text
        if text != self._shown:
            self._shown = text
            self.setToolTip(text)
            self.setAccessibleName(f"{self._name}: {text}")
            self.update()

    @property
    def shown(self) -> str:
        """What is read while the menu is closed."""
        return self._shown

    @property
    def options(self) -> tuple[Option, ...]:
        return self._options

    def sizeHint(self) -> QSize:
        return QSize(160, 28)

    def open(self) -> QMenu:
        """Opens the menu under the button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._options, self.chosen.emit)
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(font(12))
        painter.setPen(colour("text" if self.isEnabled() else "edge"))
        room = self.rect().adjusted(10, 0, -26, 0)
        text = painter.fontMetrics().elidedText(self._shown, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        paint_icon(painter, "chevron-down", "quiet", QRectF(self.width() - 21, self.height() / 2 - 6, 12, 12))
        painter.end()


def fill_menu(menu: QMenu, options: Sequence[Option], chosen: Any) -> None:
    """Adds the options, each group under its heading; `chosen(value)` is called with the one picked."""
    group = ""
    for option in options:
        if option.group != group:
            group = option.group
            if menu.actions():
                menu.addSeparator()
            heading = menu.addAction(group)
            heading.setEnabled(False)
        action = QAction(option.text, menu)
        action.setCheckable(True)
        action.setChecked(option.checked)
        action.triggered.connect(lambda _=False, value=option.value: chosen(value))
        menu.addAction(action)
