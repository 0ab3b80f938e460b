"""Kick drums: a sine that falls to the played note, with click, beater, noise, layers and drive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import (
    at_hops,
    cycles,
    decay,
    ended,
    force,
    loudness,
    note_hz,
    rise,
    scatter,
    sine,
    stretch,
)
from engine.corpus.synths.modes import MEMBRANE, ring, swept_ring
from engine.corpus.synths.noise import coloured, noise_bins
from engine.corpus.synths.responses import band_pass, high_pass, low_pass

STYLES = ("analog", "909", "acoustic", "808", "hard", "lo-fi", "techno")
# per style: fall in octaves, its time, snap in octaves, its time, decay, click, beater, air, drive
_RANGES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0.6, 2.2), (0.02, 0.08), (0.0, 3.0), (0.002, 0.008), (0.15, 0.6), (0.0, 0.5), (0.0, 0.1), (0.0, 0.1), (1.0, 2.5)),
    (
        (1.2, 2.2),
        (0.02, 0.045),
        (0.5, 2.5),
        (0.002, 0.006),
        (0.2, 0.5),
        (0.2, 0.7),
        (0.0, 0.15),
        (0.02, 0.12),
        (1.0, 3.0),
    ),
    (
        (0.15, 0.6),
        (0.03, 0.1),
        (0.3, 1.5),
        (0.002, 0.006),
        (0.12, 0.45),
        (0.1, 0.6),
        (0.2, 0.9),
        (0.03, 0.3),
        (0.6, 1.6),
    ),
    (
        (0.2, 0.9),
        (0.02, 0.06),
        (0.5, 2.5),
        (0.002, 0.007),
        (0.35, 1.1),
        (0.0, 0.4),
        (0.0, 0.1),
        (0.0, 0.03),
        (0.8, 2.0),
    ),
    ((1.5, 3.2), (0.03, 0.12), (0.5, 3.0), (0.003, 0.01), (0.25, 0.7), (0.2, 0.9), (0.0, 0.3), (0.0, 0.2), (5.0, 25.0)),
    (
        (0.5, 1.8),
        (0.02, 0.06),
        (0.0, 2.0),
        (0.002, 0.006),
        (0.12, 0.4),
        (0.1, 0.6),
        (0.0, 0.6),
        (0.05, 0.35),
        (1.0, 4.0),
    ),
    (
        (1.0, 2.6),
        (0.025, 0.07),
        (1.0, 3.5),
        (0.001, 0.006),
        (0.2, 0.55),
        (0.1, 0.5),
        (0.0, 0.2),
        (0.02, 0.25),
        (1.5, 6.0),
    ),
)
_KEYS = ("fall", "fall_s", "snap", "snap_s", "t60_s", "click", "beater", "air", "drive")
_LONG = (0, 3, 4)  # the styles that long 808 kicks come in


def _draw(rng: np.random.Generator, style: float) -> Patch:
    patch: Patch = {"style": style}
    for key, (low, high) in zip(_KEYS, _RANGES[int(style)], strict=True):
        patch[key] = spread(rng, low, high) if low > 0.0 and key.endswith("_s") else between(rng, low, high)
    patch |= {
        "hold": perhaps(rng, 0.5, 0.01, 0.08),
        "click_hz": spread(rng, 900.0, 9000.0),
        "click_s": spread(rng, 0.002, 0.02),
        "click_tonal": between(rng, 0.0, 1.0),
        "beater_hz": spread(rng, 900.0, 4500.0),
        "air_hz": spread(rng, 300.0, 6000.0),
        "air_s": spread(rng, 0.04, 0.35),
        "skin": between(rng, 0.1, 0.6) if style == 2.0 else perhaps(rng, 0.12, 0.05, 0.3),
        "octave": perhaps(rng, 0.25, 0.05, 0.4),
        "layer": perhaps(rng, 0.2, 0.15, 0.5),
        "seed": seed(rng),
    }
    lo_fi = 0.6 if style == 5.0 else 0.04
    return patch | effects.draw(rng, drive=0.08, crush=lo_fi, tone=0.12 + lo_fi, reverb=0.14)


def draw_kick(rng: np.random.Generator) -> Patch:
    return _draw(rng, choose(rng, (4, 3, 4, 3, 2, 1.5, 3)))


def draw_kick_808(rng: np.random.Generator) -> Patch:
    patch = _draw(rng, float(_LONG[int(choose(rng, (1, 6, 1.2)))]))
    return patch | {
        "long": 1.0,
        "t60_s": spread(rng, 0.7, 2.8),
        "fall": between(rng, 0.15, 1.6),
        "fall_s": spread(rng, 0.02, 0.14),
        "air": patch["air"] * 0.3,
        "hold": perhaps(rng, 0.5, 0.02, 0.25),
    }


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard, frames = performance.time_s(), force(performance), performance.frames
    t60 = stretch(patches, "t60_s", performance, 0.6 if "long" not in patches[0] else 1.2)
    octaves = value("fall") * (0.7 + 0.3 * hard) * torch.exp(-time / value("fall_s"))
    octaves = octaves + value("snap") * hard * torch.exp(-time / value("snap_s"))
    f0 = note_hz(performance) * 2.0**octaves
    phase = cycles(f0)
    envelope = decay((time - value("hold")).clamp(min=0.0), t60) * rise(time, torch.full_like(t60, 0.0008))
    body = (sine(phase) + value("octave") * sine(2.0 * phase) * decay(time, 0.5 * t60)) * envelope
    wobble = 0.97 + 0.06 * scatter(patches, "seed", 10, performance.device)
    ratios = torch.tensor(MEMBRANE, device=performance.device)[None] * wobble
    number = torch.arange(1, 10, device=performance.device, dtype=torch.float32)[None]
    levels = value("skin") * hard / number**0.7
    body = body + swept_ring(phase, ratios[:, 1:6], levels[:, :5], t60 * 0.5 / number[:, :5] ** 0.6, time)
    drive = value("drive") * (0.6 + 0.4 * hard)
    body = torch.tanh(drive * body) / torch.tanh(drive)

    short = min(frames, 8192)
    bins = noise_bins(performance)
    crack = coloured(
        performance, high_pass(bins, value("click_hz")) * low_pass(bins, 2.5 * value("click_hz") + 500.0), short
    )
    near = time[:, :short]
    crack = crack * decay(near, 3.0 * value("click_s")) * 0.35
    tick = sine(cycles(value("click_hz") * 0.5 * (1.0 + 2.0 * torch.exp(-near / 0.002)))) * decay(
        near, 2.0 * value("click_s")
    )
    click = torch.lerp(crack, tick, value("click_tonal")) * value("click")
    mode_hz = value("beater_hz") * torch.tensor([[1.0, 1.37, 1.93, 2.6]], device=performance.device) * wobble[:, :4]
    knock = ring(mode_hz, 0.035 / number[:, :4] ** 0.5 + 0.0 * mode_hz, 0.4 / number[:, :4] + 0.0 * mode_hz, short)
    bins = noise_bins(performance)
    air = coloured(
        performance, low_pass(bins, value("air_hz") * (0.4 + 0.6 * hard)) * high_pass(bins, torch.full_like(t60, 120.0))
    )
    air = 0.4 * value("air") * air * decay(time, torch.minimum(3.0 * value("air_s"), t60))
    layer = coloured(performance, band_pass(bins, 2.5 * value("air_hz") + 1500.0, 1.2)) * decay(
        time, 1.2 * value("air_s")
    )
    samples = body + air + 0.25 * value("layer") * layer
    samples[:, :short] += (0.3 + 0.7 * hard) * (click + value("beater") * knock)
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), at_hops(f0, performance))


def words(patch: Patch) -> Sequence[str]:
    style = STYLES[int(patch["style"])]
    found = ["808" if "long" in patch and style != "hard" else style]
    if style == "hard" or patch["drive"] > 5.0:
        found.append("distorted")
    if patch["click"] > 0.4:
        found.append("clicky")
    if patch["beater"] > 0.5:
        found.append("with beater")
    if patch["layer"] > 0.0:
        found.append("layered")
    if patch["hold"] > 0.03 and patch["fall"] > 1.2:
        found.append("punchy sweep")
    if "long" in patch and patch["t60_s"] > 1.6:
        found.append("boomy")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("kick", draw_kick, render, words), Synth("kick_808", draw_kick_808, render, words))
