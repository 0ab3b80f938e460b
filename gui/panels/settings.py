"""Audio, MIDI, keys, and where the model computes: a quiet panel above the status line.

What is changed there holds at once and is saved.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from engine.audio.status import AudioStatus
from gui.computer_keys import LAYOUTS
from gui.devices import (
    NULL,
    DeviceChoices,
    block_options,
    channel_options,
    compute_options,
    output_options,
    port_options,
    rate_options,
)
from gui.midi import Midi
from gui.theme import font
from gui.widgets.card import Card, head_button
from gui.widgets.menu_choice import MenuChoice, Option

_WIDTH_PX = 720


class SettingsPanel(QFrame):
    """Lies over the window, closed at first. Emits `layout_chosen(name)` and `tone_wanted`."""

    layout_chosen = Signal(str)
    tone_wanted = Signal()

    def __init__(self, window: QWidget, choices: DeviceChoices, midi: Midi) -> None:
        super().__init__(window)
        self.setObjectName("settings")
        self.setAccessibleName("Audio and MIDI settings")
        self.hide()
        self._choices, self._midi, self._window = choices, midi, window
        self._layout = ""
        self.output, self.rate, self.block = (MenuChoice(name) for name in ("Output", "Sample rate", "Block"))
        self.ports, self.channel, self.keys = (MenuChoice(name) for name in ("MIDI inputs", "Channel", "Computer keys"))
        self.compute = MenuChoice("Model runs on")
        self.mpe = QCheckBox("each note has a channel of its own (MPE)")
        self.tone = head_button("Test tone", "Two seconds of A4, quietly")
        self.close_button = head_button("Close", "Close (Esc)")
        self.facts, self.problem = QLabel(), QLabel()
        self._place()
        self._connect()
        self.show_choices()

    def _place(self) -> None:
        audio, midi = Card("Audio"), Card("MIDI and keys")
        audio.head.addWidget(self.tone)
        midi.head.addWidget(self.close_button)
        self._add_rows(
            audio,
            (
                ("output", self.output),
                ("sample rate", self.rate),
                ("block", self.block),
                ("model runs on", self.compute),
            ),
        )
        self._add_rows(midi, (("inputs", self.ports), ("channel", self.channel), ("computer keys", self.keys)))
        self.mpe.setFont(font(12))
        self.mpe.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for label, tone in ((self.facts, "quiet"), (self.problem, "trouble")):
            label.setFont(font(12))
            label.setProperty("tone", tone)
            label.setWordWrap(True)
        audio.body.addWidget(self.facts)
        audio.body.addWidget(self.problem)
        midi.body.addWidget(self.mpe)
        self._virtual = QLabel()
        self._virtual.setFont(font(12))
        self._virtual.setProperty("tone", "quiet")
        self._virtual.setWordWrap(True)
        midi.body.addWidget(self._virtual)
        for card in (audio, midi):
            card.body.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 14)
        row.setSpacing(32)
        row.addWidget(audio, 1)
        row.addWidget(midi, 1)

    def _add_rows(self, card: Card, rows: tuple[tuple[str, MenuChoice], ...]) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 84)
        grid.setColumnStretch(1, 1)
        for line, (word, choice) in enumerate(rows):
            label = QLabel(word)
            label.setProperty("tone", "quiet")
            label.setFont(font(12))
            grid.addWidget(label, line, 0)
            grid.addWidget(choice, line, 1)
        card.body.addLayout(grid)

    def _connect(self) -> None:
        choices = self._choices
        self.output.chosen.connect(lambda place: choices.change_output(name=place[0], host_api=place[1]))
        self.rate.chosen.connect(lambda rate: choices.change_output(rate_hz=rate))
        self.block.chosen.connect(lambda block: choices.change_output(block_frames=block))
        self.compute.chosen.connect(choices.change_compute)
        self.ports.chosen.connect(lambda name: choices.toggle_port(name, self._midi.ports.available))
        self.channel.chosen.connect(lambda channel: choices.change_midi(channel=channel))
        self.mpe.clicked.connect(lambda checked: choices.change_midi(mpe=checked))
        self.keys.chosen.connect(lambda name: self.layout_chosen.emit(name))
        self.tone.clicked.connect(self.tone_wanted)
        self.close_button.clicked.connect(self.hide)
        choices.changed.connect(self.show_choices)
        self._midi.ports_changed.connect(self.show_choices)
        self._midi.outputs_changed.connect(self.show_choices)

    # -- open and close

    def open_above(self, foot: QPoint) -> None:
        """foot: where its lower left corner goes, in the window's coordinates."""
        window = self._window
        self.setFixedWidth(min(_WIDTH_PX, window.width() - 32))
        self.adjustSize()
        x = min(foot.x(), window.width() - self.width() - 16)
        self.move(max(16, x), foot.y() - self.height())
        self.show()
        self.raise_()
        self.output.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    # -- what is shown

    def show_choices(self) -> None:
        choices, midi = self._choices, self._midi
        self.output.show_options(output_options(midi.outputs, choices.output))
        self.rate.show_options(rate_options(choices.output))
        self.block.show_options(block_options(choices.output))
        self.compute.show_options(compute_options(choices.compute))
        ports = choices.midi.ports
        text = "all" if ports is None else ", ".join(ports) or "none"
        self.ports.show_options(port_options(midi.ports, choices.midi), text)
        self.channel.show_options(channel_options(choices.midi))
        self.mpe.setChecked(choices.midi.mpe)
        own = midi.ports.virtual
        words = f"Other programs can play into the port “{own}”." if own else midi.ports.problem
        self._virtual.setText(words)
        self._virtual.setVisible(bool(words))

    def show_layout(self, layout: str) -> None:
        self.keys.show_options([Option(name, name, checked=name == layout) for name in LAYOUTS])

    def show_audio(self, status: AudioStatus, underflows: int, load: float) -> None:
        """What really plays, which need not be what was asked for."""
        if not self.isVisible():
            return
        if status.state == "running":
            what = f"{status.device} · {status.rate_hz / 1000:g} kHz · {status.block_frames} frames"
            measured = f"measured latency {status.latency_s * 1000:.1f} ms · underflows {underflows} · CPU {load:.0%}"
            self._say(self.facts, f"{what}\n{measured}".replace("%", " %"))
        else:
            self._say(self.facts, "starting …" if status.state == "starting" else "Nothing is heard.")
        silent = self._choices.output.name == NULL
        trouble = "" if silent else status.message or self._midi.outputs.problem
        self._say(self.problem, trouble)
        if self.problem.isVisible() != bool(trouble):
            self.problem.setVisible(bool(trouble))
            bottom = self.geometry().bottom()
            self.adjustSize()
            self.move(self.x(), bottom + 1 - self.height())

    @staticmethod
    def _say(label: QLabel, text: str) -> None:
        if text != label.text():
            label.setText(text)
