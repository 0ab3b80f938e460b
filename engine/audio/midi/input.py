"""MidiInput: the callback's side of MIDI. It takes what has come, tells the sampler and, on the way, the program."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from operator import itemgetter

from engine.audio.actions import Action, Bend, NoteOff, NoteOn, Pedal, Quiet, Wheel
from engine.audio.midi import parser
from engine.audio.midi.clock import BlockClock, PortClock
from engine.audio.midi.parser import Message, Parser
from engine.audio.reports import ControlMoved, NotePlayed, ProgramChosen, Report
from engine.audio.ring import Ring

Found = tuple[Sequence[int], float]  # bytes, seconds since the port's last message
_AT_ONCE = 256  # messages of one port in one block; what comes faster waits for the next
_WHEEL, _PEDAL, _SOUND_OFF, _RESET, _NOTES_OFF = 1, 64, 120, 121, 123
_PITCH_WHEEL = 128  # as ControlMoved numbers it
_CENTRE = 8192
_offset = itemgetter(0)


class OpenPort:
    """A port that is listened to. take: its next message, None when there is none; never blocks. timed: whether its
    times are those of the messages themselves (JACK's through rtmidi are those of its periods)."""

    def __init__(self, name: str, take: Callable[[], Found | None], timed: bool) -> None:
        self.name = name
        self.take = take
        self.clock = PortClock() if timed else None
        self.parser = Parser()
        self.held: set[tuple[int, int]] = set()  # channel, note
        self.pedals: set[int] = set()  # channels


class MidiInput:
    """`incoming` is what the mixer calls in each block. The rest is for the main thread."""

    def __init__(self, rate_hz: int) -> None:
        self.reports: Ring[Report] = Ring(4096)
        self.channel = 0  # 1..16, 0 for all
        self._ports: tuple[OpenPort, ...] = ()
        self._draining = False
        self._rate_hz = rate_hz
        self._blocks = BlockClock(rate_hz)

    def incoming(self, frames: int) -> list[tuple[int, Action]]:
        """What has come since the last block, each with its frame in this one. The callback's thread only."""
        self._draining = True
        try:
            ports, now_s = self._ports, time.perf_counter()
            begins_s = self._blocks.begins(frames, now_s)
            actions: list[tuple[int, Action]] = []
            for port in ports:
                self._drain(port, frames, now_s, begins_s, actions)
            if len(ports) > 1 and len(actions) > 1:
                actions.sort(key=_offset)
            return actions
        finally:
            self._draining = False

    def restart(self, rate_hz: int) -> None:
        """Forget what has come, for a new device. No callback may be running."""
        self._rate_hz = rate_hz
        self._blocks = BlockClock(rate_hz)
        for port in self._ports:
            while port.take() is not None:
                pass
            port.held.clear()

    def listen(self, ports: Sequence[OpenPort]) -> None:
        """Listen to these ports from the next block on. When this returns, the callback touches no other any more."""
        self._ports = tuple(ports)
        patience = time.monotonic() + 0.5
        while self._draining and time.monotonic() < patience:
            time.sleep(0.0002)

    def _drain(
        self, port: OpenPort, frames: int, now_s: float, begins_s: float, actions: list[tuple[int, Action]]
    ) -> None:
        clock = port.clock
        found: list[Sequence[int]] = []
        times: list[float] = []
        while len(found) < _AT_ONCE and (one := port.take()) is not None:
            found.append(one[0])
            if clock is not None:
                times.append(clock.heard(one[1], now_s))
        last = 0
        for number, data in enumerate(found):
            if clock is not None:  # played one block after it came: late by the same time each
                moment_s = clock.moment(times[number]) - begins_s
                last = min(max(round(moment_s * self._rate_hz) + frames, last), frames - 1)
            for message in port.parser.feed(data):
                if self.channel in (0, message[1]):
                    self.understand(port, message, last, actions)

    def understand(self, port: OpenPort, message: Message, at: int, actions: list[tuple[int, Action]]) -> None:
        """Append what a message does at frame `at`; what the program is to be told goes to `reports`."""
        kind, channel, first, second = message
        if kind == parser.NOTE_ON and second:
            port.held.add((channel, first))
            actions.append((at, NoteOn(None, channel, float(first), second)))
            self.reports.put(NotePlayed(port.name, channel, first, second))
        elif kind in (parser.NOTE_ON, parser.NOTE_OFF):
            port.held.discard((channel, first))
            actions.append((at, NoteOff(channel, float(first))))
            self.reports.put(NotePlayed(port.name, channel, first, 0))
        elif kind == parser.CONTROL:
            actions.extend((at, action) for action in _control(port, channel, first, second))
            if first < _SOUND_OFF:
                self.reports.put(ControlMoved(port.name, channel, first, second))
        elif kind == parser.BEND:
            value = first | second << 7
            actions.append((at, Bend(channel, _bend(value))))
            self.reports.put(ControlMoved(port.name, channel, _PITCH_WHEEL, value))
        elif kind == parser.PROGRAM:
            self.reports.put(ProgramChosen(port.name, channel, first))


def let_go(port: OpenPort) -> list[Action]:
    """What ends all that a port holds, for one that is no longer listened to."""
    actions: list[Action] = [NoteOff(channel, float(note)) for channel, note in sorted(port.held)]
    actions += [Pedal(channel, False) for channel in sorted(port.pedals)]
    port.held.clear()
    port.pedals.clear()
    return actions


def _control(port: OpenPort, channel: int, number: int, value: int) -> list[Action]:
    """What a controller does to what sounds."""
    if number == _WHEEL:
        return [Wheel(channel, value / 127)]
    if number == _PEDAL:
        (port.pedals.add if value >= 64 else port.pedals.discard)(channel)
        return [Pedal(channel, value >= 64)]
    if number == _SOUND_OFF:
        port.held.clear()
        port.pedals.clear()
        return [Quiet()]
    if number == _RESET:
        port.pedals.discard(channel)
        return [Bend(channel, 0.0), Wheel(channel, 0.0), Pedal(channel, False)]
    if number >= _NOTES_OFF:  # 124 to 127 switch modes, which ends notes too
        held = [(of, note) for of, note in port.held if of == channel]
        port.held.difference_update(held)
        return [NoteOff(channel, float(note)) for _, note in held]
    return []


def _bend(value: int) -> float:
    """0..16383 → -1..1, 8192 → 0, both ends reached."""
    return (value - _CENTRE) / (_CENTRE if value < _CENTRE else _CENTRE - 1)
