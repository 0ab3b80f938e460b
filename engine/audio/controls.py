"""Controls: pitch wheel, mod wheel and pedal of every channel, and how the wheels move within a chunk.

However many messages come, a wheel is looked at every GRID frames only (0.7 ms) and moves straight in between: a flood
of them costs no more than a few, and none makes a step.
"""

from __future__ import annotations

CHANNELS = 17  # 0 is the program itself
GRID = 32  # frames


class Wheel:
    """value: where it has been put. `points` gives its way through the chunk at hand."""

    __slots__ = ("_began", "_moves", "_way", "value")

    def __init__(self) -> None:
        self.value = self._began = 0.0
        self._moves: dict[int, float] = {}
        self._way: list[float] = []  # worked out once for all voices; empty when it has to be again

    def put(self, frame: int, value: float) -> None:
        """Move it at a frame of the chunk at hand."""
        self.value = self._moves[frame // GRID] = value
        self._way = []

    @property
    def moving(self) -> bool:
        return bool(self._moves)

    def points(self, cells: int) -> list[float]:
        """Its values at the chunk's begin and at the end of each of its cells."""
        if len(self._way) != cells + 1:
            way, value = [self._began], self._began
            for cell in range(cells):
                value = self._moves.get(cell, value)
                way.append(value)
            self._way = way
        return self._way

    def settle(self) -> None:
        """The chunk is over."""
        if self._moves:
            self._began = self.value
            self._moves.clear()
            self._way = []


class Channel:
    __slots__ = ("bend", "pedal", "wheel")

    def __init__(self) -> None:
        self.bend = Wheel()
        self.wheel = Wheel()
        self.pedal = False
