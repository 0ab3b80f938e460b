"""How a note is played: its rise, hold and fall, its pitch movement, its touch. Shared by the acoustic families.

Envelope functions take a time axis in seconds, (1, n), so that the same curve is had per frame and per hop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance
from engine.corpus.synths.drawing import maybe, reader
from engine.corpus.synths.draws import between, spread

HELD_SHARE = 0.7  # of a sound's length the key is down


def hop_time_s(performance: Performance) -> Tensor:
    """(1, points) seconds of the pitch-curve points."""
    points = 1 + performance.frames // HOP_FRAMES
    return (torch.arange(points, device=performance.device, dtype=torch.float32) * (HOP_FRAMES / RATE_HZ))[None]


def note_hz(performance: Performance) -> Tensor:
    """(batch, 1) frequency of the notes played."""
    return (440.0 * torch.exp2((performance.notes.float() - 69.0) / 12.0))[:, None]


def touch(performance: Performance) -> Tensor:
    """(batch, 1) velocity as 0..1."""
    return (performance.velocities.float() / 127.0)[:, None]


def loudness(performance: Performance) -> Tensor:
    """(batch, 1) gain by velocity: velocity changes the level a little."""
    return 0.35 + 0.65 * touch(performance)


def rise(time_s: Tensor, length_s: Tensor) -> Tensor:
    """0 before 0, 1 after `length_s`, a smooth step between."""
    x = (time_s / length_s.clamp(min=1e-4)).clamp(0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def held(time_s: Tensor, performance: Performance, attack_s: Tensor, release_s: Tensor) -> Tensor:
    """Blown, bowed or sung: rises, holds for `HELD_SHARE` of the length, then falls to silence; (batch, n)."""
    seconds = performance.seconds[:, None].float()
    up = rise(time_s, torch.minimum(attack_s, 0.6 * seconds))
    release = torch.minimum(release_s, (0.97 - HELD_SHARE) * seconds)
    down = ((time_s - HELD_SHARE * seconds) / release.clamp(min=1e-4)).clamp(0.0, 1.0)
    return up * (1.0 - down).square()


def ringing(time_s: Tensor, performance: Performance) -> Tensor:
    """Struck or plucked: 1, fading to silence over the last quarter of the length; (batch, n)."""
    seconds = performance.seconds[:, None].float()
    left = ((0.985 * seconds - time_s) / (0.25 * seconds)).clamp(0.0, 1.0)
    return left * left * (3.0 - 2.0 * left)


def damped(time_s: Tensor, performance: Performance, t60_s: Tensor) -> Tensor:
    """A damper that falls on the string when the key is let go; (batch, n)."""
    off = HELD_SHARE * performance.seconds[:, None].float()
    return torch.exp((time_s - off).clamp(min=0.0) * (-6.91 / t60_s))


def shortened(performance: Performance, gate_s: Tensor) -> Performance:
    """The same performance with the key let go after `gate_s` (batch, 1) where that is above 0 and sooner."""
    gate = gate_s[:, 0]
    short = torch.minimum(performance.seconds, gate / HELD_SHARE + 0.1)
    return replace(performance, seconds=torch.where(gate > 0, short, performance.seconds))


def only(performance: Performance, rows: Tensor) -> Performance:
    """The part of a performance that `rows` (integer, any number) of its batch play."""
    notes, velocities, seconds = (values[rows] for values in (performance.notes, performance.velocities, performance.seconds))
    return replace(performance, notes=notes, velocities=velocities, seconds=seconds)


def draw_pitch(
    rng: np.random.Generator, vibrato: float = 0.0, cents: tuple[float, float] = (8.0, 40.0), scoop: float = 0.0, drift: float = 4.0
) -> Patch:
    """Pitch movement of a player: `vibrato` and `scoop` are probabilities, `drift` the most cents of unsteadiness."""
    return {
        "vibrato_cents": maybe(rng, vibrato) * spread(rng, *cents),
        "vibrato_hz": between(rng, 4.2, 7.2),
        "vibrato_delay_s": between(rng, 0.0, 0.7),
        "scoop_cents": maybe(rng, scoop) * -spread(rng, 20.0, 250.0),
        "scoop_s": spread(rng, 0.02, 0.12),
        "drift_cents": between(rng, 0.0, drift),
        "fall_cents": 0.0,
    }


def pitch_curve(patches: Sequence[Patch], performance: Performance) -> Tensor:
    """(batch, points) the fundamental in Hz with vibrato, scoop, drift and fall, as `draw_pitch` describes them."""
    device = performance.device
    time = hop_time_s(performance)
    read = reader(patches, device)
    begin = read("vibrato_delay_s").minimum(0.35 * performance.seconds[:, None])
    wave = torch.sin(6.2832 * read("vibrato_hz") * (time - begin)) * rise(time - begin, torch.full_like(begin, 0.35))
    cents = read("vibrato_cents") * wave
    cents = cents + read("scoop_cents") * torch.exp(-time / read("scoop_s"))
    cents = cents + read("drift_cents") * wander(performance, 3.0)
    off = HELD_SHARE * performance.seconds[:, None]
    cents = cents + read("fall_cents") * ((time - off) / (0.3 * off)).clamp(0.0, 1.5)
    return note_hz(performance) * torch.exp2(cents / 1200.0)


def wander(performance: Performance, rate_hz: float) -> Tensor:
    """(batch, points) slow random movement of about unit size, about `rate_hz` turns a second."""
    points = 1 + performance.frames // HOP_FRAMES
    knots = max(4, int(2 * rate_hz * performance.frames / RATE_HZ) + 3)
    walk = normal(performance, performance.batch, knots)
    return functional.interpolate(walk[:, None], size=points, mode="linear", align_corners=True)[:, 0]


def normal(performance: Performance, *shape: int) -> Tensor:
    """Gaussian random numbers from the performance's generator, on its device."""
    generator = performance.generator
    return torch.randn(*shape, generator=generator, device=generator.device).to(performance.device)


def uniform(performance: Performance, *shape: int) -> Tensor:
    """Random numbers 0..1 from the performance's generator, on its device."""
    generator = performance.generator
    return torch.rand(*shape, generator=generator, device=generator.device).to(performance.device)
