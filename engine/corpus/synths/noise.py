"""Noise: white, of any colour, of a colour that moves, and in grains."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from engine.corpus.synths.base import RATE_HZ, Performance
from engine.corpus.synths.responses import bins_hz, fast_frames

WINDOW_FRAMES, STEP_FRAMES = 1024, 512  # of noise whose colour moves


def white(performance: Performance, frames: int | None = None) -> Tensor:
    """(batch, frames) Gaussian noise of variance 1."""
    shape = (performance.batch, performance.frames if frames is None else frames)
    return torch.randn(shape, generator=performance.generator, device=performance.device)


def uniform(performance: Performance, count: int) -> Tensor:
    """(batch, count) random numbers 0..1."""
    return torch.rand((performance.batch, count), generator=performance.generator, device=performance.device)


def noise_bins(performance: Performance) -> Tensor:
    """Frequencies of the gains that `coloured` wants, (1, bins): a grid 11 Hz wide, interpolated to any length."""
    return bins_hz(4096, performance.device)


def coloured(performance: Performance, gains: Tensor, frames: int | None = None) -> Tensor:
    """(batch, frames) noise with the spectral gains (batch, bins) on `noise_bins`, scaled to variance 1, no DC.

    The noise is drawn as a spectrum, so only one transform is needed; it is stationary and of any length.
    """
    wanted = performance.frames if frames is None else frames
    size = fast_frames(wanted)
    gains = functional.interpolate(gains.abs()[:, None], size=size // 2 + 1, mode="linear", align_corners=True)[:, 0]
    power = gains.square().sum(dim=1, keepdim=True).clamp(min=1e-9)
    draws = torch.randn(
        (performance.batch, size // 2 + 1, 2), generator=performance.generator, device=performance.device
    )
    draws *= (gains * (0.5 * size * torch.rsqrt(power)))[..., None]
    draws[:, 0] = 0.0
    noise: Tensor = torch.fft.irfft(torch.view_as_complex(draws), n=size)
    return noise[:, :wanted]


def moving_bins(device: torch.device) -> Tensor:
    """Frequencies of the bins that `moving` wants, (1, 1, bins)."""
    return bins_hz(WINDOW_FRAMES, device)[None]


def moving_times_s(performance: Performance) -> Tensor:
    """Times of the frames that `moving` wants, (1, steps, 1)."""
    steps = performance.frames // STEP_FRAMES + 2
    return (torch.arange(steps, device=performance.device, dtype=torch.float32) * (STEP_FRAMES / RATE_HZ))[
        None, :, None
    ]


def moving(performance: Performance, gains: Tensor) -> Tensor:
    """(batch, frames) noise whose spectrum follows gains (batch, steps, bins); gain 1 everywhere gives variance 1.

    Overlapping windows of independent noise (half a sine, two deep: their powers add to 1) are shaped and added.
    """
    steps, bins = gains.shape[1], gains.shape[2]
    shape = (performance.batch, steps, bins, 2)
    draws = torch.randn(shape, generator=performance.generator, device=performance.device)
    draws *= gains[..., None]
    draws[..., 0, :] = 0.0
    window = torch.hann_window(WINDOW_FRAMES, device=performance.device).sqrt() * (0.5 * WINDOW_FRAMES) ** 0.5
    pieces = torch.fft.irfft(torch.view_as_complex(draws), n=WINDOW_FRAMES) * window
    length = (steps - 1) * STEP_FRAMES + WINDOW_FRAMES
    total = torch.zeros(performance.batch, length // STEP_FRAMES, STEP_FRAMES, device=performance.device)
    for part in range(WINDOW_FRAMES // STEP_FRAMES):
        total[:, part : part + steps] += pieces[..., part * STEP_FRAMES : (part + 1) * STEP_FRAMES]
    first = WINDOW_FRAMES // 2  # the window centred on frame 0 is whole from here
    return total.reshape(performance.batch, -1)[:, first : first + performance.frames]


def dust(performance: Performance, per_second: Tensor, spikiness: Tensor | float = 1.0) -> Tensor:
    """(batch, frames) single impulses at random times, `per_second` (batch, 1 or frames) of them, random sign and size.

    `spikiness` above 1 makes most of them small and a few large.
    """
    shape = (performance.batch, performance.frames)
    lot = torch.rand(shape, generator=performance.generator, device=performance.device)
    chance = (per_second / RATE_HZ).clamp(max=1.0)
    # the lot that decided also gives size and sign: where lot < chance, lot / chance is uniform again
    value = (2.0 * lot / chance.clamp(min=1e-9) - 1.0).clamp(-1.0, 1.0)
    return torch.where(lot < chance, value.sign() * value.abs() ** spikiness, 0.0)


def wander(performance: Performance, per_second: Tensor, points: int = 256) -> Tensor:
    """(batch, frames) a smooth random curve 0..1 that turns about `per_second` (batch, 1) times a second."""
    knots = uniform(performance, points)
    place = (performance.time_s() * per_second).clamp(max=points - 2.001)
    left = place.floor()
    part = place - left
    part = part * part * (3.0 - 2.0 * part)
    index = left.long()
    return knots.gather(1, index) * (1.0 - part) + knots.gather(1, index + 1) * part
