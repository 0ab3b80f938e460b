"""The amplitude envelope of sounds and what is read from it: onset, attack, decay, effective length, movement.

Everything is batched: (batch, frames) in, (batch,) out, on the device of the input.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

HOP_S = 64 / 44100  # spacing of envelope points: 1.45 ms
HOLD_S = 0.020  # longer than half a period of 30 Hz, so that a sub does not look like a tremolo
PLATEAU_S = 0.050  # an envelope maximum counts when nothing louder follows within this time
TREND_HOP_S = 256 / 44100  # spacing of the points that movement is read from
TREND_SMOOTH = 13  # points of the Hann window over them (75 ms): takes away the ripple of a low note
TREND_LEAST_S = 0.25  # shorter sounds have no room for a cycle
MOVEMENT_HZ = (2.0, 12.0)


@dataclass(frozen=True, eq=False)
class Envelope:
    """rms: float32 (batch, points), linear. held: the same, held for `HOLD_S`. hop_s: seconds between points.
    peak: (batch,) the largest level."""

    rms: Tensor
    held: Tensor
    hop_s: float
    peak: Tensor


def envelope(samples: Tensor, rate_hz: int) -> Envelope:
    """Rms over 2.9 ms every 1.45 ms, held for 20 ms so that low notes do not ripple. samples (batch, frames)."""
    hop = max(1, round(HOP_S * rate_hz))
    power = F.avg_pool1d(samples.square()[:, None], hop, hop, ceil_mode=True)  # (batch, 1, points)
    pair = (power + F.pad(power, (1, 0))[..., :-1]) / 2
    hold = max(1, round(HOLD_S * rate_hz / hop))
    rms = pair.clamp(min=0).sqrt()
    held = F.max_pool1d(F.pad(rms, (hold - 1, 0)), hold, 1)[:, 0]
    return Envelope(rms[:, 0], held, hop / rate_hz, held.amax(1))


def _first(mask: Tensor) -> Tensor:
    """Index of the first true point of each row; 0 where there is none."""
    return mask.to(torch.uint8).argmax(1)


def _last(mask: Tensor) -> Tensor:
    """Index of the last true point of each row; -1 where there is none."""
    found = mask.shape[1] - 1 - mask.flip(1).to(torch.uint8).argmax(1)
    return torch.where(mask.any(1), found, torch.full_like(found, -1))


def times(env: Envelope) -> dict[str, Tensor]:
    """`onset_s attack_s decay_s effective_s` as features.py defines them, each (batch,)."""
    levels, peak = env.held, env.peak[:, None]
    sounding = peak > 0
    ahead = max(1, round(PLATEAU_S / env.hop_s))
    coming = F.max_pool1d(F.pad(levels, (0, ahead))[:, None], ahead + 1, 1)[:, 0]
    top = _first((levels >= coming) & (levels >= peak * 10 ** (-3 / 20)) & sounding)
    reference = levels.gather(1, top[:, None])
    start = _first((levels >= 0.1 * reference) & sounding)
    reached = _first((levels >= 0.9 * reference) & sounding)
    audible = _last((env.rms >= peak * 1e-2) & sounding) + 1
    effective = _last((env.rms >= peak * 1e-3) & sounding) + 1
    return {
        "onset_s": _first((levels >= peak * 1e-2) & sounding) * env.hop_s,
        "attack_s": (reached - start).clamp(min=0) * env.hop_s,
        "decay_s": (audible - reached).clamp(min=0) * env.hop_s,
        "effective_s": effective * env.hop_s,
    }


def movement(samples: Tensor, rate_hz: int) -> Tensor:
    """Modulation of level and brightness between 2 and 12 Hz, in dB rms, (batch,); 0 for sounds shorter than 0.25 s.

    Level and rms frequency (slope over level) in dB every 5.8 ms, between the peak and the last point within 26 dB of
    it; a cubic trend is taken away, and what lies between 2 and 12 Hz is kept.
    """
    hop = max(1, round(TREND_HOP_S * rate_hz))
    if samples.shape[1] < hop:
        return samples.new_zeros(samples.shape[0])
    smooth = torch.hann_window(TREND_SMOOTH + 2, periodic=False, device=samples.device)[1:-1]
    # silence up to a whole hop and beyond the smoothing: what follows a sound in a batch must not matter
    samples = F.pad(samples, (0, -samples.shape[1] % hop + TREND_SMOOTH * hop))
    slope = F.pad(samples.diff(dim=1), (1, 0))
    both = torch.stack([samples.square(), slope.square()], 1)
    pooled = F.avg_pool1d(both, hop, hop)  # (batch, 2, points)
    kernel = (smooth / smooth.sum()).expand(2, 1, -1)
    level, slope = F.conv1d(pooled, kernel, padding=TREND_SMOOTH // 2, groups=2).unbind(1)  # (batch, points) each
    points = level.shape[1]
    peak = level.amax(1, keepdim=True)
    place = torch.arange(points, device=samples.device)[None]
    first = _first((level >= peak * 0.7) & (peak > 0))[:, None]
    last = _last((level >= peak * 10 ** (-2.6)) & (peak > 0))[:, None]
    last = last - (TREND_SMOOTH // 2 + 1)  # that a sound ends is no movement
    inside = (place >= first) & (place <= last)
    count = inside.sum(1, keepdim=True)
    floor = (peak * 1e-6).clamp(min=1e-12)
    level_db = 10 * torch.log10(level.clamp(min=0) + floor)
    bright_db = 10 * torch.log10((slope.clamp(min=0) + 1e-3 * floor) / (level.clamp(min=0) + floor))
    curves = torch.stack([level_db, bright_db], 1)  # (batch, 2, points)
    weight = inside.to(samples.dtype)
    span = (last - first).clamp(min=1)
    x = (2 * (place - first) / span - 1).clamp(-1, 1).to(samples.dtype)
    basis = torch.stack([torch.ones_like(x), x, 1.5 * x**2 - 0.5, 2.5 * x**3 - 1.5 * x], -1) * weight[..., None]
    gram = basis.mT @ basis + 1e-3 * torch.eye(4, device=x.device)
    fit = torch.linalg.solve(gram, basis.mT @ (curves * weight[:, None]).mT)  # (batch, 4, 2)
    hann = (0.5 + 0.5 * torch.cos(math.pi * x)) * weight
    rest = (curves - (basis @ fit).mT) * hann[:, None]
    size = 1 << (max(1024, points) - 1).bit_length()
    lines = torch.fft.rfft(rest, size, dim=2).abs().square()
    hz = torch.arange(lines.shape[2], device=samples.device) * (rate_hz / hop / size)
    band = (hz >= MOVEMENT_HZ[0]) & (hz <= MOVEMENT_HZ[1])
    energy = 2 * lines[..., band].sum((1, 2)) / size  # Parseval, both signs of frequency
    rms = (energy / hann.square().sum(1).clamp(min=1.0)).sqrt()
    return torch.where(count[:, 0] * hop >= TREND_LEAST_S * rate_hz, rms, torch.zeros_like(rms))
