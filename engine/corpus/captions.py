"""Captions: what a person might type for a given sound. Drawn anew each time, so that a model hears many wordings.

An adjective is only used when the measured qualities of that very sound bear it out: it must lie in the outer thirds
of its family. Styles: plain English, producer talk, requests, NSynth tags, bare names, lists, Spanish.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.adjectives import Adjective
from engine.corpus import phrases
from engine.corpus.attributes import Attributes
from engine.corpus.captions_es import spanish
from engine.corpus.dice import chance, pick, weighted
from engine.corpus.tags import nsynth_tags
from engine.corpus.wording import BY_LANGUAGE, STRONG, WEAK, drawn
from engine.families import FAMILIES
from engine.pitch import note_name
from engine.qualities import QUALITIES

_OPPOSITES: dict[tuple[str, bool], tuple[Adjective, ...]] = {
    (axis, high): tuple(
        row
        for row in BY_LANGUAGE["en"]
        if len(row.axes) == 1 and not row.phrase and (row.axes.get(axis, 0.0) > 0) == high and axis in row.axes
    )
    for axis in QUALITIES
    for high in (False, True)
}


def caption(attributes: Attributes, rng: np.random.Generator) -> str:
    """A caption of a sound with these attributes: one line, never empty, the same for the same state of `rng`."""
    text = weighted(rng, _STYLES)(attributes, rng)
    return _dressed(" ".join(text.split()), rng)


def _degree(adjective: Adjective, share: float, rng: np.random.Generator) -> str:
    """The word with "very" or "slightly" before it where the sound is so and the dice say so."""
    if len(adjective.axes) > 1 or adjective.phrase:
        return adjective.word
    if share > STRONG and chance(rng, 0.25):
        return f"{pick(rng, phrases.STRONG)} {adjective.word}"
    if share < WEAK and chance(rng, 0.25):
        return f"{pick(rng, phrases.WEAK)} {adjective.word}"
    return adjective.word


def _noun(attributes: Attributes, rng: np.random.Generator) -> str:
    """What the sound is: its own name, its family's, now and then only its group's."""
    family = FAMILIES[attributes.family]
    if attributes.nouns:
        noun = pick(rng, attributes.nouns) if chance(rng, 0.65) else family.names[0]
    elif chance(rng, 0.05):
        noun = pick(rng, phrases.GROUP_NOUNS[family.group])
    else:
        noun = family.names[0] if chance(rng, 0.45) else pick(rng, family.names)
    return noun


def _ending(attributes: Attributes, noun: str, rng: np.random.Generator) -> str:
    if not chance(rng, 0.14):
        return ""
    ending = pick(rng, phrases.ENDINGS if chance(rng, 0.5) else phrases.GROUP_ENDINGS[attributes.group])
    return "" if ending.split()[0] in noun.split() else ending


def _character(attributes: Attributes, noun: str, rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Words that come before the noun, and those that come after it ("with reverb")."""
    fresh = [word for word in attributes.words if word not in noun]
    found = [fresh[i] for i in rng.permutation(len(fresh))[:count]]
    after = [word for word in found if word.startswith(("with ", "and ", "in ", "from "))]
    before = [word for word in found if word not in after]
    if chance(rng, 0.07) and not any(word in noun for word in phrases.SOURCE_WORDS[attributes.source]):
        before.append(pick(rng, phrases.SOURCE_WORDS[attributes.source]))
    return before, after


def _note(attributes: Attributes, rng: np.random.Generator, probability: float) -> str:
    if attributes.note is None or not chance(rng, probability):
        return ""
    name = note_name(attributes.note) if chance(rng, 0.7) else phrases.flat_name(attributes.note)
    name = name.lower() if chance(rng, 0.15) and not name.startswith("A") else name
    return pick(
        rng, ("in {}", "{}", "at {}", "note {}", "on {}", "({})", "playing {}", "key {}", "tuned to {}")
    ).format(name)


def _length(attributes: Attributes, rng: np.random.Generator, probability: float) -> str:
    if attributes.seconds is None or not chance(rng, probability):
        return ""
    seconds = round(attributes.seconds, 1) if attributes.seconds >= 0.25 else round(attributes.seconds, 2)
    forms = ["{0:g} second", "{0:g}s", "{0:g} s", "{0:g} sec", "{0:g}-second"]
    if seconds < 1:
        forms += ["{1:.0f} ms", "{1:.0f}ms", "{1:.0f} millisecond"]
    return pick(rng, forms).format(seconds, attributes.seconds * 1000)


def _touch(attributes: Attributes, rng: np.random.Generator) -> str:
    if attributes.velocity is None or not chance(rng, 0.06):
        return ""
    return (
        pick(rng, phrases.LOUD)
        if attributes.velocity >= 112
        else pick(rng, phrases.QUIET)
        if attributes.velocity <= 48
        else ""
    )


def _not(attributes: Attributes, rng: np.random.Generator) -> str:
    """ "not bright" for a sound that is clearly dark, now and then."""
    clear = [(axis, value) for axis, value in attributes.qualities.items() if abs(value) > 0.5]
    if not clear or not chance(rng, 0.05):
        return ""
    axis, value = clear[int(rng.integers(len(clear)))]
    return f"{pick(rng, ('not', 'not too', 'not very'))} {pick(rng, _OPPOSITES[axis, value < 0]).word}"


def _plain(attributes: Attributes, rng: np.random.Generator, most: int = 3) -> str:
    noun = _noun(attributes, rng)
    adjectives = [
        _degree(row, share, rng) for row, share in drawn(attributes, rng, "en", int(rng.integers(0, most + 1)))
    ]
    before, after = _character(attributes, noun, rng, int(rng.integers(0, 3)))
    words = [_length(attributes, rng, 0.12), *adjectives, *before, noun, _ending(attributes, noun, rng), *after]
    if chance(rng, 0.12):
        words += [
            f"with {row.word}"
            for row, _ in drawn(attributes, rng, "en", 1, True)
            if row.phrase and _is_a_thing(row.word)
        ]
    return " ".join([*words, _note(attributes, rng, 0.2), _not(attributes, rng), _touch(attributes, rng)])


def _is_a_thing(phrase: str) -> bool:
    """Whether "with" goes before a phrase: "with a soft attack", but not "with rings out"."""
    return not phrase.startswith(("rings", "lets", "fades", "fading"))


def _sentence(attributes: Attributes, rng: np.random.Generator) -> str:
    text = " ".join(_plain(attributes, rng, 2).split())
    return f"{'an' if text[0] in 'aeiou' or text.startswith('808') else 'a'} {text}"


def _request(attributes: Attributes, rng: np.random.Generator) -> str:
    return f"{pick(rng, phrases.OPENINGS)} {_sentence(attributes, rng)}"


def _producer(attributes: Attributes, rng: np.random.Generator) -> str:
    noun = _noun(attributes, rng)
    found = drawn(attributes, rng, "en", int(rng.integers(1, 5)), True)
    ahead = [_degree(row, share, rng) for row, share in found if not row.phrase]
    behind = [row.word for row, _ in found if row.phrase]
    if len(ahead) > 2:
        behind, ahead = behind + ahead[2:], ahead[:2]
    before, after = _character(attributes, noun, rng, int(rng.integers(0, 4)))
    head = " ".join([*ahead, *before, noun, _ending(attributes, noun, rng), *after])
    tail = [
        *behind,
        _not(attributes, rng),
        _length(attributes, rng, 0.1),
        _note(attributes, rng, 0.15),
        _touch(attributes, rng),
    ]
    return ", ".join(" ".join(part.split()) for part in [head, *tail] if part)


def _list(attributes: Attributes, rng: np.random.Generator) -> str:
    noun = _noun(attributes, rng)
    before, after = _character(attributes, noun, rng, 3)
    words = [row.word for row, _ in drawn(attributes, rng, "en", 4, True)] + before + after + [noun]
    words = [words[i] for i in rng.permutation(len(words))]
    return pick(rng, (", ", " ", " / ", ",")).join([*words, *filter(None, [_note(attributes, rng, 0.15)])])


def _bare(attributes: Attributes, rng: np.random.Generator) -> str:
    return " ".join([_noun(attributes, rng), _note(attributes, rng, 0.15)])


def _dressed(text: str, rng: np.random.Generator) -> str:
    """Lower case mostly, as people type; sometimes a capital, a full stop, or SHOUTING."""
    roll = rng.random()
    if roll < 0.1:
        text = text[0].upper() + text[1:]
        return text + "." if roll < 0.03 else text
    return text.upper() if roll < 0.125 else text.title() if roll < 0.15 and "'" not in text else text


_STYLES: tuple[tuple[Callable[[Attributes, np.random.Generator], str], float], ...] = (
    (_plain, 0.28),
    (_producer, 0.20),
    (spanish, 0.15),
    (_sentence, 0.08),
    (_request, 0.07),
    (nsynth_tags, 0.10),
    (_list, 0.06),
    (_bare, 0.06),
)
