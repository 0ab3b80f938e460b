"""Impacts: a falling boom, a crack, debris, metal and a tail that hangs in a large room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import (
    SAW,
    cycles,
    decay,
    ended,
    force,
    loudness,
    no_pitch,
    rise,
    scatter,
    sine,
    stretch,
    wave,
)
from engine.corpus.synths.modes import ring
from engine.corpus.synths.noise import coloured, dust, noise_bins
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through

STYLES = ("cinematic", "braam", "metal hit", "boom", "explosion", "punch")
_MODES = 40


def draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 2, 2, 3, 2, 2))
    braam, metal, blast, punch = (style == number for number in (1.0, 2.0, 4.0, 5.0))
    patch = {
        "style": style,
        "boom": between(rng, 0.1, 0.5) if metal or braam else between(rng, 0.6, 1.0),
        "boom_hz": spread(rng, 28.0, 75.0),
        "boom_fall": between(rng, 0.2, 2.2),
        "boom_fall_s": spread(rng, 0.03, 0.4),
        "boom_s": spread(rng, 0.3, 0.9) if punch else spread(rng, 0.9, 4.0),
        "drive": spread(rng, 0.6, 6.0),
        "crack": between(rng, 0.2, 1.0),
        "crack_hz": spread(rng, 800.0, 5000.0),
        "crack_s": spread(rng, 0.03, 0.25),
        "rumble": between(rng, 0.5, 1.2) if blast else between(rng, 0.05, 0.5),
        "rumble_hz": spread(rng, 120.0, 1200.0),
        "rumble_s": spread(rng, 0.4, 0.9) if punch else spread(rng, 0.8, 3.5),
        "debris": between(rng, 0.3, 1.2) if blast else perhaps(rng, 0.3, 0.1, 0.8),
        "debris_rate": spread(rng, 20.0, 400.0),
        "debris_hz": spread(rng, 700.0, 6000.0),
        "metal": between(rng, 0.5, 1.1) if metal else perhaps(rng, 0.25, 0.1, 0.5),
        "metal_hz": spread(rng, 70.0, 500.0),
        "metal_s": spread(rng, 0.8, 4.0),
        "braam": between(rng, 0.6, 1.0) if braam else 0.0,
        "braam_hz": spread(rng, 32.0, 80.0),
        "braam_cut": between(rng, 2.5, 6.0),
        "braam_s": spread(rng, 1.0, 4.0),
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.2, crush=0.05, tone=0.05, chorus=0.04, reverb=0.3 if punch else 0.75)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard, frames, device = performance.time_s(), force(performance), performance.frames, performance.device
    boom_s, rumble_s, metal_s, braam_s = (
        stretch(patches, f"{key}_s", performance, 3.0) for key in ("boom", "rumble", "metal", "braam")
    )
    boom = sine(
        cycles(value("boom_hz") * 2.0 ** (value("boom_fall") * torch.exp(-time / value("boom_fall_s"))))
    ) * decay(time, boom_s)
    drive = value("drive") * (0.5 + 0.5 * hard)
    samples = 0.8 * value("boom") * torch.tanh(drive * boom) / torch.tanh(drive)
    bins = noise_bins(performance)
    rumble = coloured(
        performance, low_pass(bins, value("rumble_hz") * (0.4 + 0.6 * hard)) * high_pass(bins, 35.0 + 0.0 * hard)
    )
    samples += 0.6 * value("rumble") * rumble * decay(time, rumble_s)
    crack = coloured(performance, band_pass(bins, value("crack_hz") * (0.5 + 0.5 * hard), 0.6)) * decay(
        time, 2.0 * value("crack_s")
    )
    samples += 0.6 * value("crack") * (0.3 + 0.7 * hard) * crack
    chance = scatter(patches, "seed", 3 * _MODES, device)
    if any(patch["metal"] > 0.0 for patch in patches):
        hz = value("metal_hz") * (1.0 + torch.arange(_MODES, device=device) * (0.4 + 0.5 * chance[:, :_MODES]))
        level = value("metal") * 0.5 * (0.2 + chance[:, _MODES : 2 * _MODES]) * (hz / 300.0) ** (-0.9 + 0.6 * hard)
        samples += ring(
            hz, metal_s * (hz / 400.0).clamp(min=0.3) ** -0.4, level.clamp(max=0.6), frames, chance[:, 2 * _MODES :]
        )
    bins = filter_bins(device)
    if any(patch["debris"] > 0.0 for patch in patches):
        falling = dust(
            performance,
            value("debris_rate") * decay((time - 0.06).clamp(min=0.0), 1.5 * rumble_s) * rise(time, 0.2 + 0.0 * hard),
            2.5,
        )
        samples += 6.0 * value("debris") * through(falling, band_pass(bins, value("debris_hz"), 1.5))
    if any(patch["braam"] > 0.0 for patch in patches):
        curve = value("braam_hz") * (1.0 + 0.02 * torch.exp(-time / 0.1))
        stack = torch.zeros_like(samples)
        for ratio in (1.0, 1.006, 2.0, 0.5):  # unison, a beating neighbour, an octave up, an octave down
            stack += wave(cycles(curve * ratio), curve * ratio, SAW)
        open_cut = value("braam_hz") * 2.0 ** (value("braam_cut") + hard - 0.7)
        blare = through(stack, low_pass(bins, open_cut, 1.2)) * decay(time, 0.5 * braam_s)
        growl = through(stack, low_pass(bins, 0.25 * open_cut, 1.0)) * decay((time - 0.2).clamp(min=0.0), braam_s)
        samples += 0.5 * value("braam") * torch.tanh(1.5 * (blare + growl)) * rise(time, 0.002 + 0.0 * hard)
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance, 0.25), no_pitch(performance))


def words(patch: Patch) -> Sequence[str]:
    found = [STYLES[int(patch["style"])]]
    if patch["debris"] > 0.25:
        found.append("with debris")
    if patch["metal"] > 0.25 and patch["style"] != 2.0:
        found.append("metallic")
    if patch["drive"] > 3.5 and patch["boom"] > 0.5:
        found.append("distorted")
    if patch["boom_fall"] > 1.3 and patch["boom"] > 0.5:
        found.append("pitch drop")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("impact", draw, render, words),)
