"""The plucked string, as the sum of its modes: stiffness, where it is plucked and picked up, how fast each mode dies.

What a string loop with a filter does (Karplus & Strong 1983) written down per harmonic, in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst
from engine.corpus.synths.base import RATE_HZ, Patch, Performance
from engine.corpus.synths.drawing import maybe, reader, register
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import CEILING_HZ, modal_bank, stacked_modes
from engine.corpus.synths.resonance import body_gain, draw_body

Range = tuple[float, float]
_MOST_PARTIALS = 72


@dataclass(frozen=True)
class Strung:
    """One kind of plucked string instrument; ranges are drawn from per patch.

    words, weight: as for every kind. t60_s: ringing time of the note C3; bright_hz: where the plectrum's or finger's
    spectrum bends; dull_hz: harmonics above it die sooner. pluck: place along the string (0 bridge, 0.5 middle);
    pickup: place of a magnetic pickup, (0, 0) for none. stiff: inharmonicity coefficient at C3. body_db: how uneven the body.
    low_cut_hz: the body gives little below it. courses: probability of double strings, and their most cents.
    octave: probability of a string an octave higher. noise: level of pick or finger noise, noise_hz its centre.
    buzz: how much of a sitar's bridge. slope: octaves of ringing lost per octave upwards. muted: probability of a palm.
    notes: lowest and highest MIDI note the instrument has.
    """

    words: tuple[str, ...]
    weight: float
    t60_s: Range
    bright_hz: Range
    dull_hz: Range
    pluck: Range = (0.08, 0.35)
    pickup: Range = (0.0, 0.0)
    stiff: Range = (2e-5, 2e-4)
    body_db: float = 5.0
    low_cut_hz: Range = (60.0, 110.0)
    courses: tuple[float, float] = (0.0, 6.0)
    octave: float = 0.0
    noise: Range = (0.02, 0.2)
    noise_hz: Range = (1200.0, 5000.0)
    buzz: Range = (0.0, 0.0)
    slope: float = 0.6
    muted: float = 0.0
    notes: tuple[int, int] = (0, 127)


def draw_strung(rng: np.random.Generator, kinds: Sequence[Strung]) -> Patch:
    """A random instrument among `kinds`."""
    kind = choose(rng, [row.weight for row in kinds])
    row = kinds[int(kind)]
    muted = maybe(rng, row.muted)
    short = spread(rng, 0.05, 0.22) if muted else 1.0
    return {
        "kind": kind,
        **register(row.notes),
        "muted": muted,
        "t60_s": spread(rng, *row.t60_s) * short,
        "slope": between(rng, 0.7, 1.3) * row.slope,
        "bright_hz": spread(rng, *row.bright_hz) * (0.5 if muted else 1.0),
        "tilt": between(rng, 0.1, 0.7),
        "dull_hz": spread(rng, *row.dull_hz),
        "dulling": between(rng, 0.8, 1.8),
        "pluck": between(rng, *row.pluck),
        "pickup": between(rng, *row.pickup),
        "stiff": spread(rng, *row.stiff),
        "low_cut_hz": spread(rng, *row.low_cut_hz),
        "course": maybe(rng, row.courses[0]),
        "course_cents": between(rng, 0.15, 1.0) * row.courses[1],
        "octave": maybe(rng, row.octave) * between(rng, 0.4, 1.0),
        "noise": between(rng, *row.noise),
        "noise_hz": spread(rng, *row.noise_hz),
        "noise_t60_s": spread(rng, 0.015, 0.09),
        "knock_hz": spread(rng, 80.0, 260.0),
        "knock": between(rng, 0.0, 0.25) * min(1.0, row.body_db / 5.0),
        "buzz": between(rng, *row.buzz),
        **draw_body(rng, row.body_db),
    }


def string_tone(patches: Sequence[Patch], performance: Performance, f0: Tensor, frames: int, rate_hz: int = RATE_HZ) -> Tensor:
    """The strings with the body's colour, no noise and no ending, float32 (batch, frames); f0 (batch, 1)."""
    device = performance.device
    read = reader(patches, device)
    force = play.touch(performance)
    count = max(8, min(_MOST_PARTIALS, int(CEILING_HZ / float(f0.min()))))
    number = torch.arange(1, count + 1, device=device, dtype=torch.float32)[None]
    octaves = torch.log2(f0 / 130.8)
    hz = f0 * number * torch.sqrt(1.0 + read("stiff") * torch.exp2(octaves) * (number.square() - 1.0))
    bright = read("bright_hz") * (0.3 + 1.2 * force.square()) + 0.5 * f0
    level = number ** (-0.6 - read("tilt")) / (1.0 + (hz / bright).square())
    level = level * (torch.sin(torch.pi * number * read("pluck")).abs() + 0.03)
    pickup = read("pickup")
    level = level * torch.where(pickup > 0, torch.sin(torch.pi * number * pickup).abs() * number.sqrt() * 1.5, 1.0)
    level = level * body_gain(patches, hz) / (1.0 + (read("low_cut_hz") / hz).square())
    ring = read("t60_s") * torch.exp2(-read("slope") * octaves)
    t60 = ring / (1.0 + (hz / read("dull_hz")) ** read("dulling"))
    buzz = read("buzz")
    lift = 1.0 + buzz * 2.5 * (hz / 1500.0).clamp(max=2.0)
    level, t60 = level * lift, torch.maximum(t60, ring * 0.4 * buzz.clamp(max=1.0))
    level = level / level.square().sum(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    banks = [(hz, level, t60), (hz * torch.exp2((0.3 + 0.7 * play.uniform(performance, len(patches), 1)) / 1200.0), level * 0.25, t60 * 2.0)]
    if bool((read("course") > 0).any()):
        banks.append((hz * torch.exp2(read("course_cents") / 1200.0), level * read("course") * 0.8, t60))
    if bool((read("octave") > 0).any()):
        banks.append((hz * 2.0 * 1.001, level * read("octave") * 0.7, t60 * 0.8))
    if bool((buzz > 0).any()):  # the bridge feeds the high harmonics a little later
        banks.append((hz, -0.8 * level * buzz.clamp(max=1.0) * (number > 3), torch.full_like(hz, 0.25)))
    return stacked_modes(banks, frames, rate_hz)


def pick_noise(patches: Sequence[Patch], performance: Performance) -> Tensor:
    """Plectrum, nail or finger on the string, and the knock of the body; (batch, frames)."""
    device = performance.device
    read = reader(patches, device)
    force = play.touch(performance)
    noise = burst(performance, read("noise_hz") * (0.6 + 0.6 * force), torch.full_like(force, 0.9), read("noise_t60_s"))
    knock = read("knock_hz")
    hz = torch.cat([knock, knock * 1.9, knock * 3.1], dim=1)
    level = read("knock") * torch.tensor([[1.0, 0.5, 0.3]], device=device)
    t60 = torch.tensor([[0.18, 0.12, 0.08]], device=device).expand_as(hz)
    short = min(performance.frames, 16384)
    body = torch.nn.functional.pad(modal_bank(hz, level, t60, torch.zeros_like(hz), short), (0, performance.frames - short))
    return noise * read("noise") * (0.3 + 0.7 * force) + body * force


def say_strung(patch: Patch, kinds: Sequence[Strung]) -> list[str]:
    """Name and character of a patch of `draw_strung`."""
    words = list(kinds[int(patch["kind"])].words)
    if patch["muted"]:
        words.append("muted")
    if patch["octave"]:
        words.append("octave strings")
    if patch["course"] and patch["course_cents"] > 4:
        words.append("double strings")
    if patch["buzz"] > 0.4:
        words.append("buzzing")
    if patch["noise"] > 0.25:
        words.append("string noise")
    return words
