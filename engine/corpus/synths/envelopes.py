"""Envelopes as functions of time: they can be asked at sample rate, at filter frames or at a single point."""

from __future__ import annotations

import torch
from torch import Tensor

HELD = 0.7  # part of the sound during which the key is down


def decay_curve(progress: Tensor, curve: Tensor | float) -> Tensor:
    """From 1 at progress 0 to exactly 0 at progress 1 and beyond; `curve` 0+ is straight, 5 falls like a capacitor."""
    rate = torch.as_tensor(curve, device=progress.device, dtype=torch.float32).clamp(min=1e-3)
    floor = torch.exp(-rate)
    return (torch.exp(-rate * progress.clamp(0, 1)) - floor) / (1 - floor)


def exponential(time_s: Tensor, half_life_s: Tensor | float) -> Tensor:
    """1 at time 0, half after every `half_life_s`; 1 before time 0."""
    return torch.exp2(-time_s.clamp(min=0) / half_life_s)


def adsr(
    time_s: Tensor,
    attack_s: Tensor,
    decay_s: Tensor,
    sustain: Tensor,
    release_s: Tensor,
    seconds: Tensor,
    curve: Tensor | float = 4.0,
    bend: Tensor | float = 1.0,
) -> Tensor:
    """Attack, decay, sustain, release with curved segments; every argument (batch, 1), the result as `time_s` broadcasts.

    The key is held for `HELD` of `seconds`; the release lasts at most what is left, so the result is 0 from `seconds` on.
    The attack bends outwards (as a capacitor charges), decay and release inwards. sustain: 0..1. bend: power of the attack, above 1
    for one that swells.
    """
    hold_s = HELD * seconds
    attack_s = torch.minimum(attack_s, 0.9 * hold_s).clamp(min=1e-4)
    rise = (1 - decay_curve(time_s / attack_s, 1.5)) ** bend
    fall = sustain + (1 - sustain) * decay_curve((time_s - attack_s) / decay_s.clamp(min=1e-3), curve)
    release_s = torch.minimum(release_s, seconds - hold_s).clamp(min=1e-3)
    return rise * fall * decay_curve((time_s - hold_s) / release_s, curve)


def closing_fade(time_s: Tensor, seconds: Tensor, fade_s: float = 0.01) -> Tensor:
    """1 until `fade_s` before `seconds` (batch, 1), then down to 0 without a click."""
    left = ((seconds - time_s) / fade_s).clamp(0, 1)
    return left * left * (3 - 2 * left)
