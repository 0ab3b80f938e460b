"""Shape: what is done to a sound's samples before it is written. Every number and choice is a row of `PARAMS`.

A shape is data; `engine/dsp/shaping.py` does it. Moments are in seconds of the sound as it was.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.errors import BadRequest
from engine.params import PARAMS
from engine.patch import FilterType, Switch

DriveType = Literal["off", "soft", "hard", "fold"]
Normalise = Literal["off", "peak", "rms"]
Span = tuple[float, float]
LONGEST_S = 600.0  # as long as the longest file that is opened


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units and ranges: `PARAMS[field]`; choices hold their word. Raises BadRequest on anything out of range.

    The fields stand in the order in which they are applied. `Shape()` changes no sample.

    trim_s: first and last moment that are kept; None keeps all.
    loop_s: first and last moment of the loop, crossfaded over `loop_fade_s`; None leaves the sound's own loop alone.
    """

    trim_s: Span | None = None
    snap: Switch = "on"
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    reverse: Switch = "off"
    drive_type: DriveType = "off"
    drive_db: float = 12.0
    crush_bits: int = 16
    crush_hz: float = 44100.0
    filter_type: FilterType = "off"
    cutoff_hz: float = 4000.0
    resonance: float = 10.0
    envelope: Switch = "off"
    attack_s: float = 0.0
    decay_s: float = 1.0
    sustain_db: float = 0.0
    release_s: float = 0.08
    attack_bend: float = 0.0
    decay_bend: float = 0.5
    release_bend: float = 0.5
    reverb_mix: float = 0.0
    reverb_s: float = 1.5
    reverb_damp: float = 50.0
    width: float = 100.0
    normalise: Normalise = "off"
    normalise_db: float = -1.0
    loop_s: Span | None = None
    loop_fade_s: float = 0.02

    def __post_init__(self) -> None:
        for key in KEYS:
            PARAMS[key].check(self.number(key))
        for name, span in (("trim", self.trim_s), ("loop", self.loop_s)):
            if span is not None and not 0 <= span[0] < span[1] <= LONGEST_S:
                raise BadRequest(f"The {name} must begin before it ends, within {LONGEST_S:g} s.")

    def number(self, key: str) -> float:
        """The value of a parameter as its row counts it: a choice is its place among the choices."""
        value = getattr(self, key)
        return float(PARAMS[key].choices.index(value) if isinstance(value, str) else value)

    def having(self, key: str, number: float) -> Shape:
        """The same shape with one parameter changed, as its row counts it. Raises BadRequest when out of range."""
        spec = PARAMS[key]
        number = spec.check(number)
        value: Any = spec.choices[int(number)] if spec.choices else int(number) if spec.counted else number
        return msgspec.structs.replace(self, **{key: value})


KEYS = tuple(field for field in Shape.__struct_fields__ if field in PARAMS)
UNSHAPED = Shape()
