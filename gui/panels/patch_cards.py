"""The three cards of the patch panel: envelope, filter, pitch and play."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel

from engine.params import PARAMS
from engine.patch import Patch
from gui.panels.patch_card import PatchCard
from gui.theme import font
from gui.widgets.envelope_view import EnvelopeView
from gui.widgets.field import note_field, seconds_field
from gui.widgets.filter_view import FilterView
from gui.widgets.knob import Knob
from gui.widgets.segments import Segments


class EnvelopeCard(PatchCard):
    def __init__(self) -> None:
        super().__init__("Envelope")
        self.view = EnvelopeView()
        self.join(self.view)
        self.body.addWidget(self.view)
        times = [self.add(key, Knob(PARAMS[key])) for key in ("attack_s", "decay_s", "sustain_db", "release_s")]
        self.body.addLayout(self.knob_row(*times))
        attack, decay, release = (
            self.add(key, Knob(PARAMS[key], caption="curve")) for key in ("attack_bend", "decay_bend", "release_bend")
        )
        self.rare.addLayout(self.knob_row(attack, decay, None, release))
        self.finish()

    def show_patch(self, patch: Patch) -> None:
        super().show_patch(patch)
        self.view.show_patch(patch)


class FilterCard(PatchCard):
    def __init__(self) -> None:
        super().__init__("Filter", folds=False)
        self.view = FilterView()
        self.join(self.view)
        kind = self.add("filter_type", Segments(PARAMS["filter_type"], ("off", "low", "high", "band")))
        self.body.addWidget(kind)
        self.body.addWidget(self.view)
        captions = {"cutoff_hz": "", "resonance": "reso", "key_tracking": "key track", "velocity_tone": "vel tone"}
        knobs = [self.add(key, Knob(PARAMS[key], caption=caption)) for key, caption in captions.items()]
        self.body.addLayout(self.knob_row(*knobs))
        self.finish()

    def show_patch(self, patch: Patch) -> None:
        super().show_patch(patch)
        self.view.show_patch(patch)


class PlayingCard(PatchCard):
    """Emits `replaced(field, value)` for what is no row of the parameters, `refused` with a line for what makes no
    sense."""

    replaced = Signal(str, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__("Pitch & play")
        self.fields = ("root_note", "loop_s", "key_low", "key_high")
        for label, key in (("mode", "play_mode"), ("voices", "voicing"), ("pitch", "pitch_mode")):
            self.body.addLayout(self.labelled(label, self.add(key, Segments(PARAMS[key]))))
        first = [self.add(key, Knob(PARAMS[key])) for key in ("transpose", "tune_cents", "glide_s", "level_db")]
        self.body.addLayout(self.knob_row(*first))
        captions = {
            "bend_range": "bend",
            "wheel_cents": "vibrato",
            "vibrato_hz": "vib rate",
            "velocity_level": "vel level",
        }
        second = [self.add(key, Knob(PARAMS[key], caption=caption)) for key, caption in captions.items()]
        self.rare.addLayout(self.knob_row(*second))
        self.root = note_field("Root note", "The note at which the sound plays as it is.", "of the sound")
        self.low, self.high = (
            note_field("Lowest key", "Keys below it stay silent."),
            note_field("Highest key", "Keys above it stay silent."),
        )
        self.begin = seconds_field("Loop begins", "Where the loop begins, in seconds.", "begin")
        self.end = seconds_field("Loop ends", "Where the loop ends, in seconds.", "end")
        self._place_fields()
        choke = Knob(PARAMS["choke_group"], caption="choke", words={0: "none"})
        fade = Knob(PARAMS["loop_fade_s"], caption="loop fade")
        self.rare.addLayout(self.knob_row(self.add("loop_fade_s", fade), self.add("choke_group", choke)))
        self.finish()
        self._connect()

    def _place_fields(self) -> None:
        self.rare.addLayout(self.labelled("root", self.root))
        self.rare.addLayout(self.labelled("keys", self.low, _to(), self.high))
        self.rare.addLayout(self.labelled("loop", self.begin, _to(), self.end))
        self.rare.addLayout(self.labelled("reverse", self.add("reverse", Segments(PARAMS["reverse"]))))

    def _connect(self) -> None:
        self.root.chosen.connect(lambda note: self.replaced.emit("root_note", note))
        self.low.chosen.connect(lambda note: self.replaced.emit("key_low", round(note)))
        self.high.chosen.connect(lambda note: self.replaced.emit("key_high", round(note)))
        for field in (self.begin, self.end):
            field.chosen.connect(self._loop)
        for field in (self.root, self.low, self.high, self.begin, self.end):
            field.refused.connect(self.refused)

    def show_patch(self, patch: Patch) -> None:
        super().show_patch(patch)
        begin, end = patch.loop_s or (None, None)
        values = {self.root: patch.root_note, self.low: patch.key_low, self.high: patch.key_high}
        for field, value in (values | {self.begin: begin, self.end: end}).items():
            field.set_value(value)

    def _loop(self, typed: float | None) -> None:
        """Both ends make a loop, none leaves it to the sound; one alone waits for the other."""
        begin, end = self.begin.value, self.end.value
        if begin is not None and end is not None:
            self.replaced.emit("loop_s", (begin, end))
        elif typed is None:
            self.replaced.emit("loop_s", None)


def _to() -> QLabel:
    label = QLabel("–", alignment=Qt.AlignmentFlag.AlignCenter)
    label.setProperty("tone", "quiet")
    label.setFont(font(12))
    label.setFixedWidth(8)
    return label
