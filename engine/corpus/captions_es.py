"""Spanish captions: nouns first, adjectives after them, in the noun's gender and number."""

from __future__ import annotations

import numpy as np

from engine.adjectives import spanish_form
from engine.corpus import phrases
from engine.corpus.attributes import Attributes
from engine.corpus.dice import chance, pick
from engine.corpus.wording import STRONG, WEAK, drawn
from engine.families import FAMILIES
from engine.pitch import note_name


def spanish(attributes: Attributes, rng: np.random.Generator) -> str:
    """A caption such as `bombo grave y seco`, without capitals."""
    noun = _noun(attributes, rng)
    feminine, plural = phrases.gender(noun)
    words, behind = [], []
    for adjective, share in drawn(attributes, rng, "es", int(rng.integers(0, 4)), True):
        if adjective.phrase:
            behind.append(adjective.word)
            continue
        word = spanish_form(adjective.word, feminine, plural)
        if share > STRONG and chance(rng, 0.2):
            word = f"{pick(rng, phrases.STRONG_ES)} {word}"
        elif share < WEAK and chance(rng, 0.2):
            word = f"{pick(rng, phrases.WEAK_ES)} {word}"
        words.append(word)
    if chance(rng, 0.06):
        words.insert(0, spanish_form(phrases.SOURCE_WORDS_ES[attributes.source], feminine, plural))
    for word in (phrases.WORDS_ES[word] for word in attributes.words if word in phrases.WORDS_ES):
        if chance(rng, 0.5) and word not in noun:
            behind.insert(0, spanish_form(word, feminine, plural))
    text = " ".join([noun, _joined(words, rng), *behind])
    if chance(rng, 0.15):
        article = {(False, False): "un", (True, False): "una", (False, True): "unos", (True, True): "unas"}
        text = f"{article[feminine, plural]} {text}"
        text = f"{pick(rng, phrases.OPENINGS_ES)} {text}" if chance(rng, 0.6) else text
    return " ".join([text, _note(attributes, rng), _length(attributes, rng)])


def _noun(attributes: Attributes, rng: np.random.Generator) -> str:
    family = FAMILIES[attributes.family]
    for noun in attributes.nouns:
        if noun in phrases.INSTRUMENTS_ES and chance(rng, 0.8):
            return phrases.INSTRUMENTS_ES[noun]
    if attributes.nouns:
        return phrases.GENERIC_ES.get(family.key, family.spanish[0])
    if chance(rng, 0.05):
        return pick(rng, phrases.GROUP_NOUNS_ES[family.group])
    return family.spanish[0] if chance(rng, 0.6) else pick(rng, family.spanish)


def _joined(words: list[str], rng: np.random.Generator) -> str:
    """`a`, `a y b`, `a, b y c`, or only spaces; "y" becomes "e" before an i."""
    if len(words) < 2 or chance(rng, 0.35):
        return " ".join(words)
    last = words[-1]
    return f"{', '.join(words[:-1])} {'e' if last.startswith(('i', 'hi')) else 'y'} {last}"


def _note(attributes: Attributes, rng: np.random.Generator) -> str:
    if attributes.note is None or not chance(rng, 0.18):
        return ""
    name = phrases.solfege(attributes.note) if chance(rng, 0.35) else note_name(attributes.note)
    return pick(rng, ("en {}", "nota {}", "{}", "afinado en {}")).format(name)


def _length(attributes: Attributes, rng: np.random.Generator) -> str:
    if attributes.seconds is None or not chance(rng, 0.12):
        return ""
    seconds = round(attributes.seconds, 1)
    if seconds < 1:
        return f"de {attributes.seconds * 1000:.0f} ms"
    return "de 1 segundo" if seconds == 1 else f"de {seconds:g} segundos".replace(".", "," if chance(rng, 0.5) else ".")
