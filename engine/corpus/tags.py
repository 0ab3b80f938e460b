"""Captions as lists of tags in the words of NSynth (Engel et al. 2017): `synthetic distortion fast_decay keyboard`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.corpus.attributes import Attributes
from engine.corpus.dice import chance, pick
from engine.families import FAMILIES
from engine.pitch import note_name


def _quality(key: str, low: float, high: float) -> Callable[[Attributes], bool]:
    return lambda attributes: low < attributes.qualities.get(key, 0.0) < high


def _word(*parts: str) -> Callable[[Attributes], bool]:
    return lambda attributes: any(part in word for word in attributes.words for part in parts)


# NSynth's ten qualities in its order, and when a sound of ours has each.
QUALITIES: dict[str, Callable[[Attributes], bool]] = {
    "bright": _quality("brightness", 1 / 3, 2),
    "dark": _quality("brightness", -2, -1 / 3),
    "distortion": _word("distort", "overdriv", "drive", "crush", "fuzz"),
    "fast_decay": _quality("decay", -2, -1 / 3),
    "long_release": _quality("decay", 1 / 3, 2),
    "multiphonic": _word("chord", "fifth", "octave", "unison", "minor", "major"),
    "nonlinear_env": _quality("movement", 0.6, 2),
    "percussive": _quality("attack", -2, -1 / 3),
    "reverb": _word("reverb", "hall", "room", "plate"),
    "tempo-synced": _word("wobble", "tremolo", "gated", "pulsing", "lfo"),
}


def nsynth_tags(attributes: Attributes, rng: np.random.Generator) -> str:
    """Source, qualities and family, in NSynth's words mostly, in a shuffled order now and then."""
    family = FAMILIES[attributes.family]
    qualities = [tag for tag, holds in QUALITIES.items() if holds(attributes) and chance(rng, 0.8)]
    roll = rng.random()
    name = family.nsynth if roll < 0.35 and not attributes.nouns else family.key if roll < 0.7 else family.names[0]
    name = pick(rng, attributes.nouns) if attributes.nouns and chance(rng, 0.4) else name
    tags = [attributes.source, *qualities, name.replace(" ", "_")]
    if attributes.note is not None and chance(rng, 0.15):
        tags.append(note_name(attributes.note))
    if chance(rng, 0.3):
        tags = [tags[i] for i in rng.permutation(len(tags))]
    return pick(rng, (" ", " ", ", ")).join(tags)
