"""Filters as frequency responses: complex gains on FFT bins, causal, one product for a whole batch."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.corpus.synths.base import RATE_HZ

RESPONSE_FRAMES = 8192
_TAIL_FRAMES = 2048  # of ringing that must not wrap around to the start


def fast_frames(frames: int) -> int:
    """The smallest FFT length of the form 2^a, 3 * 2^a or 5 * 2^a that holds `frames`."""
    power = 1 << max(8, (frames - 1).bit_length())
    return min(size for size in (power, power * 3 // 4, power * 5 // 8) if size >= frames)


def filter_bins(device: torch.device) -> Tensor:
    """Frequencies of the coarse grid that every response is made on, (1, bins): filters ring for 0.19 s at most."""
    return bins_hz(RESPONSE_FRAMES, device)


def bins_hz(frames: int, device: torch.device) -> Tensor:
    """(1, frames // 2 + 1) frequencies of the bins of a real FFT of even length `frames`."""
    return torch.arange(frames // 2 + 1, device=device, dtype=torch.float32)[None] * (RATE_HZ / frames)


def low_pass(hz: Tensor, cutoff_hz: Tensor, resonance: Tensor | float = 0.707) -> Tensor:
    """Two-pole analog low pass (12 dB per octave); `resonance` is its Q."""
    x = hz / cutoff_hz
    return 1.0 / torch.complex(1.0 - x * x, x / resonance)


def high_pass(hz: Tensor, cutoff_hz: Tensor, resonance: Tensor | float = 0.707) -> Tensor:
    """Two-pole analog high pass (12 dB per octave)."""
    x = hz / cutoff_hz
    return -x * x / torch.complex(1.0 - x * x, x / resonance)


def band_pass(hz: Tensor, centre_hz: Tensor, q: Tensor | float) -> Tensor:
    """Two-pole band pass with gain 1 at its centre."""
    x = hz / centre_hz
    damped = x / q
    return torch.complex(torch.zeros_like(damped), damped) / torch.complex(1.0 - x * x, damped)


def tilt(hz: Tensor, db_per_octave: Tensor | float, pivot_hz: float = 1000.0) -> Tensor:
    """Real gain that falls or climbs by `db_per_octave` about 1 at `pivot_hz`; flat below 20 Hz."""
    return (hz.clamp(min=20.0) / pivot_hz) ** (torch.as_tensor(db_per_octave, device=hz.device) / 6.0206)


def through(samples: Tensor, response: Tensor) -> Tensor:
    """`samples` (batch, frames) through a response (batch, bins) made on `filter_bins`."""
    size = fast_frames(samples.shape[1] + _TAIL_FRAMES)
    heard: Tensor = torch.fft.irfft(torch.fft.rfft(samples, n=size) * refined(response, size), n=size)
    return heard[:, : samples.shape[1]]


def refined(response: Tensor, size: int) -> Tensor:
    """A response on `filter_bins` for a transform of `size` frames: its impulse response, transformed again.

    What rings before time 0 (an analog response cut at half the rate does, a little) stays at the end, before time 0.
    """
    impulse = torch.fft.irfft(response, n=RESPONSE_FRAMES)
    head = min(size, RESPONSE_FRAMES) - _TAIL_FRAMES // 2
    gap = torch.zeros(impulse.shape[0], max(0, size - RESPONSE_FRAMES), device=impulse.device)
    finer: Tensor = torch.fft.rfft(torch.cat([impulse[:, :head], gap, impulse[:, -_TAIL_FRAMES // 2 :]], dim=1))
    return finer
