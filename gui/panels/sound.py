"""The sound in the middle: play, loop, its versions, undo, waveform, spectrogram."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.pitch import note_name
from engine.request import Take
from engine.sound import Sound
from gui.bridge import Bridge
from gui.icons import icon
from gui.live import Heard
from gui.spectra import COARSE, FINE, Spectra, Wanted
from gui.spectrum import Floats
from gui.theme import Weight, font
from gui.timeline import Timeline
from gui.widgets.label import ElidedLabel
from gui.widgets.slot_bar import SlotBar
from gui.widgets.spectrogram import SpectrogramView
from gui.widgets.time_axis import TimeAxis
from gui.widgets.waveform import WaveformView

_FACTS_FROM_PX = 700  # width of the panel at which there is room for length and level
EXAMPLES = (
    "punchy 808 kick", "glassy plucked bell in F#4", "warm analog bass", "bright supersaw stab", "airy choir pad"
)  # fmt: skip


class SoundPanel(QWidget):
    """Emits `toggled` (play or stop), `loop_changed`, `sought` (s) and `example_chosen` while there is no take."""

    toggled = Signal()
    loop_changed = Signal(bool)
    sought = Signal(float)
    example_chosen = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._take: Take | None = None
        self._sound: Sound | None = None  # what is heard of it
        self._pictured: Sound | None = None  # the same in the seconds of the pictures
        self._before: Sound | None = None  # what it was, where it was changed
        self._timeline = Timeline(0.0, 0.0)
        self._spectra = Spectra(bridge, self._draw_spectrogram)
        self.play = _tool("play", "amber", "Play / stop (Space)")
        self.play.clicked.connect(self.toggled)
        self.loop = _tool("loop", "quiet", "Loop", active="amber")
        self.loop.setCheckable(True)
        self.loop.toggled.connect(self.loop_changed)
        self.find_loop = _tool("find-loop", "quiet", "Find a loop for held keys")
        self._title = ElidedLabel()
        self._title.setFont(font(14, Weight.DemiBold))
        self.slots = SlotBar()
        self.undo = _tool("undo", "quiet", "Undo (Ctrl+Z)")
        self.redo = _tool("redo", "quiet", "Redo (Ctrl+Shift+Z)")
        self._note = QLabel()
        self._note.setProperty("tone", "note")
        self._facts = QLabel(_facts(99.99, -99.9))
        self._facts.setProperty("tone", "quiet")
        self._facts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._facts.ensurePolished()
        self._facts.setFixedSize(self._facts.sizeHint())  # else each move of a slider lays the whole window out anew
        self.waveform, self.spectrogram, self.axis = WaveformView(), SpectrogramView(), TimeAxis()
        self._views = (self.waveform, self.spectrogram, self.axis)
        for view in self._views:
            view.sought.connect(lambda shown_s: self.sought.emit(self._timeline.heard(shown_s)))
        self.difference = _overlay(self.spectrogram, "change", "What edits made louder (amber) or softer (teal)")
        self.difference.toggled.connect(self._show_spectrogram)
        self._stack, self._whole = QStackedWidget(), QVBoxLayout()
        self._place()

    def _place(self) -> None:
        bar = QWidget()
        bar.setObjectName("transport")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(48)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(4)
        row.addWidget(self.play)
        row.addWidget(self.loop)
        row.addWidget(self.find_loop)
        row.addSpacing(8)
        row.addWidget(self._title, 1)
        row.addSpacing(8)
        row.addWidget(self._note)
        row.addSpacing(12)
        row.addWidget(self.slots)
        row.addSpacing(4)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addSpacing(8)
        row.addWidget(self._facts)
        views = QWidget()
        column = QVBoxLayout(views)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.waveform, 1)
        rule = QWidget()
        rule.setObjectName("rule")
        rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rule.setFixedHeight(1)
        column.addWidget(rule)
        column.addWidget(self.spectrogram, 1)
        column.addWidget(self.axis)
        whole = self._whole
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(views, 1)
        shown = QWidget()
        shown.setLayout(whole)
        self._stack.addWidget(self._welcome())
        self._stack.addWidget(shown)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)

    def _welcome(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(0)
        column.addStretch(1)
        line = QLabel("Type a few words. Hear a new sound.")
        line.setFont(font(20, Weight.Medium))
        hint = QLabel("Or begin with one of these:")
        hint.setProperty("tone", "quiet")
        for label, gap in ((line, 8), (hint, 24)):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(gap)
        for text in EXAMPLES:
            chip = QPushButton(text)
            chip.setProperty("shape", "chip")
            chip.setFixedHeight(28)
            chip.setStyleSheet("border-radius: 14px; padding: 0 14px;")
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.clicked.connect(lambda _=False, text=text: self.example_chosen.emit(text))
            column.addWidget(chip, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(8)
        column.addStretch(1)
        return page

    def add_below(self, panel: QWidget) -> None:
        """Places what works on the sound under its pictures."""
        self._whole.addWidget(panel)

    def show_take(self, take: Take | None) -> None:
        """Draws the waveform at once, the spectrogram when it has been computed."""
        self._take = take
        self._stack.setCurrentIndex(0 if take is None else 1)
        if take is not None:
            self._title.set_text(take.request.prompt)
        self._show(take.sound if take is not None else None, fine=True)

    def show_heard(self, heard: Heard) -> None:
        """What edits made of the take; drawn coarsely, because sliders move."""
        if heard.sound is not self._sound:
            self._show(heard.sound, fine=False, heard=heard)

    def show_rested(self, heard: Heard) -> None:
        """Sliders rest: the same as well as can be."""
        self._show_spectrogram()

    def _show(self, sound: Sound | None, fine: bool, heard: Heard | None = None) -> None:
        self._sound = self._pictured = sound
        take, shaped = self._take, None if heard is None else heard.shaped
        edited = sound is not None and take is not None and sound is not take.sound
        self._before = take.sound if take is not None and edited else None
        if shaped is not None:
            self._pictured, self._before = shaped.picture, shaped.before
        seconds = self._pictured.seconds if self._pictured else 0.0
        self._timeline = heard.timeline if heard is not None else Timeline(seconds, seconds)
        self.waveform.show_sound(self._pictured, self._before)
        self.axis.show_seconds(seconds)
        self.difference.setVisible(edited)
        if not edited:
            self.difference.setChecked(False)
        if sound is None or fine:
            self.spectrogram.show_levels(None, seconds)
        if sound is None:
            self._spectra.want(None)
            return
        self._note.setText("" if sound.root_note is None else note_name(sound.root_note))
        self._facts.setText(_facts(sound.seconds, sound.peak_dbfs))
        self._show_spectrogram(fine=fine)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._facts.setVisible(event.size().width() >= _FACTS_FROM_PX)

    def _show_spectrogram(self, *_: object, fine: bool = True) -> None:
        if self._pictured is not None and self._take is not None:
            original = self._before if self.difference.isChecked() else None
            self._spectra.want(Wanted(self._pictured, original, FINE if fine else COARSE))

    def _draw_spectrogram(self, wanted: Wanted, levels: Floats) -> None:
        if self._sound is not None and self._take is not None:
            self.spectrogram.show_levels(levels, wanted.sound.seconds, wanted.original is not None)

    def show_position(self, seconds: float | None) -> None:
        """Where the sound is heard; None when silent."""
        for view in self._views:
            view.set_playhead(None if seconds is None else self._timeline.shown(seconds))
        playing = seconds is not None
        if playing != (self.play.accessibleName() == "Stop"):
            self.play.setIcon(icon("stop" if playing else "play", "amber"))
            self.play.setAccessibleName("Stop" if playing else "Play")


def _overlay(view: QWidget, word: str, help_text: str) -> QPushButton:
    """A small switch in a view's corner."""
    chip = QPushButton(word, view)
    chip.setCheckable(True)
    chip.setProperty("shape", "overlay")
    chip.setFont(font(11))
    chip.setGeometry(64, 8, 64, 22)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setToolTip(help_text)
    chip.hide()
    return chip


def _tool(name: str, tint: str, help_text: str, active: str | None = None) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name, tint, active))
    button.setIconSize(QSize(16, 16))
    button.setFixedSize(32, 32)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(help_text)
    button.setAccessibleName(help_text.partition(" /")[0])
    return button


def _facts(seconds: float, level_db: float) -> str:
    loud = "silent" if level_db == float("-inf") else f"{level_db:.1f} dB".replace("-", "−")
    return f"{seconds:.2f} s     {loud}"
