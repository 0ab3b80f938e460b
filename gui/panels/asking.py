"""What the next take is asked to be, beside its words: note, length, velocity, steps, guidance, best of how many."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from engine.errors import BadRequest
from engine.params import PARAMS
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, note_name, parse_note
from engine.request import Request
from engine.settings import Settings
from gui.theme import font
from gui.widgets.card import Card, head_button
from gui.widgets.choice import Choice
from gui.widgets.from_sound import FromSound
from gui.widgets.knob import Knob

CANDIDATES = (1, 2, 4, 8)


class AskingPanel(Card):
    """`fields()` are arguments of a Request. Note and length may be left to the words."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("Next take", folds=True)
        self.note = NoteField()
        self.knobs = {
            "seconds": Knob(PARAMS["seconds"], automatic=True),
            "velocity": Knob(PARAMS["velocity"]),
            "steps": Knob(PARAMS["steps"]),
            "guidance": Knob(PARAMS["guidance"]),
        }
        self.candidates = Choice("Best of", CANDIDATES, height_px=30)
        self.from_sound = FromSound()
        self.knobs["steps"].set_value(settings.steps)
        self.knobs["guidance"].set_value(settings.guidance)
        self._reset = head_button("Reset", "Back to the defaults; note and length from the words")
        self._reset.clicked.connect(self.reset)
        self.head.insertWidget(2, self._reset)
        self._place()
        for knob in self.knobs.values():
            knob.changed.connect(self._show_reset)
        self.note.textChanged.connect(self._show_reset)
        self.candidates.chosen.connect(self._show_reset)
        self._show_reset()

    def _place(self) -> None:
        self.body.addLayout(_line("note", self.note))
        row = QGridLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(0)
        for column, knob in enumerate(self.knobs.values()):
            row.addWidget(knob, 0, column, Qt.AlignmentFlag.AlignHCenter)
        self.body.addLayout(row)
        self.candidates.setToolTip(PARAMS["candidates"].help)
        self.body.addLayout(_line("best of", self.candidates))
        self.body.addWidget(self.from_sound)

    def fields(self) -> dict[str, int | float | None]:
        """note, seconds, velocity, steps, guidance, candidates; strength where it starts from a sound. Raises
        BadRequest when the note is none."""
        strength = {"strength": self.from_sound.strength.number} if self.from_sound.wanted else {}
        numbers = {key: knob.number for key, knob in self.knobs.items()}
        return {"note": self.note.note(), "candidates": self.candidates.value} | numbers | strength

    def kept(self) -> dict[str, int | float | None]:
        """What is remembered for the next start."""
        return {key: self.knobs[key].number for key in ("steps", "guidance")}

    def show_request(self, request: Request) -> None:
        """Asks for the same again."""
        self.note.setText("" if request.note is None else note_name(request.note))
        for key, knob in self.knobs.items():
            knob.set_value(getattr(request, key))
        self.candidates.set_value(request.candidates)
        self._show_reset()

    def reset(self) -> None:
        self.note.clear()
        for knob in self.knobs.values():
            knob.set_value(None)
        self.candidates.set_value(CANDIDATES[0])
        self._show_reset()

    def _show_reset(self) -> None:
        changed = bool(self.note.text()) or self.candidates.value != CANDIDATES[0]
        self._reset.setVisible(changed or any(not knob.at_rest for knob in self.knobs.values()))


def _line(name: str, control: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    label = QLabel(name)
    label.setProperty("tone", "quiet")
    label.setFont(font(12))
    line.addWidget(label)
    line.addWidget(control, 1)
    return line


class NoteField(QLineEdit):
    """A note, typed or walked with Up and Down; empty: the words decide."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("note")
        self.setFixedHeight(28)
        self.setPlaceholderText("from the words")
        self.setAccessibleName("Note")
        self.setToolTip("Such as C3, F#1 or Bb2; Up and Down move by a semitone. Empty: the words decide.")

    def note(self) -> int | None:
        """MIDI note number. Raises BadRequest."""
        return parse_note(self.text()) if self.text().strip() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 12, Qt.Key.Key_PageDown: -12}.get(
            Qt.Key(event.key())
        )
        if step is None:
            if event.key() == Qt.Key.Key_Escape:
                event.ignore()
                return
            super().keyPressEvent(event)
            return
        start = 60 - step if not self.text().strip() else None
        try:
            start = parse_note(self.text()) if start is None else start
        except BadRequest:
            return
        self.setText(note_name(min(HIGHEST_NOTE, max(LOWEST_NOTE, start + step))))
