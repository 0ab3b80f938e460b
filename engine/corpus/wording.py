"""Which adjectives a measured sound bears out, and drawing some of them."""

from __future__ import annotations

import numpy as np

from engine.adjectives import ADJECTIVES, Adjective, Language
from engine.corpus import phrases
from engine.corpus.attributes import Attributes
from engine.corpus.dice import weighted
from engine.qualities import QUALITIES

AUDIBLE = 1 / 3  # |quantile| from which a quality may be named: the top and the bottom third of the family
STRONG, WEAK = 0.85, 0.5  # |quantile| above or below which "very" or "slightly" may be said

BY_LANGUAGE: dict[Language, tuple[Adjective, ...]] = {
    language: tuple(row for row in ADJECTIVES if row.language == language) for language in ("en", "es")
}
# How common a word is: the first of each scale most, the others of the scale less, rare and compound words least.
_COMMON: dict[str, float] = {
    word: 6.0 if place == 0 else 3.0
    for quality in QUALITIES.values()
    for words in (quality.low, quality.high, quality.low_es, quality.high_es)
    for place, word in enumerate(words)
}


def fitting(attributes: Attributes, language: Language, phrases_too: bool = True) -> list[tuple[Adjective, float]]:
    """Adjectives that the measured qualities bear out, each with how far they do (0.33..1)."""
    wet = any("reverb" in word for word in attributes.words)
    rows = []
    for row in BY_LANGUAGE[language]:
        if row.phrase and not phrases_too:
            continue
        share = min(attributes.qualities.get(axis, 0.0) * (1 if sign > 0 else -1) for axis, sign in row.axes.items())
        if share <= AUDIBLE or (wet and row.word in ("dry", "seco")):
            continue
        if attributes.group in phrases.ONLY_FOR.get(row.word, (attributes.group,)):
            rows.append((row, share))
    return rows


def drawn(
    attributes: Attributes, rng: np.random.Generator, language: Language, count: int, phrases_too: bool = False
) -> list[tuple[Adjective, float]]:
    """Up to `count` of the fitting adjectives, no two of them about the same qualities; the clearest are likeliest."""
    rows = fitting(attributes, language, phrases_too)
    chosen: list[tuple[Adjective, float]] = []
    spoken: set[str] = set()
    while rows and len(chosen) < count:
        crowd: dict[frozenset[str], float] = {}
        for row, _ in rows:
            crowd[frozenset(row.axes)] = crowd.get(frozenset(row.axes), 0.0) + _COMMON.get(row.word, 1.0)
        # A quality with many synonyms is not named more often than one with few; one alone oftener than two at once.
        found = weighted(
            rng,
            [
                ((row, share), share**2 * _COMMON.get(row.word, 1.0) / crowd[frozenset(row.axes)] / len(row.axes) ** 2)
                for row, share in rows
            ],
        )
        chosen.append(found)
        spoken |= set(found[0].axes)
        rows = [(row, share) for row, share in rows if not set(row.axes) <= spoken]
    return chosen
