"""Harmonic recipes of the classic waveforms, as amplitudes of sin and cos for `oscillators.wavetable`."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def numbers(count: int, device: torch.device) -> Tensor:
    """(1, count): 1, 2, 3 ..."""
    return torch.arange(1, count + 1, device=device, dtype=torch.float32)[None]


def saw(count: int, device: torch.device) -> Tensor:
    """Sines of a falling sawtooth between -1 and 1, (1, count)."""
    return (2 / math.pi) / numbers(count, device)


def triangle(count: int, device: torch.device) -> Tensor:
    """Sines of a triangle, (1, count)."""
    number = numbers(count, device)
    sign = 1 - 2 * torch.remainder((number - 1) / 2, 2)
    return torch.where(number % 2 == 1, sign * (8 / math.pi**2) / number**2, 0.0)


def pulse(count: int, width: Tensor) -> tuple[Tensor, Tensor]:
    """Sines and cosines of a pulse wave of duty `width` (batch, 1) in 0..1 without its DC, each (batch, count)."""
    number = numbers(count, width.device)
    angle = 2 * math.pi * number * width
    scale = (2 / math.pi) / number
    return scale * (1 - torch.cos(angle)), scale * torch.sin(angle)


def square(count: int, device: torch.device) -> Tensor:
    """Sines of a square wave, (1, count)."""
    number = numbers(count, device)
    return torch.where(number % 2 == 1, (4 / math.pi) / number, 0.0)


def synced(count: int, ratio: Tensor) -> tuple[Tensor, Tensor]:
    """Sines and cosines of a hard-synced saw that runs `ratio` (batch, 1) times per cycle, each (batch, count).

    Taken from one sampled cycle: what folds over there falls on harmonics and is heard as part of the timbre.
    """
    size = 4 * count + 8
    cycle = torch.arange(size, device=ratio.device, dtype=torch.float32)[None] / size
    spectrum = torch.fft.rfft(1 - 2 * torch.remainder(cycle * ratio, 1.0))[:, 1 : count + 1] * (2 / size)
    return -spectrum.imag, spectrum.real
