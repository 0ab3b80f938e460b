"""Binding: one controller number and the one thing it moves.

Which numbers can be bound (MIDI 1.0 detailed specification, table III):

- 0 and 32 select banks, 6, 38 and 96 to 101 carry data for registered parameters (bend range, tuning), 88 comes before
  notes as the fine half of their velocity, 64 holds notes, 120 to 127 silence notes and set modes. Whoever sends them
  means something else than "turn this knob", often without knowing that they are sent; they are refused.
- 1, the mod wheel, is allowed: it is the one controller that every keyboard has, and a filter on the wheel is what
  many want. It goes on playing the patch's vibrato, which its depth 0 switches off.
- 7, 10, 11 (volume, pan, expression), 2, 4, 5 and the pedals but the sustain pedal are not obeyed by the voices, so
  they are as free as 20 and 21.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec

Kind = Literal["absolute", "fine", "twos", "signed", "offset"]
Bow = Literal["linear", "exponential", "logarithmic"]

CHANNELS = range(1, 17)
FINE_OFFSET = 32  # a 14-bit controller n sends its fine half as n + 32
MOD_WHEEL = 1
_BEND = 3.0  # of the curves: at the middle of the hardware's travel they stand at 18 % and 79 %
_TARGET_CHARS = 80
_WORDS = (
    ((0, 32), "selects banks"),
    ((6, 38, 96, 97, 98, 99, 100, 101), "carries data for other parameters"),
    ((64,), "is the sustain pedal and holds notes"),
    ((88,), "belongs to the velocity of notes"),
    (tuple(range(120, 128)), "silences notes and sets modes"),
)
_RESERVED = {number: words for numbers, words in _WORDS for number in numbers}

Number = Annotated[int, msgspec.Meta(ge=0, le=127)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


def reserved(number: int) -> str:
    """Why a controller number cannot be bound, as one line; "" when it can."""
    if number in _RESERVED:
        return f"CC {number} {_RESERVED[number]}. Choose another controller."
    return "" if 0 <= number <= 127 else "The pitch wheel bends notes. Choose another controller."


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """Controller `number` moves `target`, a string that only the owner of the target understands.

    channel: 1..16, None for any. kind: "absolute" sends 0..127; "fine" 14 bits, as `number` and `number + 32`;
    encoders send how far they turned, as two's complement ("twos"), with a sign bit ("signed") or around 64 ("offset").
    low, high: knob positions 0..1 at the ends of the hardware's travel; low > high turns it round. bow: how it goes
    from one to the other (absolute and fine only). takeover: whether hardware that points elsewhere has to pass the
    target's value before it moves it; encoders point nowhere and need none. Unknown keys of newer versions are ignored.
    Raises ValueError on a number that is reserved and on an impossible 14-bit pair.
    """

    number: Number
    target: Annotated[str, msgspec.Meta(min_length=1, max_length=_TARGET_CHARS)]
    channel: Annotated[int, msgspec.Meta(ge=1, le=16)] | None = None
    kind: Kind = "absolute"
    low: Share = 0.0
    high: Share = 1.0
    bow: Bow = "linear"
    takeover: bool = True

    def __post_init__(self) -> None:
        words = reserved(self.number)
        if words:
            raise ValueError(words)
        if self.kind == "fine" and self.number >= FINE_OFFSET:
            raise ValueError(f"CC {self.number} has no fine half: only CC 1 to 31 can have 14 bits.")
        if not (0 <= self.low <= 1 and 0 <= self.high <= 1):
            raise ValueError("A range lies between 0 and 1.")

    @property
    def relative(self) -> bool:
        """Whether it tells how far it turned, not where it stands."""
        return self.kind in ("twos", "signed", "offset")

    @property
    def numbers(self) -> tuple[int, ...]:
        """The controller numbers that belong to it."""
        return (self.number, self.number + FINE_OFFSET) if self.kind == "fine" else (self.number,)

    @property
    def name(self) -> str:
        """As it stands under a knob."""
        return f"CC {self.number}"

    def hears(self, channel: int, number: int) -> bool:
        return number in self.numbers and self.channel in (None, channel)

    def meets(self, other: Binding) -> bool:
        """Whether both would hear some message."""
        same_channel = self.channel is None or other.channel is None or self.channel == other.channel
        return same_channel and not set(self.numbers).isdisjoint(other.numbers)

    def position(self, travel: float) -> float:
        """Where the target goes, 0..1, at the hardware's `travel` 0..1."""
        if self.bow == "exponential":
            travel = math.expm1(_BEND * travel) / math.expm1(_BEND)
        elif self.bow == "logarithmic":
            travel = math.log1p(travel * math.expm1(_BEND)) / _BEND
        return self.low + (self.high - self.low) * travel
