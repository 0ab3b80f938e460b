"""Spectrograms of what is heard, drawn in the pictures' thread: never more than one waits, and that is the newest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.sound import Sound
from gui.bridge import Bridge
from gui.spectrum import Floats, spectrogram_db

COARSE, FINE = (240, 128), (720, 320)  # columns, rows: while sliders move, and at rest


@dataclass(frozen=True, eq=False)
class Wanted:
    """original: None for the spectrogram of `sound`, else how much louder that is than the original."""

    sound: Sound
    original: Sound | None
    size: tuple[int, int]


class Spectra:
    """`drawn(wanted, levels)` is called in the GUI thread."""

    def __init__(self, bridge: Bridge, drawn: Callable[[Wanted, Floats], None]) -> None:
        self._bridge, self._drawn = bridge, drawn
        self._wanted: Wanted | None = None
        self._busy = False
        self._known: tuple[Sound, tuple[int, int], Floats] | None = None  # of the original; pictures' thread only

    def want(self, wanted: Wanted | None) -> None:
        """In place of what waits; None: nothing any more."""
        self._wanted = wanted
        if not self._busy and wanted is not None:
            self._next(wanted)

    def _next(self, wanted: Wanted) -> None:
        self._busy = True
        self._bridge.draw(lambda: self._levels(wanted), lambda levels: self._done(wanted, levels))

    def _done(self, wanted: Wanted, levels: Floats) -> None:
        self._busy = False
        newest = self._wanted
        if newest is None:
            return
        self._drawn(wanted, levels)
        if newest is wanted:
            self._wanted = None
        else:
            self._next(newest)

    def _levels(self, wanted: Wanted) -> Floats:
        coarse = wanted.size == COARSE
        levels = spectrogram_db(wanted.sound, *wanted.size, coarse=coarse)
        original = wanted.original
        if original is None:
            return levels
        if self._known is None or self._known[0] is not original or self._known[1] != wanted.size:
            self._known = original, wanted.size, spectrogram_db(original, *wanted.size, coarse=coarse)
        return levels - self._stretched(self._known[2], original.seconds / max(wanted.sound.seconds, 1e-6))

    @staticmethod
    def _stretched(levels: Floats, share: float) -> Floats:
        """The original over the seconds of the other sound: beyond its own end it holds its last column."""
        columns = levels.shape[1]
        places = [min(columns - 1, int((at + 0.5) / share)) for at in range(columns)]
        return levels if share == 1.0 else levels[:, places]
