"""What is read from the spectrum of sounds: centroid, flatness, low ratio, harmonicity, loudness.

Everything is batched: (batch, frames) in, (batch,) out, on the device of the input.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

WINDOW_FRAMES = 4096  # at 44.1 kHz: 10.8 Hz a bin, so that the harmonics of a bass lie apart
FLOOR = 1e-6  # power, relative to the loudest bin of the sound: what lies 60 dB under it counts as silence
NOISE_FLOOR = 1e-7  # the same for flatness: noise is spread over many bins, so it is heard further down
LOW_HZ = 200.0  # corner of the low-pass behind `low_ratio`
BANDS_HZ = (20.0, *(160.0 * 2 ** (step / 2) for step in range(14)))  # edges of the bands of flatness, to 14.5 kHz
PITCH_HZ = (30.0, 2000.0)  # where harmonicity looks for a period
QUIETEST_DB = -120.0


def power_spectra(samples: Tensor, window_frames: int) -> Tensor:
    """Hann power spectra, half overlapping, (batch, windows, bins); a full-scale sine peaks at 0.25."""
    hop = window_frames // 2
    padded = torch.nn.functional.pad(samples, (hop, 2 * hop - samples.shape[1] % hop))
    window = torch.hann_window(window_frames, device=samples.device)
    lines = torch.view_as_real(torch.fft.rfft(padded.unfold(1, window_frames, hop) * (window / window.sum())))
    return lines.square().sum(-1)


def spectral(samples: Tensor, rate_hz: int) -> dict[str, Tensor]:
    """`centroid_hz flatness low_ratio harmonicity loudness_db` as features.py defines them, each (batch,)."""
    window_frames = WINDOW_FRAMES * max(1, round(rate_hz / 44100))
    power = power_spectra(samples, window_frames)
    hz = torch.arange(power.shape[2], device=samples.device) * (rate_hz / window_frames)
    peak = power.amax((1, 2))
    energy = power.sum(2)  # (batch, windows)
    share = energy / energy.sum(1, keepdim=True).clamp(min=1e-20)
    floor = (FLOOR * peak).clamp(min=1e-20)[:, None, None]

    low = power @ (1 / (1 + (hz / LOW_HZ) ** 2))  # (batch, windows)
    low_ratio = low.sum(1) / energy.sum(1).clamp(min=1e-20)

    amplitude = torch.where(power > floor, power, 0.0).sqrt_()
    total = amplitude.sum(2)
    centroid = (amplitude @ hz) / total.clamp(min=1e-10)
    return {
        "centroid_hz": (centroid * share).sum(1),
        "flatness": _flatness(power, hz, (NOISE_FLOOR * peak).clamp(min=1e-20)[:, None, None], share),
        "low_ratio": low_ratio,
        "harmonicity": _harmonicity(power[:, ::2], rate_hz),
        "loudness_db": _loudness(power, hz),
    }


def _flatness(power: Tensor, hz: Tensor, floor: Tensor, share: Tensor) -> Tensor:
    """Geometric over arithmetic mean of power within bands: a tone is a few high bins, noise many level ones."""
    edges = torch.tensor(BANDS_HZ, device=hz.device)
    top = int((hz < edges[-1]).sum())
    place = torch.bucketize(hz[:top], edges, right=True) - 1
    rows = (place[:, None] == torch.arange(len(BANDS_HZ) - 1, device=hz.device)).to(power.dtype)  # (bins, bands)
    rows = rows / rows.sum(0).clamp(min=1.0)
    floored = power[..., :top] + floor
    mean = floored @ rows
    log_ratio = floored.log() @ rows - mean.log()  # (batch, windows, bands), <= 0
    weight = (mean / (2 * floor)).log().clamp(min=0) * share[..., None]  # decibels above the floor: what can be heard
    return torch.exp((log_ratio * weight).sum((1, 2)) / weight.sum((1, 2)).clamp(min=1e-9)) * (weight.sum((1, 2)) > 0)


def _harmonicity(power: Tensor, rate_hz: int) -> Tensor:
    """Highest normalised autocorrelation at a period of 30 to 2000 Hz, corrected for the window (Boersma 1993)."""
    size = 2 * (power.shape[2] - 1)
    first, last = math.ceil(rate_hz / PITCH_HZ[1]), min(int(rate_hz / PITCH_HZ[0]), size // 2 - 1)
    window = torch.hann_window(size, device=power.device)
    shape = torch.fft.irfft(torch.fft.rfft(window).abs().square())
    correlation = torch.fft.irfft(power)[..., : last + 1]
    whole = correlation[..., :1].clamp(min=1e-20)
    correlation = correlation / whole / (shape[: last + 1] / shape[0])
    # A dark sound correlates with itself at every short lag: only what comes after the first fall below zero counts.
    fallen = (correlation < 0).cummax(-1).values
    best = torch.where(fallen[..., first:], correlation[..., first:], 0.0).amax(-1).clamp(0, 1)
    energy = power.sum(2)
    return (best * energy).sum(1) / energy.sum(1).clamp(min=1e-20)


def _loudness(power: Tensor, hz: Tensor) -> Tensor:
    """Gated, K-weighted level in LUFS (ITU-R BS.1770-4, with windows of 93 ms instead of blocks of 400)."""
    weighted = (power @ _k_weight(hz)) * (2 / 1.5)  # Hann: the energy of a line is 1.5 times its peak
    blocks = -0.691 + 10 * torch.log10(weighted.clamp(min=1e-12))

    def gated(threshold: Tensor) -> Tensor:
        kept = (blocks > threshold).to(power.dtype)
        return 10 * torch.log10(((weighted * kept).sum(1) / kept.sum(1).clamp(min=1)).clamp(min=1e-12)) - 0.691

    first = gated(blocks.new_full((1, 1), -70.0))
    return gated(torch.maximum(first[:, None] - 10, blocks.new_full((1, 1), -70.0))).clamp(min=QUIETEST_DB)


def _k_weight(hz: Tensor) -> Tensor:
    """Power gain of the K weighting: a shelf of +4 dB above 1.7 kHz, a high-pass at 38 Hz (analogue prototypes)."""
    s = 1j * hz.to(torch.complex64)
    shelf_hz, shelf_q, shelf_gain = 1681.97, 0.7072, 10 ** (3.99984 / 20)
    middle = shelf_gain**0.499667
    w = s / shelf_hz
    shelf = (shelf_gain * w**2 + middle * w / shelf_q + 1) / (w**2 + w / shelf_q + 1)
    v = s / 38.135
    high = v**2 / (v**2 + v / 0.500327 + 1)
    gain: Tensor = (shelf * high).abs()
    return gain.square()
