"""`latente corpus audit`: whether what captions say is true of the sounds themselves, measured and read anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.features import measure
from engine.analysis.pitch_track import track
from engine.analysis.prompts import CLEARLY_PITCHED
from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.render import FOLLOW_THE_NOTE, beyond_the_note, quantiles
from engine.corpus.store import Corpus
from engine.qualities import QUALITIES
from engine.sound import Sound
from engine.text.reading import read_prompt
from engine.training.axes import by_turns

NEAR_CENTS = 50.0
NEAR_SECONDS = 0.1  # share of the length; captions round it to a tenth of a second
ROUNDED_S = 0.06

OnSound = Callable[[int, int], None]


def audit(
    corpus: Corpus, count: int = 200, seed: int = 0, on_sound: OnSound = lambda done, total: None
) -> dict[str, Any]:
    """One caption each of so many sounds, families in turn, read as a prompt is read, and every claim in it checked.

    family, note, seconds: shares of such claims that agree with the sound's label, or its length. pitch: of the notes
    claimed of sounds with a clear pitch, those within 50 cents of what is heard. qualities: of the adjectives, those
    whose feature, measured anew, lies on that side of the family's middle; *_claims: how many there were.
    without_claims: the captions that claim nothing. wrong: each claim that does not hold, in words.
    """
    rng = np.random.default_rng(seed)
    held: dict[str, list[bool]] = defaultdict(list)
    wrong, without = [], 0
    chosen = by_turns(corpus, list(range(len(corpus.rows))), count, seed)
    families = _Families(corpus)
    for done, index in enumerate(chosen, 1):
        row = corpus.rows[index]
        words = caption(Attributes.from_dict(row), rng)
        sound = Sound(corpus.sound(index), 44100)
        claims = _claims(row, words, sound, families)
        without += not claims
        for kind, (holds, said) in claims.items():
            held[kind.partition(":")[0]].append(holds)
            if not holds:
                wrong.append(f"“{words}” ({row['instrument']}): {said}")
        on_sound(done, len(chosen))
    kinds = ("family", "note", "pitch", "seconds", "qualities")
    return {
        "sounds": len(chosen),
        "without_claims": without,
        **{kind: round(float(np.mean(held[kind])), 4) for kind in kinds if held[kind]},
        **{f"{kind}_claims": len(held[kind]) for kind in kinds},
        "wrong": wrong,
    }


def _claims(row: dict[str, Any], words: str, sound: Sound, families: _Families) -> dict[str, tuple[bool, str]]:
    """Each claim of a caption: whether it holds, and what is said and what is so."""
    reading, found = read_prompt(words), dict[str, tuple[bool, str]]()
    if reading.family is not None:
        found["family"] = reading.family == row["family"], f"{reading.family}, not {row['family']}"
    if reading.note is not None:
        label = row["note"]
        found["note"] = label is not None and round(label) == reading.note, f"note {reading.note}, not {label}"
        cents = track(sound).cents_from(reading.note) if row["family"] in CLEARLY_PITCHED else None
        if cents is not None:
            found["pitch"] = abs(cents) <= NEAR_CENTS, f"note {reading.note} is heard {cents:+.0f} cents off"
    if reading.seconds is not None:
        off = abs(reading.seconds - sound.seconds)
        near = off <= max(ROUNDED_S, NEAR_SECONDS * sound.seconds)
        found["seconds"] = near, f"{reading.seconds:g} s, not {sound.seconds:.2f} s"
    features = measure(sound) if reading.qualities else None
    for key, wish in reading.qualities.items():
        rank = families.rank(row, key, getattr(features, QUALITIES[key].feature))
        found[f"qualities:{key}"] = rank * wish > 0, f"{key} {wish:+.1f} said, {rank:+.2f} measured"
    return found


class _Families:
    """Features of each family's sounds, as the corpus has them."""

    def __init__(self, corpus: Corpus) -> None:
        self._members: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in corpus.rows:
            self._members[row["family"]].append(row)

    def rank(self, row: dict[str, Any], quality: str, value: float) -> float:
        """Where among its family the sound lies by this value, -1 to 1."""
        members, feature = self._members[row["family"]], QUALITIES[quality].feature
        values: npt.NDArray[np.float64] = np.array([one["features"][feature] for one in members], np.float64)
        place = next(at for at, one in enumerate(members) if one is row)
        values[place] = value
        if quality in FOLLOW_THE_NOTE:
            values = beyond_the_note(values, [one["note"] for one in members])
        return float(quantiles(values)[place])
