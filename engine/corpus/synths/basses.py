"""Subtractive basses: sub, synth bass, reese. The lowest oscillator always sounds the played note."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.instrument import SUBTRACTIVE, play_subtractive
from engine.corpus.synths.spoken import spoken

_SYNTH_BASSES = ("saw", "square", "two oscillators", "pulse width", "digital", "octave", "triangle")


def _draw_sub(rng: np.random.Generator) -> Patch:
    plucked = rng.random() < 0.3
    kind = choose(rng, (3, 2, 1.2, 0.8))  # sine, triangle, sine with upper partials, filtered square
    return {
        **SUBTRACTIVE,
        "a_sine": 1.0 if kind in (0, 2) else 0.0,
        "a_triangle": 1.0 if kind == 1 else 0.0,
        "a_digital": between(rng, 0.1, 0.5) if kind == 2 else 0.0,
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.9, 1.6),
        "a_pulse": 0.8 if kind == 3 else 0.0,
        "a_width": between(rng, 0.3, 0.5),
        "retrigger": 1.0,
        "cutoff_hz": spread(rng, 300, 2200) if kind != 3 else spread(rng, 300, 700),
        "cutoff_key": between(rng, 0.3, 1.0),
        "steep": between(rng, 0, 1),
        "env_octaves": perhaps(rng, 0.4, 0.5, 2.5),
        "env_decay_s": spread(rng, 0.05, 0.5),
        "drive": perhaps(rng, 0.5, 0.3, 5.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.5),
        "glide_octaves": perhaps(rng, 0.2, -1.0, 1.0),
        "glide_s": spread(rng, 0.015, 0.08),
        "noise": perhaps(rng, 0.15, 0.1, 0.5),
        "noise_s": spread(rng, 0.004, 0.02),
        "vibrato_cents": perhaps(rng, 0.08, 6, 18),
        "vibrato_hz": between(rng, 3, 6),
        "vibrato_delay_s": between(rng, 0.2, 0.7),
        "tremolo": perhaps(rng, 0.1, 0.2, 0.7),
        "tremolo_hz": spread(rng, 1.5, 8),
        "attack_s": spread(rng, 0.003, 0.05) if rng.random() < 0.85 else spread(rng, 0.05, 0.3),
        "decay_s": spread(rng, 0.3, 1.2) if plucked else spread(rng, 0.8, 4),
        "sustain": 0.0 if plucked else between(rng, 0.5, 1.0),
        "release_s": spread(rng, 0.04, 0.6),
        "curve": between(rng, 3, 6),
    }


def _draw_synth_bass(rng: np.random.Generator) -> Patch:
    kind = _SYNTH_BASSES[int(choose(rng, (3, 2, 3, 1.5, 1.5, 1.5, 1)))]
    plucked = rng.random() < 0.4
    patch: Patch = {
        **SUBTRACTIVE,
        "a_saw": 1.0 if kind in ("saw", "two oscillators", "pulse width") else 0.0,
        "a_pulse": 0.8 if kind in ("square", "octave") else 0.0,
        "a_width": 0.5 if rng.random() < 0.5 else between(rng, 0.08, 0.45),
        "a_digital": 1.0 if kind == "digital" else 0.0,
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.4, 1.0),
        "a_sync": perhaps(rng, 0.1, 0.6, 1.3),
        "a_sync_ratio": between(rng, 1.2, 4.0),
        "a_triangle": 1.0 if kind == "triangle" else perhaps(rng, 0.2, 0.2, 0.8),
        "a_sine": perhaps(rng, 0.35, 0.3, 1.2),
        "voices": 2.0 if kind == "two oscillators" else (3.0 if rng.random() < 0.15 else 1.0),
        "detune_cents": spread(rng, 3, 18),
        "twin": -1.0 if kind == "pulse width" else 0.0,
        "twin_width": between(rng, 0.3, 0.5),
        "twin_depth": between(rng, 0.05, 0.25),
        "twin_hz": spread(rng, 0.3, 5),
        "b_level": between(rng, 0.3, 0.9) if kind == "octave" else perhaps(rng, 0.25, 0.2, 0.7),
        "b_ratio": 2.0 if kind == "octave" else (1.0, 2.0, 3.0)[int(choose(rng, (2, 3, 0.7)))],
        "b_cents": between(rng, -9, 9),
        "noise": perhaps(rng, 0.2, 0.05, 0.3),
        "noise_s": spread(rng, 0.01, 0.6),
        "retrigger": float(rng.random() < 0.4),
        **_plucked_filter(rng),
        **_square_or_saw_b(rng),
        "bell_hz": spread(rng, 250, 2500),
        "bell_gain": perhaps(rng, 0.3, -0.8, 4.0),
        "bell_q": between(rng, 1, 5),
        "drive": perhaps(rng, 0.5, 0.4, 9.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.8),
        "glide_octaves": perhaps(rng, 0.1, -1.0, 1.0),
        "glide_s": spread(rng, 0.015, 0.06),
        "attack_s": spread(rng, 0.001, 0.02),
        "decay_s": spread(rng, 0.15, 0.8) if plucked else spread(rng, 0.5, 3),
        "sustain": 0.0 if plucked else between(rng, 0.4, 1.0),
        "release_s": spread(rng, 0.03, 0.4),
        "curve": between(rng, 3.5, 7),
    }
    return patch


def _plucked_filter(rng: np.random.Generator) -> Patch:
    return {
        "cutoff_hz": spread(rng, 250, 4000),
        "cutoff_key": between(rng, 0.1, 0.7),
        "resonance": spread(rng, 0.6, 7),
        "steep": float(rng.random() < 0.6),
        "env_octaves": perhaps(rng, 0.8, 0.5, 4.5),
        "env_decay_s": spread(rng, 0.04, 1.0),
        "env_sustain": perhaps(rng, 0.5, 0.0, 0.6),
        "env_attack_s": spread(rng, 0.001, 0.01) if rng.random() < 0.85 else spread(rng, 0.05, 0.4),
        "force_octaves": between(rng, 0.8, 2.2),
        "lfo_octaves": perhaps(rng, 0.12, 0.3, 1.5),
        "lfo_hz": spread(rng, 0.5, 8),
        "lfo_square": perhaps(rng, 0.2, 0.3, 1.0),
    }


def _square_or_saw_b(rng: np.random.Generator) -> Patch:
    square = rng.random() < 0.5
    return {"b_saw": 0.0 if square else 1.0, "b_pulse": 0.8 if square else 0.0, "b_width": between(rng, 0.2, 0.5)}


def _draw_reese(rng: np.random.Generator) -> Patch:
    square = rng.random() < 0.2
    return {
        **SUBTRACTIVE,
        "a_saw": 0.0 if square else 1.0,
        "a_pulse": 0.8 if square else perhaps(rng, 0.2, 0.2, 0.6),
        "a_width": between(rng, 0.15, 0.5),
        "voices": (2.0, 3.0, 4.0, 5.0)[int(choose(rng, (4, 3, 1.5, 1)))],
        "detune_cents": spread(rng, 9, 50),
        "twin": perhaps(rng, 0.35, 0.4, 1.0),
        "twin_width": between(rng, 0.05, 0.5),
        "twin_depth": between(rng, 0.05, 0.4),
        "twin_hz": spread(rng, 0.1, 1.2),
        "b_sine": 1.0,
        "b_level": perhaps(rng, 0.6, 0.3, 1.0),
        "noise": perhaps(rng, 0.2, 0.02, 0.15),
        "cutoff_hz": spread(rng, 350, 6000),
        "cutoff_key": between(rng, 0.1, 0.6),
        "resonance": spread(rng, 0.6, 4.5),
        "steep": float(rng.random() < 0.5),
        "env_octaves": perhaps(rng, 0.35, -2.0, 3.0),
        "env_attack_s": spread(rng, 0.001, 0.8),
        "env_decay_s": spread(rng, 0.2, 2.0),
        "env_sustain": between(rng, 0, 0.6),
        "lfo_octaves": perhaps(rng, 0.55, 0.3, 1.6),
        "lfo_hz": spread(rng, 0.15, 4),
        "band": perhaps(rng, 0.15, 0.3, 1.0),
        "bell_hz": spread(rng, 200, 2200),
        "bell_gain": perhaps(rng, 0.45, -0.9, 4.0),
        "bell_q": between(rng, 1, 6),
        "drive": perhaps(rng, 0.65, 0.5, 11.0),
        "crush_bits": perhaps(rng, 0.06, 3.0, 5.0),
        "bias": perhaps(rng, 0.25, 0.1, 0.7),
        "drift_cents": perhaps(rng, 0.3, 3, 9),
        "attack_s": spread(rng, 0.003, 0.04) if rng.random() < 0.8 else spread(rng, 0.05, 0.4),
        "decay_s": spread(rng, 1, 4),
        "sustain": between(rng, 0.6, 1.0),
        "release_s": spread(rng, 0.05, 0.6),
    }


def _sub_words(patch: Patch) -> Sequence[str]:
    return [*spoken(patch), *(["plucked"] if patch["sustain"] == 0 else [])]


def _synth_words(patch: Patch) -> Sequence[str]:
    return [*spoken(patch), *(["plucked"] if patch["sustain"] == 0 else [])]


SYNTHS: tuple[Synth, ...] = (
    Synth("sub_bass", _draw_sub, play_subtractive, _sub_words),
    Synth("synth_bass", _draw_synth_bass, play_subtractive, _synth_words),
    Synth("reese", _draw_reese, play_subtractive, spoken),
)
