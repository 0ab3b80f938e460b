"""The seconds of the picture: of the sound before it was cut, so that what was cut off can be had back."""

from __future__ import annotations

from dataclasses import dataclass

from gui.widgets.selection import Region


@dataclass(frozen=True)
class Timeline:
    """seconds: of the whole picture. made_s: of the sound as it was decoded. offset_s: where what is heard begins in
    the picture. mirrored: the picture runs backwards through what was decoded."""

    seconds: float
    made_s: float
    offset_s: float = 0.0
    mirrored: bool = False

    def shown(self, heard_s: float) -> float:
        """Where a moment of what is heard lies in the picture."""
        return heard_s + self.offset_s

    def heard(self, shown_s: float) -> float:
        """The moment that is heard at a place of the picture; what was cut off before it counts as its beginning."""
        return max(0.0, shown_s - self.offset_s)

    def turned(self, moment_s: float) -> float:
        """From a moment of what was decoded to the picture, and back."""
        return self.made_s - moment_s if self.mirrored else moment_s

    def turned_span(self, span: Region) -> Region:
        """The same for two moments, the earlier one first; within what was decoded."""
        first, last = sorted(min(self.made_s, max(0.0, self.turned(moment))) for moment in span)
        return first, last
