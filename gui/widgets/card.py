"""A titled part of a side pane; some fold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.theme import GRID, font, title_font


class Card(QWidget):
    """Title and, in `body`, what belongs to it. Emits `folded` when a folding card was opened or closed."""

    folded = Signal(bool)

    def __init__(self, title: str, *, folds: bool = False) -> None:
        super().__init__()
        label = QLabel(title)
        label.setFont(title_font())
        label.setProperty("tone", "quiet")
        self.head = QHBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.setSpacing(4)
        self.head.addWidget(label)
        self.head.addStretch(1)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        head = QWidget()
        head.setFixedHeight(20)
        head.setLayout(self.head)
        column.addWidget(head)
        column.addWidget(self._content)
        if folds:
            self._add_fold(title)

    def _add_fold(self, title: str) -> None:
        button = QToolButton()
        button.setCheckable(True)
        button.setChecked(True)
        button.setFixedSize(20, 20)
        button.setIconSize(QSize(14, 14))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setStyleSheet("QToolButton:checked { background: transparent; }")

        def show(opened: bool) -> None:
            self._content.setVisible(opened)
            button.setIcon(icon("chevron-down" if opened else "chevron-right"))
            button.setAccessibleName(f"{'Hide' if opened else 'Show'} {title}")
            button.setToolTip(f"{'Hide' if opened else 'Show'} {title.lower()}")
            self.folded.emit(not opened)

        button.toggled.connect(show)
        show(True)
        self.head.addWidget(button)


def head_button(text: str, help_text: str) -> QPushButton:
    """A small button for the head of a card."""
    button = QPushButton(text)
    button.setProperty("shape", "chip")
    button.setFont(font(11))
    button.setFixedHeight(20)
    button.setStyleSheet("border-radius: 10px; padding: 0 9px;")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(help_text)
    return button
