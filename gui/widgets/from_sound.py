"""Asks for a take that starts from the one in hand, and how far from it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.params import PARAMS
from gui.theme import font
from gui.widgets.knob import Knob


class FromSound(QWidget):
    """Off unless the user wants it; it cannot be wanted without a take that has a latent."""

    def __init__(self) -> None:
        super().__init__()
        self.switch = QPushButton("From this sound")
        self.switch.setCheckable(True)
        self.switch.setProperty("shape", "chip")
        self.switch.setFont(font(12))
        self.switch.setFixedHeight(24)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setToolTip("The next take starts from what is heard now, edits and all, or changes the chosen part")
        self.strength = Knob(PARAMS["strength"])
        self._hint = QLabel("the words alone")
        self._hint.setProperty("tone", "quiet")
        self._hint.setFont(font(11))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._hint)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        row.addWidget(self.strength)
        self.switch.toggled.connect(self._show)
        self.show_able(False, False)

    @property
    def wanted(self) -> bool:
        return self.switch.isChecked() and self.switch.isEnabled()

    def show_able(self, able: bool, part: bool) -> None:
        """able: whether the take in hand can be started from. part: only a part of it would change."""
        self._part = part
        self.switch.setEnabled(able)
        self._show()

    def _show(self) -> None:
        self.strength.setEnabled(self.wanted)
        self._hint.setText(
            "the words alone" if not self.wanted else "the chosen part of it" if self._part else "and the words"
        )
