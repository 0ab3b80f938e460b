"""What every struck, swept or triggered sound is made of: decays, swept oscillators, seeds, clean endings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, column

LN_1000 = math.log(1000.0)  # exp(-LN_1000 * t / t60) is 60 dB down at t60


def force(performance: Performance) -> Tensor:
    """(batch, 1) how hard the hit is, 0..1."""
    return (performance.velocities.float()[:, None] / 127.0).clamp(0.0, 1.0)


def loudness(performance: Performance, range_db: float = 12.0) -> Tensor:
    """(batch, 1) gain of the velocity: 1 at 127, `range_db` lower at 0. Small on purpose: force also changes the tone."""
    return 10.0 ** ((force(performance) - 1.0) * range_db / 20.0)


def note_hz(performance: Performance) -> Tensor:
    """(batch, 1) frequency of the played notes."""
    return 440.0 * 2.0 ** ((performance.notes.float()[:, None] - 69.0) / 12.0)


def decay(time_s: Tensor, t60_s: Tensor) -> Tensor:
    """Exponential decay from 1 at time 0 to -60 dB at `t60_s`; 0 before time 0."""
    return torch.where(time_s < 0, 0.0, torch.exp(-LN_1000 * time_s.clamp(min=0.0) / t60_s))


def rise(time_s: Tensor, attack_s: Tensor) -> Tensor:
    """Half a raised cosine from 0 to 1 over `attack_s`."""
    return 0.5 - 0.5 * torch.cos(math.pi * (time_s / attack_s.clamp(min=1e-5)).clamp(0.0, 1.0))


def stretch(patches: Sequence[Patch], key: str, performance: Performance, usual_s: float) -> Tensor:
    """(batch, 1) decay time `key`, drawn a little towards the wanted length and never much beyond it."""
    seconds = performance.seconds.float()[:, None]
    t60 = column(patches, key, performance.device) * (seconds / usual_s).clamp(0.1, 10.0) ** 0.4
    return torch.minimum(t60, 1.15 * seconds)


def at_hops(curve: Tensor, performance: Performance) -> Tensor:
    """The values of a (batch, frames) curve at each hop, (batch, 1 + frames // HOP_FRAMES)."""
    index = torch.arange(1 + performance.frames // HOP_FRAMES, device=curve.device) * HOP_FRAMES
    return curve.expand(performance.batch, -1)[:, index.clamp(max=curve.shape[1] - 1)].float()


def no_pitch(performance: Performance) -> Tensor:
    """The f0 curve of a sound without pitch."""
    return torch.zeros(performance.batch, 1 + performance.frames // HOP_FRAMES, device=performance.device)


def cycles(hz: Tensor) -> Tensor:
    """Phase in cycles of a frequency curve (batch, frames), float64, 0 at frame 0."""
    step = hz.double() / RATE_HZ
    return step.cumsum(dim=1) - step


def sine(phase: Tensor) -> Tensor:
    """sin of a float64 phase in cycles, float32: wrapped before it loses digits."""
    return torch.sin((phase - phase.floor()).float() * (2.0 * math.pi))


def saw(phase: Tensor, hz: Tensor) -> Tensor:
    """Sawtooth -1..1 whose harmonics are 60 dB down at half the rate: Im log(1 - a e^{j phi}), closed form, alias-free."""
    angle = (phase - phase.floor()).float() * (2.0 * math.pi)
    a = _harmonic_ratio(hz)
    return torch.atan2(a * torch.sin(angle), 1.0 - a * torch.cos(angle)) * (2.0 / math.pi)


def square(phase: Tensor, hz: Tensor) -> Tensor:
    """Square wave -1..1, the odd harmonics of `saw`."""
    a = _harmonic_ratio(hz)
    return torch.atan2(2.0 * a * sine(phase), 1.0 - a * a) * (2.0 / math.pi)


def _harmonic_ratio(hz: Tensor) -> Tensor:
    return 10.0 ** (-6.0 * hz.clamp(min=20.0) / RATE_HZ)


def scatter(patches: Sequence[Patch], key: str, count: int, device: torch.device) -> Tensor:
    """(batch, count) numbers 0..1 unfolded from the patch's seed `key`: the same instrument, the same numbers, anywhere."""
    start = column(patches, key, device).long() * 1_000_003 + torch.arange(count, device=device)[None] * 7919
    word = start & 0x7FFFFFFF
    for _ in range(3):  # xorshift-multiply rounds within 31 bits, so that int64 never overflows
        word = ((word ^ (word >> 15)) * 0x2C1B3C6D) & 0x7FFFFFFF
    return (word ^ (word >> 13)).float() / float(0x7FFFFFFF)


def ended(samples: Tensor, performance: Performance, fade_s: float = 0.03) -> Tensor:
    """`samples` faded to silence by each sound's `seconds` (over `fade_s`, at most a fifth of it) and silent after."""
    seconds = performance.seconds.float()[:, None].clamp(max=performance.frames / RATE_HZ)
    fade = (0.2 * seconds).clamp(max=fade_s)
    left = ((seconds - performance.time_s()) / fade).clamp(0.0, 1.0)
    return samples * left * left * (3.0 - 2.0 * left)


def unit(samples: Tensor) -> Tensor:
    """Each row scaled to a peak of 1 (silent rows stay silent)."""
    return samples / samples.abs().amax(dim=1, keepdim=True).clamp(min=1e-6)
