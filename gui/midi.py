"""What MIDI does, as the window sees it. The notes themselves are played in the audio process and never wait for us."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from engine.audio.player import Player
from engine.audio.reports import ControlMoved, DeviceLost, Devices, MidiPorts, NotePlayed, ProgramChosen, Report

BEND, WHEEL = 128, 1  # numbers of ControlMoved
_BEND_MIDDLE = 8192
_LIT_S = 0.12  # how long the activity light stays on


class Midi(QObject):
    """Call `poll` regularly. Signals come once per poll, however much came in, but for those that carry something:

    `played(note, velocity)` for each note that began; `moved(ControlMoved)`; `program_chosen(0..127)`;
    `bent(-1..1)` and `wheeled(0..1)`; `said(line)` and `warned(line)` for the status line.
    """

    notes_changed = Signal()
    ports_changed = Signal()
    outputs_changed = Signal()
    played = Signal(int, int)
    moved = Signal(object)
    program_chosen = Signal(int)
    bent = Signal(float)
    wheeled = Signal(float)
    said = Signal(str)
    warned = Signal(str)

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._down: dict[tuple[str, int, int], int] = {}  # (port, channel, note): velocity
        self._heard_s = 0.0
        self._problem = ""
        self.ports = MidiPorts((), ())
        self.outputs = Devices(())

    @property
    def held(self) -> dict[int, int]:
        """note: velocity, the one pressed last at the end."""
        return {note: velocity for (_, _, note), velocity in self._down.items()}

    @property
    def lit(self) -> bool:
        """Whether something came in just now."""
        return time.monotonic() - self._heard_s < _LIT_S

    def poll(self) -> None:
        """Takes in what came since the last time. Never waits."""
        reports = self._player.reports()
        if not reports:
            return
        before, ports, outputs = dict(self._down), self.ports, self.outputs
        for report in reports:
            self._take(report)
        if self._down != before:
            self.notes_changed.emit()
        if self.ports != ports:
            self._drop_unplugged()
            self.ports_changed.emit()
        if self.outputs != outputs:
            self.outputs_changed.emit()
        self._tell_strips(reports)

    def forget_notes(self) -> None:
        """Nothing is held any more: panic, or the audio process was started again."""
        if self._down:
            self._down.clear()
            self.notes_changed.emit()

    def _take(self, report: Report) -> None:
        if isinstance(report, (NotePlayed, ControlMoved, ProgramChosen)):
            self._heard_s = time.monotonic()
        if isinstance(report, NotePlayed):
            place = (report.port, report.channel, report.note)
            self._down.pop(place, None)
            if report.velocity:
                self._down[place] = report.velocity
                self.played.emit(report.note, report.velocity)
        elif isinstance(report, ControlMoved):
            self.moved.emit(report)
        elif isinstance(report, ProgramChosen):
            self.program_chosen.emit(report.number)
        elif isinstance(report, MidiPorts):
            self.ports = report
            if report.problem and report.problem != self._problem:
                self.said.emit(report.problem)
            self._problem = report.problem
        elif isinstance(report, Devices):
            self.outputs = report
        elif isinstance(report, DeviceLost):
            self.warned.emit(f"The audio device “{report.name}” went away; it is used again when it comes back.")

    def _drop_unplugged(self) -> None:
        """A keyboard that was unplugged never lets go of its keys."""
        there = {*self.ports.connected, self.ports.virtual}
        gone = [place for place in self._down if place[0] not in there]
        for place in gone:
            del self._down[place]
        if gone:
            self.notes_changed.emit()

    def _tell_strips(self, reports: list[Report]) -> None:
        last = {report.number: report.value for report in reports if isinstance(report, ControlMoved)}
        if BEND in last:
            self.bent.emit((last[BEND] - _BEND_MIDDLE) / _BEND_MIDDLE)
        if WHEEL in last:
            self.wheeled.emit(last[WHEEL] / 127)
