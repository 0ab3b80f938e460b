"""Reading a prompt: which family, note, length and qualities its words ask for. English, NSynth's tags and Spanish."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from engine.chords import chord_name, split_symbol
from engine.families import FAMILIES
from engine.pitch import note_name
from engine.text.notation import find_note, find_seconds, pitch_class
from engine.text.tokens import words_of
from engine.text.vocabulary import (
    AND_ALSO,
    FILLERS,
    JOINED,
    TURNED,
    VIBRATO,
    WEAK_NAMES,
    Vibrato,
    chords,
    degrees,
    families,
    negations,
    qualities,
    vibratos,
    widths,
)

INSIDE_A_NAME = 0.5  # "warm pad" is a name first, and only then a wish for warmth
MIDDLE_NOTE = 60
NARROW, STEREO, WIDEST = 25.0, 90.0, 150.0  # percent of width: what "not wide" asks for, what "not mono", and the most
LITTLE, HALF = 0.4, 0.5  # of a vibrato, where "less" or "not too much" is wished; what is denied by more goes
DEEPER, DEEPEST_CENTS = 2.0, 100.0
_KEYS = frozenset("ABCDEFG")
_ENDS_THE_HEAD = frozenset({"with", "like", "for", "over", "plus", "behind", "con", "como", "para", "sobre"})


@dataclass(frozen=True)
class Reading:
    """What a prompt says. None and missing qualities: it does not say.

    family: key in `engine.families`. note: MIDI note. seconds: 0.1..5. qualities: quality -> -1..1.
    chord: semitones above the note that sound with it. width: percent of stereo width, 0..150.
    vibrato: what is asked of it, down to none at all.
    words: all words, folded. unknown: those that meant nothing to this reading (they still reach the text encoder).
    """

    family: str | None = None
    note: int | None = None
    seconds: float | None = None
    chord: tuple[int, ...] | None = None
    width: float | None = None
    vibrato: Vibrato | None = None
    qualities: dict[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def understood(self) -> dict[str, Any]:
        """What was read, JSON-ready; only what the prompt says."""
        row: dict[str, Any] = {}
        if self.family is not None:
            row["family"] = self.family
        if self.note is not None:
            row |= {"note": self.note, "note_name": note_name(self.note)}
        if self.seconds is not None:
            row["seconds"] = self.seconds
        if self.chord is not None:
            row["chord"] = chord_name(self.chord)
        if self.width is not None:
            row["width"] = self.width
        if self.vibrato is not None:
            row["vibrato_cents"] = self.vibrato.cents
            if self.vibrato.rate_hz is not None:
                row["vibrato_rate_hz"] = self.vibrato.rate_hz
        if self.qualities:
            row["qualities"] = dict(self.qualities)
        if self.unknown:
            row["unknown"] = list(self.unknown)
        return row


@dataclass(frozen=True)
class _Name:
    """A family's name found in the prompt."""

    key: str
    spanish: bool
    count: int
    weak: bool
    in_head: bool


def read_prompt(prompt: str) -> Reading:
    """What `prompt` says; any text is safe, and takes time linear in its length."""
    words = words_of(prompt)
    texts = tuple(word.text for word in words)
    shouted = prompt.upper() == prompt
    seconds: float | None = None
    note: float | None = None
    octave = True
    chord: tuple[int, ...] | None = None
    width: float | None = None
    vibrato: Vibrato | None = None
    names: list[_Name] = []
    sums: dict[str, float] = {}
    unknown: list[str] = []
    degree, negation = 1.0, 0.0
    head = True
    place = 0
    while place < len(words):
        word = words[place]
        head = head and word.text not in _ENDS_THE_HEAD
        here_negation = 0.75 if word.minus else negation
        count = 1
        if (length := find_seconds(words, place)) and not word.minus:
            seconds, count = length.value, length.count
        elif (symbol := split_symbol(word.shown)) and not word.minus:
            name, chord = symbol
            note, octave = float(pitch_class(name)), False
        elif (sounded := _chord(texts, place)) and not word.minus:
            count = sounded[0]
            chord = chord if here_negation else sounded[1]
            if note is None and place and words[place - 1].shown in _KEYS:  # "A minor pad"
                note, octave = float(pitch_class(words[place - 1].shown)), False
            degree, negation = 1.0, 0.0
        elif (found := find_note(words, place, shouted)) and not word.minus:
            if note is None or found.octave or not octave:
                note, octave = found.value, found.octave
            count = found.count
        elif swing := vibratos().longest(texts, place):
            count, vibrato = swing[0], _vibrato(swing[1], degree, here_negation)
            _ask(sums, qualities().rows[(VIBRATO,)], -here_negation or degree)
            degree, negation = 1.0, negation if _carried(texts, place + count) else 0.0
        elif (match := _meaning(texts, place)) is not None:
            count, key, spanish, axes = match
            if key is not None and not here_negation:
                weak = " ".join(texts[place : place + count]) in WEAK_NAMES
                names.append(_Name(key, spanish, count, weak, head))
            _ask(sums, axes, -here_negation or degree)
            degree, negation = 1.0, negation if _carried(texts, place + count) else 0.0
        elif wide := widths().longest(texts, place):
            count, width = wide[0], _width(wide[1], degree, here_negation)
            degree, negation = 1.0, 0.0
        elif turned := negations().longest(texts, place):
            count, negation = turned
        elif raised := degrees().longest(texts, place):
            count, degree = raised
        elif word.text not in FILLERS:
            unknown.append(word.text)
            degree, negation = 1.0, 0.0
        place += count
        if words[place - 1].last:
            degree, negation = 1.0, 0.0
    family, turning = _family(names, texts)
    return Reading(
        family=family,
        note=_note(note, octave, family),
        seconds=seconds,
        chord=chord,
        width=width,
        vibrato=vibrato,
        qualities={axis: round(min(1.0, max(-1.0, value)), 3) for axis, value in sums.items() if abs(value) > 1e-6},
        words=texts,
        unknown=tuple(text for text in unknown if text != turning),
    )


def _ask(sums: dict[str, float], axes: dict[str, float], scale: float) -> None:
    """Adds what a word asks of each quality, so much the more or turned round."""
    for axis, value in axes.items():
        sums[axis] = sums.get(axis, 0.0) + value * scale


def _meaning(texts: tuple[str, ...], place: int) -> tuple[int, str | None, bool, dict[str, float]] | None:
    """(words, family, Spanish, qualities) of the longest name or adjective at `place`."""
    name, quality = families().longest(texts, place), qualities().longest(texts, place)
    if name and (quality is None or name[0] >= quality[0]):
        count, (key, spanish) = name
        inside: dict[str, float] = {}
        for offset in range(count if count > 1 else 0):
            if found := qualities().longest(texts[: place + count], place + offset):
                inside |= {axis: value * INSIDE_A_NAME for axis, value in found[1].items()}
        return count, key, spanish, inside
    return (quality[0], None, False, quality[1]) if quality else None


def _chord(texts: tuple[str, ...], place: int) -> tuple[int, tuple[int, ...]] | None:
    """(words, intervals) of a chord at `place`, unless a longer name begins there ("power chord guitar")."""
    found, name = chords().longest(texts, place), families().longest(texts, place)
    return None if found is None or (name is not None and name[0] > found[0]) else found


def _carried(texts: tuple[str, ...], place: int) -> bool:
    """Whether a negation holds for what comes next, too: "no reverb or delay"."""
    return texts[place : place + 1] != () and texts[place] in AND_ALSO


def _vibrato(asked: Vibrato, degree: float, negation: float) -> Vibrato:
    """A phrase's vibrato, deeper or shallower; none when it is denied, little when it shall not be "too much"."""
    if negation:
        return Vibrato(asked.cents * LITTLE if negation <= HALF else 0.0)
    deeper = min(DEEPEST_CENTS, asked.cents * (DEEPER if degree > 1 else degree))
    return replace(asked, cents=round(deeper, 1))


def _width(asked: float, degree: float, negation: float) -> float:
    """A word's width, more or less of it ("very wide", "a bit narrow"), or what is left when it is denied."""
    if negation:
        return STEREO if asked <= NARROW else NARROW
    if asked <= NARROW:
        return min(STEREO, asked / degree)
    return min(WIDEST, asked * degree)


def _family(names: list[_Name], texts: tuple[str, ...]) -> tuple[str | None, str]:
    """The family that is meant, and a word that turned it into another: "open" makes a hat an open hat.

    Strong names before weak, the head of the phrase before what follows "with", longer names before shorter, then the
    last in English ("bell pad"), the first in Spanish ("pad de campanas").
    """
    if not names:
        return None, ""
    for pair, joined in JOINED.items():
        if pair <= {name.key for name in names}:
            kept = [name for name in names if name.key not in pair]
            if all(name.weak for name in kept):
                return joined, ""
    spanish = any(name.spanish for name in names if not name.weak)
    order = range(0, -len(names), -1) if spanish else range(len(names))
    ranked = [(not name.weak, name.in_head, name.count, turn) for name, turn in zip(names, order, strict=True)]
    best = names[ranked.index(max(ranked))].key
    for (key, word), turned in TURNED.items():
        if key == best and word in texts:
            return turned, word
    return best, ""


def _note(note: float | None, octave: bool, family: str | None) -> int | None:
    """The note; one named without its octave lies as near as can be to where the family usually plays."""
    if note is None:
        return None
    if octave:
        return int(note)
    home = (FAMILIES[family].default_note if family else None) or MIDDLE_NOTE
    return home + (int(note) - home + 6) % 12 - 6
