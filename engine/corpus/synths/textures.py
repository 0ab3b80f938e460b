"""Noise textures that fill their length: white, pink, wind, rain, vinyl, tape, static, sea, steam."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, spread
from engine.corpus.synths.hits import ended, force, loudness, no_pitch, rise
from engine.corpus.synths.noise import dust, moving, moving_bins, moving_times_s, uniform, wander
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through

STYLES = (
    "white noise",
    "pink noise",
    "brown noise",
    "wind",
    "rain",
    "vinyl crackle",
    "tape hiss",
    "radio static",
    "ocean waves",
    "steam",
    "fire",
    "noise sweep",
)


def _plain(rng: np.random.Generator) -> Patch:
    return {
        "tilt": between(rng, -1.0, 1.0), "low_hz": 35.0, "high_hz": 20000.0, "band_hz": spread(rng, 300.0, 6000.0), "band": 0.0, "band_width": spread(rng, 0.15, 1.2),
        "roam": 0.0, "roam_hz": spread(rng, 0.3, 3.0), "bed": 1.0, "swell": 0.0, "swell_hz": spread(rng, 0.2, 2.0), "rate": 0.0, "spike": between(rng, 1.0, 4.0),
        "drop_hz": spread(rng, 1500.0, 9000.0), "drop_q": spread(rng, 0.6, 4.0), "drops": 0.0, "hum": 0.0, "hum_hz": 50.0 if rng.random() < 0.5 else 60.0,
        "attack_s": perhaps(rng, 0.4, 0.01, 0.5), "release": between(rng, 0.03, 0.5), "gate": perhaps(rng, 0.08, 0.5, 1.0), "gate_hz": spread(rng, 3.0, 16.0),
    }  # fmt: skip


def draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 2, 1.5, 3, 2.5, 3, 2, 2, 2, 1.5, 1.5, 2))
    patch = _plain(rng) | {"style": style}
    patch |= (
        {"high_hz": spread(rng, 6000.0, 20000.0), "low_hz": spread(rng, 20.0, 900.0)},
        {"tilt": between(rng, -3.6, -2.4)},
        {"tilt": between(rng, -7.0, -5.0), "high_hz": spread(rng, 1500.0, 20000.0)},
        {
            "tilt": between(rng, -7.0, -4.0),
            "band": between(rng, 2.0, 12.0),
            "band_hz": spread(rng, 250.0, 1500.0),
            "roam": between(rng, 0.4, 1.6),
            "swell": between(rng, 0.3, 0.9),
        },
        {
            "tilt": between(rng, -2.0, 2.0),
            "low_hz": spread(rng, 400.0, 2000.0),
            "bed": spread(rng, 0.03, 0.5),
            "rate": spread(rng, 60.0, 1500.0),
            "drops": between(rng, 0.7, 2.0),
        },
        {
            "tilt": -3.0,
            "low_hz": spread(rng, 40.0, 200.0),
            "bed": between(rng, 0.005, 0.1),
            "rate": spread(rng, 6.0, 120.0),
            "drops": between(rng, 1.0, 2.0),
            "spike": between(rng, 1.0, 4.0),
            "hum": perhaps(rng, 0.3, 0.01, 0.06),
        },
        {
            "tilt": between(rng, 0.0, 3.0),
            "low_hz": spread(rng, 300.0, 2500.0),
            "hum": perhaps(rng, 0.5, 0.005, 0.06),
            "high_hz": spread(rng, 8000.0, 16000.0),
        },
        {
            "low_hz": spread(rng, 250.0, 900.0),
            "high_hz": spread(rng, 2500.0, 7000.0),
            "rate": spread(rng, 30.0, 800.0),
            "drops": between(rng, 0.3, 1.5),
            "swell": between(rng, 0.1, 0.8),
            "swell_hz": spread(rng, 4.0, 20.0),
        },
        {
            "tilt": between(rng, -5.0, -2.0),
            "swell": between(rng, 0.6, 1.0),
            "swell_hz": spread(rng, 0.2, 0.7),
            "roam": between(rng, 0.3, 1.0),
            "band": between(rng, 0.5, 3.0),
        },
        {
            "tilt": between(rng, 1.0, 4.0),
            "low_hz": spread(rng, 1000.0, 4000.0),
            "attack_s": spread(rng, 0.005, 0.1),
            "swell": between(rng, 0.0, 0.3),
            "swell_hz": spread(rng, 5.0, 20.0),
        },
        {
            "tilt": between(rng, -6.0, -4.0),
            "bed": between(rng, 0.2, 0.6),
            "rate": spread(rng, 15.0, 90.0),
            "drops": between(rng, 1.0, 2.0),
            "swell": between(rng, 0.2, 0.6),
            "swell_hz": spread(rng, 2.0, 8.0),
        },
        {
            "band": between(rng, 4.0, 15.0),
            "roam": between(rng, 0.8, 2.5),
            "band_width": spread(rng, 0.15, 0.5),
            "roam_hz": spread(rng, 0.4, 6.0),
        },
    )[int(style)]
    return patch | effects.draw(rng, drive=0.06, crush=0.1, tone=0.1, chorus=0.06, reverb=0.15)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard, device = performance.time_s(), force(performance), performance.device
    bins = moving_bins(device)
    spots = moving_times_s(performance)
    turn = uniform(performance, 3)[..., None]
    # three slow sines of unrelated rates roam more smoothly than random steps at one point per window
    course = sum(
        torch.sin(6.2832 * (value("roam_hz")[..., None] * ratio * spots + turn[:, k : k + 1]))
        for k, ratio in enumerate((1.0, 0.61, 1.73))
    )
    centre = value("band_hz")[..., None] * 2.0 ** (0.6 * value("roam")[..., None] * course)
    hump = torch.exp(
        -0.5 * ((torch.log2(bins.clamp(min=20.0)) - torch.log2(centre)) / value("band_width")[..., None]).square()
    )
    ground = (bins.clamp(min=20.0) / 1000.0) ** ((value("tilt")[..., None] + 2.0 * (hard[..., None] - 0.8)) / 6.0206)
    ground = (
        ground * (bins > value("low_hz")[..., None] * 0.7).float() * high_pass(bins, value("low_hz")[..., None]).abs()
    )
    ground = ground * low_pass(bins, value("high_hz")[..., None]).abs()
    bed = moving(performance, ground * (1.0 + value("band")[..., None] * hump))
    bed = bed / bed.square().mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    swell = 1.0 - value("swell") * wander(performance, value("swell_hz"))
    samples = 0.25 * value("bed") * bed * swell

    if any(patch["drops"] > 0.0 for patch in patches):
        wide = filter_bins(device)
        falling = dust(performance, value("rate") * (0.5 + wander(performance, value("swell_hz"))), value("spike"))
        splash = band_pass(wide, value("drop_hz"), value("drop_q")) + 0.3 * band_pass(wide, 0.4 * value("drop_hz"), 1.0)
        samples = samples + 2.0 * value("drops") * through(falling, splash)
    hum = torch.sin(6.2832 * value("hum_hz") * time) + 0.5 * torch.sin(6.2832 * 3.0 * value("hum_hz") * time)
    samples = samples + value("hum") * hum
    seconds = performance.seconds.float()[:, None]
    shape = rise(time, value("attack_s") + 0.002) * rise(seconds - time, value("release") * seconds)
    pulse = 0.5 + 0.5 * torch.tanh(4.0 * torch.cos(6.2832 * value("gate_hz") * time))
    samples = samples * shape * (1.0 - value("gate") * (1.0 - pulse))
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), no_pitch(performance))


def words(patch: Patch) -> Sequence[str]:
    found = [STYLES[int(patch["style"])]]
    if patch["gate"] > 0.0:
        found.append("gated")
    if patch["hum"] > 0.0:
        found.append("with hum")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("noise", draw, render, words),)
