"""Claps and finger snaps: bursts of band-shaped noise close together, then a tail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import decay, ended, force, loudness, no_pitch, scatter, stretch
from engine.corpus.synths.modes import ring
from engine.corpus.synths.noise import coloured, noise_bins
from engine.corpus.synths.responses import band_pass, high_pass, low_pass

CLAPS = ("808", "909", "acoustic", "crowd", "trap", "tight")
SNAPS = ("finger snap", "click", "layered", "tongue click")
_BURSTS = 12


def draw_clap(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 3, 3, 1.5, 3, 2))
    crowd, tight = style == 3.0, style == 5.0
    patch = {
        "style": style,
        "bursts": float(rng.integers(6, _BURSTS + 1))
        if crowd
        else float(rng.integers(1, 3))
        if tight
        else float(rng.integers(2, 6)),
        "gap_s": between(rng, 0.004, 0.012) if crowd else spread(rng, 0.005, 0.016),
        "jitter": between(rng, 0.5, 1.0) if crowd else between(rng, 0.0, 0.5),
        "burst_s": spread(rng, 0.008, 0.04),
        "tail_s": spread(rng, 0.06, 0.18) if tight else spread(rng, 0.1, 0.55),
        "tail": between(rng, 0.3, 1.0),
        "centre_hz": spread(rng, 700.0, 2600.0),
        "q": spread(rng, 0.5, 3.0),
        "second_hz": spread(rng, 1800.0, 7000.0),
        "second": between(rng, 0.0, 0.8),
        "low_cut_hz": spread(rng, 200.0, 900.0),
        "snap": between(rng, 0.0, 0.6),
        "thump": perhaps(rng, 0.2, 0.1, 0.5),
        "thump_hz": spread(rng, 150.0, 400.0),
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.15, crush=0.07, tone=0.1, reverb=0.35)


def draw_snap(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 2, 2, 1))
    patch = {
        "style": style,
        "bursts": float(rng.integers(2, 5)) if style == 2.0 else float(rng.integers(1, 3)),
        "gap_s": spread(rng, 0.006, 0.03),
        "jitter": between(rng, 0.0, 0.6),
        "burst_s": spread(rng, 0.003, 0.015),
        "tail_s": spread(rng, 0.02, 0.06) if style == 1.0 else spread(rng, 0.04, 0.25),
        "tail": between(rng, 0.5, 1.0),
        "centre_hz": spread(rng, 800.0, 2000.0) if style == 3.0 else spread(rng, 1600.0, 4500.0),
        "q": spread(rng, 2.0, 9.0) if style != 1.0 else spread(rng, 1.0, 12.0),
        "second_hz": spread(rng, 3500.0, 9000.0),
        "second": between(rng, 0.0, 0.7),
        "low_cut_hz": spread(rng, 400.0, 1200.0),
        "snap": between(rng, 0.2, 1.0),
        "thump": between(rng, 0.3, 0.9) if style == 3.0 else perhaps(rng, 0.4, 0.1, 0.5),
        "thump_hz": spread(rng, 700.0, 2400.0),
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.08, crush=0.06, tone=0.06, reverb=0.4)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard = performance.time_s(), force(performance)
    tail_s = stretch(patches, "tail_s", performance, 0.5)
    chance = scatter(patches, "seed", 2 * _BURSTS, performance.device)
    number = torch.arange(_BURSTS, device=performance.device, dtype=torch.float32)[None]
    starts = value("gap_s") * (number + value("jitter") * (chance[:, :_BURSTS] - 0.5)) * (number > 0)
    levels = torch.where(number < value("bursts"), 0.6 + 0.4 * chance[:, _BURSTS:], 0.0)
    last = value("gap_s") * (value("bursts") - 1.0)
    envelope = value("tail") * decay(time - last, tail_s)
    for k in range(int(max(patch["bursts"] for patch in patches))):
        envelope = envelope + levels[:, k : k + 1] * decay(time - starts[:, k : k + 1], 2.5 * value("burst_s"))

    bins = noise_bins(performance)
    bright = 0.5 + 0.5 * hard
    gains = band_pass(bins, value("centre_hz") * (0.8 + 0.2 * hard), value("q")).abs()
    gains = gains + value("second") * hard * band_pass(bins, value("second_hz") * bright, 1.5).abs()
    gains = gains * high_pass(bins, value("low_cut_hz")).abs() * low_pass(bins, 16000.0 * bright).abs()
    samples = 0.35 * envelope * coloured(performance, gains)
    short = min(performance.frames, 2048)
    tick = coloured(performance, high_pass(noise_bins(performance), 3000.0 * bright), short) * decay(
        time[:, :short], 0.006 + 0.0 * hard
    )
    hollow = value("thump_hz") * torch.tensor([[1.0, 1.47, 2.09]], device=performance.device)
    thump = ring(
        hollow,
        0.05 + 0.0 * hollow,
        value("thump") * torch.tensor([[0.5, 0.3, 0.2]], device=performance.device),
        min(performance.frames, 8192),
    )
    samples[:, :short] += 0.3 * value("snap") * hard * tick
    samples[:, : thump.shape[1]] += thump
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), no_pitch(performance))


def _clap_words(patch: Patch) -> Sequence[str]:
    found = [CLAPS[int(patch["style"])]]
    if patch["bursts"] == 1.0:
        found.append("single")
    if patch["thump"] > 0.25:
        found.append("layered")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


def _snap_words(patch: Patch) -> Sequence[str]:
    return tuple(dict.fromkeys([SNAPS[int(patch["style"])], *effects.words(patch)]))


SYNTHS = (Synth("clap", draw_clap, render, _clap_words), Synth("snap", draw_snap, render, _snap_words))
