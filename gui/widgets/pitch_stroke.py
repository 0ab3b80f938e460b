"""One stroke of the pencil: where the pointer went, column by column, smoothed as a hand means it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_SMOOTH_PX = 10  # on each side: a pixel is half a semitone high, and steps would be heard
FINE = 0.1  # of the way of the pointer


class Stroke:
    """Heights are MIDI notes, fractions allowed. Columns that the pointer crosses again are drawn anew."""

    def __init__(self, x: float, note: float, base_note: float | None = None) -> None:
        """base_note: the stroke begins there and moves by a tenth of the pointer's way; None: it goes where that is."""
        self._anchor = (note, base_note)
        self._columns: dict[int, tuple[float, bool]] = {}
        self._last = (round(x), note)
        self.snapped = False  # to semitones, where the pointer is now

    def height(self, note: float, snapped: bool) -> float:
        """What is drawn with the pointer at a note."""
        start, base = self._anchor
        made = note if base is None else base + FINE * (note - start)
        return float(round(made)) if snapped else made

    def to(self, x: float, note: float, snapped: bool) -> None:
        """The pointer went on. snapped: to semitones."""
        self.snapped = snapped
        column = round(x)
        before, from_note = self._last
        first, last = (before, column) if before <= column else (column, before)
        for at in range(first, last + 1):
            share = 1.0 if column == before else (at - before) / (column - before)
            self._columns[at] = self.height(from_note + share * (note - from_note), snapped), snapped
        self._last = column, note

    def line(self) -> list[tuple[float, float]]:
        """(x in px, note), from left to right."""
        columns = sorted(self._columns)
        notes = np.array([self._columns[at][0] for at in columns])
        free = np.array([not self._columns[at][1] for at in columns])
        for first, last in _runs(free):
            notes[first:last] = _smoothed(_smoothed(notes[first:last]))
        return [(float(at), float(note)) for at, note in zip(columns, notes, strict=True)]


def _runs(free: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches that are true: first, and one past the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _smoothed(notes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean of what lies around; narrower towards the ends, which stay."""
    places = np.arange(len(notes))
    half = np.minimum(_SMOOTH_PX // 2, np.minimum(places, len(notes) - 1 - places))
    sums = np.concatenate([[0.0], np.cumsum(notes)])
    return np.asarray((sums[places + half + 1] - sums[places - half]) / (2 * half + 1))
