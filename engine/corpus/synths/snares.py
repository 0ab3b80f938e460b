"""Snare drums: two falling shell tones or a skin, rattling wires, stick, brush and layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import cycles, decay, ended, force, loudness, no_pitch, rise, scatter, stretch
from engine.corpus.synths.modes import swept_ring
from engine.corpus.synths.noise import coloured, noise_bins, wander
from engine.corpus.synths.responses import band_pass, high_pass, low_pass, tilt

STYLES = ("808", "909", "acoustic", "trap", "brush", "electronic", "lo-fi", "piccolo")
# per style: body Hz, fall in octaves, body decay, body level, wire decay, wire low cut, wire high cut, ring (upper skin modes), stick
_RANGES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((160, 240), (0.0, 0.25), (0.12, 0.3), (0.5, 1.1), (0.12, 0.4), (900, 2500), (6000, 14000), (0.0, 0.1), (0.0, 0.3)),
    (
        (150, 220),
        (0.3, 1.0),
        (0.08, 0.2),
        (0.5, 1.0),
        (0.15, 0.45),
        (700, 2200),
        (7000, 16000),
        (0.0, 0.15),
        (0.1, 0.5),
    ),
    ((150, 290), (0.05, 0.25), (0.12, 0.5), (0.3, 0.9), (0.1, 0.5), (300, 1500), (6000, 15000), (0.2, 0.9), (0.3, 1.0)),
    (
        (180, 320),
        (0.1, 0.8),
        (0.05, 0.16),
        (0.2, 0.8),
        (0.08, 0.28),
        (900, 4000),
        (9000, 18000),
        (0.0, 0.3),
        (0.3, 1.0),
    ),
    (
        (140, 230),
        (0.0, 0.1),
        (0.08, 0.25),
        (0.05, 0.3),
        (0.15, 0.5),
        (1200, 3500),
        (7000, 13000),
        (0.0, 0.3),
        (0.0, 0.1),
    ),
    ((120, 260), (0.8, 2.5), (0.1, 0.4), (0.5, 1.2), (0.15, 0.5), (300, 1800), (4000, 14000), (0.0, 0.1), (0.0, 0.4)),
    ((150, 270), (0.05, 0.5), (0.08, 0.3), (0.3, 0.9), (0.08, 0.3), (300, 1500), (2500, 6500), (0.0, 0.6), (0.1, 0.6)),
    (
        (290, 480),
        (0.02, 0.2),
        (0.08, 0.3),
        (0.3, 0.9),
        (0.06, 0.25),
        (1000, 3500),
        (9000, 18000),
        (0.2, 1.0),
        (0.4, 1.0),
    ),
)
_KEYS = ("body_hz", "fall", "body_s", "body", "wire_s", "wire_low_hz", "wire_high_hz", "skin", "stick")


def draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 3, 4, 3, 1.2, 1.5, 1.5, 1.5))
    patch: Patch = {"style": style}
    for key, (low, high) in zip(_KEYS, _RANGES[int(style)], strict=True):
        patch[key] = spread(rng, low, high) if key.endswith(("_s", "_hz")) else between(rng, low, high)
    patch |= {
        "second": between(rng, 1.5, 1.95),
        "wire": between(rng, 0.35, 1.0),
        "wire_tilt": between(rng, -5.0, 2.0),
        "wire_peak_hz": spread(rng, 1500.0, 7000.0),
        "wire_peak": between(rng, 0.0, 2.5),
        "buzz": perhaps(rng, 0.4, 0.1, 0.7),
        "burst": between(rng, 0.0, 1.2),
        "brush_s": between(rng, 0.015, 0.06) if style == 4.0 else 0.0,
        "clap": perhaps(rng, 0.15, 0.3, 0.9),
        "rim": perhaps(rng, 0.15, 0.3, 0.8),
        "rim_hz": spread(rng, 420.0, 1100.0),
        "seed": seed(rng),
    }
    lo_fi = 0.5 if style == 6.0 else 0.05
    return patch | effects.draw(rng, drive=0.15, crush=lo_fi, tone=0.1 + 0.3 * lo_fi, reverb=0.28)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard = performance.time_s(), force(performance)
    wire_s, body_s = (stretch(patches, key, performance, 0.5) for key in ("wire_s", "body_s"))
    chance = scatter(patches, "seed", 8, performance.device)
    hz = value("body_hz") * 2.0 ** (value("fall") * (0.6 + 0.4 * hard) * torch.exp(-time / 0.012))
    skin = torch.tensor([[1.0, 0.0, 2.136, 2.65, 3.16, 3.65]], device=performance.device) * (
        0.97 + 0.06 * chance[:, :6]
    )
    ratios = torch.cat([skin[:, :1], value("second"), skin[:, 2:]], dim=1)
    upper = value("skin") * hard * torch.tensor([[0.6, 0.5, 0.35, 0.25]], device=performance.device)
    levels = torch.cat([torch.ones_like(hard), 0.6 + 0.0 * hard, upper], dim=1) * value("body")
    lengths = body_s * torch.tensor([[1.0, 0.7, 0.9, 0.6, 0.5, 0.4]], device=performance.device)
    body = swept_ring(cycles(hz), ratios, levels, lengths, time)
    rim_ratios = torch.tensor([[1.0, 1.59, 2.8]], device=performance.device)
    body = body + value("rim") * swept_ring(cycles(value("rim_hz") + 0.0 * time), rim_ratios + 0.0 * hard, 0.6 + 0.0 * rim_ratios * hard,
                                            0.09 + 0.0 * rim_ratios * hard, time)  # fmt: skip

    bins = noise_bins(performance)
    high_cut = value("wire_high_hz") * (0.45 + 0.55 * hard)
    shape = low_pass(bins, high_cut) * high_pass(bins, value("wire_low_hz")) * tilt(bins, value("wire_tilt"), 4000.0)
    wires = coloured(
        performance, shape.abs() + value("wire_peak") * shape.abs() * band_pass(bins, value("wire_peak_hz"), 3.0).abs()
    )
    fall = decay(time, wire_s) + value("burst") * decay(time, 0.2 * wire_s)
    rattle = 1.0 + value("buzz") * (2.0 * wander(performance, torch.full_like(hard, 190.0)) - 1.0)
    brush = torch.where(value("brush_s") > 0.0, rise(time, value("brush_s") * 3.0) * 0.8 + 0.2, 1.0)
    claps = (
        decay(time - 0.011, 0.09 + 0.0 * hard) + decay(time - 0.021, 0.02 + 0.0 * hard) + decay(time, 0.02 + 0.0 * hard)
    )
    wires = 0.3 * wires * (value("wire") * fall * rattle * brush + 0.8 * value("clap") * claps)
    short = min(performance.frames, 2048)
    stick = coloured(performance, high_pass(noise_bins(performance), 2500.0 + 0.0 * hard), short) * decay(
        time[:, :short], 0.012 + 0.0 * hard
    )
    samples = 0.55 * body + wires
    samples[:, :short] += 0.4 * value("stick") * hard * stick
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), no_pitch(performance))


def words(patch: Patch) -> Sequence[str]:
    found = [STYLES[int(patch["style"])]]
    if patch["clap"] > 0.0:
        found += ["layered", "with clap"]
    if patch["rim"] > 0.0:
        found.append("rimshot")
    if patch["skin"] > 0.55:
        found.append("ringing")
    if patch["body"] < 0.3:
        found.append("wires only")
    if patch["buzz"] > 0.3:
        found.append("rattling")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("snare", draw, render, words),)
