"""Small parts of the latent strip: titles of groups, rules between them, the words of the rail."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme import colour, font, title_font


class Sideways(QWidget):
    """The title of a group of sliders, from bottom to top."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setFixedWidth(16)

    def sizeHint(self) -> QSize:
        return QSize(16, 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(title_font())
        painter.setPen(colour("quiet"))
        painter.translate(0, self.height())
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, self.height(), self.width()), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class Rule(QWidget):
    """A hairline between two groups."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(1)


def rail_button(word: str, help_text: str) -> QPushButton:
    """The name of a page."""
    button = QPushButton(word)
    button.setCheckable(True)
    button.setProperty("shape", "rail")
    button.setFont(font(12))
    button.setFixedSize(62, 26)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(help_text)
    return button
