"""Shakers: grains of band-shaped noise thrown forth and back, with jingles for a tambourine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import decay, ended, force, loudness, no_pitch, rise, scatter, stretch
from engine.corpus.synths.modes import ring
from engine.corpus.synths.noise import dust, white
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through

STYLES = ("shaker", "maracas", "cabasa", "tambourine", "egg shaker", "808 maracas")
_JINGLES = 24


def draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 2.5, 2, 3, 2.5, 1.5))
    machine, tambourine = style == 5.0, style == 3.0
    patch = {
        "style": style,
        "attack_s": 0.001 if machine or tambourine else spread(rng, 0.002, 0.03),
        "t60_s": spread(rng, 0.03, 0.1) if machine else spread(rng, 0.07, 0.4),
        "second_s": perhaps(rng, 0.45, 0.06, 0.2),
        "second": between(rng, 0.3, 1.0),
        "grain_rate": spread(rng, 400.0, 8000.0),
        "grains": 0.0 if machine else between(rng, 0.3, 1.0),
        "noise": 1.0 if machine else between(rng, 0.05, 0.6),
        "centre_hz": spread(rng, 3000.0, 9500.0),
        "q": spread(rng, 0.7, 4.0),
        "second_hz": spread(rng, 6000.0, 14000.0),
        "low_cut_hz": spread(rng, 1200.0, 4500.0),
        "jingles": between(rng, 0.5, 1.2) if tambourine else 0.0,
        "jingle_hz": spread(rng, 3500.0, 7000.0),
        "jingle_s": spread(rng, 0.1, 0.5),
        "skin": perhaps(rng, 0.4, 0.1, 0.5) if tambourine else 0.0,
        "skin_hz": spread(rng, 140.0, 350.0),
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.06, crush=0.08, tone=0.06, reverb=0.25)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard, frames = performance.time_s(), force(performance), performance.frames
    t60 = stretch(patches, "t60_s", performance, 0.35)
    swing = (0.15 + 0.85 * rise(time, value("attack_s"))) * decay((time - value("attack_s")).clamp(min=0.0), t60)
    back = time - value("second_s")
    swing_back = torch.where(back > 0.0, rise(back, value("attack_s") + 0.004) * decay(back, 0.8 * t60), 0.0)
    envelope = swing + torch.where(value("second_s") > 0.0, value("second") * swing_back, 0.0)
    grains = dust(performance, value("grain_rate") * envelope.sqrt(), 1.5) * (8000.0 / value("grain_rate")).sqrt()
    raw = (2.0 * value("grains") * grains + 0.35 * value("noise") * white(performance)) * envelope
    bins = filter_bins(performance.device)
    shape = band_pass(bins, value("centre_hz"), value("q")) + 0.4 * hard * band_pass(bins, value("second_hz"), 2.0)
    shape = shape * high_pass(bins, value("low_cut_hz")) * low_pass(bins, 19000.0 * (0.45 + 0.55 * hard))
    samples = through(raw, shape)
    chance = scatter(patches, "seed", 3 * _JINGLES, performance.device)
    hz = value("jingle_hz") * (1.0 + 1.6 * chance[:, :_JINGLES])
    level = value("jingles") * (0.02 + 0.1 * chance[:, _JINGLES : 2 * _JINGLES]) * (0.5 + 0.5 * hard)
    jingles = ring(
        hz, value("jingle_s") * (0.4 + chance[:, _JINGLES : 2 * _JINGLES]), level, frames, chance[:, 2 * _JINGLES :]
    )
    samples = samples + jingles * (0.4 + 0.6 * rise(time, value("attack_s"))) * (0.3 + envelope)
    skin_hz = value("skin_hz") * torch.tensor([[1.0, 1.6, 2.14]], device=performance.device)
    samples = samples + ring(
        skin_hz,
        0.12 + 0.0 * skin_hz,
        value("skin") * hard * torch.tensor([[0.5, 0.3, 0.2]], device=skin_hz.device),
        frames,
    )
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), no_pitch(performance))


def words(patch: Patch) -> Sequence[str]:
    found = [STYLES[int(patch["style"])]]
    if patch["second_s"] > 0.0:
        found.append("double hit")
    if patch["grain_rate"] < 900.0 and patch["grains"] > 0.5:
        found.append("grainy")
    if patch["skin"] > 0.0:
        found.append("with skin")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("shaker", draw, render, words),)
