"""Pianos: stiff strings struck by a hammer, two or three to a note, with prompt sound and aftersound (Weinreich 1977)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst
from engine.corpus.synths.base import HOP_FRAMES, Patch, Performance, Rendered, Synth
from engine.corpus.synths.drawing import reader
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import CEILING_HZ, stacked_modes
from engine.corpus.synths.resonance import body_gain, draw_body

Range = tuple[float, float]
_MOST_PARTIALS = 56


@dataclass(frozen=True)
class _Piano:
    words: tuple[str, ...]
    weight: float
    hammer_hz: Range  # where the hammer's spectrum bends at full force
    t60_s: Range  # aftersound of C4
    detune_cents: Range
    stiff: Range  # inharmonicity against a concert grand's
    knock: Range  # hammer and key noise
    body_db: float
    dull_hz: Range  # partials above die sooner
    low_cut_hz: Range


PIANOS = (
    _Piano(("grand piano", "acoustic piano"), 4, (2200, 6500), (8, 16), (0.3, 1.2), (0.6, 1.3), (0.02, 0.12), 3.0, (1500, 4500), (35, 60)),
    _Piano(("upright piano", "acoustic piano"), 3, (1800, 5000), (5, 10), (0.6, 3.0), (1.2, 3.0), (0.05, 0.25), 5.0, (1200, 3500), (60, 120)),
    _Piano(("felt piano", "upright piano"), 2, (450, 1300), (4, 9), (0.5, 2.5), (1.0, 3.0), (0.1, 0.5), 5.0, (700, 2000), (40, 90)),
    _Piano(("honky-tonk piano",), 1.5, (2500, 7000), (4, 9), (8.0, 22.0), (1.5, 3.5), (0.1, 0.3), 6.0, (1500, 4000), (80, 150)),
    _Piano(("electric grand piano",), 1.2, (3000, 8000), (4, 9), (0.5, 3.0), (2.0, 5.0), (0.02, 0.12), 2.0, (1800, 5000), (60, 140)),
    _Piano(("muted piano", "prepared piano"), 1, (900, 4000), (0.3, 1.2), (0.3, 6.0), (1.0, 6.0), (0.1, 0.6), 6.0, (600, 2500), (50, 120)),
    _Piano(("old piano", "detuned"), 1, (1200, 4000), (3, 7), (4.0, 14.0), (1.5, 4.0), (0.1, 0.5), 8.0, (900, 2500), (90, 200)),
)


def _draw(rng: np.random.Generator) -> Patch:
    kind = choose(rng, [row.weight for row in PIANOS])
    row = PIANOS[int(kind)]
    return {
        "kind": kind,
        "hammer_hz": spread(rng, *row.hammer_hz),
        "sharpness": between(rng, 1.2, 2.4),
        "t60_s": spread(rng, *row.t60_s),
        "prompt": between(rng, 0.12, 0.35),
        "after": between(rng, 0.12, 0.5),
        "detune_cents": spread(rng, *row.detune_cents),
        "stiff": spread(rng, *row.stiff),
        "knock": between(rng, *row.knock),
        "knock_hz": spread(rng, 120.0, 900.0),
        "strike": between(rng, 0.07, 0.16),
        "dull_hz": spread(rng, *row.dull_hz),
        "low_cut_hz": spread(rng, *row.low_cut_hz),
        "damper_s": spread(rng, 0.12, 0.6),
        "tilt": between(rng, 0.2, 0.8),
        **draw_body(rng, row.body_db),
    }


def _render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    f0, force, time = play.note_hz(performance), play.touch(performance), performance.time_s()
    octaves = (performance.notes.float()[:, None] - 60.0) / 12.0
    count = max(10, min(_MOST_PARTIALS, int(CEILING_HZ / float(f0.min()))))
    number = torch.arange(1, count + 1, device=device, dtype=torch.float32)[None]
    stiff = read("stiff") * (3.2e-4 * torch.exp2(1.25 * octaves) + 6e-5 * torch.exp2(-octaves))
    hz = f0 * number * torch.sqrt(1.0 + stiff * (number.square() - 1.0))
    bend = read("hammer_hz") * (0.16 + 0.9 * force**1.5) * torch.exp2(0.3 * octaves) + 0.4 * f0
    level = number ** -read("tilt") / (1.0 + (hz / bend) ** (2.0 * read("sharpness")))
    level = level * (torch.sin(torch.pi * number * read("strike")).abs() + 0.05) * body_gain(patches, hz)
    level = level / (1.0 + (read("low_cut_hz") / hz) ** 3)
    level = level / level.square().sum(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    ring = read("t60_s") * torch.exp2(-0.75 * octaves).clamp(max=2.2)
    t60 = ring / (1.0 + (hz / (read("dull_hz") * torch.exp2(0.4 * octaves))) ** 1.3)
    cents = read("detune_cents") * (0.6 + 0.4 * play.uniform(performance, performance.batch, 2))
    after = read("after") * (0.6 + 0.8 * play.uniform(performance, performance.batch, count))
    sharp, flat = torch.exp2(cents[:, :1] / 1200.0), torch.exp2(-cents[:, 1:] / 1200.0)
    prompt = (hz, level, t60 * read("prompt"))
    aftersound = [(hz * sharp, level * after, t60), (hz * flat, level * after * 0.7, t60 * 0.8)]
    tone = stacked_modes([prompt, *aftersound], frames)
    tone = tone * play.damped(time, performance, read("damper_s")) * play.rise(time, 0.0008 + 0.004 * (1.0 - force))
    wood = burst(performance, read("knock_hz"), torch.full_like(f0, 1.1), torch.full_like(f0, 0.14), attack_s=0.002)
    samples = tone + wood * read("knock") * (0.25 + 0.75 * force)
    samples = samples * play.loudness(performance) * play.ringing(time, performance)
    return Rendered(samples, f0.expand(-1, 1 + frames // HOP_FRAMES).contiguous())


def _words(patch: Patch) -> list[str]:
    words = list(PIANOS[int(patch["kind"])].words)
    if patch["knock"] > 0.3:
        words.append("hammer noise")
    return words


SYNTHS: tuple[Synth, ...] = (Synth("piano", _draw, _render, _words),)
