"""Notes and lengths in a prompt: `F#1`, `fa sostenido 2`, `midi note 36`, `2s`, `half a second`, `medio segundo`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.params import PARAMS
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE
from engine.text.tokens import Word
from engine.text.vocabulary import MILLISECOND_UNITS, NUMBERS, SECOND_UNITS

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SOLFEGE = {"do": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_ACCIDENTALS = {"#": 1, "b": -1, "sharp": 1, "flat": -1, "sostenido": 1, "bemol": -1, "": 0}
_NAME = re.compile(r"(do|re|mi|fa|sol|la|si|[a-g])(#|b)?(\d)?")
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)([a-z]*)")
_BEFORE_A_KEY = frozenset({"in", "en", "key", "note", "nota", "of", "tuned", "afinado"})
_BEFORE_A_NUMBER = frozenset({"note", "midi", "nota", "key"})
LONGEST_JOINED_S = 20  # "2s" is a length, "80s" a decade


@dataclass(frozen=True)
class Found:
    """count: how many words it takes. value: MIDI note, pitch class 0..11 when `octave` is false, or seconds."""

    count: int
    value: float
    octave: bool = True


def find_note(words: list[Word], start: int, shouted: bool) -> Found | None:
    """A note that begins at word `start`. `shouted`: the prompt is all capitals, so that a lone A may be an article."""
    word = words[start]
    before = words[start - 1].text if start else ""
    if before in _BEFORE_A_NUMBER and word.text.isdecimal() and len(word.text) < 4:
        return _checked(1, int(word.text))
    match = _NAME.fullmatch(word.text)
    if match is None:
        return None
    name, accidental, octave = match.groups()
    count, sign = 1, accidental or ""
    if (
        octave is None
        and accidental is None
        and _text(words, start + 1) in ("sharp", "flat", "sostenido", "bemol", "#")
    ):
        count, sign = 2, _text(words, start + 1)
    if octave is None and re.fullmatch(r"\d", _text(words, start + count)) and (sign or name in _SOLFEGE):
        # "fa 2", "F# 1"; but "la 2 s" and "mi 2 segundos" speak of lengths
        if _text(words, start + count + 1) not in SECOND_UNITS | MILLISECOND_UNITS:
            octave, count = _text(words, start + count), count + 1
    number = (_SOLFEGE | _LETTERS)[name] + _ACCIDENTALS[sign]
    if octave is not None:
        return _checked(count, 12 * (int(octave) + 1) + number)
    if sign and ((name in _LETTERS and (sign != "b" or before in _BEFORE_A_KEY)) or count == 2):
        return Found(count, number % 12, octave=False)
    if before in _BEFORE_A_KEY and word.shown.isupper() and name in _LETTERS and not shouted:
        return Found(count, number % 12, octave=False)
    return None


def pitch_class(name: str) -> int:
    """0..11 of `C`, `F#`, `Bb`."""
    folded = name.lower().replace("♯", "#").replace("♭", "b")
    return (_LETTERS[folded[0]] + _ACCIDENTALS[folded[1:]]) % 12


def _checked(count: int, note: int) -> Found | None:
    return Found(count, note) if LOWEST_NOTE <= note <= HIGHEST_NOTE else None


def find_seconds(words: list[Word], start: int) -> Found | None:
    """A length that begins at word `start`, held to what a sound may last."""
    text = words[start].text
    match = _LENGTH.fullmatch(text)
    if match:
        number, unit = float(match[1]), match[2]
        count = 1
        if not unit:
            unit, count = _text(words, start + 1), 2
        elif unit == "s" and number > LONGEST_JOINED_S:
            return None
    elif text in NUMBERS:
        number, count = NUMBERS[text], 1
        rest = [_text(words, start + ahead) for ahead in range(1, 6)]
        if rest[:3] in (["and", "a", "half"], ["and", "a", "quarter"]):
            number, count = number + NUMBERS[rest[2]], 4
        elif number < 1 and rest[0] in ("a", "of", "de"):
            count = 3 if rest[1] == "a" else 2
        unit, count = _text(words, start + count), count + 1
        if unit in SECOND_UNITS and rest[count - 1 : count + 1] == ["y", "medio"]:
            number, count = number + 0.5, count + 2
    elif text == "segundo" and [_text(words, start + 1), _text(words, start + 2)] == ["y", "medio"]:
        return Found(3, 1.5)
    else:
        return None
    if unit in MILLISECOND_UNITS:
        number /= 1000
    elif unit not in SECOND_UNITS or (unit == "s" and not match):
        return None
    spec = PARAMS["seconds"]
    return Found(count, min(spec.high, max(spec.low, number))) if number > 0 else None


def _text(words: list[Word], place: int) -> str:
    return words[place].text if place < len(words) else ""
