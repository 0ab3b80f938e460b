"""The truth in one line: model, audio, what just happened, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.audio.status import AudioStatus
from gui.theme import colour, font
from gui.widgets.label import ElidedLabel

_MESSAGE_MS, _TROUBLE_MS = 8_000, 20_000
_SHORT_API = {"JACK Audio Connection Kit": "JACK", "Windows DirectSound": "DirectSound", "Windows WASAPI": "WASAPI"}


class StatusPanel(QWidget):
    """Says it calmly. Trouble stays longer than news."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(32)
        self._dot = _Dot()
        self._model, self._audio, self._underflows = QLabel("model not loaded yet"), QLabel(), QLabel()
        self._message, self._batch, self._network = ElidedLabel(), QLabel(), QLabel("offline")
        self._network.setToolTip("Nothing is sent anywhere; the network is not used.")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._model)
        for part in (self._audio, self._underflows):
            row.addSpacing(16)
            row.addWidget(part)
        row.addSpacing(24)
        row.addWidget(self._message, 1)
        row.addSpacing(24)
        row.addWidget(self._batch)
        row.addSpacing(16)
        row.addWidget(self._network)
        for label in self.findChildren(QLabel):
            label.setFont(font(12))
            label.setProperty("tone", "quiet")
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(lambda: self._say("", "quiet"))

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

    def show_audio(self, status: AudioStatus, underflows: int) -> None:
        self._audio.setText(audio_text(status))
        self._audio.setToolTip(status.message or status.device)
        self._underflows.setText(f"underflows {underflows}" if status.state == "running" else "")
        self._underflows.setVisible(status.state == "running")

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
