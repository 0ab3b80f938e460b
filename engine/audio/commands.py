"""What the program can ask of the audio process: one JSON line each, over its standard input."""

from __future__ import annotations

import msgspec

from engine.patch import Patch


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Make a sound ready. Its samples lie in the segment, float32 (channels, frames + 2): planar, with one frame of
    silence at either end. `root_note`: MIDI, None for unpitched. `loop`: first and last frame (last inclusive).
    `zone`: None for the take itself; else the note at which this copy of it was decoded again. `changed`: first frame
    and last (not included) in which it differs from what is in its place; None: it may differ everywhere."""

    key: str
    segment: str
    channels: int
    frames: int
    rate_hz: int
    root_note: float | None
    loop: tuple[int, int] | None
    zone: int | None = None
    changed: tuple[int, int] | None = None


class Unload(msgspec.Struct, frozen=True, tag="unload"):
    """Forget a sound and its zones; voices that play it fade out."""

    key: str


class DropZones(msgspec.Struct, frozen=True, tag="drop_zones"):
    """Forget the zones of a sound, which were decoded from what it was before."""

    key: str


class SetPatch(msgspec.Struct, frozen=True, tag="patch"):
    """How a sound is played from now on; voices under way follow."""

    key: str
    patch: Patch


class Play(msgspec.Struct, frozen=True, tag="play"):
    """Play at its own pitch from a frame of the sound. `loop`: its loop, or the whole where it has none."""

    key: str
    start_frame: int
    loop: bool


class NoteOn(msgspec.Struct, frozen=True, tag="note_on"):
    """Play at a note (MIDI, may be fractional); velocity 1..127. key None: as a MIDI note would be routed."""

    key: str | None
    note: float
    velocity: int


class NoteOff(msgspec.Struct, frozen=True, tag="note_off"):
    note: float


class Bend(msgspec.Struct, frozen=True, tag="bend"):
    """The program's own pitch wheel, -1..1."""

    value: float


class Wheel(msgspec.Struct, frozen=True, tag="wheel"):
    """The program's own mod wheel, 0..1."""

    value: float


class Pedal(msgspec.Struct, frozen=True, tag="pedal"):
    """The program's own sustain pedal."""

    down: bool


class SetRoute(msgspec.Struct, frozen=True, tag="route"):
    """Which sound MIDI notes play. pads: note -> key, before `armed`."""

    armed: str | None = None
    pads: dict[int, str] = {}


class MidiChoice(msgspec.Struct, frozen=True, tag="midi"):
    """ports: names to listen to, None for all. channel: 1..16, 0 for all. mpe: as in MIDI Polyphonic Expression."""

    ports: tuple[str, ...] | None = None
    channel: int = 0
    mpe: bool = False


class DeviceChoice(msgspec.Struct, frozen=True, tag="device"):
    """Output device by name and host API, None for the system's choice; "null" plays to nobody. rate_hz, block_frames:
    0 for what the device likes."""

    name: str | None = None
    host_api: str | None = None
    rate_hz: int = 0
    block_frames: int = 0


class ListDevices(msgspec.Struct, frozen=True, tag="list"):
    """Look for devices and ports anew; they are reported."""


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Fade out every voice and let go of everything held (panic)."""


class Gain(msgspec.Struct, frozen=True, tag="gain"):
    """Master gain, linear."""

    gain: float


class Quit(msgspec.Struct, frozen=True, tag="quit"):
    """End the process; the program itself cleans up the shared memory."""


Command = (
    Load | Unload | DropZones | SetPatch | Play | NoteOn | NoteOff | Bend | Wheel | Pedal | SetRoute | MidiChoice
    | DeviceChoice | ListDevices | Stop | Gain | Quit
)  # fmt: skip

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def encode(command: Command) -> bytes:
    """One line, newline included."""
    return _encoder.encode(command) + b"\n"


def decode(line: bytes) -> Command:
    """Raises msgspec.DecodeError on anything that is no command."""
    return _decoder.decode(line)
