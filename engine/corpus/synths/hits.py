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
    """Phase in cycles of a frequency curve (batch, frames), float64."""
    return hz.cumsum(dim=1, dtype=torch.float64).mul_(1.0 / RATE_HZ)


def sine(phase: Tensor) -> Tensor:
    """sin of a float64 phase in cycles, float32: wrapped before it loses digits."""
    return torch.sin(_angle(phase))


SINE, SAW, SQUARE = 0.0, 1.0, 2.0


def wave(phase: Tensor, hz: Tensor, kind: Tensor | float) -> Tensor:
    """Sine, sawtooth or square, -1..1, by `kind` (batch, 1), on a phase in cycles.

    Saw and square come in closed form, Im log(1 - a e^{j phi}), with the harmonics a^k / k: alias-free, since `a` puts
    those at half the rate 60 dB down.
    """
    angle = _angle(phase)
    plain = torch.sin(angle)
    kind = torch.as_tensor(kind, device=phase.device)
    if not bool((kind > 0.5).any()):
        return plain
    a = torch.exp((-6.0 * math.log(10.0) / RATE_HZ) * hz.clamp(min=20.0))
    odd = kind > 1.5
    bent = torch.atan2(a * plain * torch.where(odd, 2.0, 1.0), 1.0 - a * torch.where(odd, a, torch.cos(angle)))
    return torch.where(kind > 0.5, bent * (2.0 / math.pi), plain)


def _angle(phase: Tensor) -> Tensor:
    return phase.frac().float().mul_(2.0 * math.pi)


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
