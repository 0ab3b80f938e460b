"""The truth in one line: model, audio, what just happened, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.audio.status import AudioStatus
from gui.theme import colour, font
from gui.widgets.label import ElidedLabel

_MESSAGE_MS, _TROUBLE_MS = 8_000, 20_000
_SHORT_API = {"JACK Audio Connection Kit": "JACK", "Windows DirectSound": "DirectSound", "Windows WASAPI": "WASAPI"}


class StatusPanel(QWidget):
    """Says it calmly. Trouble stays longer than news. Emits `settings_wanted` and `panic`."""

    settings_wanted = Signal()
    panic = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(32)
        self._dot = _Dot()
        self._model, self._underflows, self._load = QLabel("model not loaded yet"), QLabel(), QLabel()
        self.audio = _link("Audio and MIDI settings (Ctrl+,)")
        self.audio.clicked.connect(self.settings_wanted)
        self.stop_all = _link("Stops every sound and lets go of every note (Ctrl+. or Esc twice)")
        self.stop_all.setText("Panic")
        self.stop_all.clicked.connect(self.panic)
        self._message, self._batch, self._network = ElidedLabel(), QLabel(), QLabel("offline")
        self._network.setToolTip("Nothing is sent anywhere; the network is not used.")
        self._underflows.setToolTip("How often the device ran out of samples since the start")
        self._load.setToolTip("Share of its time that the audio callback takes")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place()
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(lambda: self._say("", "quiet"))

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._model)
        for part in (self.audio, self._underflows, self._load):
            row.addSpacing(12)
            row.addWidget(part)
        row.addSpacing(16)
        row.addWidget(self._message, 1)
        row.addSpacing(16)
        for part in (self._batch, self.stop_all, self._network):
            row.addWidget(part)
            row.addSpacing(12 if part is not self._network else 0)
        for label in self.findChildren(QLabel):
            label.setFont(font(12))
            label.setProperty("tone", "quiet")

    @property
    def message(self) -> str:
        return self._message.text()

    @property
    def batch(self) -> str:
        return self._batch.text()

    def show_model(self, text: str, tint: str) -> None:
        """tint: colour of the dot: fine, amber while loading, trouble."""
        self._dot.set_tint(tint)
        self._model.setText(text)

    def show_audio(self, status: AudioStatus, underflows: int, load: float) -> None:
        """load: share of its time that the audio callback takes, 0..1."""
        running = status.state == "running"
        for label, text in (
            (self.audio, audio_text(status)),
            (self._underflows, f"underflows {underflows}" if running else ""),
            (self._load, f"CPU {100 * load:.0f} %" if running else ""),
        ):
            if label.text() != text:
                label.setText(text)
                label.setVisible(bool(text))
        about = f"{status.message or status.device}\nClick: audio and MIDI settings (Ctrl+,)"
        if about != self.audio.toolTip():
            self.audio.setToolTip(about)

    def show_batch(self, text: str) -> None:
        """How the last press of Generate went, or goes."""
        self._batch.setText(text)

    def say(self, line: str) -> None:
        """One line of news, for a while."""
        self._say(line, "quiet")
        self._quiet.start(_MESSAGE_MS)

    def warn(self, line: str) -> None:
        """One line of trouble; it stays longer."""
        self._say(line, "trouble")
        self._quiet.start(_TROUBLE_MS)

    def _say(self, line: str, tone: str) -> None:
        self._message.set_text(line)
        self._message.setProperty("tone", tone)
        self._message.style().polish(self._message)
        self._message.update()


def audio_text(status: AudioStatus) -> str:
    """`JACK · 48 kHz · 256 · 5.3 ms`, or calmly what is missing."""
    if status.state == "starting":
        return "audio starting …"
    if status.state == "null":
        return "no audio device: silent, all else works"
    if status.state == "lost":
        return status.message or "audio device lost"
    api = _SHORT_API.get(status.host_api, status.host_api) or status.device
    block = str(status.block_frames) if status.block_frames else "variable block"
    return f"{api} · {status.rate_hz / 1000:g} kHz · {block} · {status.latency_s * 1000:.1f} ms"


def _link(help_text: str) -> QPushButton:
    """A word that can be pressed and otherwise keeps quiet."""
    button = QPushButton()
    button.setProperty("shape", "plain")
    button.setFont(font(12))
    button.setToolTip(help_text)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)
        self._tint = "edge"

    def set_tint(self, tint: str) -> None:
        self._tint = tint
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._tint))
        painter.drawEllipse(self.rect())
        painter.end()
