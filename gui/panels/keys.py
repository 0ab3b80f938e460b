"""The foot of the window: MIDI, keys to play the take with, bend and modulation, volume, level."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.params import PARAMS
from engine.pitch import note_name
from engine.request import Take
from engine.settings import Settings
from gui.computer_keys import ComputerKeys
from gui.icons import icon
from gui.listening import Listening
from gui.midi import Midi
from gui.theme import SIDE_PX, font
from gui.widgets.keyboard import Keyboard
from gui.widgets.knob import Knob
from gui.widgets.meter import Meter
from gui.widgets.midi_button import MidiButton
from gui.widgets.strip import Strip

_SHOWN_LETTERS = 16  # the ones beside are there, but few look for them


class KeysPanel(QWidget):
    """Emits `gain_changed` in dB, `bent` (-1..1) and `wheeled` (0..1). Notes go straight to `listening`."""

    gain_changed = Signal(float)
    bent = Signal(float)
    wheeled = Signal(float)

    def __init__(self, settings: Settings, listening: Listening, midi: Midi) -> None:
        super().__init__()
        self.setObjectName("keys")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(112)
        self._listening, self._midi = listening, midi
        self.computer = ComputerKeys(settings.keyboard_layout, settings.key_octave, settings.key_velocity)
        self.midi_button = MidiButton()
        self.bend = Strip("Pitch bend", "bend", centred=True)
        self.wheel = Strip("Modulation", "mod", centred=False)
        self.keyboard = Keyboard()
        self.volume = Knob(PARAMS["gain_db"])
        self.volume.set_value(settings.gain_db)
        self.meter = Meter()
        self._held = QLabel()
        self._octave, self._velocity = QLabel(), QLabel()
        self._place()
        self._connect()
        self._show_computer_keys()
        self._show_notes()

    def _connect(self) -> None:
        for begins, ends in (
            (self.keyboard.pressed, self.keyboard.released),
            (self.computer.note_on, self.computer.note_off),
        ):
            begins.connect(self._listening.note_on)
            ends.connect(self._listening.note_off)
        self.computer.changed.connect(self._show_computer_keys)
        self.volume.changed.connect(lambda gain_db: self.gain_changed.emit(gain_db))
        self.bend.moved.connect(self.bent)
        self.wheel.moved.connect(self.wheeled)
        self._midi.bent.connect(self.bend.set_value)
        self._midi.wheeled.connect(self.wheel.set_value)
        self._midi.notes_changed.connect(self._show_notes)
        self._listening.notes_changed.connect(self._show_notes)
        self._listening.zones_changed.connect(lambda: self.keyboard.set_zones(self._listening.zones))
        self._listening.taken.connect(self._show_take)
        self._listening.patch_changed.connect(lambda *_: self._show_take(self._listening.take))

    def _place(self) -> None:
        self._held.setFont(font(12))
        computer = QHBoxLayout()
        computer.setSpacing(0)
        down, up = self.computer.octave_keys()
        self._add_steps(computer, "oct", self._octave, 14, (f"Octave down ({down})", f"Octave up ({up})"), self._shift)
        computer.addStretch(1)
        self._add_steps(computer, "vel", self._velocity, 24, ("Softer (C)", "Harder (V)"), self._press)
        facts = QVBoxLayout()
        facts.setContentsMargins(0, 10, 16, 10)
        facts.setSpacing(0)
        facts.addWidget(self.midi_button)
        facts.addStretch(1)
        facts.addWidget(self._held)
        facts.addStretch(1)
        facts.addLayout(computer)
        left = QWidget()
        left.setLayout(facts)
        left.setFixedWidth(SIDE_PX - 76)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(0)
        row.addWidget(left)
        keys = QHBoxLayout()
        keys.setContentsMargins(0, 10, 0, 10)
        keys.setSpacing(4)
        keys.addWidget(self.bend)
        keys.addWidget(self.wheel)
        keys.addSpacing(8)
        keys.addWidget(self.keyboard)
        row.addLayout(keys, 1)
        row.addSpacing(16)
        row.addWidget(self.volume)
        row.addSpacing(12)
        level = QVBoxLayout()
        level.setContentsMargins(0, 8, 0, 8)
        level.addWidget(self.meter)
        row.addLayout(level)

    def _add_steps(
        self,
        row: QHBoxLayout,
        word: str,
        value: QLabel,
        width_px: int,
        helps: tuple[str, str],
        work: Callable[[int], None],
    ) -> None:
        """`word − value +`; `work(-1 or 1)` is called."""
        label = QLabel(word)
        label.setProperty("tone", "quiet")
        value.setFixedWidth(width_px)
        value.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for text in (label, value):
            text.setFont(font(12))
        row.addWidget(label)
        row.addSpacing(2)
        for name, help_text, step in (("minus", helps[0], -1), ("plus", helps[1], 1)):
            button = QToolButton()
            button.setIcon(icon(name))
            button.setIconSize(QSize(12, 12))
            button.setFixedSize(20, 22)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(help_text)
            button.setAccessibleName(help_text)
            button.clicked.connect(lambda _=False, step=step: work(step))
            row.addWidget(button)
            if step < 0:
                row.addWidget(value)

    # -- computer keys

    def key_down(self, event: QKeyEvent) -> bool:
        """A computer key as a piano key; False when it is none."""
        return self.computer.key_down(event)

    def key_up(self, event: QKeyEvent) -> bool:
        return self.computer.key_up(event)

    def let_go(self) -> None:
        """Releases everything, when the window loses the keys."""
        self.computer.let_go()
        self._listening.release_all()

    def watch(self) -> None:
        """Call regularly: an open menu takes the keys away without a word."""
        if self._listening.held and QApplication.activePopupWidget() is not None:
            self.let_go()

    def rest(self) -> None:
        """Bend and wheel are back where they were: panic."""
        self.bend.set_value(0.0)
        self.wheel.set_value(0.0)

    def kept(self) -> dict[str, object]:
        """What is remembered for the next start."""
        computer = self.computer
        return {"gain_db": self.volume.value, "key_octave": computer.octave, "key_velocity": computer.velocity}

    def _shift(self, step: int) -> None:
        self.computer.shift(step)

    def _press(self, step: int) -> None:
        self.computer.press(10 * step)

    # -- what is shown

    def _show_computer_keys(self) -> None:
        computer = self.computer
        values = ((self._octave, "Octave", computer.octave), (self._velocity, "Velocity", computer.velocity))
        for label, name, value in values:
            label.setText(str(value))
            label.setAccessibleName(f"{name} {value}")
        letters = list(computer.letters().items())[:_SHOWN_LETTERS]
        self.keyboard.set_letters(dict(letters))
        self._show_notes()

    def _show_notes(self) -> None:
        held = self._midi.held | self._listening.held
        self.keyboard.set_held(frozenset(held))
        if held:
            note, velocity = next(reversed(held.items()))
            text = note_name(note) + (f"  vel {velocity}" if len(held) == 1 else f"  and {len(held) - 1} more")
        else:
            text = f"{self.computer.span} play notes"
        if text != self._held.text():
            self._held.setText(text)
        tone = "note" if held else "quiet"
        if tone != self._held.property("tone"):
            self._held.setProperty("tone", tone)
            self._held.style().polish(self._held)

    def _show_take(self, take: Take | None) -> None:
        """The key at which it sounds as it was made, and the keys that play."""
        if take is None:
            self.keyboard.set_root(None)
            self.keyboard.set_range(0, 127)
            return
        patch = self._listening.patch_of(take)
        root = take.sound.root_note if patch.root_note is None else patch.root_note
        self.keyboard.set_root(None if root is None else round(root) - patch.transpose)
        self.keyboard.set_range(patch.key_low, patch.key_high)
