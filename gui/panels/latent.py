"""The latent strip under the spectrogram: sliders in pages, dice, comparing, and the latent as a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.latent.edit import KINDS
from engine.params import PARAMS
from gui.editing import Editing
from gui.panels.latent_pages import PAGES, Page
from gui.panels.latent_tools import LatentTools
from gui.theme import colour, font, title_font
from gui.widgets.heatmap import HeatMap
from gui.widgets.slider import Slider

HEIGHT_PX = 176
_MAP_FROM_PX = 800  # width of the strip at which there is room for the heat map
_WHOLE = frozenset(key for kind in KINDS.values() if not kind.regional for key in kind.keys)


class LatentPanel(QWidget):
    """Shows what `Editing` has and moves it. Emits `keep_wanted`: what is heard shall be a take of its own."""

    keep_wanted = Signal()

    def __init__(self, editing: Editing) -> None:
        super().__init__()
        self._editing = editing
        self.setObjectName("latent")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        self.sliders: dict[str, Slider] = {}
        self._narrow = False
        self.rail = QButtonGroup(self)
        self.pages = QStackedWidget()
        self.tools = LatentTools()
        self.map = HeatMap()
        self._place()
        self.rail.idClicked.connect(self.pages.setCurrentIndex)
        self.tools.thrown.connect(self._throw)
        self.tools.reset_wanted.connect(self._reset)
        self.tools.compared.connect(editing.set_bypassed)
        self.tools.keep_wanted.connect(self.keep_wanted)
        editing.changed.connect(self.show_edits)
        editing.region_changed.connect(self.show_edits)
        editing.hold_with(lambda: any(slider.held for slider in self.sliders.values()))
        self.show_edits()

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 8)
        row.setSpacing(8)
        rail = QVBoxLayout()
        rail.setSpacing(2)
        for place, page in enumerate(PAGES):
            button = _rail_button(page.word, page.help)
            button.setChecked(place == 0)
            self.rail.addButton(button, place)
            rail.addWidget(button)
            self.pages.addWidget(self._page(page))
        rail.addStretch(1)
        row.addLayout(rail)
        row.addWidget(self.pages, 5)
        row.addWidget(self.tools)
        row.addWidget(self.map, 2)

    def _page(self, page: Page) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (title, sliders) in enumerate(page.groups):
            if place:
                row.addSpacing(4)
                row.addWidget(_Rule())
                row.addSpacing(2)
            row.addWidget(_Sideways(title))
            for key, caption in sliders:
                slider = Slider(PARAMS[key], caption)
                slider.changed.connect(lambda value, key=key: self._editing.set_value(key, value))
                slider.settled.connect(self._editing.settle)
                self.sliders[key] = slider
                row.addWidget(slider, 1)
        row.addStretch(0)
        return made

    def targets(self) -> dict[str, Slider]:
        """What MIDI can move, by names that stay."""
        return {f"latent.{key}": slider for key, slider in self.sliders.items()}

    def show_edits(self, *_: object) -> None:
        """Puts every slider where the edits have it."""
        editing = self._editing
        able = editing.can_edit
        for key, slider in self.sliders.items():
            slider.setEnabled(able and not (editing.region is not None and key in _WHOLE))
            slider.set_value(editing.value(key))
        self.tools.show_slots(editing.slots, able)

    def show_take(self) -> None:
        """Another take: nothing moved, it only is another."""
        for slider in self.sliders.values():
            slider.forget_moves()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _MAP_FROM_PX
        self.map.setVisible(not narrow)
        if narrow != self._narrow:
            self._narrow = narrow
            self.tools.set_narrow(narrow)

    def _page_keys(self) -> tuple[str, ...]:
        return PAGES[self.pages.currentIndex()].keys

    def _throw(self, amount: float) -> None:
        free = [key for key in self._page_keys() if not self.sliders[key].locked and self.sliders[key].isEnabled()]
        self._editing.throw(free, amount)

    def _reset(self) -> None:
        self._editing.reset(self._page_keys())


class _Sideways(QWidget):
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


class _Rule(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rule")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(1)


def _rail_button(word: str, help_text: str) -> QPushButton:
    button = QPushButton(word)
    button.setCheckable(True)
    button.setAutoExclusive(True)
    button.setProperty("shape", "rail")
    button.setFont(font(12))
    button.setFixedSize(62, 26)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(help_text)
    return button
