"""Frequency modulation families: basses that growl and leads that ring."""

from __future__ import annotations

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.draws import between, choose, perhaps, spread
from engine.corpus.synths.instrument import FREQUENCY_MODULATION, play_operators
from engine.corpus.synths.spoken import spoken

_BASS_KINDS = ("solid", "growl", "wobble", "metallic", "hollow")
_WHOLE = (1.0, 2.0, 3.0, 4.0, 5.0, 7.0)


def _stack(rng: np.random.Generator) -> Patch:
    """Ratios and decays of four operators over a carrier at the played note."""
    patch: Patch = {"ratio1": 1.0, "half_life1_s": 1.0, "floor1": 1.0}
    for number in (2, 3, 4):
        patch[f"ratio{number}"] = _WHOLE[int(choose(rng, (5, 3, 2, 1, 0.7, 0.5)))]
        patch[f"cents{number}"] = perhaps(rng, 0.3, -7, 7)
        patch[f"half_life{number}_s"] = spread(rng, 0.02, 0.8)
        patch[f"floor{number}"] = perhaps(rng, 0.65, 0.0, 0.8)
    return patch


def _draw_bass(rng: np.random.Generator) -> Patch:
    kind = int(choose(rng, (3, 3, 2, 1.2, 1.5)))
    name = _BASS_KINDS[kind]
    wobbling = name == "wobble"
    patch: Patch = {
        **FREQUENCY_MODULATION,
        **_stack(rng),
        "kind": float(kind),
        "index21": between(rng, 0.4, 3.5),
        "index31": perhaps(rng, 0.4, 0.2, 2.0),
        "index32": perhaps(rng, 0.4, 0.2, 2.0),
        "index43": perhaps(rng, 0.3, 0.2, 2.0),
        "index42": perhaps(rng, 0.2, 0.2, 2.0),
        "feedback": perhaps(rng, 0.4, 0.1, 1.2),
        "out2": perhaps(rng, 0.2, 0.1, 0.5),
        "out4": perhaps(rng, 0.2, 0.1, 0.4),
        "cutoff_hz": spread(rng, 1500, 14000),
        "cutoff_key": between(rng, 0, 0.5),
        "resonance": spread(rng, 0.6, 4),
        "env_octaves": perhaps(rng, 0.3, -2.0, 2.5),
        "env_decay_s": spread(rng, 0.05, 1.0),
        "bell_hz": spread(rng, 300, 2500),
        "bell_gain": perhaps(rng, 0.4, -0.8, 5.0),
        "bell_q": between(rng, 1, 6),
        "drive": perhaps(rng, 0.5, 0.4, 9.0),
        "bias": perhaps(rng, 0.3, 0.1, 0.7),
        "glide_octaves": perhaps(rng, 0.15, -1.0, 1.0),
        "glide_s": spread(rng, 0.012, 0.06),
        "attack_s": spread(rng, 0.001, 0.012),
        "decay_s": spread(rng, 0.3, 3),
        "sustain": between(rng, 0.4, 1.0) if rng.random() < 0.65 else 0.0,
        "release_s": spread(rng, 0.03, 0.4),
        "curve": between(rng, 2.5, 5),
    }
    if name in ("growl", "wobble"):
        patch |= {"index21": between(rng, 2.0, 6.0), "floor2": between(rng, 0.5, 1.0), "floor3": between(rng, 0.4, 1.0)}
        patch |= {
            "index_lfo": between(rng, 0.55, 1.0),
            "index_lfo_hz": spread(rng, 1.5, 9) if wobbling else spread(rng, 0.5, 3),
        }
        patch |= {"lfo_octaves": between(rng, 0.8, 2.2) if wobbling else perhaps(rng, 0.5, 0.3, 1.2)}
        patch |= {"lfo_hz": patch["index_lfo_hz"], "lfo_square": perhaps(rng, 0.3, 0.2, 1.0)}
        patch |= {
            "bell_gain": between(rng, 1.0, 6.0),
            "sustain": between(rng, 0.6, 1.0),
            "cutoff_hz": spread(rng, 800, 8000),
        }
    if name == "metallic":
        patch |= {
            "ratio2": spread(rng, 1.3, 7.5),
            "half_life2_s": spread(rng, 0.02, 0.25),
            "floor2": perhaps(rng, 0.3, 0.0, 0.25),
        }
        patch |= {"ratio3": spread(rng, 2.0, 9.0), "half_life3_s": spread(rng, 0.02, 0.2), "floor3": 0.0}
    if name == "hollow":
        patch |= {"ratio2": 2.0, "ratio3": 4.0, "ratio4": 2.0, "index31": between(rng, 0.2, 1.2), "feedback": 0.0}
        patch |= {"out2": 0.0, "out4": 0.0, "cents2": 0.0, "cents3": 0.0, "bias": 0.0}
    return patch


def _draw_lead(rng: np.random.Generator) -> Patch:
    metallic = rng.random() < 0.25
    patch: Patch = {
        **FREQUENCY_MODULATION,
        **_stack(rng),
        "kind": 3.0 if metallic else 0.0,
        "index21": between(rng, 0.4, 4.0),
        "index31": perhaps(rng, 0.5, 0.2, 2.5),
        "index32": perhaps(rng, 0.35, 0.2, 2.0),
        "index43": perhaps(rng, 0.35, 0.2, 2.0),
        "index41": perhaps(rng, 0.35, 0.2, 1.5),
        "feedback": perhaps(rng, 0.5, 0.1, 1.2),
        "out2": perhaps(rng, 0.3, 0.1, 0.6),
        "out3": perhaps(rng, 0.3, 0.1, 0.5),
        "floor2": between(rng, 0.1, 1.0),
        "half_life2_s": spread(rng, 0.04, 1.2),
        "index_lfo": perhaps(rng, 0.25, 0.2, 0.9),
        "index_lfo_hz": spread(rng, 0.3, 7),
        "cutoff_hz": spread(rng, 2500, 16000),
        "cutoff_key": between(rng, 0.2, 0.9),
        "resonance": spread(rng, 0.6, 2.5),
        "env_octaves": perhaps(rng, 0.3, -1.0, 2.0),
        "bell_hz": spread(rng, 700, 4000),
        "bell_gain": perhaps(rng, 0.3, -0.8, 3.0),
        "drive": perhaps(rng, 0.3, 0.4, 5.0),
        "crush_bits": perhaps(rng, 0.06, 3.0, 6.0),
        "vibrato_cents": perhaps(rng, 0.4, 6, 40),
        "vibrato_hz": between(rng, 4.2, 7.5),
        "vibrato_delay_s": between(rng, 0, 0.6),
        "glide_octaves": perhaps(rng, 0.2, -1.0, 1.0),
        "glide_s": spread(rng, 0.012, 0.06),
        "tremolo": perhaps(rng, 0.12, 0.2, 0.8),
        "tremolo_hz": spread(rng, 3, 10),
        "attack_s": spread(rng, 0.001, 0.02) if rng.random() < 0.8 else spread(rng, 0.03, 0.3),
        "decay_s": spread(rng, 0.3, 2.5),
        "sustain": between(rng, 0.3, 1.0),
        "release_s": spread(rng, 0.04, 0.8),
        "curve": between(rng, 2.5, 5),
    }
    if metallic:
        patch |= {
            "ratio3": spread(rng, 1.3, 7.9),
            "index31": between(rng, 0.5, 2.5),
            "half_life3_s": spread(rng, 0.05, 0.6),
        }
    return patch


def _bass_words(patch: Patch) -> list[str]:
    name = _BASS_KINDS[int(patch["kind"])]
    said = {"solid": [], "growl": ["growl"], "wobble": ["wobble"], "metallic": ["metallic"], "hollow": ["hollow"]}[name]
    return [*said, *(word for word in spoken(patch) if word not in said)]


def _lead_words(patch: Patch) -> list[str]:
    return [*(["metallic"] if patch["kind"] == 3 else []), *spoken(patch)]


SYNTHS: tuple[Synth, ...] = (
    Synth("fm_bass", _draw_bass, play_operators, _bass_words),
    Synth("fm_lead", _draw_lead, play_operators, _lead_words),
)
