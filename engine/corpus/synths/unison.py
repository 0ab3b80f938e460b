"""The oscillator section of a subtractive synthesiser: a unison of one waveform, a second oscillator, noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.corpus.synths.base import Patch, Performance, column
from engine.corpus.synths.envelopes import exponential
from engine.corpus.synths.oscillators import Phase, chunks, control_times_s, read, spread, white_noise
from engine.corpus.synths.tone import SILENT_TONE, tone_table

ONE_OSCILLATOR: Patch = {
    **{"a_" + key: value for key, value in SILENT_TONE.items()},
    **{"b_" + key: value for key, value in SILENT_TONE.items()},
    "voices": 1.0,  # copies of oscillator A, 1..7
    "detune_cents": 0.0,  # of the outermost copies
    "sides": 1.0,  # level of the outer copies beside the centre
    "twin": 0.0,  # second reading of A at a moving distance: -1 makes a pulse of a saw, above 0 thickens
    "twin_width": 0.5,  # its distance, in cycles
    "twin_depth": 0.0,  # how far that moves, in cycles
    "twin_hz": 0.5,
    "ensemble": 0.0,  # depth of a three-fold chorus, in milliseconds of delay (string machines)
    "ensemble_hz": 0.6,
    "b_level": 0.0,
    "b_ratio": 1.0,
    "b_cents": 0.0,
    "noise": 0.0,
    "noise_s": 10.0,  # half-life: short for a breath at the attack, long for a constant layer
    "retrigger": 0.0,  # 1: all phases start at zero, 0: oscillators run free
}


def oscillators(patches: Sequence[Patch], performance: Performance, phase: Phase) -> Tensor:
    """The raw mix of the patches' oscillators, (batch, frames), about -1..1."""
    device, frames = performance.device, performance.frames
    keys = [key for key in ONE_OSCILLATOR if not key.endswith("_seed")]
    p = {key: column(patches, key, device) for key in keys}
    time_s = control_times_s(frames, device)
    copies = int(p["voices"].max())
    free = 1 - p["retrigger"]
    starts = torch.rand(performance.batch, copies + 6, generator=performance.generator, device=device)
    phases, lfo_starts = starts[:, : copies + 2] * free, starts[:, copies + 2 :]
    highest_hz = phase.hz.amax(1, keepdim=True)
    table_a = tone_table(patches, "a_", highest_hz * 1.02)

    out = torch.zeros(performance.batch, frames, device=device)
    sway = p["ensemble"] * 1e-3 * phase.hz.mean(1, keepdim=True)
    power = torch.zeros_like(p["voices"])
    for copy in range(copies):
        place, gain = _place(copy, p["voices"], p["sides"])
        ratio = torch.exp2(place * p["detune_cents"] / 1200)
        offset = phases[:, copy : copy + 1]
        if bool((p["ensemble"] > 0).any()):
            third = copy / 3 + lfo_starts[:, :1]
            slow = torch.sin(2 * math.pi * (p["ensemble_hz"] * time_s + third))
            fast = torch.sin(2 * math.pi * (9.7 * p["ensemble_hz"] * time_s + third))
            offset = offset + sway * (0.8 * slow + 0.2 * fast)
        read(table_a, phase.scaled(ratio, offset), gain, out)
        power = power + gain * gain
    if bool((p["twin"] != 0).any()):
        wobble = torch.sin(2 * math.pi * (p["twin_hz"] * time_s + lfo_starts[:, 1:2]))
        read(table_a, phase.scaled(1.0, phases[:, :1] + p["twin_width"] + p["twin_depth"] * wobble), p["twin"], out)
        power = power + p["twin"] ** 2
    out *= torch.rsqrt(power)
    if bool((p["b_level"] != 0).any()):
        ratio = p["b_ratio"] * torch.exp2(p["b_cents"] / 1200)
        table_b = tone_table(patches, "b_", highest_hz * ratio)
        read(table_b, phase.scaled(ratio, phases[:, copies : copies + 1]), p["b_level"], out)
    if bool((p["noise"] != 0).any()):
        hiss = white_noise(performance.batch, frames, performance.generator, device)
        level = p["noise"] * exponential(time_s, p["noise_s"])
        for where in chunks(frames):
            out[:, where].addcmul_(hiss[:, where], spread(level, where))
    return out


def _place(copy: int, voices: Tensor, sides: Tensor) -> tuple[Tensor, Tensor]:
    """Where copy number `copy` lies between -1 and 1, and its gain (0 beyond `voices`), each (batch, 1).

    Copies come in pairs about the centre: the first is the centre when the count is odd. The spacing is uneven, as in
    the classic supersaw, so that beats do not fall together.
    """
    odd = torch.remainder(voices, 2)
    pair = torch.floor((copy + (1 - odd) + 1) / 2)  # 0 is the centre; 1, 2, 3 the pairs
    pairs = torch.floor(voices / 2).clamp(min=1)
    side = torch.where(torch.remainder(copy + (1 - odd), 2) == 1, 1.0, -1.0)
    place = side * (pair / pairs) ** 1.15 + torch.where(pair > 0, 0.021 * side * pair - 0.013, torch.zeros_like(pair))
    gain = torch.where(pair == 0, torch.ones_like(pair), torch.where(voices > 2, sides, torch.ones_like(sides)))
    present = (copy < voices).float()
    return place * (voices > 1), gain * present
