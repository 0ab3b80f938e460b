"""Glide: the way of a note's pitch from key to key, and of its filter's cutoff."""

from __future__ import annotations


class Glide:
    """Semitones, or octaves, over frames. Several turns may lie in one chunk; each counts from its own frame on."""

    __slots__ = ("_turns", "goal")

    def __init__(self) -> None:
        self.goal = 0.0
        self._turns: list[tuple[float, float, float, float]] = []  # frame, length, from, to

    def begin(self, pitch: float) -> None:
        """At rest."""
        self.goal = pitch
        self._turns.clear()

    def follow(self, other: Glide, shift: float) -> None:
        """The same way, so many semitones higher."""
        self.goal = other.goal + shift
        self._turns[:] = [(frame, length, start + shift, end + shift) for frame, length, start, end in other._turns]

    def turn(self, frame: float, pitch: float, length: float) -> None:
        """Go to another pitch from a frame on, taking so many frames, more than none."""
        self._turns.append((frame, length, self.at(frame), pitch))
        self.goal = pitch

    def at(self, frame: float) -> float:
        pitch = self._turns[0][2] if self._turns else self.goal
        for begins, length, start, end in self._turns:
            done = frame - begins
            if done < 0:
                break
            pitch = end if done >= length else start + (end - start) * done / length
        return pitch

    def along(self, frames: list[int]) -> list[float]:
        """`at` each of some frames."""
        if len(self._turns) != 1:
            return [self.at(frame) for frame in frames]
        begins, length, start, end = self._turns[0]
        over, slope = begins + length, (end - start) / length
        return [end if frame >= over else start + slope * max(0.0, frame - begins) for frame in frames]

    @property
    def moving(self) -> bool:
        return bool(self._turns)

    def settle(self, frame: float) -> None:
        """Forget what lies before a frame."""
        turns = self._turns
        while len(turns) > 1 and turns[1][0] <= frame:
            del turns[0]
        if len(turns) == 1 and frame >= turns[0][0] + turns[0][1]:
            turns.clear()
