"""Band-limited oscillators: phase from a pitch curve, and one wavetable per sound read with linear interpolation.

A wavetable holds exactly the harmonics that fit under `TOP_HZ` at the note it is made for, so nothing aliases, and any
spectrum is as cheap as a sawtooth. Everything is batched: one row per sound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ

CONTROL_FRAMES = 32  # pitch is evaluated once per this many frames (0.7 ms) and the phase runs straight between
TABLE_FRAMES = 4096  # with 740 harmonics in it, linear interpolation stays 78 dB below the fundamental
TOP_HZ = 20000.0  # no harmonic is written above this
_CHUNK_FRAMES = 8192  # work on pieces that stay in the cache: four times faster than whole buffers


def control_times_s(frames: int, device: torch.device) -> Tensor:
    """(1, points) seconds of the control points that cover `frames` frames, the one after the end included."""
    points = -(-frames // CONTROL_FRAMES) + 1
    return (torch.arange(points, device=device, dtype=torch.float32) * (CONTROL_FRAMES / RATE_HZ))[None]


def hop_times_s(frames: int, device: torch.device) -> Tensor:
    """(1, 1 + frames // HOP_FRAMES) seconds of the points of `Rendered.f0_hz`."""
    points = 1 + frames // HOP_FRAMES
    return (torch.arange(points, device=device, dtype=torch.float32) * (HOP_FRAMES / RATE_HZ))[None]


def chunks(frames: int) -> Iterator[slice]:
    """Slices of whole control blocks that cover `frames` frames."""
    for start in range(0, frames, _CHUNK_FRAMES):
        yield slice(start, min(start + _CHUNK_FRAMES, frames))


@dataclass(frozen=True)
class Phase:
    """The running phase of a batch of oscillators.

    cycles: float64 (batch, points) at the control points, from 0; hz: float32 (batch, points) the frequency there.
    """

    cycles: Tensor
    hz: Tensor
    frames: int

    @classmethod
    def of(cls, hz: Tensor, frames: int) -> Phase:
        """Integrates `hz` (batch, points of `control_times_s`)."""
        step = (hz[:, 1:].double() + hz[:, :-1].double()) * (0.5 * CONTROL_FRAMES / RATE_HZ)
        cycles = torch.cat([torch.zeros_like(step[:, :1]), step.cumsum(1)], 1)
        return cls(cycles, hz, frames)

    def scaled(self, ratio: Tensor | float, offset: Tensor | float = 0.0) -> Phase:
        """The phase of a partial or detuned copy: frequency times `ratio` (batch, 1), plus `offset` cycles.

        offset: (batch, 1), or (batch, points) for a phase that is itself modulated (chorus, ensemble).
        """
        hz = self.hz * ratio
        return Phase(self.cycles * ratio + offset, hz, self.frames)

    def at(self, where: slice) -> Tensor:
        """Phase in cycles, not wrapped but small, float32 (batch, frames of `where`); `where` comes from `chunks`."""
        first, last = where.start // CONTROL_FRAMES, -(-where.stop // CONTROL_FRAMES)
        start = torch.frac(self.cycles[:, first:last]).float()
        step = (self.cycles[:, first + 1 : last + 1] - self.cycles[:, first:last]).float() / CONTROL_FRAMES
        ramp = torch.arange(CONTROL_FRAMES, device=start.device, dtype=torch.float32)
        phase = torch.addcmul(start[:, :, None], step[:, :, None], ramp)
        return phase.reshape(start.shape[0], -1)[:, : where.stop - where.start]


def spread(values: Tensor, where: slice) -> Tensor:
    """The part `where` (from `chunks`) of a curve at `control_times_s`, (batch, points), straight between the points.

    Envelopes computed there and spread out this way cost a tenth of envelopes computed for every frame.
    """
    first, last = where.start // CONTROL_FRAMES, -(-where.stop // CONTROL_FRAMES)
    ramp = torch.arange(CONTROL_FRAMES, device=values.device, dtype=torch.float32) / CONTROL_FRAMES
    piece = values[:, first : last + 1]
    curve = torch.addcmul(piece[:, :-1, None], piece.diff(dim=1)[:, :, None], ramp)
    return curve.reshape(values.shape[0], -1)[:, : where.stop - where.start]


def sine(phase: Phase) -> Tensor:
    """Sine oscillator, (batch, frames)."""
    out = torch.empty(phase.hz.shape[0], phase.frames, device=phase.hz.device)
    for where in chunks(phase.frames):
        out[:, where] = phase.at(where).mul_(2 * math.pi).sin_()
    return out


def harmonics_below(hz: Tensor, top_hz: float = TOP_HZ) -> int:
    """How many harmonics the lowest of `hz` has below `top_hz`, at most half a table."""
    return max(1, min(TABLE_FRAMES // 2 - 1, int(top_hz / float(hz.min()))))


def wavetable(sines: Tensor, hz: Tensor, cosines: Tensor | None = None) -> Tensor:
    """One cycle per sound, ready for `read`.

    sines, cosines: (batch, harmonics) amplitudes of sin and cos of harmonic 1, 2, 3 ...
    hz: (batch, 1) the highest fundamental it will be read at; harmonics above TOP_HZ are left out.
    Returns complex64 (batch, TABLE_FRAMES): sample in the real part, step to the next one in the imaginary part.
    """
    number = torch.arange(1, sines.shape[1] + 1, device=sines.device, dtype=torch.float32)
    keep = (number * hz < TOP_HZ).float() * (0.5 * TABLE_FRAMES)
    spectrum = torch.zeros(sines.shape[0], TABLE_FRAMES // 2 + 1, dtype=torch.complex64, device=sines.device)
    real = cosines * keep if cosines is not None else torch.zeros_like(sines)
    spectrum[:, 1 : 1 + sines.shape[1]] = torch.complex(real, -sines * keep)
    cycle = torch.fft.irfft(spectrum, TABLE_FRAMES)
    return torch.complex(cycle, cycle.roll(-1, 1) - cycle)


def read(table: Tensor, phase: Phase, gain: Tensor | float = 1.0, into: Tensor | None = None) -> Tensor:
    """Plays a wavetable, (batch, frames); adds to `into` when given.

    gain: scalar, (batch, 1) or (batch, frames).
    """
    batch, size = table.shape
    out = torch.zeros(batch, phase.frames, device=table.device) if into is None else into
    row = (torch.arange(batch, device=table.device) * size)[:, None]
    flat = table.reshape(-1)
    moving = isinstance(gain, Tensor) and gain.shape[1] > 1
    for where in chunks(phase.frames):
        position = torch.remainder(phase.at(where), 1.0).mul_(size)
        index = position.long()
        position.sub_(index)
        index.clamp_(max=size - 1).add_(row)
        sample = torch.view_as_real(flat.index_select(0, index.reshape(-1)).view(index.shape))
        value = position.mul_(sample[..., 1]).add_(sample[..., 0])
        scale = gain[:, where] if moving and isinstance(gain, Tensor) else gain
        out[:, where] += value.mul_(scale)
    return out


def white_noise(batch: int, frames: int, generator: torch.Generator, device: torch.device) -> Tensor:
    """Uniform white noise, -1..1, (batch, frames)."""
    return torch.rand(batch, frames, generator=generator, device=device).mul_(2).sub_(1)
