"""Chords by name: what sounds together above a root. Plain names, symbols, English and Spanish."""

from __future__ import annotations

import re
import unicodedata

from engine.errors import BadRequest

NOTE = (0,)  # a chord of one
MOST_NOTES = 8
HIGHEST_INTERVAL = 36  # semitones

# name: intervals in semitones; other words for it. The first name is the one that is shown.
_ROWS = """
octave: 0 12; octaves, octava, octavas
fifth: 0 7; fifths, quinta, quintas
power chord: 0 7 12; power chords, power, powerchord, 5, quinta y octava
major: 0 4 7; major chord, major triad, maj, M, mayor, acorde mayor
minor: 0 3 7; minor chord, minor triad, min, m, menor, acorde menor
diminished: 0 3 6; dim, diminished chord, disminuido
augmented: 0 4 8; aug, augmented chord, aumentado
sus2: 0 2 7; suspended second
sus4: 0 5 7; sus, suspended fourth, suspended, suspendido
major 6: 0 4 7 9; 6, major sixth, sixth chord, sexta
minor 6: 0 3 7 9; m6, minor sixth, menor sexta
dominant 7: 0 4 7 10; 7, seventh, seventh chord, dominant seventh, dom7, septima, acorde de septima
major 7: 0 4 7 11; maj7, M7, major seventh, mayor septima, mayor 7
minor 7: 0 3 7 10; min7, m7, minor seventh, menor septima, menor 7
half-diminished: 0 3 6 10; m7b5, half diminished
diminished 7: 0 3 6 9; dim7, diminished seventh, disminuido septima
minor major 7: 0 3 7 11; mM7, minmaj7
7sus4: 0 5 7 10; 7sus
dominant 9: 0 4 7 10 14; 9, ninth, ninth chord, dominant ninth, novena
major 9: 0 4 7 11 14; maj9, M9, major ninth, mayor novena, mayor 9
minor 9: 0 3 7 10 14; min9, m9, minor ninth, menor novena, menor 9
add9: 0 4 7 14; added ninth
minor 11: 0 3 7 10 14 17; min11, m11, minor eleventh
"""


def _table() -> dict[str, tuple[int, ...]]:
    rows = {}
    for line in _ROWS.strip().splitlines():
        name, rest = line.split(":")
        intervals, others = rest.split(";")
        chord = tuple(map(int, intervals.split()))
        for word in (name, *others.split(",")):
            rows[word.strip()] = chord
    return rows


NAMES: dict[str, tuple[int, ...]] = _table()  # every word for a chord; symbols keep their case: M7 is not m7
_SHOWN = {chord: name for name, chord in reversed(NAMES.items())}  # the first name of each
# Words that mean something else in a prompt: dark, strong, a number.
_ELSEWHERE = frozenset({"dim", "power", "suspended", "seventh", "ninth", "min", "maj", "aug", "sus"})
_SYMBOL = re.compile(r"([A-G][#b♯♭]?)(m|min|maj7|M7|m7|min7|maj9|m9|m11|sus2|sus4|dim|dim7|aug|add9|m6|m7b5|7sus4)")


def parse_chord(text: str) -> tuple[int, ...]:
    """Intervals of a chord's name (`minor 7`, `maj9`) or of numbers (`0 3 7`, `0,7,12`). Raises BadRequest."""
    plain = " ".join(text.split())
    if re.fullmatch(r"\d{1,2}(?:[ ,]+\d{1,2})+", plain):
        found = tuple(sorted({int(number) for number in re.split(r"[ ,]+", plain)}))
        if found[0] != 0 or found[-1] > HIGHEST_INTERVAL or len(found) > MOST_NOTES:
            raise BadRequest(
                f"“{text[:40]}” is no chord: begin at 0, go up to {HIGHEST_INTERVAL}, name at most {MOST_NOTES} notes."
            )
        return found
    chord = NAMES.get(plain) or NAMES.get(_folded(plain))
    if chord is None:
        raise BadRequest(f"“{text[:40]}” is no chord. Write one like minor 7, power chord, octave, or 0 3 7.")
    return chord


def chord_name(chord: tuple[int, ...]) -> str:
    """`minor 7`; the intervals themselves for a chord without a name; nothing for a note."""
    return "" if chord == NOTE else _SHOWN.get(chord, " ".join(map(str, chord)))


def spelled_out() -> dict[str, tuple[int, ...]]:
    """Names that can stand anywhere in a prompt without being taken for something else: no bare symbols."""
    return {name: chord for name, chord in NAMES.items() if len(name) > 2 and name not in _ELSEWHERE}


def split_symbol(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Note and chord of a symbol such as `F#m7`; None for anything else (`C7` is a note in octave 7)."""
    match = _SYMBOL.fullmatch(text)
    return None if match is None else (match[1], NAMES[match[2]])


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))
