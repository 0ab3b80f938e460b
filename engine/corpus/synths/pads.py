"""Pads and drones: slow, wide, moving."""

from __future__ import annotations

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.instrument import (
    FREQUENCY_MODULATION,
    LAYERED,
    SUBTRACTIVE,
    play_layered,
    play_operators,
    play_subtractive,
)
from engine.corpus.synths.spoken import spoken


def _swelling(rng: np.random.Generator) -> Patch:
    """Amplifier and slow movement of a pad."""
    return {
        "drift_cents": perhaps(rng, 0.5, 2, 8),
        "vibrato_cents": perhaps(rng, 0.15, 4, 14),
        "vibrato_hz": between(rng, 3.5, 6),
        "vibrato_delay_s": between(rng, 0.3, 1.2),
        "tremolo": perhaps(rng, 0.18, 0.15, 0.6),
        "tremolo_hz": spread(rng, 0.4, 6),
        "attack_s": spread(rng, 0.08, 2.2),
        "bend": between(rng, 1.0, 2.5),
        "decay_s": spread(rng, 0.8, 4),
        "sustain": between(rng, 0.6, 1.0),
        "release_s": spread(rng, 0.4, 2),
        "curve": between(rng, 2, 5),
        "force_octaves": between(rng, 0.8, 2.0),
    }


def _draw_warm(rng: np.random.Generator) -> Patch:
    kind = choose(rng, (4, 2, 1.5, 1))  # saw, pulse, triangle, digital
    return {
        **SUBTRACTIVE,
        **_swelling(rng),
        "a_saw": 1.0 if kind == 0 else perhaps(rng, 0.3, 0.1, 0.4),
        "a_pulse": 0.8 if kind == 1 else 0.0,
        "a_width": between(rng, 0.15, 0.5),
        "a_triangle": 1.0 if kind == 2 else perhaps(rng, 0.2, 0.2, 0.7),
        "a_digital": 1.0 if kind == 3 else 0.0,
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.7, 1.3),
        "voices": (2.0, 3.0, 4.0)[int(choose(rng, (2, 3, 2)))],
        "detune_cents": spread(rng, 4, 22),
        "ensemble": perhaps(rng, 0.4, 0.4, 2.5),
        "ensemble_hz": spread(rng, 0.3, 0.9),
        "twin": perhaps(rng, 0.25, -1.0, 1.0),
        "twin_width": between(rng, 0.2, 0.5),
        "twin_depth": between(rng, 0.05, 0.3),
        "twin_hz": spread(rng, 0.1, 0.9),
        "b_saw": perhaps(rng, 0.6, 0.4, 1.0),
        "b_triangle": 0.5,
        "b_level": perhaps(rng, 0.5, 0.2, 0.8),
        "b_ratio": (1.0, 2.0)[int(choose(rng, (1, 1)))],
        "b_cents": between(rng, -10, 10),
        "noise": perhaps(rng, 0.25, 0.02, 0.12),
        "cutoff_hz": spread(rng, 350, 4000),
        "cutoff_key": between(rng, 0.2, 0.7),
        "resonance": spread(rng, 0.5, 2.8),
        "steep": between(rng, 0, 1),
        "env_octaves": perhaps(rng, 0.6, -1.0, 2.2),
        "env_attack_s": spread(rng, 0.1, 2.0),
        "env_decay_s": spread(rng, 0.6, 3),
        "env_sustain": between(rng, 0.2, 0.8),
        "lfo_octaves": perhaps(rng, 0.5, 0.2, 1.0),
        "lfo_hz": spread(rng, 0.12, 1.0),
        "bell_hz": spread(rng, 250, 1500),
        "bell_gain": perhaps(rng, 0.25, -0.6, 2.0),
        "drive": perhaps(rng, 0.25, 0.3, 1.8),
    }


def _draw_string(rng: np.random.Generator) -> Patch:
    return {
        **SUBTRACTIVE,
        **_swelling(rng),
        "a_saw": 1.0,
        "a_pulse": perhaps(rng, 0.25, 0.1, 0.4),
        "a_width": between(rng, 0.1, 0.4),
        "voices": (3.0, 5.0)[int(choose(rng, (3, 1)))],
        "detune_cents": spread(rng, 2, 16),
        "ensemble": between(rng, 0.5, 3.5),
        "ensemble_hz": spread(rng, 0.4, 0.9),
        "b_saw": 1.0,
        "b_level": perhaps(rng, 0.55, 0.2, 0.8),
        "b_ratio": 2.0,
        "b_cents": between(rng, -6, 6),
        "noise": perhaps(rng, 0.3, 0.01, 0.08),
        "cutoff_hz": spread(rng, 1200, 11000),
        "cutoff_key": between(rng, 0.2, 0.7),
        "resonance": spread(rng, 0.5, 1.4),
        "high": perhaps(rng, 0.3, 0.1, 0.6),
        "env_octaves": perhaps(rng, 0.3, 0.3, 1.2),
        "env_attack_s": spread(rng, 0.1, 0.8),
        "env_sustain": between(rng, 0.4, 0.9),
        "bell_hz": spread(rng, 300, 3500),
        "bell_gain": perhaps(rng, 0.6, -0.7, 2.0),
        "bell_q": between(rng, 0.8, 3),
        "attack_s": spread(rng, 0.04, 0.9),
        "release_s": spread(rng, 0.2, 1.5),
    }


def _draw_glass(rng: np.random.Generator) -> Patch:
    patch: Patch = {**FREQUENCY_MODULATION, **_swelling(rng)}
    uppers = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
    for number in (2, 3, 4):
        patch[f"ratio{number}"] = uppers[int(choose(rng, (3, 2, 3, 1.5, 1, 1)))]
        patch[f"cents{number}"] = between(rng, -9, 9)
        patch[f"out{number}"] = perhaps(rng, 0.75, 0.08, 0.7)
        patch[f"half_life{number}_s"] = spread(rng, 0.2, 3)
        patch[f"floor{number}"] = between(rng, 0.1, 1.0)
        patch[f"onset{number}_s"] = perhaps(rng, 0.4, 0.1, 1.2)
    bell = rng.random() < 0.35
    if bell:
        patch |= {
            "ratio4": spread(rng, 2.6, 7.2),
            "half_life4_s": spread(rng, 0.1, 0.8),
            "floor4": between(rng, 0, 0.2),
        }
        patch |= {"attack_s": spread(rng, 0.005, 0.1), "onset4_s": 0.0}
    return patch | {
        "bell": float(bell),
        "index21": between(rng, 0.1, 1.4),
        "index41": perhaps(rng, 0.5, 0.1, 0.9),
        "index43": perhaps(rng, 0.4, 0.1, 1.0),
        "index32": perhaps(rng, 0.3, 0.1, 0.8),
        "feedback": perhaps(rng, 0.2, 0.1, 0.5),
        "index_lfo": perhaps(rng, 0.5, 0.2, 1.0),
        "index_lfo_hz": spread(rng, 0.15, 4),
        "cutoff_hz": spread(rng, 3000, 16000),
        "cutoff_key": between(rng, 0.3, 0.9),
        "high": perhaps(rng, 0.15, 0.2, 0.7),
    }


def _draw_drone(rng: np.random.Generator) -> Patch:
    kind = choose(rng, (3, 2, 2))  # saw, digital, operators in front
    patch: Patch = {
        **LAYERED,
        **_swelling(rng),
        "a_saw": 1.0 if kind == 0 else 0.0,
        "a_digital": 1.0 if kind == 1 else perhaps(rng, 0.3, 0.2, 0.8),
        "a_digital_seed": seed(rng),
        "a_digital_slope": between(rng, 0.2, 1.1),
        "a_sine": 1.0 if kind == 2 else perhaps(rng, 0.3, 0.3, 1.0),
        "a_odd": perhaps(rng, 0.25, 0.6, 1.0),
        "voices": (2.0, 3.0, 4.0)[int(choose(rng, (2, 2, 1)))],
        "detune_cents": spread(rng, 4, 30),
        "b_saw": perhaps(rng, 0.5, 0.4, 1.0),
        "b_sine": 0.6,
        "b_digital": perhaps(rng, 0.4, 0.3, 1.0),
        "b_digital_seed": seed(rng),
        "b_level": perhaps(rng, 0.7, 0.2, 0.8),
        "b_ratio": (1.0, 2.0, 3.0, 4.0)[int(choose(rng, (1, 2, 2, 0.7)))],
        "b_cents": between(rng, -12, 12),
        "noise": perhaps(rng, 0.5, 0.03, 0.4),
        "layer": between(rng, 0.6, 1.2) if kind == 2 else perhaps(rng, 0.3, 0.2, 0.6),
        "index21": between(rng, 0.3, 3.0),
        "index31": perhaps(rng, 0.5, 0.2, 2.0),
        "index43": perhaps(rng, 0.4, 0.3, 2.0),
        "index_lfo": between(rng, 0.3, 1.0),
        "index_lfo_hz": spread(rng, 0.1, 0.8),
        "out3": perhaps(rng, 0.4, 0.1, 0.4),
        "cutoff_hz": spread(rng, 300, 5000),
        "cutoff_key": between(rng, 0.0, 0.5),
        "resonance": spread(rng, 0.6, 7),
        "steep": between(rng, 0, 1),
        "band": perhaps(rng, 0.2, 0.3, 1.0),
        "env_octaves": perhaps(rng, 0.4, -1.5, 2.0),
        "env_attack_s": spread(rng, 0.5, 3.0),
        "env_sustain": between(rng, 0.2, 1.0),
        "lfo_octaves": between(rng, 0.2, 1.6),
        "lfo_hz": spread(rng, 0.1, 0.8),
        "bell_hz": spread(rng, 200, 3000),
        "bell_gain": perhaps(rng, 0.5, -0.8, 5.0),
        "bell_q": between(rng, 1, 8),
        "drive": perhaps(rng, 0.4, 0.4, 6.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.6),
        "attack_s": spread(rng, 0.15, 2.0),
        "release_s": spread(rng, 0.6, 2),
    }
    for number in (2, 3, 4):
        patch[f"ratio{number}"] = (1.0, 2.0, 3.0, 5.0, 1.41, 2.76)[int(choose(rng, (3, 3, 2, 1, 0.7, 0.7)))]
        patch[f"cents{number}"] = between(rng, -14, 14)
        patch[f"onset{number}_s"] = perhaps(rng, 0.5, 0.3, 2.5)
    return patch


def _glass_words(patch: Patch) -> list[str]:
    shimmer = patch["index_lfo"] > 0.4 or patch["tremolo"] > 0.25
    said = [*(["bell"] if patch["bell"] else []), *(["shimmer"] if shimmer else [])]
    return [*said, *(word for word in spoken(patch) if word != "wobble")]


def _drone_words(patch: Patch) -> list[str]:
    return [
        *(["metallic"] if patch["layer"] > 0.5 and max(patch["ratio2"], patch["ratio3"]) > 2.7 else []),
        *spoken(patch),
    ]


SYNTHS: tuple[Synth, ...] = (
    Synth("warm_pad", _draw_warm, play_subtractive, spoken),
    Synth("string_pad", _draw_string, play_subtractive, spoken),
    Synth("glass_pad", _draw_glass, play_operators, _glass_words),
    Synth("drone", _draw_drone, play_layered, _drone_words),
)
