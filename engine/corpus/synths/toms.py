"""Toms and hand drums: a skin tuned to the played note that falls (or climbs) a little after the stroke."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import at_hops, cycles, decay, ended, force, loudness, note_hz, scatter, stretch
from engine.corpus.synths.modes import KETTLE, MEMBRANE, swept_ring
from engine.corpus.synths.noise import coloured, noise_bins
from engine.corpus.synths.responses import band_pass, high_pass, low_pass

TOMS = ("808", "909", "acoustic", "timpani", "electronic", "floor")
CONGAS = ("conga", "bongo", "djembe", "tabla", "808", "slap")
HARMONIC = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)  # tabla's loaded skin, Raman 1934
_MODES = 8


def draw_tom(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 3, 4, 1.2, 2, 2.5))
    plain, electronic = style in (0.0, 1.0), style == 4.0
    patch = {
        "style": style,
        "skin": 1.0 if style == 3.0 else 0.0,
        "fall": between(rng, 0.8, 3.0) if electronic else 0.02 if style == 3.0 else between(rng, 0.08, 0.9),
        "fall_s": spread(rng, 0.02, 0.12),
        "t60_s": spread(rng, 0.8, 2.5) if style == 3.0 else spread(rng, 0.25, 1.1),
        "upper": between(rng, 0.0, 0.12) if plain or electronic else between(rng, 0.25, 0.9),
        "upper_fall": between(rng, 0.4, 1.4),
        "air": perhaps(rng, 0.6, 0.05, 0.5)
        if plain
        else between(rng, 0.1, 0.8)
        if electronic
        else between(rng, 0.05, 0.4),
        "air_hz": spread(rng, 300.0, 5000.0),
        "air_s": spread(rng, 0.05, 0.35),
        "stick": between(rng, 0.0, 0.4) if plain else between(rng, 0.1, 0.9),
        "stick_hz": spread(rng, 700.0, 5000.0),
        "drive": spread(rng, 0.5, 4.0),
        "slap": 0.0,
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.08, crush=0.07, tone=0.1, reverb=0.25)


def draw_conga(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 3, 2.5, 2, 2, 2))
    tabla, machine, slap = style == 3.0, style == 4.0, style == 5.0
    patch = {
        "style": style,
        "skin": 2.0 if tabla else 0.0,
        "fall": (between(rng, -0.6, 0.05) if tabla else between(rng, 0.0, 0.35)),
        "fall_s": spread(rng, 0.08, 0.25) if tabla else spread(rng, 0.01, 0.05),
        "t60_s": spread(rng, 0.08, 0.25)
        if slap
        else spread(rng, 0.15, 0.35)
        if style == 1.0
        else spread(rng, 0.2, 0.9),
        "upper": between(rng, 0.0, 0.1) if machine else between(rng, 0.25, 1.0),
        "upper_fall": between(rng, 0.3, 1.2),
        "air": 0.0 if machine else between(rng, 0.02, 0.3),
        "air_hz": spread(rng, 500.0, 3000.0),
        "air_s": spread(rng, 0.02, 0.12),
        "stick": perhaps(rng, 0.3, 0.1, 0.3) if machine else between(rng, 0.1, 0.7),
        "stick_hz": spread(rng, 600.0, 3000.0),
        "drive": spread(rng, 0.5, 2.0),
        "slap": between(rng, 0.6, 1.4) if slap else perhaps(rng, 0.25, 0.1, 0.5),
        "seed": seed(rng),
    }
    return patch | effects.draw(rng, drive=0.05, crush=0.05, tone=0.07, reverb=0.3)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard, device = performance.time_s(), force(performance), performance.device
    t60 = stretch(patches, "t60_s", performance, 0.7)
    tables = torch.tensor([MEMBRANE[:_MODES], KETTLE[:_MODES], HARMONIC[:_MODES]], device=device)
    chance = scatter(patches, "seed", 2 * _MODES, device)
    ratios = tables[value("skin")[:, 0].long()] * (1.0 + 0.04 * (chance[:, :_MODES] - 0.5))
    ratios[:, 0] = 1.0
    number = torch.arange(1, _MODES, device=device, dtype=torch.float32)[None]
    uppers = value("upper") * (0.4 + 0.6 * hard) * (0.3 + 0.7 * chance[:, _MODES + 1 :]) / number ** (1.3 - 0.6 * hard)
    levels = torch.cat([torch.ones_like(hard), uppers], dim=1)
    lengths = torch.cat([t60, t60 * 0.8 / (1.0 + number) ** value("upper_fall")], dim=1)
    f0 = note_hz(performance) * 2.0 ** (value("fall") * (0.5 + 0.5 * hard) * torch.exp(-time / value("fall_s")))
    drive = value("drive")
    body = torch.tanh(drive * swept_ring(cycles(f0), ratios, levels, lengths, time)) / torch.tanh(drive)

    bins = noise_bins(performance)
    air = coloured(
        performance,
        low_pass(bins, value("air_hz") * (0.3 + 0.7 * hard)) * high_pass(bins, 0.1 * value("air_hz") + 60.0),
    )
    air = value("air") * air * decay(time, torch.minimum(2.5 * value("air_s"), t60))
    short = min(performance.frames, 4096)
    bins = noise_bins(performance)
    stick = coloured(performance, band_pass(bins, value("stick_hz"), 1.0), short) * decay(
        time[:, :short], 0.02 + 0.0 * hard
    )
    slap = coloured(performance, band_pass(bins, 1.5 * value("stick_hz"), 2.0), short) * decay(
        time[:, :short], 0.07 + 0.0 * hard
    )
    samples = body + 0.25 * air
    samples[:, :short] += hard * (0.3 * value("stick") * stick + 0.5 * value("slap") * slap)
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), at_hops(f0, performance))


def _tom_words(patch: Patch) -> Sequence[str]:
    found = [TOMS[int(patch["style"])] + (" tom" if patch["style"] == 5.0 else "")]
    if patch["fall"] > 0.9:
        found.append("pitch drop")
    if patch["stick"] > 0.55:
        found.append("clicky")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


def _conga_words(patch: Patch) -> Sequence[str]:
    found = [CONGAS[int(patch["style"])]]
    if patch["fall"] < -0.15:
        found.append("pitch bend up")
    if 0.0 < patch["slap"] and patch["style"] != 5.0:
        found.append("slap")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("tom", draw_tom, render, _tom_words), Synth("conga", draw_conga, render, _conga_words))
