"""What is done to the take in hand last: its cut and fades, drive, filter, envelope, room and level."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.params import PARAMS
from engine.shape import UNSHAPED, Shape
from gui.panels.patch_card import PatchCard
from gui.shaping import Shaping
from gui.widgets.field import seconds_field
from gui.widgets.knob import Knob
from gui.widgets.param_control import ParamControl
from gui.widgets.segments import Segments


class FinishPanel(QWidget):
    """As wide as a side pane within its margins and as high as its cards: put it into a scroll area.

    Emits `said` with a line for the status.
    """

    said = Signal(str)

    def __init__(self, shaping: Shaping) -> None:
        super().__init__()
        self._shaping = shaping
        self.cut = CutCard()
        self.cards: tuple[PatchCard, ...] = (self.cut, _drive(), _filter(), _envelope(), _room(), _level())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for card in self.cards:
            column.addWidget(card)
            card.edited.connect(shaping.set_number)
            card.reset_wanted.connect(self._reset)
        column.addStretch(1)
        self.cut.kept.connect(self._keep)
        self.cut.refused.connect(self.said)
        shaping.changed.connect(self.show_shape)
        self.show_shape(UNSHAPED)

    def show_shape(self, shape: Shape) -> None:
        """Shows what is done; nothing can be moved without a take."""
        self.setEnabled(self._shaping.take is not None)
        for card in self.cards:
            card.show_patch(shape)

    def targets(self) -> dict[str, ParamControl]:
        """Every control that MIDI may move, by the name it is learnt under."""
        return {f"shape.{key}": control for card in self.cards for key, control in card.controls.items()}

    def _keep(self, first_s: float | None, last_s: float | None) -> None:
        made = self._shaping.made
        if made is not None:
            self._shaping.keep_between(first_s or 0.0, made.seconds if last_s is None else last_s)
            self.cut.show_patch(self._shaping.shape)

    def _reset(self, keys: tuple[str, ...]) -> None:
        self._shaping.replace("reset", **{key: getattr(UNSHAPED, key) for key in keys})


class CutCard(PatchCard):
    """Emits `kept(first, last)` in seconds, None for an end of the sound; `refused` with a line."""

    kept = Signal(object, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__("Cut & fades", rest=UNSHAPED)
        self.fields = ("trim_s",)
        self.first = seconds_field("Cut: begins", "The first moment that is kept; also a tab of the waveform.", "begin")
        self.last = seconds_field("Cut: ends", "The last moment that is kept; also a tab of the waveform.", "end")
        to = QLabel("–")
        to.setProperty("tone", "quiet")
        to.setFixedWidth(8)
        self.body.addLayout(self.labelled("keep", self.first, to, self.last))
        self.body.addLayout(self.labelled("reverse", self.add("reverse", Segments(PARAMS["reverse"]))))
        self.body.addLayout(self.knob_row(*(self.add(key, Knob(PARAMS[key])) for key in ("fade_in_s", "fade_out_s"))))
        self.rare.addLayout(self.labelled("snap", self.add("snap", Segments(PARAMS["snap"]))))
        self.finish()
        for field in (self.first, self.last):
            field.chosen.connect(lambda _: self.kept.emit(self.first.value, self.last.value))
            field.refused.connect(self.refused)

    def show_patch(self, patch: Shape) -> None:  # type: ignore[override]
        super().show_patch(patch)
        first, last = patch.trim_s or (None, None)
        self.first.set_value(first)
        self.last.set_value(last)


def _drive() -> PatchCard:
    card = PatchCard("Drive & crush", folds=False, rest=UNSHAPED)
    card.body.addWidget(card.add("drive_type", Segments(PARAMS["drive_type"])))
    captions = {"drive_db": "amount", "crush_bits": "", "crush_hz": "rate"}
    card.body.addLayout(card.knob_row(*_knobs(card, captions)))
    card.finish()
    return card


def _filter() -> PatchCard:
    card = PatchCard("Tone", folds=False, rest=UNSHAPED)
    card.body.addWidget(card.add("filter_type", Segments(PARAMS["filter_type"], ("off", "low", "high", "band"))))
    card.body.addLayout(card.knob_row(*_knobs(card, {"cutoff_hz": "", "resonance": "reso"})))
    card.finish()
    return card


def _envelope() -> PatchCard:
    card = PatchCard("Contour", rest=UNSHAPED)
    card.body.addWidget(card.add("envelope", Segments(PARAMS["envelope"])))
    card.rare.addLayout(
        card.knob_row(*_knobs(card, dict.fromkeys(("attack_s", "decay_s", "sustain_db", "release_s"), "")))
    )
    attack, decay, release = _knobs(card, dict.fromkeys(("attack_bend", "decay_bend", "release_bend"), "curve"))
    card.rare.addLayout(card.knob_row(attack, decay, None, release))
    card.finish()
    return card


def _room() -> PatchCard:
    card = PatchCard("Room & width", folds=False, rest=UNSHAPED)
    captions = {"reverb_mix": "", "reverb_s": "time", "reverb_damp": "", "width": ""}
    card.body.addLayout(card.knob_row(*_knobs(card, captions)))
    card.finish()
    return card


def _level() -> PatchCard:
    card = PatchCard("Level", folds=False, rest=UNSHAPED)
    card.body.addLayout(card.labelled("to", card.add("normalise", Segments(PARAMS["normalise"]))))
    card.body.addLayout(card.knob_row(*_knobs(card, {"normalise_db": "target"})))
    card.finish()
    return card


def _knobs(card: PatchCard, captions: dict[str, str]) -> list[ParamControl]:
    return [card.add(key, Knob(PARAMS[key], caption=caption)) for key, caption in captions.items()]
