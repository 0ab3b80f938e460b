"""The additive bank. Two ways to add sinusoids fast:

- `modal_bank`: fixed frequencies with exponential decays. Time is split into blocks, exp(s(bB + n)) is
  exp(sbB) exp(sn), so a whole batch of sounds is one batched matrix product.
- `harmonic_bank`: harmonics of a moving fundamental with moving amplitudes. One period of the waveform is computed
  by inverse FFT at every hop, and read along the phase of the fundamental with linear interpolation both ways.

Both leave out what lies above `CEILING_HZ`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ

CEILING_HZ = 18500.0  # partials fade out over the octave fraction below it
MOST_HARMONICS = 256
_BLOCK = 256  # frames; near the square root of a sound's length, where the matrix product is cheapest
_DECAY_60_DB = math.log(1000.0)
_TURN = 2.0 * math.pi


def band_gain(hz: Tensor) -> Tensor:
    """1 below 85 % of the ceiling, falling to 0 at it; any shape."""
    return ((CEILING_HZ - hz) / (0.15 * CEILING_HZ)).clamp(0.0, 1.0)


def modal_bank(
    hz: Tensor, amplitude: Tensor, t60_s: Tensor, phase: Tensor, frames: int, rate_hz: int = RATE_HZ
) -> Tensor:
    """Sum of decaying sinusoids, float32 (batch, frames).

    hz, amplitude, t60_s (seconds to fall by 60 dB), phase (turns; 0 starts as a sine): (batch, partials).
    """
    device = hz.device
    blocks = -(-frames // _BLOCK)
    starts = (torch.arange(blocks, device=device, dtype=torch.float64) * _BLOCK)[None, :, None]
    steps = torch.arange(_BLOCK, device=device, dtype=torch.float64)[None, None, :]
    cycles = hz.double() / rate_hz
    damping = _DECAY_60_DB / (t60_s.clamp(min=1e-3) * rate_hz)
    level = (amplitude * band_gain(hz))[:, None, :] * torch.exp(-damping[:, None, :] * starts.float())
    outer = (torch.remainder(cycles[:, None, :] * starts + phase.double()[:, None, :], 1.0) * _TURN).float()
    inner = (torch.remainder(cycles[:, :, None] * steps, 1.0) * _TURN).float()
    fall = torch.exp(-damping[:, :, None] * steps.float())
    left = torch.cat([level * torch.sin(outer), level * torch.cos(outer)], dim=2)  # (batch, blocks, 2 partials)
    right = torch.cat([fall * torch.cos(inner), fall * torch.sin(inner)], dim=1)  # (batch, 2 partials, block)
    return torch.bmm(left, right).flatten(1)[:, :frames]


def stacked_modes(banks: Sequence[tuple[Tensor, Tensor, Tensor]], frames: int, rate_hz: int = RATE_HZ) -> Tensor:
    """Several banks of (hz, amplitude, t60_s) as one, every mode starting as a sine; (batch, frames)."""
    hz, amplitude, t60_s = (torch.cat([bank[part] for bank in banks], dim=1) for part in range(3))
    return modal_bank(hz, amplitude, t60_s, torch.zeros_like(hz), frames, rate_hz)


def harmonic_numbers(f0_hz: Tensor, most: int = MOST_HARMONICS) -> Tensor:
    """1, 2, 3 … as float32 (harmonics,): as many as the lowest fundamental of the batch has below the ceiling."""
    lowest = float(f0_hz[f0_hz > 0].min()) if bool((f0_hz > 0).any()) else CEILING_HZ
    count = max(4, min(most, int(CEILING_HZ / lowest)))
    return torch.arange(1, count + 1, device=f0_hz.device, dtype=torch.float32)


def harmonic_table(f0_hz: Tensor, amplitude: Tensor, phase: Tensor) -> Tensor:
    """One period of the waveform at each hop, (batch, points, period + 1); the last column repeats the first.

    f0_hz (batch, points); amplitude (batch, points, harmonics), `points` may be 1; phase (batch, harmonics) in turns.
    """
    count = amplitude.shape[2]
    numbers = torch.arange(1, count + 1, device=amplitude.device, dtype=torch.float32)
    level = amplitude * band_gain(f0_hz[:, : amplitude.shape[1], None] * numbers)
    period = min(2048, max(256, 2 ** math.ceil(math.log2(8 * count))))
    spectrum = torch.zeros(*level.shape[:2], period // 2 + 1, dtype=torch.complex64, device=level.device)
    angle = (phase - 0.25) * _TURN  # irfft gives cosines; a quarter turn back makes them sines
    spectrum[:, :, 1 : count + 1] = level * torch.polar(torch.ones_like(angle), angle)[:, None, :]
    waves = torch.fft.irfft(spectrum, n=period, norm="forward") * 0.5
    return torch.cat([waves, waves[..., :1]], dim=2)


def along_frames(points: Tensor, frames: int) -> Tensor:
    """A curve with one point per hop, drawn out to every frame by straight lines: (batch, points) to (batch, frames)."""
    held = torch.cat([points, points[:, -1:]], dim=1)
    length = (held.shape[1] - 1) * HOP_FRAMES + 1
    return functional.interpolate(held[:, None], size=length, mode="linear", align_corners=True)[:, 0, :frames]


def read_table(table: Tensor, f0_hz: Tensor, frames: int, start: Tensor | None = None) -> Tensor:
    """Plays a harmonic table along a fundamental, float32 (batch, frames).

    table (batch, points or 1, period + 1); f0_hz (batch, points); start: phase at frame 0 in turns, (batch, 1).
    """
    step = along_frames(f0_hz, frames).double() / RATE_HZ
    phase = torch.cumsum(step, dim=1) - step[:, :1]
    if start is not None:
        phase = phase + start.double()
    across = (torch.frac(phase) * 2.0 - 1.0).float()
    points = table.shape[1]
    if points > 1:
        time = torch.arange(frames, device=table.device, dtype=torch.float32) * (2.0 / ((points - 1) * HOP_FRAMES)) - 1.0
        down = time.clamp(max=1.0).expand_as(across)
    else:
        down = torch.zeros_like(across)
    grid = torch.stack([across, down], dim=2)[:, None]
    return functional.grid_sample(table[:, None], grid, mode="bilinear", padding_mode="border", align_corners=True)[:, 0, 0]


def harmonic_bank(f0_hz: Tensor, amplitude: Tensor, phase: Tensor, frames: int) -> Tensor:
    """Sum of harmonics of a moving fundamental, float32 (batch, frames); shapes as `harmonic_table`."""
    return read_table(harmonic_table(f0_hz, amplitude, phase), f0_hz, frames)


def warp(samples: Tensor, ratio: Tensor) -> Tensor:
    """Plays `samples` (batch, frames) at a speed that moves: `ratio` (batch, frames), 1 leaves them as they are."""
    frames = samples.shape[1]
    place = torch.cumsum(ratio.double(), dim=1) - ratio[:, :1].double()
    across = (place * (2.0 / (frames - 1)) - 1.0).float()
    grid = torch.stack([across, torch.zeros_like(across)], dim=2)[:, None]
    moved = functional.grid_sample(samples[:, None, None], grid, mode="bilinear", padding_mode="zeros", align_corners=True)
    return moved[:, 0, 0]
