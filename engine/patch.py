"""Patch: how a take is played. Every number and choice of it is a row of `engine/params.py` with the same key."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.errors import BadRequest
from engine.params import PARAMS

PitchMode = Literal["varispeed", "model"]
PlayMode = Literal["one-shot", "gated", "loop"]
Voicing = Literal["poly", "mono", "legato"]
FilterType = Literal["off", "low-pass", "high-pass", "band-pass"]
Switch = Literal["off", "on"]


class Patch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units and ranges: `PARAMS[field]`; choices hold their word. Raises BadRequest on anything out of range.

    root_note: MIDI note at which the sound plays as it is; None leaves that to the sound.
    loop_s: first and last moment of the loop in seconds; None is the sound's own loop, or the whole.
    """

    root_note: float | None = None
    pitch_mode: PitchMode = "model"
    transpose: int = 0
    tune_cents: float = 0.0
    key_low: int = 0
    key_high: int = 127
    play_mode: PlayMode = "gated"
    voicing: Voicing = "poly"
    glide_s: float = 0.0
    bend_range: int = 2
    wheel_cents: float = 35.0
    vibrato_hz: float = 5.5
    velocity_level: float = 100.0
    velocity_tone: float = 0.0
    attack_s: float = 0.0
    decay_s: float = 1.0
    sustain_db: float = 0.0
    release_s: float = 0.08
    attack_bend: float = 0.0
    decay_bend: float = 0.5
    release_bend: float = 0.5
    filter_type: FilterType = "off"
    cutoff_hz: float = 4000.0
    resonance: float = 10.0
    key_tracking: float = 0.0
    loop_s: tuple[float, float] | None = None
    loop_fade_s: float = 0.02
    reverse: Switch = "off"
    choke_group: int = 0
    level_db: float = 0.0

    def __post_init__(self) -> None:
        for key in KEYS:
            PARAMS[key].check(self.number(key))
        if self.root_note is not None and not 0 <= self.root_note <= 127:
            raise BadRequest(f"The root note must lie between 0 and 127, not {self.root_note:g}.")
        if self.key_low > self.key_high:
            raise BadRequest("The lowest key lies above the highest.")
        if self.loop_s is not None and not 0 <= self.loop_s[0] < self.loop_s[1]:
            raise BadRequest("A loop must begin before it ends.")

    def number(self, key: str) -> float:
        """The value of a parameter as its row counts it: a choice is its place among the choices."""
        value = getattr(self, key)
        return float(PARAMS[key].choices.index(value) if isinstance(value, str) else value)

    def having(self, key: str, number: float) -> Patch:
        """The same patch with one parameter changed, as its row counts it. Raises BadRequest when out of range."""
        spec = PARAMS[key]
        number = spec.check(number)
        value: Any = spec.choices[int(number)] if spec.choices else int(number) if spec.counted else number
        return msgspec.structs.replace(self, **{key: value})


KEYS = tuple(field for field in Patch.__struct_fields__ if field in PARAMS)
