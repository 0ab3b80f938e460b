"""Hi-hats and cymbals: a cloud of inharmonic partials (squares, FM or plate modes) over a wash of noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import cycles, decay, ended, force, loudness, no_pitch, rise, scatter, sine, stretch
from engine.corpus.synths.modes import ring
from engine.corpus.synths.noise import coloured, noise_bins, wander
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through, tilt

HATS = ("808", "909", "acoustic", "trap", "digital", "lo-fi")
CRASHES = ("acoustic", "splash", "china", "808", "digital", "dark")
RIDES = ("acoustic", "ride bell", "sizzle", "jazz", "909", "china")
_SQUARES = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)  # Hz, the six oscillators of the TR-808 (Werner et al. 2014)
_MODES = 160


def _metal(rng: np.random.Generator) -> Patch:
    return {
        "squares": 0.0, "squares_tune": spread(rng, 0.7, 2.6), "fm": 0.0, "fm_hz": spread(rng, 300.0, 4000.0),
        "fm_ratio": between(rng, 1.1, 7.0), "fm_index": between(rng, 2.0, 9.0), "plate": 0.0, "noise": 0.0,
        "plate_low_hz": spread(rng, 250.0, 900.0), "plate_high_hz": spread(rng, 9000.0, 17000.0),
        "plate_bend": between(rng, 0.35, 0.9), "damping": between(rng, 0.1, 0.6), "plate_tilt": between(rng, -4.0, 3.0),
        "low_cut_hz": spread(rng, 3000.0, 8500.0), "high_cut_hz": spread(rng, 8000.0, 20000.0), "tilt": between(rng, -3.0, 3.0),
        "peak_hz": spread(rng, 4000.0, 11000.0), "peak": between(rng, 0.0, 2.0), "attack_s": 0.0005, "burst": between(rng, 0.0, 1.5),
        "stick": between(rng, 0.0, 0.5), "ping": 0.0, "ping_hz": spread(rng, 900.0, 4000.0), "shimmer": 0.0, "build_s": 0.001,
        "choke_s": 0.0, "seed": seed(rng),
    }  # fmt: skip


def _draw_hat(rng: np.random.Generator, t60_s: tuple[float, float]) -> Patch:
    style = choose(rng, (3, 2.5, 3, 3, 2, 1.5))
    patch = _metal(rng) | {"style": style, "t60_s": spread(rng, *t60_s)}
    machine = {
        "squares": between(rng, 0.6, 1.0),
        "noise": between(rng, 0.0, 0.4),
        "low_cut_hz": spread(rng, 5000.0, 9500.0),
    }
    patch |= (
        machine,
        {"plate": between(rng, 0.3, 1.0), "noise": between(rng, 0.4, 1.0), "low_cut_hz": spread(rng, 4500.0, 9000.0)},
        {
            "plate": between(rng, 0.5, 1.0),
            "noise": between(rng, 0.2, 0.9),
            "low_cut_hz": spread(rng, 1200.0, 5000.0),
            "stick": between(rng, 0.2, 0.9),
        },
        machine
        | {
            "noise": between(rng, 0.2, 1.0),
            "squares": between(rng, 0.0, 1.0),
            "low_cut_hz": spread(rng, 6500.0, 11500.0),
        },
        {"fm": between(rng, 0.6, 1.0), "noise": between(rng, 0.0, 0.5), "low_cut_hz": spread(rng, 2500.0, 8000.0)},
        {
            "plate": between(rng, 0.0, 0.8),
            "noise": between(rng, 0.4, 1.0),
            "low_cut_hz": spread(rng, 1500.0, 5000.0),
            "high_cut_hz": spread(rng, 5000.0, 9000.0),
        },
    )[int(style)]
    lo_fi = 0.6 if style == 5.0 else 0.06
    return patch | effects.draw(rng, drive=0.12, crush=lo_fi, tone=0.06, chorus=0.04, reverb=0.18)


def draw_closed_hat(rng: np.random.Generator) -> Patch:
    return _draw_hat(rng, (0.025, 0.2))


def draw_open_hat(rng: np.random.Generator) -> Patch:
    patch = _draw_hat(rng, (0.3, 1.5))
    return patch | {
        "choke_s": perhaps(rng, 0.2, 0.15, 0.5),
        "damping": between(rng, 0.05, 0.5),
        "shimmer": between(rng, 0.0, 0.4),
    }


def draw_crash(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 2, 1.5, 2, 1.5, 2))
    patch = _metal(rng) | {
        "style": style,
        "t60_s": spread(rng, 0.5, 1.2) if style == 1.0 else spread(rng, 1.2, 4.0),
        "plate": between(rng, 0.5, 1.0) if style not in (3.0, 4.0) else between(rng, 0.0, 0.4),
        "squares": between(rng, 0.4, 0.9) if style == 3.0 else 0.0,
        "fm": between(rng, 0.5, 1.0) if style == 4.0 else 0.0,
        "noise": between(rng, 0.6, 1.4),
        "low_cut_hz": spread(rng, 250.0, 900.0) if style in (2.0, 5.0) else spread(rng, 500.0, 3500.0),
        "high_cut_hz": spread(rng, 5000.0, 9000.0) if style == 5.0 else spread(rng, 9000.0, 20000.0),
        "plate_tilt": between(rng, -5.0, 1.0),
        "build_s": spread(rng, 0.002, 0.05),
        "burst": between(rng, 0.2, 1.5),
        "shimmer": between(rng, 0.0, 0.6),
    }
    return patch | effects.draw(
        rng, drive=0.4 if style == 2.0 else 0.06, crush=0.06, tone=0.06, chorus=0.04, reverb=0.25
    )


def draw_ride(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 3, 1.5, 2, 2, 1))
    bell = style == 1.0
    patch = _metal(rng) | {
        "style": style,
        "t60_s": spread(rng, 1.0, 3.5),
        "plate": between(rng, 0.5, 1.0),
        "noise": between(rng, 0.02, 0.2)
        if bell
        else between(rng, 0.5, 1.0)
        if style == 5.0
        else between(rng, 0.15, 0.7),
        "low_cut_hz": spread(rng, 300.0, 700.0) if bell else spread(rng, 500.0, 2500.0),
        "plate_tilt": between(rng, -5.0, 0.0),
        "ping": between(rng, 0.8, 1.6) if bell else between(rng, 0.1, 0.7),
        "ping_hz": spread(rng, 500.0, 1400.0) if bell else spread(rng, 1500.0, 5000.0),
        "stick": between(rng, 0.3, 1.0),
        "build_s": spread(rng, 0.005, 0.12),
        "burst": between(rng, 0.0, 0.5),
        "shimmer": between(rng, 0.5, 0.9) if style == 2.0 else between(rng, 0.0, 0.3),
    }
    return patch | effects.draw(rng, drive=0.05, crush=0.06, tone=0.06, reverb=0.22)


def _oscillators(patches: Sequence[Patch], performance: Performance) -> Tensor:
    """The metallic tones that do not decay by themselves: six squares (as their harmonics) and a two-operator FM pair."""

    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    chance = scatter(patches, "seed", 6, performance.device)
    base = torch.tensor(_SQUARES, device=performance.device)[None] * value("squares_tune") * (0.97 + 0.06 * chance)
    odd = torch.arange(
        5, 49, 2, device=performance.device, dtype=torch.float32
    )  # those below are cut away by the high pass
    hz = (base[:, :, None] * odd).flatten(1)
    level = (value("squares")[:, :, None] * 1.2 / odd).expand(-1, 6, -1).flatten(1)
    total = ring(
        hz,
        torch.full_like(hz, 1e5),
        level,
        performance.frames,
        scatter(patches, "seed", hz.shape[1], performance.device),
    )
    if any(patch["fm"] > 0.0 for patch in patches):
        phase = cycles(value("fm_hz") + 0.0 * performance.time_s())
        modulator = sine(phase * value("fm_ratio").double()) + sine(phase * (1.618 * value("fm_ratio")).double())
        total = total + value("fm") * sine(phase * 2.41 + (value("fm_index") / 6.2832 * modulator).double())
    return total


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    time, hard, device, frames = performance.time_s(), force(performance), performance.device, performance.frames
    long = patches[0]["t60_s"] > 0.25
    t60 = stretch(patches, "t60_s", performance, 1.5 if long else 0.2)
    chance = scatter(patches, "seed", 3 * _MODES, device)
    place = ((torch.arange(_MODES, device=device) + chance[:, :_MODES]) / _MODES) ** value("plate_bend")
    hz = value("plate_low_hz") * (value("plate_high_hz") / value("plate_low_hz")) ** place
    level = (
        value("plate")
        * (hz / 3000.0) ** (value("plate_tilt") / 6.02 + 0.5 * (hard - 0.7))
        * (0.1 + chance[:, _MODES : 2 * _MODES] ** 2)
        * 0.28
    )
    lengths = torch.minimum(
        t60 * (hz / 4000.0).clamp(min=0.2) ** -value("damping"), 1.15 * performance.seconds.float()[:, None]
    )
    plate = ring(hz, lengths * (0.6 + 0.6 * chance[:, :_MODES]), level, frames, chance[:, 2 * _MODES :])

    bins = filter_bins(device)
    bright = 0.5 + 0.5 * hard
    low_cut = value("low_cut_hz")
    shape = (
        high_pass(bins, low_cut)
        * low_pass(bins, value("high_cut_hz") * bright)
        * tilt(bins, value("tilt") + 4.0 * (hard - 0.8), 6000.0)
    )
    shape = shape * (1.0 + value("peak") * band_pass(bins, value("peak_hz"), 2.5))
    bins = noise_bins(performance)
    wash = coloured(performance, high_pass(bins, 0.5 * low_cut)) * value("noise")
    shimmer = 1.0 - value("shimmer") * wander(performance, torch.full_like(hard, 35.0))
    envelope = decay(time, t60) + value("burst") * hard * decay(time, 0.15 * t60)
    steady = wash * shimmer
    if any(patch["squares"] + patch["fm"] > 0.0 for patch in patches):
        steady = steady + 1.6 * _oscillators(patches, performance)
    bloom = 0.35 + 0.65 * rise(time, value("build_s"))
    metal = through((0.6 * steady * envelope + plate * shimmer) * bloom, shape)

    short = min(frames, 4096)
    bins = noise_bins(performance)
    stick = coloured(performance, band_pass(bins, value("ping_hz") + 1500.0 * bright, 0.8), short) * decay(
        time[:, :short], 0.012 + 0.0 * hard
    )
    bell_hz = (
        value("ping_hz") * torch.tensor([[1.0, 1.51, 2.04, 2.71, 3.37]], device=device) * (0.97 + 0.06 * chance[:, :5])
    )
    bell_level = value("ping") * (0.4 + 0.6 * hard) * torch.tensor([[0.4, 0.3, 0.3, 0.2, 0.15]], device=device)
    samples = metal + ring(bell_hz, 0.6 * t60 * (bell_hz / 1500.0).clamp(min=0.3) ** -0.7, bell_level, frames)
    samples[:, :short] += 0.35 * value("stick") * hard * stick
    choke = value("choke_s")
    samples = torch.where(choke > 0.0, samples * decay((time - choke).clamp(min=0.0), 0.06 + 0.0 * choke), samples)
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance, 0.1), no_pitch(performance))


def _metal_words(patch: Patch, names: tuple[str, ...]) -> Sequence[str]:
    found = [names[int(patch["style"])]]
    if patch["squares"] + patch["fm"] > 0.5 and patch["noise"] < 0.4:
        found.append("metallic")
    if patch["noise"] > 0.7 and patch["squares"] + patch["fm"] + patch["plate"] < 0.5:
        found.append("noise")
    if patch["choke_s"] > 0.0:
        found.append("choked")
    if patch["shimmer"] > 0.45:
        found.append("sizzling")
    if patch["ping"] > 0.5:
        found.append("pingy")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (
    Synth("closed_hat", draw_closed_hat, render, lambda patch: _metal_words(patch, HATS)),
    Synth("open_hat", draw_open_hat, render, lambda patch: _metal_words(patch, HATS)),
    Synth("crash", draw_crash, render, lambda patch: _metal_words(patch, CRASHES)),
    Synth("ride", draw_ride, render, lambda patch: _metal_words(patch, RIDES)),
)
