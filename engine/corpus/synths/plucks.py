"""Short synthesiser notes: plucks and single-note stabs, where the filter's envelope is the sound."""

from __future__ import annotations

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.instrument import LAYERED, play_layered
from engine.corpus.synths.spoken import spoken

_PLUCKS = ("saw", "square", "digital", "supersaw", "bell", "muted")
_STABS = ("saw", "organ", "square", "hoover", "digital")
QUICK_HOP = 256.0  # filter frames of 6 ms


def _draw_pluck(rng: np.random.Generator) -> Patch:
    index = int(choose(rng, (3, 2, 2.5, 2, 2, 1.5)))
    kind = _PLUCKS[index]
    patch: Patch = {
        **LAYERED,
        "kind": float(index),
        "hop": QUICK_HOP,
        "a_saw": 1.0 if kind in ("saw", "supersaw") else 0.0,
        "a_pulse": 0.8 if kind == "square" else perhaps(rng, 0.15, 0.2, 0.6),
        "a_width": 0.5 if rng.random() < 0.4 else between(rng, 0.1, 0.45),
        "a_digital": 1.0 if kind == "digital" else 0.0,
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.2, 1.1),
        "a_triangle": 1.0 if kind == "muted" else 0.0,
        "a_sine": 1.0 if kind == "bell" else perhaps(rng, 0.2, 0.2, 0.8),
        "a_odd": perhaps(rng, 0.15, 0.6, 1.0),
        "voices": 7.0 if kind == "supersaw" else (1.0, 2.0, 3.0)[int(choose(rng, (4, 2, 1)))],
        "detune_cents": spread(rng, 8, 40) if kind == "supersaw" else spread(rng, 2, 14),
        "b_saw": 0.6,
        "b_sine": 0.5,
        "b_level": perhaps(rng, 0.35, 0.2, 0.7),
        "b_ratio": (2.0, 1.0, 3.0, 4.0)[int(choose(rng, (3, 2, 1, 0.7)))],
        "b_cents": between(rng, -8, 8),
        "noise": perhaps(rng, 0.35, 0.1, 0.6),
        "noise_s": spread(rng, 0.003, 0.04),
        "retrigger": float(rng.random() < 0.4),
        "layer": between(rng, 0.5, 1.0) if kind == "bell" else perhaps(rng, 0.12, 0.2, 0.6),
        "ratio2": (2.0, 3.0, 4.0, 5.0, 7.0, 3.5)[int(choose(rng, (2, 2, 2, 1, 1, 1)))],
        "ratio3": (1.0, 2.0, 4.0, 9.0)[int(choose(rng, (2, 1, 1, 1)))],
        "half_life2_s": spread(rng, 0.015, 0.25),
        "half_life3_s": spread(rng, 0.01, 0.1),
        "floor2": 0.0,
        "floor3": 0.0,
        "index21": between(rng, 0.6, 3.5),
        "index31": perhaps(rng, 0.5, 0.4, 2.5),
        "cutoff_hz": spread(rng, 250, 2500),
        "cutoff_key": between(rng, 0.3, 1.0),
        "resonance": spread(rng, 0.6, 6),
        "steep": float(rng.random() < 0.55),
        "env_octaves": between(rng, 1.5, 5.0),
        "env_decay_s": spread(rng, 0.06, 0.8),
        "force_octaves": between(rng, 1.0, 2.2),
        "high": perhaps(rng, 0.12, 0.1, 0.4),
        "bell_hz": spread(rng, 400, 4000),
        "bell_gain": perhaps(rng, 0.3, -0.7, 3.0),
        "drive": perhaps(rng, 0.25, 0.3, 4.0),
        "attack_s": spread(rng, 0.001, 0.004),
        "decay_s": spread(rng, 0.25, 3.0),
        "sustain": perhaps(rng, 0.12, 0.05, 0.3),
        "release_s": spread(rng, 0.05, 0.5),
        "curve": between(rng, 4.5, 8),
        "crush_bits": perhaps(rng, 0.05, 3.0, 6.0),
    }
    if kind == "bell":
        patch |= {"cutoff_hz": spread(rng, 1500, 8000), "resonance": 0.7}
    if kind == "muted":
        patch |= {
            "cutoff_hz": spread(rng, 250, 900),
            "env_octaves": between(rng, 1.0, 2.5),
            "env_decay_s": spread(rng, 0.03, 0.2),
        }
        patch |= {"decay_s": spread(rng, 0.12, 0.6), "noise": between(rng, 0.1, 0.6)}
    return patch


def _draw_stab(rng: np.random.Generator) -> Patch:
    index = int(choose(rng, (3.5, 2, 1.5, 2, 1.5)))
    kind = _STABS[index]
    return {
        **LAYERED,
        "kind": float(index),
        "hop": QUICK_HOP,
        "a_saw": 1.0 if kind in ("saw", "hoover") else 0.0,
        "a_pulse": 0.8 if kind == "square" else perhaps(rng, 0.2, 0.2, 0.6),
        "a_width": between(rng, 0.15, 0.5),
        "a_digital": 1.0 if kind in ("digital", "organ") else 0.0,
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.9, 1.5) if kind == "organ" else between(rng, 0.2, 0.9),
        "a_sine": between(rng, 0.5, 1.0) if kind == "organ" else perhaps(rng, 0.2, 0.2, 0.8),
        "a_sync": perhaps(rng, 0.15, 0.6, 1.2),
        "a_sync_ratio": between(rng, 1.2, 4.8),
        "voices": (1.0, 2.0, 3.0, 5.0)[int(choose(rng, (1, 2, 3, 1)))] if kind != "organ" else 1.0,
        "detune_cents": spread(rng, 5, 35),
        "twin": -0.9 if kind == "hoover" else perhaps(rng, 0.2, 0.3, 0.9),
        "twin_width": between(rng, 0.2, 0.5),
        "twin_depth": between(rng, 0.1, 0.35),
        "twin_hz": spread(rng, 1.0, 7.0) if kind == "hoover" else spread(rng, 0.2, 2.0),
        "b_saw": 0.7,
        "b_pulse": 0.3,
        "b_level": perhaps(rng, 0.6, 0.3, 0.9),
        "b_ratio": (2.0, 1.0, 3.0)[int(choose(rng, (3, 1.5, 1.3)))],
        "b_cents": between(rng, -10, 10),
        "noise": perhaps(rng, 0.4, 0.05, 0.5),
        "noise_s": spread(rng, 0.004, 0.15),
        "layer": between(rng, 0.3, 0.9) if kind == "organ" else perhaps(rng, 0.15, 0.2, 0.6),
        "ratio2": (1.0, 2.0, 3.0, 4.0)[int(choose(rng, (1, 2, 2, 1)))],
        "half_life2_s": spread(rng, 0.02, 0.3),
        "floor2": perhaps(rng, 0.5, 0.0, 0.5),
        "index21": between(rng, 0.5, 3.0),
        "feedback": perhaps(rng, 0.3, 0.1, 0.8),
        "cutoff_hz": spread(rng, 400, 5000),
        "cutoff_key": between(rng, 0.2, 0.7),
        "resonance": spread(rng, 0.6, 5),
        "steep": float(rng.random() < 0.5),
        "env_octaves": between(rng, 0.8, 4.0),
        "env_attack_s": spread(rng, 0.001, 0.01) if rng.random() < 0.85 else spread(rng, 0.03, 0.12),
        "env_decay_s": spread(rng, 0.05, 0.5),
        "force_octaves": between(rng, 0.8, 2.0),
        "band": perhaps(rng, 0.15, 0.2, 0.8),
        "high": perhaps(rng, 0.15, 0.1, 0.4),
        "bell_hz": spread(rng, 400, 3000),
        "bell_gain": perhaps(rng, 0.35, -0.7, 3.5),
        "bell_q": between(rng, 1, 5),
        "drive": perhaps(rng, 0.5, 0.4, 7.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.6),
        "glide_octaves": perhaps(rng, 0.7, -0.5, 0.5) if kind == "hoover" else 0.0,
        "glide_s": spread(rng, 0.015, 0.06),
        "attack_s": spread(rng, 0.001, 0.008),
        "decay_s": spread(rng, 0.15, 1.2),
        "sustain": perhaps(rng, 0.35, 0.1, 0.8),
        "release_s": spread(rng, 0.03, 0.25),
        "curve": between(rng, 4, 7),
        "crush_bits": perhaps(rng, 0.08, 3.0, 6.0),
    }


def _pluck_words(patch: Patch) -> list[str]:
    said = {"bell": ["bell-like"], "muted": ["muted"], "supersaw": ["supersaw"]}.get(_PLUCKS[int(patch["kind"])], [])
    return [*said, *(word for word in spoken(patch) if word != "filter sweep")]


def _stab_words(patch: Patch) -> list[str]:
    said = {"organ": ["organ"], "hoover": ["hoover", "rave"]}.get(_STABS[int(patch["kind"])], [])
    return [*said, *(word for word in spoken(patch) if word != "filter sweep")]


SYNTHS: tuple[Synth, ...] = (
    Synth("pluck", _draw_pluck, play_layered, _pluck_words),
    Synth("stab", _draw_stab, play_layered, _stab_words),
)
