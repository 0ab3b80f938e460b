"""What the audio process tells the program: one JSON line each, over its standard output."""

from __future__ import annotations

import msgspec


class NotePlayed(msgspec.Struct, frozen=True, tag="note"):
    """A note came in by MIDI and was played, or let go (velocity 0)."""

    port: str
    channel: int
    note: int
    velocity: int


class ControlMoved(msgspec.Struct, frozen=True, tag="control"):
    """A controller moved: number 0..119, value 0..127 as sent. Bend, mod wheel and pedal play at once inside the audio
    process and are told as well (number 1 and 64; the pitch wheel is number 128, value 0..16383)."""

    port: str
    channel: int
    number: int
    value: int


class ProgramChosen(msgspec.Struct, frozen=True, tag="program"):
    port: str
    channel: int
    number: int


class MidiPorts(msgspec.Struct, frozen=True, tag="ports"):
    """available: inputs of this machine. connected: those listened to. virtual: name of the port of our own that other
    programs can play into, "" where the system offers none. problem: one line when there is no MIDI here. system: ALSA,
    JACK, CoreMIDI …, "" without."""

    available: tuple[str, ...]
    connected: tuple[str, ...]
    virtual: str = ""
    problem: str = ""
    system: str = ""


class OutputDevice(msgspec.Struct, frozen=True):
    name: str
    host_api: str
    channels: int
    rate_hz: int
    default: bool


class Devices(msgspec.Struct, frozen=True, tag="devices"):
    outputs: tuple[OutputDevice, ...]
    problem: str = ""


class DeviceLost(msgspec.Struct, frozen=True, tag="lost"):
    """The device went away; the program plays on the default one, or to nobody, and goes back when it returns."""

    name: str


Report = NotePlayed | ControlMoved | ProgramChosen | MidiPorts | Devices | DeviceLost

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Report] = msgspec.json.Decoder(Report)


def encode(report: Report) -> bytes:
    """One line, newline included."""
    return _encoder.encode(report) + b"\n"


def decode(line: bytes) -> Report:
    """Raises msgspec.DecodeError on anything that is no report."""
    return _decoder.decode(line)
