"""Manner: what a patch makes of a sound for the voices that play it. Worked out when a note begins, then only read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter

import msgspec

from engine.audio.actions import Instrument, Preview
from engine.audio.envelope import Envelope
from engine.audio.playable import Playable
from engine.patch import Patch

_SHORTEST_FADE_S = 0.001  # of a loop's seam, which would click without any
_SHORTEST_LOOP = 8.0  # frames
_DARKEST_OCTAVES = 6.0  # how far below the full band the softest note's treble ends, at 100 %
_FULL_BAND_HZ = 20_000.0
FULL_VELOCITY = 127
_SWEPT = ("cutoff_hz", "resonance")
_but_for_sweeps = itemgetter(*(at for at, field in enumerate(Patch.__struct_fields__) if field not in _SWEPT))


@dataclass(frozen=True, slots=True)
class Loop:
    """In frames of the playable: back to `start` at `end`; the last `fade` frames before it go over into those before
    the start."""

    start: float
    end: float
    fade: float


@dataclass(frozen=True, slots=True)
class Manner:
    """key: of its instrument. root: the note at which it plays as it is. patch None: plain, as a Preview."""

    key: str
    playable: Playable
    patch: Patch | None
    envelope: Envelope | None
    loop: Loop | None
    mirrored: bool
    root: float
    level: float

    def pitch(self, target: float) -> float:
        """Semitones from the playable's own pitch for a note."""
        patch = self.patch
        return 0.0 if patch is None else target + patch.transpose + patch.tune_cents / 100 - self.root


def of_note(instrument: Instrument, target: float, rate_hz: float) -> Manner:
    """How an instrument plays a note: which zone, and how."""
    patch, own = instrument.patch, instrument.own
    moved = 0.0 if patch.root_note is None else patch.root_note - own.root_note
    playable = own
    if patch.pitch_mode == "model":
        wanted = target + patch.transpose - moved
        for zone in instrument.zones:
            if abs(zone.root_note - wanted) < abs(playable.root_note - wanted):
                playable = zone
    mirrored = patch.reverse == "on"
    return Manner(
        instrument.key,
        playable,
        patch,
        Envelope.of(patch, rate_hz),
        _loop(playable, patch, mirrored) if patch.play_mode == "loop" else None,
        mirrored,
        playable.root_note + moved,
        10 ** (patch.level_db / 20),
    )


def of_preview(preview: Preview) -> Manner:
    loop = preview.loop
    spanned = None if loop is None else _span(float(loop[0]), loop[1] + 1.0, preview.playable, 0.0, False)
    playable = preview.playable
    return Manner(preview.key, playable, None, None, spanned, False, playable.root_note, 1.0)


def plain(instrument: Instrument, looped: bool) -> Manner:
    """A Preview that goes on with what its instrument has become."""
    own = instrument.own
    loop = _loop(own, Patch(), False) if looped else None
    return Manner(instrument.key, own, None, None, loop, False, own.root_note, 1.0)


def velocity_gain(patch: Patch, velocity: int) -> float:
    """40 dB per decade at 100 %, as SoundFont 2 and General MIDI have it; 1 at full velocity."""
    return float((velocity / FULL_VELOCITY) ** (2 * patch.velocity_level / 100))


def velocity_cutoff_hz(patch: Patch, velocity: int, note: float) -> float | None:
    """Where the treble of a soft note ends, never below its fundamental; None when nothing is taken away."""
    octaves = _DARKEST_OCTAVES * patch.velocity_tone / 100 * (1 - velocity / FULL_VELOCITY)
    if octaves <= 0:
        return None
    return float(max(_FULL_BAND_HZ * 2.0**-octaves, 440 * 2.0 ** ((note - 69) / 12)))


def cutoff_octaves(patch: Patch, note: float) -> float:
    """Of the filter, from 1 Hz; it follows the keys from middle C."""
    return math.log2(patch.cutoff_hz) + patch.key_tracking / 100 * (note - 60) / 12


def only_sweeps(before: Patch | None, after: Patch | None) -> bool:
    """Whether a patch differs from another in nothing but where its filter stands."""
    if before is None or after is None:
        return False
    return bool(_but_for_sweeps(msgspec.structs.astuple(before)) == _but_for_sweeps(msgspec.structs.astuple(after)))


def _loop(playable: Playable, patch: Patch, mirrored: bool) -> Loop | None:
    """The patch's loop, else the sound's, else the whole."""
    start, end = 0.0, float(playable.frames)
    if patch.loop_s is not None:
        start, end = (moment * playable.rate_hz for moment in patch.loop_s)
    elif playable.loop is not None:
        start, end = float(playable.loop[0]), playable.loop[1] + 1.0
    return _span(start, end, playable, patch.loop_fade_s, mirrored)


def _span(start: float, end: float, playable: Playable, fade_s: float, mirrored: bool) -> Loop | None:
    """None where it is too short to be one. What begins with the sound itself goes over into the silence before it."""
    frames = float(playable.frames)
    end = min(end, frames)
    if mirrored:
        start, end = frames - end, frames - start
    if end - start < _SHORTEST_LOOP or start < 0:
        return None
    shortest = _SHORTEST_FADE_S * playable.rate_hz
    fade = min(max(fade_s * playable.rate_hz, shortest), end - start)
    return Loop(start, end, min(fade, start) if start >= shortest else fade)
