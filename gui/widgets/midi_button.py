"""`MIDI · Launchkey 37`: what is listened to, a light for what comes in, and on a click the choice."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from engine.audio.reports import MidiPorts
from gui.icons import paint_icon
from gui.theme import colour, font


class MidiButton(QPushButton):
    """Emits `clicked`; its menu is somebody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("shape", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(24)
        self._line = ""
        self._lit = self._there = False
        self.show_ports(MidiPorts((), ()))

    @property
    def line(self) -> str:
        return self._line

    def show_ports(self, ports: MidiPorts) -> None:
        self._line, self._there = ports_text(ports), bool(ports.connected or ports.virtual)
        self.setAccessibleName(self._line)
        names = "\n".join(ports.connected) or ports.problem or "Nothing is connected."
        own = f"\nOther programs can play into the port “{ports.virtual}”." if ports.virtual else ""
        self.setToolTip(f"{names}{own}\nClick: ports, channel, MPE, computer keys")
        self.update()

    def set_lit(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("note") if self._lit else colour("note", 0.35) if self._there else colour("edge"))
        painter.drawEllipse(QPointF(5, self.height() / 2), 3.5, 3.5)
        painter.setFont(font(12))
        painter.setPen(colour("text" if self.underMouse() else "quiet"))
        room = self.rect().adjusted(16, 0, -18, 0)
        text = painter.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        wide = min(room.width(), painter.fontMetrics().horizontalAdvance(text))
        paint_icon(painter, "chevron-down", "quiet", QRectF(20 + wide, self.height() / 2 - 5, 11, 11))
        painter.end()


def ports_text(ports: MidiPorts) -> str:
    """`MIDI · Launchkey 37`, `MIDI · 3 ports`, or calmly that there is none."""
    if len(ports.connected) == 1:
        return f"MIDI · {device_name(ports.connected[0])}"
    if ports.connected:
        return f"MIDI · {len(ports.connected)} ports"
    return f"MIDI · port “{ports.virtual}”" if ports.virtual else "No MIDI input"


def device_name(port: str) -> str:
    """`Launchkey 37` of `Launchkey 37:Launchkey 37 MIDI 1 20:0` or `a2j:Launchkey 37 [20] (capture): …`."""
    name = port.removeprefix("a2j:").split(":", maxsplit=1)[0].split(" [", maxsplit=1)[0].strip()
    return name or port
