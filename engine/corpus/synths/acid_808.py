"""Two basses with a machine of their own: the resonant acid line and the long, falling 808."""

from __future__ import annotations

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.instrument import SUBTRACTIVE, play_subtractive
from engine.corpus.synths.spoken import spoken


def _draw_acid(rng: np.random.Generator) -> Patch:
    square = rng.random() < 0.35
    return {
        **SUBTRACTIVE,
        "a_saw": 0.0 if square else 1.0,
        "a_pulse": 0.8 if square else 0.0,
        "a_width": between(rng, 0.42, 0.5),
        "cutoff_hz": spread(rng, 180, 1500),
        "cutoff_key": between(rng, 0.0, 0.5),
        "resonance": spread(rng, 3, 22),
        "steep": float(rng.random() < 0.7),
        "env_octaves": between(rng, 1.2, 5.0),
        "env_attack_s": spread(rng, 0.001, 0.006),
        "env_decay_s": spread(rng, 0.08, 1.2),
        "env_sustain": perhaps(rng, 0.3, 0.0, 0.3),
        "force_octaves": between(rng, 1.0, 2.5),
        "drive": perhaps(rng, 0.65, 0.5, 11.0),
        "bias": perhaps(rng, 0.4, 0.1, 0.6),
        "glide_octaves": perhaps(rng, 0.3, -1.0, 1.0),
        "glide_s": spread(rng, 0.012, 0.05),
        "b_pulse": 0.8,
        "b_level": perhaps(rng, 0.2, 0.3, 0.8),
        "b_ratio": (1.0, 2.0)[int(choose(rng, (1, 1)))],
        "b_cents": between(rng, -6, 6),
        "attack_s": spread(rng, 0.001, 0.006),
        "decay_s": spread(rng, 0.25, 2.5),
        "sustain": perhaps(rng, 0.5, 0.2, 1.0),
        "release_s": spread(rng, 0.02, 0.15),
        "curve": between(rng, 3, 6),
    }


def _draw_808(rng: np.random.Generator) -> Patch:
    sliding = rng.random() < 0.15
    dirty = rng.random() < 0.45
    return {
        **SUBTRACTIVE,
        "a_sine": 1.0,
        "a_triangle": perhaps(rng, 0.35, 0.1, 0.8),
        "a_digital": perhaps(rng, 0.3, 0.05, 0.3),
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 1.0, 1.8),
        "retrigger": 1.0,
        "glide_octaves": between(rng, -0.8, 0.8) if sliding else spread(rng, 0.3, 3.5),
        "glide_s": spread(rng, 0.03, 0.1) if sliding else spread(rng, 0.004, 0.035),
        "noise": perhaps(rng, 0.5, 0.1, 0.9),
        "noise_s": spread(rng, 0.001, 0.008),
        "cutoff_hz": spread(rng, 900, 12000),
        "cutoff_key": between(rng, 0.0, 0.4),
        "env_octaves": perhaps(rng, 0.4, 0.5, 3.0),
        "env_decay_s": spread(rng, 0.02, 0.3),
        "force_octaves": between(rng, 0.5, 1.5),
        "drive": between(rng, 3.0, 14.0) if dirty else perhaps(rng, 0.6, 0.2, 2.5),
        "bias": perhaps(rng, 0.35, 0.1, 0.6),
        "bell_hz": spread(rng, 90, 500),
        "bell_gain": perhaps(rng, 0.3, -0.5, 1.5),
        "bell_q": between(rng, 0.7, 2),
        "attack_s": spread(rng, 0.001, 0.008),
        "decay_s": spread(rng, 0.7, 7),
        "sustain": 0.0,
        "release_s": spread(rng, 0.1, 1.0),
        "curve": between(rng, 3, 7),
    }


def _words_808(patch: Patch) -> list[str]:
    punchy = patch["glide_s"] < 0.03 and patch["glide_octaves"] > 1.2
    sliding = patch["glide_s"] >= 0.03
    words = [word for word in spoken(patch) if word not in ("glide", "sine wave")]
    return [*words, *(["pitch drop"] if punchy else []), *(["glide"] if sliding else [])]


def _words_acid(patch: Patch) -> list[str]:
    return [
        "squelchy" if patch["resonance"] > 7 else "resonant",
        *(word for word in spoken(patch) if word != "resonant"),
    ]


SYNTHS: tuple[Synth, ...] = (
    Synth("acid_bass", _draw_acid, play_subtractive, _words_acid),
    Synth("bass_808", _draw_808, play_subtractive, _words_808),
)
