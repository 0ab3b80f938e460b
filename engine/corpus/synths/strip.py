"""What follows the oscillators in every synthesiser here: moving filter, bell, drive, tremolo, amplifier, clean end."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, column
from engine.corpus.synths.envelopes import adsr, closing_fade
from engine.corpus.synths.filters import FILTER_HOP_FRAMES, Response, filter_times_s, filtered, multimode
from engine.corpus.synths.oscillators import CONTROL_FRAMES, chunks, control_times_s, spread

OPEN_STRIP: Patch = {
    "cutoff_hz": 8000.0,  # at C4
    "cutoff_key": 0.3,  # how much of the note's distance from C4 the cutoff follows
    "resonance": 0.7,  # Q
    "steep": 0.0,  # 1: 24 dB per octave
    "low": 1.0,
    "band": 0.0,
    "high": 0.0,
    "env_octaves": 0.0,
    "env_attack_s": 0.001,
    "env_decay_s": 0.3,
    "env_sustain": 0.0,
    "env_release_s": 0.3,
    "force_octaves": 1.5,  # how far the cutoff closes from the hardest to the softest touch
    "lfo_octaves": 0.0,
    "lfo_hz": 2.0,
    "lfo_square": 0.0,  # 0: sine, 1: almost square (wobble with edges)
    "bell_hz": 1000.0,
    "bell_gain": 0.0,  # linear boost at bell_hz; below 0 cuts, down to -1
    "bell_q": 2.0,
    "drive": 0.0,  # 0 clean .. 12 flattened
    "bias": 0.0,  # asymmetry of the drive: even harmonics
    "crush_bits": 0.0,  # 0: off; 2..8: amplitude in so many bits
    "tremolo": 0.0,  # depth 0..1
    "tremolo_hz": 5.0,
    "attack_s": 0.003,
    "decay_s": 0.5,
    "sustain": 0.7,
    "release_s": 0.3,
    "curve": 4.0,
    "bend": 1.0,
    "hop": float(FILTER_HOP_FRAMES),  # filter frames: 256 for quick envelopes on higher notes
}


def finished(samples: Tensor, patches: Sequence[Patch], performance: Performance) -> Tensor:
    """(batch, frames) of raw oscillators through the strip of each patch; silent from each sound's `seconds` on."""
    p = {key: column(patches, key, performance.device) for key in OPEN_STRIP}
    force = (performance.velocities.float()[:, None] / 127).clamp(0, 1)
    starts = torch.rand(performance.batch, 2, generator=performance.generator, device=performance.device)
    samples = _filter(samples, p, performance, force, starts[:, :1])
    samples = samples / samples.abs().amax(1, keepdim=True).clamp(min=1e-6)
    if bool((p["drive"] > 0).any()):
        # less on high notes, where what it adds would fold back
        note_hz = 440 * torch.exp2((performance.notes.float()[:, None] - 69) / 12)
        room = (400 / note_hz).clamp(max=1)
        samples = driven(samples, p["drive"] * (0.5 + 0.5 * force) * room, p["bias"])
    seconds = performance.seconds.float()[:, None].clamp(max=performance.frames / RATE_HZ)
    if bool((p["crush_bits"] > 0).any()):
        samples = crushed(samples, p["crush_bits"])
    samples = without_drift(samples)
    time_s = control_times_s(performance.frames, performance.device)
    level = adsr(time_s, p["attack_s"], p["decay_s"], p["sustain"], p["release_s"], seconds, p["curve"], p["bend"])
    sway = torch.sin(2 * math.pi * (p["tremolo_hz"] * time_s + starts[:, 1:]))
    level = level * (1 - p["tremolo"] * (0.5 + 0.5 * sway)) * (0.35 + 0.65 * force)
    return amplified(samples, level, seconds)


def amplified(samples: Tensor, level: Tensor, seconds: Tensor) -> Tensor:
    """`samples` times an envelope at control points, faded out by `seconds` (batch, 1), without DC."""
    time_s = control_times_s(samples.shape[1], samples.device)
    fade = closing_fade(time_s, seconds)
    level = level * fade
    out = torch.empty_like(samples)
    for where in chunks(samples.shape[1]):
        torch.mul(samples[:, where], spread(level, where), out=out[:, where])
    # what DC a decay leaves goes the way of the envelope itself, so that silence stays silent
    level = level * (out.mean(1, keepdim=True) / level[:, :-1].mean(1, keepdim=True).clamp(min=1e-6))
    for where in chunks(samples.shape[1]):
        out[:, where] -= spread(level, where)
    return out


def without_drift(samples: Tensor) -> Tensor:
    """`samples` minus what moves slower than about 10 Hz: asymmetric drive and modulation leave a wandering offset."""
    step = HOP_FRAMES // CONTROL_FRAMES
    even = torch.nn.functional.pad(samples, (0, -samples.shape[1] % HOP_FRAMES))
    means = torch.nn.functional.avg_pool1d(even[:, None], CONTROL_FRAMES)
    window = torch.hann_window(17 * step + 1, device=samples.device)[1:]  # 0.2 s
    kernel = (window / window.sum())[None, None]
    slow = torch.nn.functional.conv1d(means, kernel, stride=step, padding=8 * step)
    covered = torch.nn.functional.conv1d(torch.ones_like(means[:1]), kernel, stride=step, padding=8 * step)
    slow = slow / covered  # at the edges the mean of what there is
    slow = torch.nn.functional.interpolate(slow, scale_factor=float(HOP_FRAMES), mode="linear")
    return samples - slow[:, 0, : samples.shape[1]]


def crushed(samples: Tensor, bits: Tensor) -> Tensor:
    """Amplitude rounded to `bits` (batch, 1), to the nearest step; 0 leaves a sound as it is."""
    steps = torch.exp2(bits - 1)
    return torch.where(bits > 0, torch.round(samples * steps) / steps, samples)


def driven(samples: Tensor, drive: Tensor, bias: Tensor) -> Tensor:
    """Soft clipping of `samples` (peak 1) with gain 1 + drive; where drive is 0 the signal passes as it is."""
    gain = 1 + drive
    clean = (drive < 0.05).float()
    rest = torch.tanh(bias)
    scale = (1 - clean) / torch.tanh(gain)
    out = torch.empty_like(samples)
    for where in chunks(samples.shape[1]):
        piece = samples[:, where]
        wet = torch.tanh(piece * gain + bias).sub_(rest).mul_(scale)
        out[:, where] = wet.addcmul_(piece, clean)
    return out


def _filter(samples: Tensor, p: dict[str, Tensor], performance: Performance, force: Tensor, start: Tensor) -> Tensor:
    hop = int(p["hop"].max())
    time_s = filter_times_s(performance.frames, performance.device, hop)
    seconds = performance.seconds.float()[:, None]
    envelope = adsr(
        time_s, p["env_attack_s"], p["env_decay_s"], p["env_sustain"], p["env_release_s"], seconds, p["curve"]
    )
    lfo = torch.sin(2 * math.pi * (p["lfo_hz"] * time_s + start))
    edges = 1 + 9 * p["lfo_square"]
    lfo = torch.tanh(lfo * edges) / torch.tanh(edges)
    key = p["cutoff_key"] * (performance.notes.float()[:, None] - 60) / 12
    octaves = key + p["env_octaves"] * envelope * (0.4 + 0.6 * force) + p["lfo_octaves"] * lfo
    cutoff_hz = p["cutoff_hz"] * torch.exp2(octaves + p["force_octaves"] * (force - 0.8))
    unlike = {"low": 1.0, "band": 0.0, "high": 0.0, "steep": 0.0}
    low, band, high, steep = (p[key] if bool((p[key] != plain).any()) else plain for key, plain in unlike.items())
    response = multimode(cutoff_hz, p["resonance"], low, band, high, steep, hop)
    return filtered(samples, _with_bell(response, p), hop)


def _with_bell(response: Response, p: dict[str, Tensor]) -> Response:
    """`response` times a peaking equaliser; as it is when no patch has one."""
    if not bool((p["bell_gain"] != 0).any()):
        return response

    def both(where: slice, bins_hz: Tensor) -> Tensor:
        x = bins_hz / p["bell_hz"]
        damped = x / p["bell_q"]
        band = torch.complex(torch.zeros_like(damped), damped) / torch.complex(1 - x * x, damped)
        return response(where, bins_hz) * (1 + p["bell_gain"] * band)[:, None]

    return both
