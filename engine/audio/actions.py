"""What the sampler can be told, in the callback's own terms. Each comes with the frame of the block where it happens.

Channels: 0 is the program itself (its keyboard, its tests), 1..16 are MIDI's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.audio.playable import Playable
from engine.patch import Patch


@dataclass(frozen=True, eq=False)
class Instrument:
    """A take as it is played. zones: at least one, by rising root note; the nearest one plays a note. The take itself
    is `own`, one of them; in varispeed it plays every note."""

    key: str
    patch: Patch
    own: Playable
    zones: tuple[Playable, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Play at its own pitch, untouched by the patch. position: frame of the playable; step: frames per device frame;
    fade_in: device frames. key: of its instrument, so that an Equip of the same key takes over while it sounds."""

    key: str
    playable: Playable
    position: float
    step: float
    fade_in: int
    loop: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class NoteOn:
    """instrument None: whatever `Route` says plays notes of this channel. velocity 1..127."""

    instrument: Instrument | None
    channel: int
    note: float
    velocity: int


@dataclass(frozen=True, slots=True)
class NoteOff:
    channel: int
    note: float


@dataclass(frozen=True, slots=True)
class Bend:
    """Pitch wheel, -1..1 of the patch's bend range (of 48 semitones on MPE's member channels)."""

    channel: int
    value: float


@dataclass(frozen=True, slots=True)
class Wheel:
    """Mod wheel, 0..1."""

    channel: int
    value: float


@dataclass(frozen=True, slots=True)
class Pedal:
    """Sustain pedal."""

    channel: int
    down: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Which instrument notes without one go to. pads: by MIDI note, before `armed`. mpe: channels 2..16 bend alone,
    channel 1 bends all."""

    armed: Instrument | None = None
    pads: dict[int, Instrument] = field(default_factory=dict)
    mpe: bool = False


@dataclass(frozen=True, slots=True)
class Equip:
    """What sounds of this key goes on as this instrument, cross-faded: another patch, more zones, or edited samples."""

    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Drop:
    """Fade out every voice that plays this playable: its memory is about to go."""

    playable: Playable


@dataclass(frozen=True, slots=True)
class Quiet:
    """Fade out every voice within 10 ms and forget pedals, bends and held notes (panic)."""


@dataclass(frozen=True, slots=True)
class MasterGain:
    gain: float


Action = Preview | NoteOn | NoteOff | Bend | Wheel | Pedal | Route | Equip | Drop | Quiet | MasterGain
