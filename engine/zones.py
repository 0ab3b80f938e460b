"""Zones: a take decoded again at every key, the played region first, so that a keyboard plays it at its own length.

First every third key is decoded, so that soon no key is further than a semitone from a zone; then the gaps.

Zones are as loud as the sound at the take's own note, as far as full scale lets them. Measured over twelve prompts
from C1 to C6: with the decoder's plain gain, zones three keys apart differ by 0.6 LU in the median, 2.3 at the 95th
percentile and 4.8 at most, in fits and starts; made as loud, by 0.2, 1.3 and 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.dsp.loudness import loudness_db
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE
from engine.request import Take, unwatched
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from engine.variants import Edit, Variants

LOWEST_KEY, HIGHEST_KEY = 24, 84  # C1 … C6: five octaves
AROUND_ROOT = 6  # keys to each side of a root that lies outside: what is between is filled
BATCH = 3  # notes decoded together; more at once are hardly quicker, and a note that is played next waits for them
SPARSE = 3  # every third key


def in_order(root_note: float, around: int | None = None) -> list[int]:
    """The keys of a take in the order in which they are decoded: nearest to `around` (None: the root) first."""
    home = round(root_note)
    middle = home if around is None else around
    lowest = min(LOWEST_KEY, max(LOWEST_NOTE, home - AROUND_ROOT))
    highest = max(HIGHEST_KEY, min(HIGHEST_NOTE, home + AROUND_ROOT))
    keys, ends = range(lowest, highest + 1), (lowest, highest)
    return sorted(keys, key=lambda key: ((key - home) % SPARSE != 0 and key not in ends, abs(key - middle), key))


class Zones:
    """The zones of one take, edited or not, shaped or not, batch by batch. The engine thread's alone."""

    def __init__(self, variants: Variants, edit: Edit | None = None, shape: Shape = UNSHAPED) -> None:
        self.take: Take = variants.take
        self.done: list[int] = []
        self._variants = variants
        self._shape = shape
        self._own = edit is None  # the take itself is the zone at its root
        self._latent, self._pitch = variants.edited(edit)
        self._loudness_db: float | None = None  # of the sound at its own note, once it is needed

    def next(self, around: int | None = None, between: Callable[[], None] = unwatched) -> list[tuple[int, Sound]]:
        """The next few (key, sound); empty when all are made, or where there is no pitch to move. between(): called on
        the way; what it raises leaves the zones as they were."""
        root = self._pitch.root_note
        if root is None:
            return []
        notes = [key for key in in_order(root, around) if key not in self.done][:BATCH]
        made = self.at(notes, between)
        self.done += notes
        return made

    def at(self, notes: Sequence[int], between: Callable[[], None] = unwatched) -> list[tuple[int, Sound]]:
        """(key, sound) of these keys. The take must have a pitch."""
        decoded = [key for key in notes if not self._is_take(key)]
        made = dict(zip(decoded, self._decoded(decoded, between), strict=True))
        return [(key, self._shaped(made.get(key, self.take.sound))) for key in notes]

    def _shaped(self, sound: Sound) -> Sound:
        if self._shape == UNSHAPED:
            return sound
        from engine.dsp.shaping import apply  # scipy: not before the window is up

        return apply(self._shape, sound)

    def _is_take(self, key: int) -> bool:
        root = self.take.pitch.root_note
        return self._own and root is not None and abs(root - key) < 0.005

    def _decoded(self, notes: list[int], between: Callable[[], None]) -> list[Sound]:
        if not notes:
            return []
        if self._loudness_db is None:
            own = self.take.sound if self._own else self._variants.made(self._latent, [self._pitch], between=between)[0]
            self._loudness_db = loudness_db(own.mono(), own.rate_hz)
        pitches = [self._pitch.at(float(note)) for note in notes]
        return self._variants.made(self._latent, pitches, self._loudness_db, between)
