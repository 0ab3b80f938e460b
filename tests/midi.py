"""A MIDI keyboard without a keyboard: another client on the JACK server, whose port programs can listen to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rtmidi


class Keyboard:
    """Plugged in as long as the block of `plugged_in` lasts. Channels are counted from 1."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def send(self, *data: int) -> None:
        self._port.send_message(list(data))

    def press(self, note: int, velocity: int = 127, channel: int = 1) -> None:
        self.send(0x8F + channel, note, velocity)

    def let_go(self, note: int, channel: int = 1) -> None:
        self.send(0x7F + channel, note, 0)

    def turn(self, number: int, value: int, channel: int = 1) -> None:
        self.send(0xAF + channel, number, value)

    def bend(self, value: int, channel: int = 1) -> None:
        """0..16383, 8192 is the centre."""
        self.send(0xDF + channel, value & 0x7F, value >> 7)


@contextmanager
def plugged_in(name: str) -> Iterator[Keyboard]:
    """A keyboard whose port is called NAME:out, on the server that JACK_DEFAULT_SERVER names."""
    port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name)
    port.open_virtual_port("out")
    try:
        yield Keyboard(port)
    finally:
        port.close_port()
        port.delete()
