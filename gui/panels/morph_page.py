"""The page of the latent strip on which sounds go over into each other: slots, and another take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.latent.slots import LETTERS
from engine.latent.steps import SINGING, singing
from engine.params import PARAMS
from gui.editing import Editing
from gui.panels.latent_parts import Rule, Sideways, rail_button
from gui.widgets.param_control import ParamControl
from gui.widgets.segments import Segments
from gui.widgets.slider import Slider
from gui.widgets.take_well import TakeWell


class MorphPage(QWidget):
    """Moves what `Editing` has. Emits `source_wanted` with the id of a take that was dropped here."""

    source_wanted = Signal(str)

    def __init__(self, editing: Editing) -> None:
        super().__init__()
        self._editing = editing
        self.towards = rail_button("→ B", "To which slot the one in hand morphs; click for another")
        self.towards.setCheckable(False)
        self.slots = Slider(PARAMS["morph"], "slots")
        self.well = TakeWell()
        self.controls: dict[str, ParamControl] = {
            "morph": Slider(PARAMS["morph"], "morph"),
            "morph_split_s": Slider(PARAMS["morph_split_s"], "split"),
            "morph_kind": Segments(PARAMS["morph_kind"], ("line", "sphere")),
            "morph_part": Segments(PARAMS["morph_part"]),
        }
        self.singing = Segments(PARAMS["singing"], ("own pitch", "its curve", "its pitch"))
        self._place()
        self.towards.clicked.connect(self._turn)
        self.slots.changed.connect(lambda share: editing.morph(editing.slots.towards, share))
        self.slots.settled.connect(editing.settle)
        for key, control in self.controls.items():
            control.changed.connect(lambda value, key=key: editing.set_value(key, value))
            if isinstance(control, Slider):
                control.settled.connect(editing.settle)
        self.singing.changed.connect(lambda value: editing.set_singing(SINGING[int(value)]))
        self.well.dropped.connect(self.source_wanted)
        self.well.cleared.connect(editing.clear_source)

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Sideways("slots"))
        row.addWidget(self.slots, 1)
        row.addWidget(self.towards, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(6)
        row.addWidget(Rule())
        row.addSpacing(2)
        row.addWidget(Sideways("take"))
        column = QVBoxLayout()
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(3)
        column.addWidget(self.well, 1)
        column.addWidget(self.controls["morph_part"])
        column.addWidget(self.controls["morph_kind"])
        column.addWidget(self.singing)
        row.addLayout(column, 6)
        row.addWidget(self.controls["morph"], 1)
        row.addWidget(self.controls["morph_split_s"], 1)

    def show_edits(self, names: dict[str, str]) -> None:
        """names: what the takes are called."""
        editing = self._editing
        slots, able = editing.slots, editing.can_edit
        self.towards.setText(f"{LETTERS[slots.place]} → {LETTERS[slots.towards]}")
        self.towards.setEnabled(able)
        self.slots.setEnabled(able)
        self.slots.set_value(slots.share if slots.morphing else 0.0)
        source = editing.source
        self.well.setEnabled(able)
        self.well.show_take(names.get(source, "opening …") if source else "")
        for key, control in self.controls.items():
            control.setEnabled(able and bool(source))
            control.set_value(editing.chain.value(key))
        self.singing.setEnabled(able and bool(source))
        self.singing.set_value(SINGING.index(singing(editing.chain)))
        self.controls["morph_split_s"].setEnabled(able and bool(source) and editing.chain.value("morph_part") != 0)

    def _turn(self) -> None:
        """The next of the other slots."""
        slots = self._editing.slots
        towards = (slots.towards + 1) % len(LETTERS)
        if towards == slots.place:
            towards = (towards + 1) % len(LETTERS)
        self._editing.morph(towards, slots.share if slots.morphing else 0.0)
