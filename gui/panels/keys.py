"""The foot of the window: keys to play the take with, volume, level."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.params import PARAMS
from engine.pitch import note_name
from engine.request import Take
from engine.settings import Settings
from gui.icons import icon
from gui.listening import Listening
from gui.theme import SIDE_PX, font, title_font
from gui.widgets.keyboard import Keyboard
from gui.widgets.knob import Knob
from gui.widgets.meter import Meter

# Semitones above the octave's C, by the places of a piano: A W S E D F T G Y H U J K O L P.
_KEYS = {
    Qt.Key.Key_A: 0, Qt.Key.Key_W: 1, Qt.Key.Key_S: 2, Qt.Key.Key_E: 3, Qt.Key.Key_D: 4, Qt.Key.Key_F: 5,
    Qt.Key.Key_T: 6, Qt.Key.Key_G: 7, Qt.Key.Key_Y: 8, Qt.Key.Key_H: 9, Qt.Key.Key_U: 10, Qt.Key.Key_J: 11,
    Qt.Key.Key_K: 12, Qt.Key.Key_O: 13, Qt.Key.Key_L: 14, Qt.Key.Key_P: 15,
}  # fmt: skip
_VELOCITY = 100  # of computer keys, which feel none
_OCTAVES = (1, 5)  # whose C the key A may be


class KeysPanel(QWidget):
    """Emits `gain_changed` in dB. Notes go straight to `listening`."""

    gain_changed = Signal(float)

    def __init__(self, settings: Settings, listening: Listening) -> None:
        super().__init__()
        self.setObjectName("keys")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(112)
        self._listening = listening
        self._octave = 3
        self._down: dict[int, int] = {}  # computer key: the note it started, wherever the octave is now
        self.keyboard = Keyboard()
        self.keyboard.pressed.connect(listening.note_on)
        self.keyboard.released.connect(listening.note_off)
        self.volume = Knob(PARAMS["gain_db"])
        self.volume.set_value(settings.gain_db)
        self.volume.changed.connect(lambda gain_db: self.gain_changed.emit(gain_db))
        self.meter = Meter()
        self._held = QLabel()
        self._held.setFont(font(12))
        self._octave_label = QLabel()
        self._place()
        listening.notes_changed.connect(self._show_notes)
        listening.taken.connect(self._show_root)
        self._shift(0)
        self._show_notes()

    def _place(self) -> None:
        title = QLabel("Keys")
        title.setFont(title_font())
        title.setProperty("tone", "quiet")
        octave = QHBoxLayout()
        octave.setSpacing(4)
        label = QLabel("octave")
        label.setProperty("tone", "quiet")
        label.setFont(font(12))
        self._octave_label.setFont(font(12))
        self._octave_label.setFixedWidth(20)
        self._octave_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        octave.addWidget(label)
        octave.addSpacing(4)
        octave.addWidget(self._step_button("minus", "Octave down (Z)", -1))
        octave.addWidget(self._octave_label)
        octave.addWidget(self._step_button("plus", "Octave up (X)", 1))
        octave.addStretch(1)
        facts = QVBoxLayout()
        facts.setContentsMargins(0, 12, 0, 10)
        facts.setSpacing(0)
        facts.addWidget(title)
        facts.addStretch(1)
        facts.addWidget(self._held)
        facts.addStretch(1)
        facts.addLayout(octave)
        left = QWidget()
        left.setLayout(facts)
        left.setFixedWidth(SIDE_PX - 96)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(0)
        row.addWidget(left)
        keys = QVBoxLayout()
        keys.setContentsMargins(0, 10, 0, 10)
        keys.addWidget(self.keyboard)
        row.addLayout(keys, 1)
        row.addSpacing(16)
        row.addWidget(self.volume)
        row.addSpacing(12)
        level = QVBoxLayout()
        level.setContentsMargins(0, 8, 0, 8)
        level.addWidget(self.meter)
        row.addLayout(level)

    def _step_button(self, name: str, help_text: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setIconSize(QSize(12, 12))
        button.setFixedSize(22, 22)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(help_text)
        button.setAccessibleName(help_text)
        button.clicked.connect(lambda: self._shift(step))
        return button

    def key_down(self, event: QKeyEvent) -> bool:
        """A computer key as a piano key; False when it is none."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if key in (Qt.Key.Key_Z, Qt.Key.Key_X):
            self._shift(-1 if key == Qt.Key.Key_Z else 1)
            return True
        if key not in _KEYS:
            return False
        if not event.isAutoRepeat() and key not in self._down:
            note = 12 * (self._octave + 1) + _KEYS[key]
            self._down[key] = note
            self._listening.note_on(note, _VELOCITY)
        return True

    def key_up(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return event.key() in self._down
        note = self._down.pop(event.key(), None)
        if note is None:
            return False
        self._listening.note_off(note)
        return True

    def let_go(self) -> None:
        """Releases everything, when the window loses the keys."""
        self._down.clear()
        self._listening.release_all()

    def _shift(self, step: int) -> None:
        self._octave = min(_OCTAVES[1], max(_OCTAVES[0], self._octave + step))
        self._octave_label.setText(str(self._octave))
        self._octave_label.setAccessibleName(f"Octave {self._octave}")

    def _show_notes(self) -> None:
        held = self._listening.held
        self.keyboard.set_held(frozenset(held))
        if held:
            note, velocity = next(reversed(held.items()))
            self._held.setText(f"{note_name(note)}  vel {velocity}")
        else:
            self._held.setText("A … L play notes")
        self._held.setProperty("tone", "note" if held else "quiet")
        self._held.style().polish(self._held)

    def _show_root(self, take: Take | None) -> None:
        root = take.sound.root_note if take else None
        self.keyboard.set_root(None if root is None else round(root))
