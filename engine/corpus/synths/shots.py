"""Zaps, lasers and sub drops: an oscillator thrown through its range, once or in volleys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, spread
from engine.corpus.synths.hits import at_hops, cycles, decay, ended, force, loudness, note_hz, rise, sine, stretch, wave
from engine.corpus.synths.noise import coloured, noise_bins
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through

ZAPS = ("synth", "blip", "disc shot", "electric", "video game", "fm")
LASERS = ("laser gun", "retro", "sci-fi", "ray gun", "blaster", "toy")
DROPS = ("sine", "808", "distorted", "dive", "layered")


def _shot(rng: np.random.Generator, style: float) -> Patch:
    """A shot of no particular character: the families change what makes theirs."""
    return {
        "style": style, "end_hz": spread(rng, 60.0, 400.0), "fall": between(rng, 1.5, 5.5), "fall_s": spread(rng, 0.02, 0.12),
        "curve": spread(rng, 0.5, 1.6), "wave": choose(rng, (3, 2, 2)), "t60_s": spread(rng, 0.08, 0.5), "hold_s": perhaps(rng, 0.4, 0.01, 0.08),
        "fm_ratio": spread(rng, 0.5, 5.0), "fm_index": perhaps(rng, 0.3, 0.3, 4.0), "fm_s": spread(rng, 0.03, 0.5),
        "wobble": perhaps(rng, 0.2, 0.05, 0.6), "wobble_hz": spread(rng, 8.0, 60.0), "again_s": perhaps(rng, 0.15, 0.05, 0.2),
        "noise": perhaps(rng, 0.3, 0.05, 0.5), "noise_s": spread(rng, 0.01, 0.15), "noise_hz": spread(rng, 1000.0, 8000.0),
        "cut_octaves": between(rng, 2.0, 7.0), "resonance": spread(rng, 0.7, 4.0), "drive": spread(rng, 0.5, 3.0), "played": 0.0, "swell_s": 0.0,
    }  # fmt: skip


def draw_zap(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 2, 2.5, 1.5, 2, 2))
    patch = _shot(rng, style)
    patch |= (
        {},
        {
            "fall": between(rng, -0.6, 0.6),
            "end_hz": spread(rng, 300.0, 2500.0),
            "t60_s": spread(rng, 0.04, 0.18),
            "noise": 0.0,
        },
        {
            "fall": between(rng, 4.0, 7.0),
            "fall_s": spread(rng, 0.006, 0.03),
            "end_hz": spread(rng, 50.0, 150.0),
            "wave": 0.0,
        },
        {"fm_index": between(rng, 3.0, 9.0), "fm_ratio": spread(rng, 0.05, 0.9), "noise": between(rng, 0.2, 0.7)},
        {
            "wave": 2.0,
            "again_s": perhaps(rng, 0.6, 0.04, 0.12),
            "fall": between(rng, -2.5, 3.0),
            "end_hz": spread(rng, 200.0, 1200.0),
        },
        {"wave": 0.0, "fm_index": between(rng, 1.0, 6.0)},
    )[int(style)]
    return patch | effects.draw(
        rng, drive=0.15, crush=0.3 if style == 4.0 else 0.1, tone=0.06, chorus=0.06, reverb=0.25
    )


def draw_laser(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 2.5, 2.5, 2, 2, 1.5))
    patch = _shot(rng, style) | {
        "fall": between(rng, 2.0, 5.0),
        "fall_s": spread(rng, 0.05, 0.35),
        "t60_s": spread(rng, 0.2, 1.0),
        "end_hz": spread(rng, 80.0, 600.0),
    }
    patch |= (
        {},
        {"wave": 2.0, "again_s": perhaps(rng, 0.4, 0.06, 0.2)},
        {"fm_index": between(rng, 0.5, 5.0), "wobble": perhaps(rng, 0.6, 0.05, 0.4)},
        {"wobble": between(rng, 0.2, 1.0), "wobble_hz": spread(rng, 10.0, 45.0), "fall": between(rng, 0.5, 2.5)},
        {"noise": between(rng, 0.3, 0.9), "noise_s": spread(rng, 0.05, 0.3), "fall_s": spread(rng, 0.03, 0.12)},
        {"fall": between(rng, -2.5, -0.8), "wave": choose(rng, (2, 0, 3)), "end_hz": spread(rng, 800.0, 3000.0)},
    )[int(style)]
    return patch | effects.draw(rng, drive=0.12, crush=0.14, tone=0.05, chorus=0.15, reverb=0.3)


def draw_sub_drop(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 3, 2, 2, 2))
    patch = _shot(rng, style) | {
        "played": 1.0,
        "fall": between(rng, 0.6, 1.4) if style == 1.0 else between(rng, 1.0, 3.0),
        "fall_s": spread(rng, 0.08, 0.3) if style == 1.0 else spread(rng, 0.25, 0.9),
        "t60_s": spread(rng, 1.5, 4.5),
        "hold_s": between(rng, 0.0, 0.8),
        "wave": 0.0 if style != 2.0 else choose(rng, (2, 1, 1)),
        "fm_index": perhaps(rng, 0.25, 0.1, 0.6),
        "fm_ratio": 1.0,
        "wobble": perhaps(rng, 0.15, 0.02, 0.12),
        "wobble_hz": spread(rng, 2.0, 9.0),
        "again_s": 0.0,
        "noise": between(rng, 0.15, 0.6) if style == 4.0 else perhaps(rng, 0.3, 0.02, 0.15),
        "noise_s": spread(rng, 0.03, 0.6),
        "drive": spread(rng, 4.0, 15.0) if style == 2.0 else spread(rng, 0.4, 2.5),
        "cut_octaves": between(rng, 2.0, 4.0),
        "resonance": 0.7,
        "swell_s": perhaps(rng, 0.2, 0.02, 0.2),
    }
    return patch | effects.draw(rng, drive=0.06, tone=0.05, reverb=0.25, chorus=0.03)


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> torch.Tensor:
        return column(patches, key, performance.device)

    time, hard = performance.time_s(), force(performance)
    played = value("played") > 0.5
    t60 = stretch(patches, "t60_s", performance, 2.5 if patches[0]["played"] else 0.5)
    again = value("again_s")
    local = torch.where(again > 0.0, time % again.clamp(min=1e-3), time)  # every shot of a volley starts anew
    octaves = value("fall") * torch.exp(-((local / value("fall_s")) ** torch.where(played, 1.0, value("curve"))))
    octaves = octaves + value("wobble") * torch.sin(6.2832 * value("wobble_hz") * time)
    end = torch.where(played, note_hz(performance), value("end_hz"))
    f0 = (end * 2.0**octaves).clamp(16.0, 14000.0)
    phase = cycles(f0)
    if any(patch["fm_index"] > 0.0 for patch in patches):
        index = value("fm_index") * (0.5 + 0.5 * hard) * torch.exp(-time / value("fm_s"))
        heard = phase + (index / 6.2832 * sine(phase * value("fm_ratio").double())).double()
    else:
        heard = phase
    tone = wave(heard, f0, value("wave"))
    drive = value("drive")
    tone = torch.tanh(drive * tone) / torch.tanh(drive)
    volley = torch.where(again > 0.0, (local / 0.004).clamp(max=1.0) * 0.999 + 0.001, 1.0)
    start = rise(time, torch.where(value("swell_s") > 0.0, value("swell_s"), 0.0015))
    tone = tone * decay((time - value("hold_s")).clamp(min=0.0), t60) * start * volley
    bins = noise_bins(performance)
    noise = coloured(performance, band_pass(bins, value("noise_hz"), 0.8) * high_pass(bins, 60.0 + 0.0 * hard))
    samples = tone + 0.4 * value("noise") * hard * noise * decay(time, torch.minimum(4.0 * value("noise_s"), t60))
    bins = filter_bins(performance.device)
    cutoff = (end * 2.0 ** (value("cut_octaves") + 1.2 * (hard - 0.6)) + 300.0).clamp(max=19000.0)
    samples = through(
        samples, low_pass(bins, torch.where(value("noise") > 0.0, cutoff.clamp(min=2500.0), cutoff), value("resonance"))
    )
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    pitched = (value("fm_index") < 2.0) | (value("fm_ratio") == 1.0)
    return Rendered(ended(samples, performance, 0.08), at_hops(f0, performance) * pitched)


def _shot_words(patch: Patch, names: tuple[str, ...]) -> Sequence[str]:
    found = [names[int(patch["style"])]]
    if not patch["played"]:
        found.append(("sine", "saw wave", "square wave")[int(patch["wave"])])
        if patch["fall"] < -0.3:
            found.append("rising")
    if patch["again_s"] > 0.0:
        found.append("repeating")
    if patch["wobble"] > 0.1:
        found.append("wobbling pitch")
    if patch["drive"] > 4.0:
        found.append("distorted")
    if patch["played"] and patch["noise"] > 0.1:
        found.append("with noise")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (
    Synth("zap", draw_zap, render, lambda patch: _shot_words(patch, ZAPS)),
    Synth("laser", draw_laser, render, lambda patch: _shot_words(patch, LASERS)),
    Synth("sub_drop", draw_sub_drop, render, lambda patch: _shot_words(patch, DROPS)),
)
