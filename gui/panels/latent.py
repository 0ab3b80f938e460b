"""The latent strip under the spectrogram: sliders in pages, dice, comparing, and the latent as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from engine.latent.edit import KINDS, OWN
from engine.latent.steps import gain
from engine.params import PARAMS
from engine.request import fresh_seed
from gui.editing import Editing
from gui.panels.latent_pages import PAGES, Page
from gui.panels.latent_parts import Rule, Sideways, rail_button
from gui.panels.latent_tools import LatentTools
from gui.panels.morph_page import MorphPage
from gui.panels.moves_bar import MovesBar
from gui.panels.own_page import OwnPage
from gui.widgets.heatmap import HeatMap
from gui.widgets.param_control import ParamControl
from gui.widgets.slider import Slider

HEIGHT_PX = 176
_MAP_FROM_PX = 800  # width of the strip at which there is room for the heat map
_RATIOS_DB = (24, 18, 12, 6, 0)
_WHOLE = frozenset(key for kind in KINDS.values() if not kind.regional for key in kind.keys)


class LatentPanel(QWidget):
    """Shows what `Editing` has and moves it. Emits `keep_wanted`: what is heard shall be a take of its own;
    `ratio_wanted` with how many dB noise shall lie under the latent."""

    keep_wanted = Signal()
    ratio_wanted = Signal(int)

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
        self.morph = MorphPage(editing)
        self.own = OwnPage()
        self.names: dict[str, str] = {}  # of the takes that edits need
        self._moving: dict[str, float] = {}  # where recorded moves were shown last
        self.tools = LatentTools()
        self.map = HeatMap()
        self.moves = MovesBar()
        self._place()
        self.rail.idClicked.connect(self.pages.setCurrentIndex)
        self.tools.thrown.connect(self._throw)
        self.tools.reset_wanted.connect(self._reset)
        self.tools.compared.connect(editing.set_bypassed)
        self.tools.keep_wanted.connect(self.keep_wanted)
        editing.changed.connect(self.show_edits)
        editing.region_changed.connect(self.show_edits)
        editing.hold_with(lambda: any(slider.held for slider in self._all()))
        self.map.factor_of = lambda channel: gain(editing.chain, channel, editing.region)
        self.map.gained.connect(editing.gain_channel)
        edits = self.moves.list
        edits.moved.connect(editing.move_edit)
        edits.switched.connect(editing.enable_edit)
        edits.removed.connect(editing.drop_edit)
        self.sliders["noise"].offers.append(self._offer_noise)
        self.sliders["smooth"].offers.append(self._offer_smoothing)
        for key, control in self._known().items():
            if isinstance(control, Slider):
                control.still_wanted.connect(partial(editing.clear_moves, key))
        self.show_edits()

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 8)
        row.setSpacing(8)
        rail = QVBoxLayout()
        rail.setSpacing(0)
        for place, page in enumerate(PAGES):
            button = rail_button(page.word, page.help)
            button.setChecked(place == 0)
            self.rail.addButton(button, place)
            rail.addWidget(button)
            self.pages.addWidget(self._page(page))
        for word, help_text, page in (
            ("Own", "Along what your own sounds differ most", self.own),
            ("Morph", "From slot to slot, and into another take", self.morph),
        ):
            button = rail_button(word, help_text)
            self.rail.addButton(button, self.pages.count())
            rail.addWidget(button)
            self.pages.addWidget(page)
        for key, slider in self.own.sliders.items():
            self._connect(key, slider)
        rail.addStretch(1)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.pages, 5)
        above.addWidget(self.tools)
        above.addWidget(self.map, 2)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(above, 1)
        column.addWidget(self.moves)
        row.addLayout(rail)
        row.addLayout(column, 1)

    def _page(self, page: Page) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (title, sliders) in enumerate(page.groups):
            if place:
                row.addSpacing(4)
                row.addWidget(Rule())
                row.addSpacing(2)
            row.addWidget(Sideways(title))
            for key, caption in sliders:
                slider = Slider(PARAMS[key], caption)
                self._connect(key, slider)
                row.addWidget(slider, 1)
        row.addStretch(0)
        return made

    def _connect(self, key: str, slider: Slider) -> None:
        slider.changed.connect(lambda value: self._editing.set_value(key, value))
        slider.settled.connect(self._editing.settle)
        self.sliders[key] = slider

    def targets(self) -> dict[str, ParamControl]:
        """What MIDI can move, by names that stay."""
        controls: dict[str, ParamControl] = {**self.sliders, **self.morph.controls, "slots": self.morph.slots}
        return {f"latent.{key}": control for key, control in controls.items()}

    def show_edits(self, *_: object) -> None:
        """Puts every slider where the edits have it."""
        editing = self._editing
        able = editing.can_edit
        for key, slider in self.sliders.items():
            known = key not in OWN or editing.along(key)
            slider.setEnabled(able and known and not (editing.region is not None and key in _WHOLE))
            slider.set_value(editing.value(key))
        self.morph.show_edits(self.names)
        self.moves.show_chain(editing.chain)
        self.tools.show_slots(editing.slots, able)

    def show_moves(self, values: Mapping[str, float]) -> None:
        """Where the knobs that have moves are now, by key."""
        if values == self._moving:
            return
        self._moving = dict(values)
        for key, control in self._known().items():
            if isinstance(control, Slider):
                control.show_moves(values.get(key))

    def show_names(self, names: dict[str, str]) -> None:
        """What the takes are called that edits need."""
        self.names |= names
        self.morph.show_edits(self.names)

    def show_take(self) -> None:
        """Another take: nothing moved, it only is another."""
        for slider in self._all():
            slider.forget_moves()

    def _known(self) -> dict[str, ParamControl]:
        """The controls of parameters, by key."""
        return {**self.sliders, **self.morph.controls}

    def _all(self) -> list[Slider]:
        morph = [control for control in self.morph.controls.values() if isinstance(control, Slider)]
        return [*self.sliders.values(), self.morph.slots, *morph]

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _MAP_FROM_PX
        self.map.setVisible(not narrow)
        if narrow != self._narrow:
            self._narrow = narrow
            self.tools.set_narrow(narrow)

    def _offer_noise(self, menu: QMenu) -> None:
        """Other noise, or noise by how far it lies under the latent."""
        menu.addAction("Other noise", lambda: self._editing.set_value("noise_seed", float(fresh_seed())))
        ratios = menu.addMenu("Under the latent by")
        for snr_db in _RATIOS_DB:
            ratios.addAction(f"{snr_db} dB", partial(self.ratio_wanted.emit, snr_db))

    def _offer_smoothing(self, menu: QMenu) -> None:
        """What is kept of each window."""
        spec = PARAMS["smooth_kind"]
        for place, word in enumerate(spec.choices):
            action = menu.addAction(f"Keep the {word}", partial(self._editing.set_value, "smooth_kind", float(place)))
            action.setCheckable(True)
            action.setChecked(self._editing.value("smooth_kind") == place)

    def _page_keys(self) -> tuple[str, ...]:
        page = self.pages.currentWidget()
        if page is self.own:
            return OWN
        return ("morph", "morph_split_s") if page is self.morph else PAGES[self.pages.currentIndex()].keys

    def _throw(self, amount: float) -> None:
        known = self._known()
        there = [(key, known[key]) for key in self._page_keys()]
        free = [key for key, slider in there if isinstance(slider, Slider) and slider.isEnabled() and not slider.locked]
        self._editing.throw(free, amount)

    def _reset(self) -> None:
        self._editing.reset(self._page_keys())
