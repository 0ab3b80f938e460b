"""What a body does to a spectrum: gains at frequencies, and the same as a filter on samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths.base import RATE_HZ, Patch
from engine.corpus.synths.drawing import columns, numbered

_RIPPLES = 6


def draw_body(rng: np.random.Generator, decibels: float) -> Patch:
    """A body of its own: `_RIPPLES` waves over the logarithm of frequency, `decibels` strong together."""
    speeds = rng.uniform(1.0, 14.0, _RIPPLES)
    sizes = rng.normal(0.0, decibels / np.sqrt(_RIPPLES), _RIPPLES)
    turns = rng.uniform(0.0, 2 * np.pi, _RIPPLES)
    return numbered("body_speed", speeds) | numbered("body_db", sizes) | numbered("body_turn", turns)


def body_gain(patches: Sequence[Patch], hz: Tensor) -> Tensor:
    """Gain of each patch's body at `hz` (batch, ...), same shape."""
    shape = (len(patches),) + (1,) * (hz.dim() - 1)
    log = torch.log(hz.clamp(min=10.0))
    total = torch.zeros_like(hz)
    speed, size, turn = (columns(patches, key, _RIPPLES, hz.device) for key in ("body_speed", "body_db", "body_turn"))
    for ripple in range(_RIPPLES):
        angle = speed[:, ripple].view(shape) * log + turn[:, ripple].view(shape)
        total = total + size[:, ripple].view(shape) * torch.cos(angle)
    return torch.exp(total * 0.1151)


def peak_gain(hz: Tensor, centre_hz: Tensor, width_hz: Tensor) -> Tensor:
    """One resonance: 1 at its centre, half the power at `width_hz` / 2 away; broadcasts."""
    return torch.rsqrt(1.0 + ((hz - centre_hz) * (2.0 / width_hz)).square())


def filtered(samples: Tensor, gain: Callable[[Tensor], Tensor], halve: bool = False) -> Tensor:
    """`samples` (batch, frames) with `gain(hz (1, bins)) -> (batch or 1, bins)` applied to the spectrum, linear phase 0.

    halve: the samples are at twice RATE_HZ and come back at RATE_HZ, band-limited, half as many.
    """
    frames = samples.shape[1]
    step = 16384 if halve else 8192
    length = -(-(frames + 2048) // step) * step  # a length that an FFT likes, with silence for what rings around
    spectrum = torch.fft.rfft(samples, n=length)
    rate = RATE_HZ * (2 if halve else 1)
    if halve:
        spectrum = spectrum[:, : length // 4 + 1]
    hz = torch.arange(spectrum.shape[1], device=samples.device, dtype=torch.float32)[None] * (rate / length)
    spectrum = spectrum * (gain(hz) * ((20000.0 - hz) / 1500.0).clamp(0.0, 1.0))
    if halve:
        length, frames, spectrum = length // 2, frames // 2, spectrum * 0.5
    result: Tensor = torch.fft.irfft(spectrum, n=length)
    return result[:, :frames]
