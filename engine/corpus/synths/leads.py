"""Subtractive leads: saw, square and chiptune, supersaw."""

from __future__ import annotations

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.instrument import SUBTRACTIVE, play_subtractive
from engine.corpus.synths.spoken import spoken


def _held(rng: np.random.Generator) -> Patch:
    """Amplifier and movement of a lead."""
    return {
        "vibrato_cents": perhaps(rng, 0.4, 6, 45),
        "vibrato_hz": between(rng, 4.2, 7.5),
        "vibrato_delay_s": between(rng, 0.0, 0.6),
        "glide_octaves": perhaps(rng, 0.22, -1.0, 1.0),
        "glide_s": spread(rng, 0.012, 0.07),
        "drift_cents": perhaps(rng, 0.2, 2, 8),
        "tremolo": perhaps(rng, 0.08, 0.2, 0.8),
        "tremolo_hz": spread(rng, 3, 12),
        "attack_s": spread(rng, 0.001, 0.02) if rng.random() < 0.8 else spread(rng, 0.03, 0.3),
        "decay_s": spread(rng, 0.2, 2.5),
        "sustain": between(rng, 0.4, 1.0),
        "release_s": spread(rng, 0.03, 0.6),
        "curve": between(rng, 2.5, 5),
    }


def _lead_filter(rng: np.random.Generator) -> Patch:
    return {
        "cutoff_hz": spread(rng, 700, 14000),
        "cutoff_key": between(rng, 0.2, 0.9),
        "resonance": spread(rng, 0.6, 6),
        "steep": float(rng.random() < 0.4),
        "env_octaves": perhaps(rng, 0.55, -1.5, 3.5),
        "env_attack_s": spread(rng, 0.001, 0.3),
        "env_decay_s": spread(rng, 0.05, 1.0),
        "env_sustain": between(rng, 0.0, 0.7),
        "force_octaves": between(rng, 0.8, 2.0),
        "lfo_octaves": perhaps(rng, 0.12, 0.3, 1.2),
        "lfo_hz": spread(rng, 0.5, 8),
        "bell_hz": spread(rng, 500, 4000),
        "bell_gain": perhaps(rng, 0.3, -0.8, 4.0),
        "bell_q": between(rng, 1, 5),
    }


def _draw_saw(rng: np.random.Generator) -> Patch:
    return {
        **SUBTRACTIVE,
        **_held(rng),
        **_lead_filter(rng),
        "a_saw": 1.0 if rng.random() < 0.82 else 0.3,
        "a_sync": perhaps(rng, 0.22, 0.6, 1.2),
        "a_sync_ratio": between(rng, 1.2, 4.8),
        "a_pulse": perhaps(rng, 0.2, 0.2, 0.6),
        "a_width": between(rng, 0.1, 0.5),
        "voices": (1.0, 2.0, 3.0)[int(choose(rng, (3, 3, 2)))],
        "detune_cents": spread(rng, 3, 26),
        "twin": perhaps(rng, 0.2, -0.6, 1.0),
        "twin_width": between(rng, 0.1, 0.5),
        "twin_depth": between(rng, 0.05, 0.3),
        "twin_hz": spread(rng, 0.2, 5),
        "b_saw": 1.0,
        "b_level": perhaps(rng, 0.35, 0.3, 0.9),
        "b_ratio": (1.0, 2.0, 3.0)[int(choose(rng, (3, 4, 1.2)))],  # never 1.5: the note must stay the fundamental
        "b_cents": between(rng, -14, 14),
        "noise": perhaps(rng, 0.15, 0.02, 0.15),
        "noise_s": spread(rng, 0.02, 2),
        "high": perhaps(rng, 0.12, 0.2, 0.6),
        "drive": perhaps(rng, 0.4, 0.4, 7.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.6),
    }


def _draw_square(rng: np.random.Generator) -> Patch:
    chip = rng.random() < 0.4
    moving = not chip and rng.random() < 0.5
    width = (0.5, 0.25, 0.125)[int(choose(rng, (3, 2, 2)))] if chip else between(rng, 0.2, 0.5)
    patch: Patch = {
        **SUBTRACTIVE,
        **_held(rng),
        **_lead_filter(rng),
        "chip": float(chip),
        "a_saw": 1.0 if moving else 0.0,
        "a_pulse": 0.0 if moving else 0.8,
        "a_width": width,
        "a_triangle": perhaps(rng, 0.15, 0.2, 0.8),
        "a_digital": perhaps(rng, 0.15, 0.2, 0.8),
        "a_digital_seed": seed(rng),
        "twin": -1.0 if moving else 0.0,
        "twin_width": between(rng, 0.35, 0.5),
        "twin_depth": between(rng, 0.06, 0.3),
        "twin_hz": spread(rng, 0.2, 6),
        "voices": 2.0 if not moving and rng.random() < 0.35 else 1.0,
        "detune_cents": spread(rng, 3, 16),
        "b_pulse": 0.8,
        "b_width": between(rng, 0.2, 0.5),
        "b_level": perhaps(rng, 0.3, 0.25, 0.8),
        "b_ratio": (1.0, 2.0, 3.0)[int(choose(rng, (2, 3, 0.5)))],
        "b_cents": between(rng, -10, 10),
        "drive": perhaps(rng, 0.3, 0.4, 5.0),
    }
    if chip:  # the game console: bare pulse wave, hard edges, quick vibrato
        patch |= {"cutoff_hz": 17000.0, "env_octaves": 0.0, "resonance": 0.7, "steep": 0.0, "lfo_octaves": 0.0}
        patch |= {"voices": 1.0, "drive": 0.0, "bell_gain": 0.0, "a_digital": 0.0, "attack_s": 0.001}
        patch |= {"b_level": perhaps(rng, 0.15, 0.2, 0.5), "force_octaves": 1.0}
        patch |= {"crush_bits": perhaps(rng, 0.3, 3.0, 6.0)}
    return patch


def _draw_supersaw(rng: np.random.Generator) -> Patch:
    return {
        **SUBTRACTIVE,
        **_held(rng),
        **_lead_filter(rng),
        "a_saw": 1.0,
        "a_pulse": perhaps(rng, 0.12, 0.2, 0.5),
        "a_width": between(rng, 0.2, 0.5),
        "voices": (5.0, 6.0, 7.0)[int(choose(rng, (2, 1, 4)))],
        "detune_cents": spread(rng, 9, 60),
        "sides": between(rng, 0.4, 1.1),
        "b_saw": 1.0,
        "b_level": perhaps(rng, 0.35, 0.2, 0.6),
        "b_ratio": (2.0, 1.0)[int(choose(rng, (3, 1)))],
        "b_cents": between(rng, -8, 8),
        "noise": perhaps(rng, 0.35, 0.02, 0.15),
        "noise_s": spread(rng, 0.05, 5),
        "cutoff_hz": spread(rng, 1200, 16000),
        "resonance": spread(rng, 0.6, 2.5),
        "high": perhaps(rng, 0.3, 0.1, 0.5),
        "drive": perhaps(rng, 0.25, 0.3, 3.0),
        "vibrato_cents": perhaps(rng, 0.12, 5, 20),
        "glide_octaves": perhaps(rng, 0.1, -1.0, 1.0),
        "sustain": between(rng, 0.5, 1.0) if rng.random() < 0.8 else 0.0,
        "attack_s": spread(rng, 0.001, 0.03) if rng.random() < 0.75 else spread(rng, 0.05, 0.5),
        "release_s": spread(rng, 0.1, 1.2),
    }


def _square_words(patch: Patch) -> list[str]:
    return [*(["chiptune", "8-bit"] if patch["chip"] else []), *spoken(patch)]


SYNTHS: tuple[Synth, ...] = (
    Synth("saw_lead", _draw_saw, play_subtractive, spoken),
    Synth("square_lead", _draw_square, play_subtractive, _square_words),
    Synth("supersaw", _draw_supersaw, play_subtractive, spoken),
)
