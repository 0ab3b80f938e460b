"""Banks of ringing modes (membranes, bars, plates, cymbals): hundreds of decaying sines as one matrix product."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from engine.corpus.synths.base import RATE_HZ
from engine.corpus.synths.hits import LN_1000, sine

BLOCK_FRAMES = 256

MEMBRANE = (
    1.0,
    1.593,
    2.135,
    2.295,
    2.653,
    2.917,
    3.155,
    3.500,
    3.598,
    4.059,
)  # ideal circular membrane (Bessel zeros)
KETTLE = (1.0, 1.504, 1.742, 2.0, 2.245, 2.494, 2.8, 2.979, 3.46, 3.9)  # timpani, Fletcher & Rossing 1998


def ring(hz: Tensor, t60_s: Tensor, amplitude: Tensor, frames: int, phase: Tensor | None = None) -> Tensor:
    """Sum of decaying sines, (batch, frames).

    hz, t60_s, amplitude, phase (cycles): (batch, modes). Modes above 20 kHz are left out. A decaying sine is a product
    of a slow (per block) and a fast (within the block) complex exponential, so the bank is a batched matrix product.
    """
    device = hz.device
    amplitude = torch.where(hz < 20000.0, amplitude, 0.0)
    blocks = -(-frames // BLOCK_FRAMES)
    block = torch.arange(blocks, device=device, dtype=torch.float64)[None, :, None] * BLOCK_FRAMES
    within = torch.arange(BLOCK_FRAMES, device=device, dtype=torch.float64)[None, None, :]
    turns = hz.double() / RATE_HZ
    rate = LN_1000 / (t60_s.double().clamp(min=1e-4) * RATE_HZ)
    slow_turn = turns[:, None, :] * block + (0.0 if phase is None else phase.double()[:, None, :])
    slow_angle = ((slow_turn - slow_turn.floor()) * (2.0 * math.pi)).float()
    slow_gain = torch.exp(-rate[:, None, :] * block).float() * amplitude[:, None, :]
    fast_angle = (turns[:, :, None] * within * (2.0 * math.pi)).float()
    fast_gain = torch.exp(-rate[:, :, None] * within).float()
    slow = torch.cat([slow_gain * torch.sin(slow_angle), slow_gain * torch.cos(slow_angle)], dim=2)
    fast = torch.cat([fast_gain * torch.cos(fast_angle), fast_gain * torch.sin(fast_angle)], dim=1)
    return torch.bmm(slow, fast).reshape(hz.shape[0], -1)[:, :frames]


def swept_ring(phase: Tensor, ratios: Tensor, levels: Tensor, t60_s: Tensor, time_s: Tensor) -> Tensor:
    """Modes that glide together: phase float64 cycles (batch, frames); ratios, levels, t60_s (batch, modes)."""
    total = torch.zeros(phase.shape, dtype=torch.float32, device=phase.device)
    for k in range(ratios.shape[1]):
        envelope = torch.exp(-LN_1000 * time_s / t60_s[:, k : k + 1])
        total += levels[:, k : k + 1] * envelope * sine(phase * ratios[:, k : k + 1].double())
    return total
