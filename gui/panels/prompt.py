"""The head of the window: words, what was understood of them, how many takes, seed, Generate."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from engine.settings import Settings
from gui.theme import SIDE_PX, Weight, colour, font
from gui.widgets.chips import Chip, Chips
from gui.widgets.choice import Choice
from gui.widgets.generate_button import GenerateButton
from gui.widgets.prompt_line import PromptLine
from gui.widgets.seed import Seed

COUNTS = (1, 4, 8, 16)
_AVOID = "avoid"
_LINE_PX = 44
_READ_AFTER_MS = 120  # of rest while typing


class PromptPanel(QWidget):
    """Emits `generate_wanted`, `cancel_wanted`, and `reading_wanted` with the words once typing rests."""

    generate_wanted = Signal()
    cancel_wanted = Signal()
    reading_wanted = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(97)  # with its line below
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
        name.setFixedHeight(_LINE_PX)
        under = QHBoxLayout()
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(6)
        under.addWidget(self.chips)
        under.addWidget(self.avoid)
        under.addStretch(1)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 12)
        words.setSpacing(8)
        words.addWidget(self.line)
        words.addLayout(under)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 0)
        row.setSpacing(0)
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for gap, part in ((16, self.count), (16, self.seed), (16, self.button)):
            part.setFixedHeight(_LINE_PX)  # all on the line of the words
            row.addSpacing(gap)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)

    def _press(self) -> None:
        (self.cancel_wanted if self.button.busy else self.generate_wanted).emit()

    def show_understood(self, chips: tuple[Chip, ...]) -> None:
        self.chips.show_chips(chips)


class _AvoidLine(QLineEdit):
    """A chip to write in: words the sound should stay away from."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("avoid")
        self.setFont(font(11))
        self.setFixedHeight(20)
        self.setPlaceholderText("+ avoid …")
        self.setAccessibleName("Avoid")
        self.setToolTip("Words the sound should stay away from")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._label_px = 0
        self.textChanged.connect(self._fit)
        self._fit("")

    def _fit(self, text: str) -> None:
        """As wide as what is written, which is told apart from the chips beside it by a word before it."""
        self._label_px = QFontMetrics(self.font()).horizontalAdvance(_AVOID) + 5 if text else 0
        self.setTextMargins(self._label_px, 0, 0, 0)
        wide = QFontMetrics(self.font()).horizontalAdvance(text) + 30 + self._label_px
        self.setFixedWidth(min(280, max(76, wide)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._label_px:
            painter = QPainter(self)
            painter.setFont(self.font())
            painter.setPen(colour("quiet"))
            painter.drawText(self.rect().adjusted(12, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _AVOID)
            painter.end()
