"""The head of the window: words, what was understood of them, how many takes, seed, Generate."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from engine.settings import Settings
from gui.theme import SIDE_PX, Weight, font
from gui.widgets.chips import Chip, Chips
from gui.widgets.choice import Choice
from gui.widgets.generate_button import GenerateButton
from gui.widgets.prompt_line import PromptLine
from gui.widgets.seed import Seed

COUNTS = (1, 4, 8, 16)
_READ_AFTER_MS = 120  # of rest while typing


class PromptPanel(QWidget):
    """Emits `generate_wanted`, `cancel_wanted`, and `reading_wanted` with the words once typing rests."""

    generate_wanted = Signal()
    cancel_wanted = Signal()
    reading_wanted = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__(objectName="header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(96)
        self.line = PromptLine(settings.history)
        self.chips = Chips("Understood")
        self.avoid = _AvoidLine()
        self.count = Choice("Variations", COUNTS)
        self.count.set_value(settings.variations)
        self.seed = Seed()
        self.button = GenerateButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rest = QTimer(self, singleShot=True, interval=_READ_AFTER_MS)
        self._rest.timeout.connect(lambda: self.reading_wanted.emit(self.line.text()))
        self.line.textChanged.connect(lambda _text: self._rest.start())
        self.line.submitted.connect(self.generate_wanted)
        self.avoid.returnPressed.connect(self.generate_wanted)
        self.button.clicked.connect(self._press)
        self._place()
        self.show_understood(())

    def _place(self) -> None:
        name = QLabel('latente<span style="color:#ffb454">.</span>')
        name.setFont(font(20, Weight.DemiBold))
        name.setFixedWidth(SIDE_PX - 16)
        name.setContentsMargins(0, 0, 0, 20)
        under = QHBoxLayout()
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(6)
        under.addWidget(self.chips)
        under.addWidget(self.avoid)
        under.addStretch(1)
        words = QVBoxLayout()
        words.setContentsMargins(0, 12, 0, 12)
        words.setSpacing(8)
        words.addWidget(self.line)
        words.addLayout(under)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(0)
        row.addWidget(name)
        row.addLayout(words, 1)
        for gap, part in ((16, self.count), (16, self.seed), (16, self.button)):
            row.addSpacing(gap)
            row.addWidget(part)
            row.setAlignment(part, Qt.AlignmentFlag.AlignVCenter)

    def _press(self) -> None:
        (self.cancel_wanted if self.button.busy else self.generate_wanted).emit()

    def show_understood(self, chips: tuple[Chip, ...]) -> None:
        self.chips.show_chips(chips)


class _AvoidLine(QLineEdit):
    """A chip to write in: words the sound should stay away from."""

    def __init__(self) -> None:
        super().__init__(objectName="avoid")
        self.setFont(font(11))
        self.setFixedHeight(20)
        self.setPlaceholderText("+ avoid …")
        self.setAccessibleName("Avoid")
        self.setToolTip("Words the sound should stay away from")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._fit("")

    def _fit(self, text: str) -> None:
        self.setFixedWidth(min(240, max(76, QFontMetrics(self.font()).horizontalAdvance(text) + 32)))
