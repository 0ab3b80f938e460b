"""MidiPorts: which MIDI inputs there are and which are listened to. Main thread of the audio process.

rtmidi keeps the interpreter to itself while it opens, closes or makes a port, for up to 50 ms with JACK: the callback
would be late. So ports to be are made while nothing plays, and what is closed is kept for the next.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from engine.audio.actions import Action
from engine.audio.commands import MidiChoice
from engine.audio.midi.input import MidiInput, OpenPort, let_go
from engine.audio.reports import MidiPorts as Ports
from engine.audio.reports import Report

NAME = "Latente"  # of our client, and of the port that other programs can play into
_LOOK_S = 1.0
_SPARE = 2  # inputs made before they are needed
_QUEUE = 8192  # messages that wait for the callback at most
_NUMBERS = re.compile(r"( \d+:\d+| \[\d+\])(?=$|[ :])")  # ALSA's of client and port: others after each plugging in
_THROUGH = "Midi Through"  # ALSA's loop back to itself


class MidiPorts:
    """input: what the callback drains. put: takes actions for the sampler. say: takes reports."""

    def __init__(self, input: MidiInput, put: Callable[[Action], None], say: Callable[[Report], None]) -> None:
        self._input = input
        self._put = put
        self._say = say
        self._choice = MidiChoice()
        self._system: Any = None  # rtmidi's number for ALSA, JACK …; None while there is no MIDI
        self._system_name = ""
        self._problem = ""
        self._lister: Any = None  # an rtmidi input; also our virtual port
        self._virtual: OpenPort | None = None
        self._spare: list[Any] = []
        self._open: dict[str, tuple[Any, OpenPort]] = {}
        self._told: Ports | None = None
        self._looked_s = 0.0

    def choose(self, choice: MidiChoice) -> None:
        """Listen to these from now on."""
        self._choice = choice
        channel = 0 if choice.mpe else choice.channel
        if channel != self._input.channel:
            for port in self._ports():
                self._silence(port)
            self._input.channel = channel
        self.look()

    def start(self, jack: bool) -> None:
        """Begin, or begin again, while nothing plays. jack: whether sound goes to JACK."""
        if self._system is not None:
            return
        try:
            import rtmidi  # only here: the libraries of the system's MIDI come with it
        except ImportError as error:
            self._problem = f"MIDI is not available: {error}."
            return
        systems = [rtmidi.API_UNSPECIFIED]
        if jack or os.environ.get("JACK_DEFAULT_SERVER"):
            systems.insert(0 if os.environ.get("JACK_DEFAULT_SERVER") else 1, rtmidi.API_UNIX_JACK)
        for system in systems:
            with suppress(Exception):  # SystemError where there is no sequencer, others elsewhere
                self._lister = rtmidi.MidiIn(system, NAME, _QUEUE)
                self._system = self._lister.get_current_api()
                self._system_name = rtmidi.get_api_display_name(self._system)
                break
        else:
            self._problem = "No MIDI system was found, so keyboards cannot be heard: the window's own keys can."
            return
        self._problem = ""
        timed = self._system != rtmidi.API_UNIX_JACK
        with suppress(Exception):  # Windows has none
            self._lister.open_virtual_port(NAME)
            self._lister.ignore_types(True, True, True)
            self._virtual = OpenPort(NAME, self._lister.get_message, timed)
        self._timed = timed
        self._spare = [self._new() for _ in range(_SPARE)]

    def stop(self) -> None:
        """Let go of everything, because its server has gone, or at the end. Ports are told as gone at the next look."""
        self._input.listen(())
        inputs = [self._lister, *self._spare, *(one for one, _ in self._open.values())]
        self._lister = self._virtual = self._system = None
        self._system_name = ""
        self._spare, self._open = [], {}
        for one in inputs:
            if one is not None:
                with suppress(Exception):
                    one.delete()

    def tend(self, silent: bool) -> None:
        """Look for ports that came or went, about once a second. silent: no voice sounds."""
        if silent and self._system is not None and len(self._spare) < _SPARE:
            with suppress(Exception):
                self._spare.append(self._new())
        if time.monotonic() - self._looked_s > _LOOK_S:
            self.look()

    def look(self) -> None:
        """Open what is wanted and there, close what is not; `MidiPorts` is reported when anything is new."""
        self._looked_s = time.monotonic()
        names = self._names()
        wanted = [name for name in names if self._wants(name)]
        for name in [name for name in self._open if name not in wanted]:
            self._close(name)
        for name in wanted:
            if name not in self._open:
                self._listen_to(name, names.index(name))
        self._input.listen(self._ports())
        virtual = NAME if self._virtual is not None else ""
        connected = tuple(name for name in names if name in self._open)
        ports = Ports(tuple(names), connected, virtual, self._problem, self._system_name)
        if ports != self._told:
            self._told = ports
            self._say(ports)

    def tell(self) -> None:
        """Look, and report in any case."""
        self._told = None
        self.look()

    @property
    def connected(self) -> bool:
        """Whether anything may come in."""
        return bool(self._open) or self._virtual is not None

    def _names(self) -> list[str]:
        if self._lister is None:
            return []
        with suppress(Exception):
            return plain(self._lister.get_ports())
        return []

    def _wants(self, name: str) -> bool:
        chosen = self._choice.ports
        return not name.startswith(_THROUGH) if chosen is None else name in chosen

    def _ports(self) -> list[OpenPort]:
        return [port for _, port in self._open.values()] + ([self._virtual] if self._virtual is not None else [])

    def _new(self) -> Any:
        import rtmidi

        one = rtmidi.MidiIn(self._system, NAME, _QUEUE)
        one.ignore_types(True, True, True)  # system exclusive, clock, active sensing
        return one

    def _listen_to(self, name: str, index: int) -> None:
        with suppress(Exception):  # it went, or another program has it for itself: tried again at the next look
            one = self._spare.pop() if self._spare else self._new()
            try:
                one.open_port(index, "in")
            except Exception:
                self._spare.append(one)
                raise
            while one.get_message() is not None:  # of the port it had before
                pass
            self._open[name] = one, OpenPort(name, one.get_message, self._timed)

    def _close(self, name: str) -> None:
        one, port = self._open.pop(name)
        self._input.listen(self._ports())  # from here on the callback does not touch it
        self._silence(port)
        with suppress(Exception):
            one.close_port()
            self._spare.append(one)

    def _silence(self, port: OpenPort) -> None:
        for action in let_go(port):
            self._put(action)


def plain(names: list[str]) -> list[str]:
    """Names without the numbers that change from one plugging in to the next; equal ones are counted."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        bare = _NUMBERS.sub("", name).strip() or name
        seen[bare] += 1
        told.append(bare if seen[bare] == 1 else f"{bare} ({seen[bare]})")
    return told
