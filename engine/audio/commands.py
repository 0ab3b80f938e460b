"""What the program can ask of the audio process: one JSON line each, over its standard input."""

from __future__ import annotations

import msgspec


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Make a sound ready. Its samples lie in the segment, float32 (channels, frames + 2): planar, with one frame of
    silence at either end. `root_note`: MIDI, None for unpitched. `loop`: first and last frame (last inclusive)."""

    key: str
    segment: str
    channels: int
    frames: int
    rate_hz: int
    root_note: float | None
    loop: tuple[int, int] | None


class Unload(msgspec.Struct, frozen=True, tag="unload"):
    """Forget a sound; voices that play it fade out."""

    key: str


class Play(msgspec.Struct, frozen=True, tag="play"):
    """Play at its own pitch from a frame of the sound. `loop`: its loop, or the whole where it has none."""

    key: str
    start_frame: int
    loop: bool


class NoteOn(msgspec.Struct, frozen=True, tag="note_on"):
    """Play transposed to a note (MIDI, may be fractional); velocity 1..127."""

    key: str
    note: float
    velocity: int


class NoteOff(msgspec.Struct, frozen=True, tag="note_off"):
    note: float


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Fade out every voice."""


class Gain(msgspec.Struct, frozen=True, tag="gain"):
    """Master gain, linear."""

    gain: float


class Quit(msgspec.Struct, frozen=True, tag="quit"):
    """End the process; the program itself cleans up the shared memory."""


Command = Load | Unload | Play | NoteOn | NoteOff | Stop | Gain | Quit

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def encode(command: Command) -> bytes:
    """One line, newline included."""
    return _encoder.encode(command) + b"\n"


def decode(line: bytes) -> Command:
    """Raises msgspec.DecodeError on anything that is no command."""
    return _decoder.decode(line)
