"""The two raw sounds that the codec's decoder shapes: a band-limited pulse train on the pitch curve, and noise."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

RATE_HZ = 44100
FFT, HOP = 2048, 512
HIGHEST_HZ = 20000.0


def spectrum(samples: Tensor, fft: int = FFT, hop: int = HOP) -> Tensor:
    """STFT with a Hann window, frame t centred on sample t · hop: (B, N) -> complex (B, bins, 1 + N // hop)."""
    window = torch.hann_window(fft, device=samples.device)
    return torch.stft(samples, fft, hop, window=window, center=True, pad_mode="constant", return_complex=True)


def waveform(spectra: Tensor, frames: int) -> Tensor:
    """Inverse of `spectrum`: complex (B, bins, T) -> (B, frames)."""
    window = torch.hann_window(FFT, device=spectra.device)
    return torch.istft(spectra, FFT, HOP, window=window, center=True, length=frames)


def pulse_train(f0_hz: Tensor, frames: int, start_frames: Tensor | None = None) -> Tensor:
    """Sum of all harmonics below 20 kHz, each as loud as the others, unit RMS.

    f0_hz: (B, T), one value per HOP frames, 0 = silent there. start_frames: (B,) how far into its sound each crop
    begins; it only turns the phase. Returns float32 (B, frames).

    The sum of K sines in closed form (discrete summation, Moorer 1976) is sin(Kx/2) sin((K+1)x/2) / sin(x/2), whose
    limit at the poles is 0: without taking it there the train is not a number. Sines and not cosines: shaped into
    1/k or odd harmonics they give an analogue synthesiser's symmetrical waves, whose peaks are 3 dB lower.
    """
    voiced = (f0_hz > 0).float()
    held = _hold(f0_hz)
    hz = _at_rate(held, frames).clamp(min=16.0)
    gate = _at_rate(voiced, frames)
    cycles = torch.cumsum(hz.double() / RATE_HZ, dim=1)
    if start_frames is not None:
        cycles = cycles + (start_frames.double() * held[:, 0].double() / RATE_HZ)[:, None]
    x = (2.0 * math.pi * (cycles - torch.round(cycles))).float()  # around 0, where small numbers are exact
    count = torch.floor(HIGHEST_HZ / hz)
    below = torch.sin(x / 2)
    pole = below == 0
    ratio = torch.sin((count + 1) * x / 2) / torch.where(pole, torch.ones_like(below), below)
    train = torch.sin(count * x / 2) * torch.where(pole, count + 1, ratio)
    return train * torch.sqrt(2.0 / count) * gate


def _hold(f0_hz: Tensor) -> Tensor:
    """Unvoiced points take the value of the last voiced one (or of the first), so that nothing chirps."""
    index = torch.arange(f0_hz.shape[1], device=f0_hz.device).expand_as(f0_hz)
    last = torch.where(f0_hz > 0, index, torch.zeros_like(index)).cummax(dim=1).values
    held = f0_hz.gather(1, last)
    first = f0_hz.gather(1, (f0_hz > 0).float().argmax(dim=1, keepdim=True))
    return torch.where(held > 0, held, first)


def _at_rate(points: Tensor, frames: int) -> Tensor:
    """Linear interpolation from one point per HOP frames to every frame: (B, T) -> (B, frames)."""
    wanted = 1 + math.ceil(frames / HOP)
    if points.shape[1] < wanted:
        points = F.pad(points[:, None], (0, wanted - points.shape[1]), mode="replicate")[:, 0]
    points = points[:, :wanted]
    ramp = torch.arange(HOP, device=points.device) / HOP
    lines = points[:, :-1, None] + (points[:, 1:] - points[:, :-1])[..., None] * ramp
    return lines.flatten(1)[:, :frames]
