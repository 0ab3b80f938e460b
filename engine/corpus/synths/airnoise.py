"""Coloured noise of mallets, picks, bows and breath, shaped in the spectrum."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from engine.corpus.synths.articulation import normal
from engine.corpus.synths.base import RATE_HZ, Performance
from engine.corpus.synths.partials import band_gain


def band_curve(hz: Tensor, centre_hz: Tensor, octaves: Tensor) -> Tensor:
    """A bell over the logarithm of frequency: 1 at the centre, -4.3 dB at `octaves` away; (batch, bins)."""
    distance = torch.log2(hz.clamp(min=5.0) / centre_hz) / octaves
    return torch.exp(-0.5 * distance.square())


def coloured(performance: Performance, centre_hz: Tensor, octaves: Tensor, frames: int) -> Tensor:
    """Steady noise around `centre_hz` (batch, 1), about unit RMS, float32 (batch, frames)."""
    length = -(-frames // 4096) * 4096
    bins = length // 2 + 1
    hz = torch.arange(bins, device=performance.device, dtype=torch.float32)[None] * (RATE_HZ / length)
    curve = band_curve(hz, centre_hz, octaves) * band_gain(hz) * (hz > 25.0)
    curve = curve / curve.square().mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    parts = normal(performance, performance.batch, 2, bins)
    spectrum = torch.complex(parts[:, 0] * curve, parts[:, 1] * curve)
    spectrum[:, 0] = 0
    noise: Tensor = torch.fft.irfft(spectrum, n=length)
    return noise[:, :frames] * math.sqrt(length / 2.0)


def burst(performance: Performance, centre_hz: Tensor, octaves: Tensor, t60_s: Tensor, attack_s: float = 0.0007) -> Tensor:
    """A short noise that dies away, peak about 1 to 3, float32 (batch, frames); t60_s (batch, 1) up to 0.7 s."""
    frames = min(performance.frames, 32768 if float(t60_s.max()) > 0.18 else 8192)
    time = (torch.arange(frames, device=performance.device, dtype=torch.float32) / RATE_HZ)[None]
    shape = torch.exp(time * (-6.91 / t60_s)) * (time / attack_s).clamp(max=1.0)
    short = coloured(performance, centre_hz, octaves, frames) * shape
    short = short * ((frames - torch.arange(frames, device=performance.device)) / 256.0).clamp(max=1.0)
    return functional.pad(short, (0, performance.frames - frames))
