"""Risers, downers and whooshes: noise whose band moves, tones that glide, gates that hurry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, spread
from engine.corpus.synths.hits import SINE, at_hops, cycles, ended, force, loudness, wave
from engine.corpus.synths.noise import moving, moving_bins, moving_times_s, wander

RISERS = ("noise", "tonal", "synth", "siren", "sub", "shimmer")
WHOOSHES = ("airy", "pass-by", "deep", "reverse", "sci-fi", "sword swish")
_PITCH_HEARD = 0.7  # share of tone above which a sweep has a pitch


def _sweep(rng: np.random.Generator, style: float) -> Patch:
    tone = (
        0.0,
        between(rng, 0.75, 1.0),
        between(rng, 0.75, 0.95),
        1.0,
        between(rng, 0.8, 1.0),
        between(rng, 0.2, 0.6),
    )[int(style)]
    low = spread(rng, 25.0, 60.0) if style == 4.0 else spread(rng, 60.0, 350.0)
    wave = SINE if style in (3.0, 4.0) else choose(rng, (2, 3, 2))
    detune = perhaps(rng, 0.5, 0.002, 0.02)
    return {
        "style": style, "tone": tone, "wave": wave, "detune": 0.0 if wave == SINE else detune,
        "low_hz": low, "octaves": between(rng, 1.0, 2.0) if style == 4.0 else between(rng, 1.0, 4.5),
        "tone_curve": spread(rng, 0.5, 3.0), "steps": perhaps(rng, 0.1, 6.0, 24.0),
        "vibrato": perhaps(rng, 0.6 if style == 3.0 else 0.12, 0.02, 0.3), "vibrato_hz": spread(rng, 3.0, 14.0),
        "noise_low_hz": spread(rng, 150.0, 1200.0), "noise_high_hz": spread(rng, 4000.0, 17000.0), "noise_curve": spread(rng, 0.5, 2.5),
        "width": spread(rng, 0.3, 2.5), "floor": perhaps(rng, 0.5, 0.02, 0.3), "comb": perhaps(rng, 0.25, 0.3, 0.9), "comb_s": spread(rng, 0.0004, 0.004),
        "swell": spread(rng, 0.3, 3.0), "gate": perhaps(rng, 0.35, 0.5, 1.0), "gate_hz": spread(rng, 2.0, 8.0), "gate_rush": perhaps(rng, 0.6, 1.0, 3.0),
        "peak_at": 1.0, "doppler": 0.0, "release": between(rng, 0.01, 0.06),
    }  # fmt: skip


def _draw_rising(rng: np.random.Generator) -> Patch:
    patch = _sweep(rng, choose(rng, (4, 3, 3, 1.5, 1, 1.5))) | {"down": 0.0}
    return patch | effects.draw(rng, drive=0.12, crush=0.06, tone=0.05, chorus=0.1, reverb=0.35)


def _draw_falling(rng: np.random.Generator) -> Patch:
    patch = _sweep(rng, choose(rng, (4, 3, 3, 1.5, 1.5, 1.5))) | {"down": 1.0, "release": between(rng, 0.3, 0.9)}
    patch["gate_rush"] = -patch["gate_rush"] * 0.5
    return patch | effects.draw(rng, drive=0.12, crush=0.06, tone=0.05, chorus=0.1, reverb=0.35)


def _draw_whoosh(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 3, 2.5, 2, 2, 2))
    tonal = style == 4.0
    patch = _sweep(rng, 0.0) | {
        "down": 0.0,
        "style": style,
        "tone": between(rng, 0.72, 0.9) if tonal else perhaps(rng, 0.2, 0.05, 0.25),
        "peak_at": between(rng, 0.85, 0.95)
        if style == 3.0
        else between(rng, 0.25, 0.4)
        if style == 5.0
        else between(rng, 0.35, 0.7),
        "noise_low_hz": spread(rng, 60.0, 160.0) if style == 2.0 else spread(rng, 200.0, 900.0),
        "noise_high_hz": spread(rng, 600.0, 2000.0) if style == 2.0 else spread(rng, 2500.0, 12000.0),
        "doppler": between(rng, 0.15, 0.6) if style == 1.0 or tonal else 0.0,
        "width": spread(rng, 0.3, 1.6),
        "swell": spread(rng, 1.0, 4.0),
        "gate": perhaps(rng, 0.1, 0.3, 0.7),
        "gate_hz": spread(rng, 6.0, 20.0),
        "steps": 0.0,
        "low_hz": spread(rng, 60.0, 400.0),
    }
    return patch | effects.draw(rng, drive=0.06, crush=0.05, tone=0.05, chorus=0.08, reverb=0.35)


def _place(patches: Sequence[Patch], time_s: Tensor, performance: Performance) -> Tensor:
    """How far the sweep has come at each time: 0 at its foot, 1 at its top; (batch, times)."""

    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    x = (time_s / performance.seconds.float()[:, None]).clamp(0.0, 1.0)
    peak = value("peak_at")
    up = torch.where(x <= peak, x / peak, ((1.0 - x) / (1.0 - peak).clamp(min=0.02)).clamp(max=1.0))
    up = torch.where(peak < 1.0, up * up * (3.0 - 2.0 * up), up)  # what passes by turns smoothly
    return torch.where(value("down") > 0.5, 1.0 - x, up)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    time, hard = performance.time_s(), force(performance)
    place = _place(patches, time, performance)
    climb = place ** value("tone_curve")
    steps = value("steps").round()
    climb = torch.where(steps > 0.0, (climb * steps).floor() / steps.clamp(min=1.0), climb)
    x = (time / performance.seconds.float()[:, None]).clamp(0.0, 1.0)
    passing = -value("doppler") * torch.tanh(6.0 * (x - value("peak_at")))
    bend = torch.where(value("doppler") > 0.0, passing, value("octaves") * climb)
    f0 = value("low_hz") * 2.0 ** (bend + value("vibrato") * torch.sin(6.2832 * value("vibrato_hz") * time))
    f0 = f0.clamp(20.0, 9000.0)
    tone = wave(cycles(f0), f0, value("wave"))
    if any(patch["detune"] > 0.0 for patch in patches):
        beside = wave(cycles(f0 * (1.0 + value("detune"))), f0, value("wave"))
        tone = torch.where(value("detune") > 0.0, 0.7 * tone + 0.45 * beside, tone)

    spot = _place(patches, moving_times_s(performance)[..., 0], performance)[..., None]
    bins = moving_bins(performance.device)
    low, high = value("noise_low_hz")[..., None], (value("noise_high_hz") * (0.5 + 0.5 * hard))[..., None]
    centre = low * (high / low) ** (spot ** value("noise_curve")[..., None])
    gains = (
        torch.exp(-0.5 * (torch.log2(bins.clamp(min=20.0) / centre) / value("width")[..., None]).square())
        + value("floor")[..., None]
    )
    teeth = 1.0 + value("comb")[..., None] * torch.cos(6.2832 * bins * value("comb_s")[..., None] * (1.0 + 3.0 * spot))
    air = moving(performance, gains * teeth * (bins.clamp(min=20.0) / 1000.0) ** -0.4)

    level = place ** value("swell") * 0.97 + 0.03
    pulses = value("gate_hz") * x * performance.seconds.float()[:, None] * (1.0 + value("gate_rush") * x)
    level = level * (1.0 - value("gate") * (0.5 + 0.5 * torch.tanh(4.0 * torch.sin(6.2832 * pulses))))
    drift = 1.0 - 0.25 * wander(performance, torch.full_like(hard, 6.0))
    share = value("tone")
    samples = level * (0.5 * share * tone + (1.0 - share) * 0.9 * air * drift)
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    f0_hz = at_hops(f0, performance) * (share > _PITCH_HEARD)
    release_s = value("release") * performance.seconds.float()[:, None]
    left = ((performance.seconds.float()[:, None] - time) / release_s).clamp(0.0, 1.0)
    return Rendered(ended(samples * torch.where(value("peak_at") < 1.0, 1.0, left), performance, 0.05), f0_hz)


def _sweep_words(patch: Patch, names: tuple[str, ...]) -> Sequence[str]:
    found = [names[int(patch["style"])]]
    if patch["gate"] > 0.0:
        found.append("gated")
    if patch["comb"] > 0.0 and patch["tone"] < 0.7:
        found.append("flanged")
    if patch["detune"] > 0.0 and patch["tone"] > 0.5:
        found.append("detuned")
    if patch["steps"] > 0.0 and patch["tone"] > 0.5:
        found.append("stepped")
    if patch["tone"] > 0.5 and patch["wave"] > 0.5:
        found.append("saw wave" if patch["wave"] < 1.5 else "square wave")
    if patch["doppler"] > 0.0:
        found.append("doppler")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (
    Synth("riser", _draw_rising, render, lambda patch: _sweep_words(patch, RISERS)),
    Synth("downer", _draw_falling, render, lambda patch: _sweep_words(patch, RISERS)),
    Synth("whoosh", _draw_whoosh, render, lambda patch: _sweep_words(patch, WHOOSHES)),
)
