"""Distances between a sound and a copy of it. Batched, on the device of the input."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.mel import filter_bank

FFT, HOP, BANDS = 2048, 512, 128
FLOOR = 1e-3  # 60 dB under the loudest bin of the original
SECONDS = 3.0


@cache
def _bank(rate_hz: int) -> Tensor:
    return torch.from_numpy(filter_bank(FFT, BANDS, rate_hz, 20.0, min(20000.0, rate_hz / 2)))


def mel_spectrum(samples: Tensor, rate_hz: int = 44100) -> Tensor:
    """Amplitude in 128 mel bands from 20 Hz to 20 kHz. samples (batch, frames) -> (batch, 128, 1 + frames // 512)."""
    window = torch.hann_window(FFT, device=samples.device)
    lines = torch.stft(samples, FFT, HOP, window=window, pad_mode="constant", return_complex=True)
    return _bank(rate_hz).to(samples.device) @ lines.abs()


def mel_distance_db(copies: Tensor, originals: Tensor, within: bool = False, rate_hz: int = 44100) -> Tensor:
    """Mel distance in dB, (batch,): mean absolute difference of 20·log10 of mel amplitude over 3 s.

    copies, originals: (batch, frames) float, cut or filled with silence to 3 s. Both are floored 60 dB under the
    loudest bin of the original. `within`: the mean over those bins alone that are within 60 dB in the original, where
    silence cannot flatter. A silent original has no bins to compare: 0.
    """
    if copies.shape != originals.shape:
        raise ValueError(f"copies {tuple(copies.shape)} and originals {tuple(originals.shape)} differ in shape")
    frames = round(SECONDS * rate_hz)
    copies, originals = (F.pad(x.float()[:, :frames], (0, max(0, frames - x.shape[1]))) for x in (copies, originals))
    made, meant = mel_spectrum(copies, rate_hz), mel_spectrum(originals, rate_hz)
    peak = meant.amax((1, 2), keepdim=True)
    floor = (FLOOR * peak).clamp(min=1e-12)
    apart = 20 * (torch.log10(torch.maximum(made, floor)) - torch.log10(torch.maximum(meant, floor))).abs()
    counted = (meant > floor).to(apart.dtype) if within else torch.ones_like(apart)
    distance = (apart * counted).sum((1, 2)) / counted.sum((1, 2)).clamp(min=1)
    return torch.where(peak[:, 0, 0] > 0, distance, torch.zeros_like(distance))


def si_sdr_db(copies: Tensor, originals: Tensor) -> Tensor:
    """Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019), (batch,); both (batch, frames)."""
    copies, originals = copies - copies.mean(1, keepdim=True), originals - originals.mean(1, keepdim=True)
    scale = (copies * originals).sum(1, keepdim=True) / originals.square().sum(1, keepdim=True).clamp(min=1e-12)
    target = scale * originals
    wrong = (copies - target).square().sum(1)
    return 10 * torch.log10(target.square().sum(1).clamp(min=1e-12) / wrong.clamp(min=1e-12))
