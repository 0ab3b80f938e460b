"""Edit: one thing done to a latent or to a pitch curve. Its numbers are rows of `engine/params.py`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import msgspec

from engine.errors import BadRequest
from engine.params import PARAMS

Moves = tuple[tuple[float, float], ...]  # (seconds, value), the later ones later: engine/latent/moves.py
Points = tuple[tuple[float, float], ...]
LONGEST_SOURCE = 256  # characters of the name of another sound
MOST_POINTS = 4096
LAST_S = 600.0  # no sound is longer


@dataclass(frozen=True)
class Kind:
    """What an edit can be. keys: its parameters, the one that says how much first. pitch: it acts on the pitch curve.
    regional: it can act on a part of the sound. source: it needs another sound. points: what its points are, "" none.
    time: what it acts on lies elsewhere in time afterwards. moving: the one that says how much can change within the
    sound; what concerns its time, or all of it at once, cannot.
    """

    key: str
    label: str
    keys: tuple[str, ...] = ()
    pitch: bool = False
    regional: bool = True
    source: bool = False
    points: str = ""
    time: bool = False
    moving: bool = False


OWN = ("own1", "own2", "own3", "own4")  # axes of the user's own library; an edit holds its direction as points
_ROWS = (
    Kind("amplify", "Amplify", ("amplify",), moving=True),
    Kind("noise", "Noise", ("noise", "noise_seed"), moving=True),
    Kind("smooth", "Smooth", ("smooth", "smooth_kind"), moving=True),
    Kind("brightness", "Brightness", ("brightness",), moving=True),
    Kind("attack", "Attack", ("attack",), regional=False, time=True),
    Kind("decay", "Decay", ("decay",), regional=False, time=True),
    Kind("noisiness", "Noisiness", ("noisiness",), moving=True),
    Kind("body", "Body", ("body",), moving=True),
    Kind("warmth", "Warmth", ("warmth",), moving=True),
    Kind("movement", "Movement", ("movement",), moving=True),
    *(Kind(key, f"Own axis {key[3:]}", (key,), points="channel and weight", moving=True) for key in OWN),
    Kind("channels", "Channels", points="channel and factor"),
    Kind("quantise", "Quantise", ("quantise",), moving=True),
    Kind("stretch", "Stretch", ("stretch",), time=True),
    Kind("shift", "Shift", ("shift_s",), regional=False, time=True),
    Kind("reverse", "Reverse", time=True),
    Kind("freeze", "Freeze", ("freeze_s",), time=True),
    Kind(
        "morph",
        "Morph",
        ("morph", "morph_kind", "morph_part", "morph_split_s"),
        regional=False,
        source=True,
        time=True,
        moving=True,
    ),
    Kind("transpose", "Transpose", ("pitch_st",), pitch=True, moving=True),
    Kind("glide", "Glide", ("glide_from_st", "glide_time_s"), pitch=True, moving=True),
    Kind("drop", "Drop", ("drop_st", "drop_s", "drop_bend"), pitch=True, moving=True),
    Kind("vibrato", "Vibrato", ("vibrato_cents", "vibrato_rate_hz", "vibrato_delay_s"), pitch=True, moving=True),
    Kind("pitch-movement", "Pitch movement", ("pitch_movement",), pitch=True, moving=True),
    Kind("draw", "Drawn pitch", pitch=True, regional=False, points="seconds and semitones"),
    Kind("sing", "Other pitch", ("pitch_note",), pitch=True, regional=False, source=True),
    Kind("formants", "Formants", ("formant_st",), pitch=True, regional=False),
)
KINDS: dict[str, Kind] = {row.key: row for row in _ROWS}
_POINT_LIMITS = {
    "channel and weight": ((0.0, 65535.0), (-100.0, 100.0)),
    "channel and factor": ((0.0, 65535.0), (0.0, 3.0)),
    "seconds and semitones": ((0.0, LAST_S), (-60.0, 60.0)),
}


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Frozen and checked: raises BadRequest on whatever does not fit `KINDS[kind]`.

    values: number, or word of a choice, by key; a key that is missing has its default, and at
    their defaults edits do nothing.
    region_s: (start, end) in seconds; None is the whole sound. source: id of another take, or name of a sound.
    points: pairs, for the kinds that have them. enabled: False keeps the edit but passes it by.
    moves: (seconds, value) of the parameter that says how much, in place of its value, for the kinds in which it can
    change within the sound; () is none.
    """

    kind: str
    values: dict[str, float | str] = {}
    region_s: tuple[float, float] | None = None
    enabled: bool = True
    source: str = ""
    points: Points = ()
    moves: Moves = ()

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise BadRequest(f"There is no edit “{self.kind[:40]}”. Choose one of: {', '.join(KINDS)}.")
        for key, value in self.values.items():
            if key not in kind.keys:
                raise BadRequest(f"The edit “{self.kind}” has no parameter “{key[:40]}”.")
            spec = PARAMS[key]
            if isinstance(value, str) != bool(spec.choices) or (spec.choices and value not in spec.choices):
                wanted = f"one of {', '.join(spec.choices)}" if spec.choices else "a number"
                raise BadRequest(f"{spec.label} must be {wanted}, not {str(value)[:40]}.")
            spec.check(self.number(key))
        if self.region_s is not None:
            if not kind.regional:
                raise BadRequest(f"The edit “{self.kind}” acts on the whole sound, not on a part.")
            if not 0 <= self.region_s[0] < self.region_s[1] <= LAST_S:
                raise BadRequest("A region must begin before it ends.")
        if len(self.source) > LONGEST_SOURCE or (self.source and not kind.source):
            raise BadRequest(f"The edit “{self.kind}” cannot take “{self.source[:40]}” as its other sound.")
        self._check_points(kind)
        self._check_moves(kind)

    def number(self, key: str) -> float:
        """The value of a parameter as its row counts it: a choice is its place among the choices."""
        value = self.values.get(key, PARAMS[key].default)
        return float(PARAMS[key].choices.index(value) if isinstance(value, str) else value)

    def word(self, key: str) -> str:
        """The word of a choice."""
        return PARAMS[key].choices[int(self.number(key))]

    def having(self, key: str, number: float) -> Edit:
        """The same edit with one parameter changed, as its row counts it. Raises BadRequest when out of range."""
        spec = PARAMS[key]
        number = spec.check(number)
        value: float | str = spec.choices[int(number)] if spec.choices else number
        changed: Any = {**self.values, key: value}
        return msgspec.structs.replace(self, values=changed)

    @property
    def idle(self) -> bool:
        """Whether it does nothing: passed by, at its default, or without the points or the sound that it needs."""
        kind = KINDS[self.kind]
        if not self.enabled or (kind.points and not self.points) or (kind.source and not self.source):
            return True
        if kind.key == "sing" or not kind.keys:
            return False
        reached = [value for _, value in self.moves] or [self.number(kind.keys[0])]
        return all(value == PARAMS[kind.keys[0]].default for value in reached)

    def standing(self, number: float) -> Edit:
        """The same without moves, the parameter that moved at `number`."""
        still: Edit = msgspec.structs.replace(self, moves=())
        return still.having(KINDS[self.kind].keys[0], number)

    def _check_points(self, kind: Kind) -> None:
        if not self.points:
            return
        if not kind.points or len(self.points) > MOST_POINTS:
            raise BadRequest(f"The edit “{self.kind}” cannot take {len(self.points)} points.")
        limits = _POINT_LIMITS[kind.points]
        for point in self.points:
            for number, (low, high) in zip(point, limits, strict=True):
                if not (math.isfinite(number) and low <= number <= high):
                    raise BadRequest(f"The edit “{self.kind}” has a point out of range: {number:g}.")

    def _check_moves(self, kind: Kind) -> None:
        if not self.moves:
            return
        if not kind.moving:
            raise BadRequest(f"{kind.label} cannot move within a sound.")
        if len(self.moves) > MOST_POINTS:
            raise BadRequest(f"A knob makes at most {MOST_POINTS} moves in a sound, not {len(self.moves)}.")
        before = -1.0
        for moment, value in self.moves:
            if not (math.isfinite(moment) and before < moment <= LAST_S and moment >= 0.0):
                raise BadRequest("Moves must lie within the sound, each later than the one before.")
            PARAMS[kind.keys[0]].check(value)
            before = moment
