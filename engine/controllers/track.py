"""Track: follows one bound controller and says where its target goes."""

from __future__ import annotations

import msgspec

from engine.controllers.binding import FINE_OFFSET, Binding, Kind
from engine.controllers.encoders import steps, ways

_NEAR = 1.5 / 127  # hardware this close to the target's value has reached it
_ENCODER_STEP = 1 / 128  # of the target's travel
_TICKS_PER_CHOICE = 4  # of an encoder, from one choice or whole number to the next, where there are few


class Track:
    """`unsure`: kinds of encoder that its messages so far allow, while there are several; `hears` narrows them down."""

    def __init__(self, binding: Binding, unsure: tuple[Kind, ...] = ()) -> None:
        self.binding = binding
        self.hardware: float | None = None  # where the hardware points, as a position of the target
        self._caught = False
        self._coarse: int | None = None
        self._fine = 0
        self._exact: float | None = None  # an encoder's own place, finer than a target that snaps to whole numbers
        self._unsure = unsure if len(unsure) > 1 else ()

    def rests(self, number: int, value: int) -> None:
        """Where the hardware stood before anybody followed it."""
        travel = None if self.binding.relative else self._travel(number, value)
        if travel is not None:
            self.hardware = self.binding.position(travel)

    def let_go(self) -> None:
        """The target was moved by something else: the hardware has to pick it up again."""
        self._caught, self._exact = False, None

    def hears(self, number: int, value: int, now: float, step: float) -> float | None:
        """The target's new position 0..1, or None while the hardware still has to reach it (`hardware` says where it
        stands). value: 0..127. now: the target's position. step: of a target with few values, else 0."""
        if self.binding.relative:
            return self._turn(value, now, step)
        travel = self._travel(number, value)
        if travel is None:
            return None
        before, self.hardware = self.hardware, self.binding.position(travel)
        if not self._caught and self.binding.takeover:
            self._caught = self._reaches(before, self.hardware, now, step)
        else:
            self._caught = True
        return self.hardware if self._caught else None

    def _travel(self, number: int, value: int) -> float | None:
        if self.binding.kind != "fine":
            return value / 127
        if number == self.binding.number:
            if self._coarse is not None and value != self._coarse:
                # The fine half comes next. Until then the nearer end of the new step, so that nothing jumps back.
                self._fine = 0 if value > self._coarse else 127
            self._coarse = value
        elif self._coarse is None:
            return None
        else:
            assert number == self.binding.number + FINE_OFFSET
            self._fine = value
        return (128 * self._coarse + self._fine) / 16383

    def _reaches(self, before: float | None, hardware: float, now: float, step: float) -> bool:
        low, high = sorted((self.binding.low, self.binding.high))
        goal = min(high, max(low, now))  # a value outside the range is picked up at the range's end
        crossed = before is not None and (before - goal) * (hardware - goal) <= 0
        return crossed or abs(hardware - goal) <= max(_NEAR, step / 2)

    def _turn(self, value: int, now: float, step: float) -> float:
        if self._unsure:
            left = tuple(kind for kind in self._unsure if kind in ways((value,)))
            if left:
                self.binding = msgspec.structs.replace(self.binding, kind=left[0])
            self._unsure = left if len(left) > 1 else ()
        low, high = sorted((self.binding.low, self.binding.high))
        way = 1 if self.binding.high >= self.binding.low else -1
        start = now if self._exact is None else self._exact
        moved = start + way * steps(self.binding.kind, value) * max(_ENCODER_STEP, step / _TICKS_PER_CHOICE)
        self._exact = min(max(high, now), max(min(low, now), moved))
        return self._exact
