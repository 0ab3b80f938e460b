"""Effects after any synthesiser: drive, crush, tone, chorus, reverb. Drawn into the patch, applied to the batch.

    patch |= effects.draw(rng, reverb=0.3)
    samples = effects.apply(samples, patches, performance)
    words = effects.words(patch)

Each effect works on the rows that have it, in the order of `EFFECTS`; levels stay near those that came in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.corpus.synths.base import RATE_HZ, Patch, Performance, column
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.hits import LN_1000, unit
from engine.corpus.synths.responses import band_pass, fast_frames, filter_bins, high_pass, low_pass, refined, through


@dataclass(frozen=True)
class Effect:
    """name: its switch in a patch is `fx_<name>` (0 off, 1 on). draw: its other parameters, `fx_<name>_...`.

    apply(samples (rows, frames) of peak 1, the rows' patches, generator) -> samples. words(patch) when it is on.
    """

    name: str
    draw: Callable[[np.random.Generator], Patch]
    apply: Callable[[Tensor, Sequence[Patch], torch.Generator], Tensor]
    words: Callable[[Patch], tuple[str, ...]]


def draw(rng: np.random.Generator, **chances: float) -> Patch:
    """The effects part of a patch: each named effect is on with its chance; those not named are off.

    Effects: drive, crush, tone, chorus, reverb.
    """
    patch: Patch = {}
    for effect in EFFECTS:
        patch |= effect.draw(rng)
        patch[f"fx_{effect.name}"] = float(rng.random() < chances.get(effect.name, 0.0))
    return patch


def apply(samples: Tensor, patches: Sequence[Patch], performance: Performance) -> Tensor:
    """`samples` (batch, frames) through the effects of each row's patch; every row comes out with a peak of 1."""
    samples = unit(samples)
    for effect in EFFECTS:
        rows = [row for row, patch in enumerate(patches) if patch[f"fx_{effect.name}"] > 0.5]
        if rows:
            index = torch.tensor(rows, device=samples.device)
            wet = effect.apply(samples[index], [patches[row] for row in rows], performance.generator)
            samples = samples.index_copy(0, index, unit(wet))
    return samples


def words(patch: Patch) -> tuple[str, ...]:
    """What the effects that are on add to a description."""
    on = (effect for effect in EFFECTS if patch[f"fx_{effect.name}"] > 0.5)
    return tuple(word for effect in on for word in effect.words(patch))


def _draw_drive(rng: np.random.Generator) -> Patch:
    return {
        "fx_drive_kind": choose(rng, (4, 2, 2)),
        "fx_drive_gain": spread(rng, 2.0, 14.0),
        "fx_drive_bias": between(rng, -0.3, 0.3),
    }


def _drive(samples: Tensor, patches: Sequence[Patch], generator: torch.Generator) -> Tensor:
    """Soft (tanh), hard (clip) or folded (sine) distortion. Bias bends it into even harmonics; its offset is removed."""
    kind = column(patches, "fx_drive_kind", samples.device)
    gain = column(patches, "fx_drive_gain", samples.device)
    bias = column(patches, "fx_drive_bias", samples.device) * samples.abs()  # nothing in, nothing out: no step at rest
    pushed = gain * (samples + bias)
    folded = torch.sin(pushed.clamp(-9.0, 9.0) * 0.5 * math.pi / 2.0)
    wet = torch.where(kind < 0.5, torch.tanh(pushed), torch.where(kind < 1.5, pushed.clamp(-1.0, 1.0), folded))
    return through(wet, high_pass(filter_bins(samples.device), torch.full_like(gain, 18.0)))


def _draw_crush(rng: np.random.Generator) -> Patch:
    return {"fx_crush_bits": between(rng, 4.5, 10.0), "fx_crush_hz": spread(rng, 3000.0, 26000.0)}


def _crush(samples: Tensor, patches: Sequence[Patch], generator: torch.Generator) -> Tensor:
    """Fewer levels (rounding to the nearest, so that silence stays silent) and samples held at a lower rate."""
    levels = 2.0 ** (column(patches, "fx_crush_bits", samples.device) - 1.0)
    ratio = column(patches, "fx_crush_hz", samples.device) / RATE_HZ
    frame = torch.arange(samples.shape[1], device=samples.device, dtype=torch.float64)[None]
    held = ((frame * ratio).floor() / ratio).ceil().long().clamp(max=samples.shape[1] - 1)
    return torch.round(samples.gather(1, held) * levels) / levels


def _draw_tone(rng: np.random.Generator) -> Patch:
    return {
        "fx_tone_kind": choose(rng, (3, 2, 3, 1)),
        "fx_tone_hz": spread(rng, 400.0, 5000.0),
        "fx_tone_q": spread(rng, 0.6, 3.0),
        "fx_tone_level": between(rng, 1.0, 4.0),
    }


def _tone(samples: Tensor, patches: Sequence[Patch], generator: torch.Generator) -> Tensor:
    """A low pass, a gentle high pass, a resonance on top, or a telephone band."""
    kind = column(patches, "fx_tone_kind", samples.device)
    hz, q = column(patches, "fx_tone_hz", samples.device), column(patches, "fx_tone_q", samples.device)
    bins = filter_bins(samples.device)
    resonance = 1.0 + column(patches, "fx_tone_level", samples.device) * band_pass(bins, hz, 2.0 * q)
    telephone = high_pass(bins, 0.35 * hz + 200.0) * low_pass(bins, hz + 1500.0)
    response = torch.where(
        kind < 0.5, low_pass(bins, 1.5 * hz, q), torch.where(kind < 1.5, high_pass(bins, 0.12 * hz), resonance)
    )
    return through(samples, torch.where(kind > 2.5, telephone, response))


def _draw_chorus(rng: np.random.Generator) -> Patch:
    return {
        "fx_chorus_hz": spread(rng, 0.2, 5.0),
        "fx_chorus_s": spread(rng, 0.002, 0.02),
        "fx_chorus_mix": between(rng, 0.4, 1.0),
    }


def _chorus(samples: Tensor, patches: Sequence[Patch], generator: torch.Generator) -> Tensor:
    """Two delayed copies whose delays swing against each other (linear interpolation), added to the sound."""
    rate, depth, mix = (column(patches, f"fx_chorus_{key}", samples.device) for key in ("hz", "s", "mix"))
    frame = torch.arange(samples.shape[1], device=samples.device, dtype=torch.float32)[None]
    total = samples
    for phase in (0.0, 0.5):
        swing = torch.sin(2.0 * math.pi * (rate * frame / RATE_HZ + phase))
        place = frame - RATE_HZ * depth * (1.05 + 0.3 * swing / rate.clamp(min=1.0))
        left = place.floor()
        index = left.long()
        heard = torch.where(index >= 0, samples.gather(1, index.clamp(min=0)), 0.0)
        following = torch.where(index >= 0, samples.gather(1, (index + 1).clamp(min=0)), 0.0)
        total = total + 0.7 * mix * torch.lerp(heard, following, place - left)
    return total


def _draw_reverb(rng: np.random.Generator) -> Patch:
    kind = choose(rng, (4, 3, 2, 1.5))  # room, plate, hall, gated
    longest = (0.5, 1.4, 3.0, 0.9)[int(kind)]
    return {
        "fx_reverb_kind": kind,
        "fx_reverb_s": spread(rng, 0.3 * longest, longest),
        "fx_reverb_mix": spread(rng, 0.08, 0.45),
        "fx_reverb_dark_hz": spread(rng, 1800.0, 12000.0),
        "fx_reverb_predelay_s": between(rng, 0.0, 0.025),
    }


def _reverb(samples: Tensor, patches: Sequence[Patch], generator: torch.Generator) -> Tensor:
    """Convolution with decaying noise: highs die sooner than lows; a gated one stops dead at half its length."""
    kind, t60, mix, dark_hz, predelay = (
        column(patches, f"fx_reverb_{key}", samples.device) for key in ("kind", "s", "mix", "dark_hz", "predelay_s")
    )
    longest = min(int(max(patch["fx_reverb_s"] for patch in patches) * RATE_HZ) + 2048, samples.shape[1])
    time = torch.arange(longest, device=samples.device, dtype=torch.float32)[None] / RATE_HZ - predelay
    size = fast_frames(samples.shape[1] + longest)
    noise = torch.randn((len(patches), longest), generator=generator, device=samples.device)
    gated = kind > 2.5
    slope = torch.where(gated, 0.3, 1.0)
    late = torch.where(
        (time >= 0) & ~(gated & (time > 0.5 * t60)), torch.exp(-LN_1000 * slope * time.clamp(min=0.0) / t60), 0.0
    )
    early = late * torch.exp(-LN_1000 * time.clamp(min=0.0) / (0.5 * t60))
    dull = 3.0 * functional.avg_pool1d(noise[:, None], 11, 1, 5)[:, 0]  # highs above about 2 kHz averaged away
    bins = filter_bins(samples.device)
    walls = refined(low_pass(bins, dark_hz) * high_pass(bins, torch.full_like(t60, 90.0)), size)
    room = torch.fft.rfft(0.6 * noise * early + dull * late, n=size) * walls
    return samples + 1.2 * mix * unit(
        torch.fft.irfft(torch.fft.rfft(samples, n=size) * room, n=size)[:, : samples.shape[1]]
    )


EFFECTS: tuple[Effect, ...] = (
    Effect("drive", _draw_drive, _drive, lambda patch: ("distorted",) if patch["fx_drive_gain"] > 5.0 else ("saturated",)),
    Effect("crush", _draw_crush, _crush, lambda patch: ("bit-crushed", "lo-fi") if patch["fx_crush_bits"] < 6.5 else ("lo-fi",)),
    Effect("tone", _draw_tone, _tone, lambda patch: (("filtered",), (), ("resonant",), ("telephone", "lo-fi"))[int(patch["fx_tone_kind"])]),
    Effect("chorus", _draw_chorus, _chorus, lambda patch: ("with chorus",)),
    Effect(
        "reverb", _draw_reverb, _reverb,
        lambda patch: () if patch["fx_reverb_mix"] < 0.12
        else ("with reverb", (("room",), ("plate reverb",), ("big hall",), ("gated reverb",))[int(patch["fx_reverb_kind"])][0]),
    ),
)  # fmt: skip
