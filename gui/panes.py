"""The panes left and right of the sound."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.theme import SIDE_PX


def side(edge: str, content: QWidget, below: QWidget | None = None) -> QWidget:
    """A pane left or right of the sound; edge: where its line is. below: what stays whatever the content shows."""
    pane = QWidget()
    pane.setObjectName("side")
    pane.setProperty("edge", edge)
    pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    pane.setFixedWidth(SIDE_PX)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(0)
    column.addWidget(content, 1)
    if below is not None:
        rule = QWidget()
        rule.setObjectName("rule")
        rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rule.setFixedHeight(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 10, 12, 12)
        foot.addWidget(below)
        column.addWidget(rule)
        column.addLayout(foot)
        below.installEventFilter(_Follow(rule))
    return pane


class _Follow(QObject):
    """Shows and hides a line with what it stands above."""

    def __init__(self, rule: QWidget) -> None:
        super().__init__(rule)
        self._rule = rule

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._rule.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False


def scrolled(*cards: QWidget) -> QScrollArea:
    """Cards of the right pane, one below the other, as high as they are."""
    page = QWidget()
    page.setFixedWidth(SIDE_PX - 12)  # the scroll bar finds room in the margin
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 0, 0, 4)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    page.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
