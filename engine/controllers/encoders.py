"""What an endless encoder means by its numbers: three ways are in use, and none says which it is."""

from __future__ import annotations

from collections.abc import Iterable

from engine.controllers.binding import Kind

_FAST = 15  # no encoder turns further between two messages
_TWOS = frozenset([*range(1, _FAST + 1), *range(128 - _FAST, 128)])
_SIGNED = frozenset([*range(1, _FAST + 1), *range(65, 65 + _FAST)])
_OFFSET = frozenset(value for value in range(64 - _FAST, 65 + _FAST) if value != 64)
# One direction alone can be ambiguous: 1 1 1 is up for two of them, 65 65 65 is up for one and down for another. The
# most usual one is taken first.
_WAYS: tuple[tuple[Kind, frozenset[int]], ...] = (("twos", _TWOS), ("offset", _OFFSET), ("signed", _SIGNED))


def ways(values: Iterable[int]) -> tuple[Kind, ...]:
    """The kinds of encoder that could have sent these values, the likeliest first; empty when none could."""
    seen = set(values)
    return tuple(kind for kind, possible in _WAYS if seen <= possible)


def steps(kind: Kind, value: int) -> int:
    """How many steps an encoder of a relative `kind` turned, up or down."""
    if kind == "twos":
        return value if value < 64 else value - 128
    if kind == "offset":
        return value - 64
    return -(value & 63) if value & 64 else value
