"""Electric pianos: a tine or reed that swings before a pickup (the pickup bends the wave, the harder the more), and FM.

The pickup's field makes the bark: the voltage follows the slope of 1 / (1 + ((x - offset) / width)^2), x the tine's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst
from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance, Rendered, Synth
from engine.corpus.synths.drawing import maybe, reader
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import stacked_modes, warp
from engine.corpus.synths.resonance import filtered

Range = tuple[float, float]


@dataclass(frozen=True)
class _Kind:
    words: tuple[str, ...]
    weight: float
    t60_s: Range  # of C4
    swing: Range  # how far the tine goes at full force, in pickup widths
    offset: Range  # of the pickup from the tine's rest
    ping: Range  # level of the tine's own high mode
    ratio: Range  # of that mode to the fundamental
    cut_hz: Range
    drive: Range
    fm: float  # 1: frequency modulation instead of a pickup


KINDS = (
    _Kind(("rhodes", "tine"), 4, (5, 12), (0.5, 1.6), (0.15, 0.7), (0.02, 0.2), (5.8, 9.5), (2500, 8000), (0.0, 0.5), 0),
    _Kind(("wurlitzer", "reed"), 3, (2.5, 6), (0.8, 2.2), (0.35, 0.9), (0.005, 0.06), (5.5, 6.6), (2200, 6000), (0.0, 1.0), 0),
    _Kind(("suitcase piano", "rhodes"), 1.5, (6, 14), (0.3, 0.9), (0.1, 0.5), (0.01, 0.1), (6.0, 9.0), (1200, 3000), (0.0, 0.3), 0),
    _Kind(("electric piano", "digital", "fm"), 3, (3, 8), (0.3, 1.4), (0.1, 0.4), (0.15, 1.2), (7, 15), (6000, 14000), (0.0, 0.2), 1),
    _Kind(("toy electric piano", "tine"), 0.8, (1.0, 2.5), (0.6, 1.6), (0.2, 0.8), (0.1, 0.5), (5.4, 7.2), (4000, 9000), (0.0, 0.5), 0),
)


def _draw(rng: np.random.Generator) -> Patch:
    kind = choose(rng, [row.weight for row in KINDS])
    row = KINDS[int(kind)]
    return {
        "kind": kind,
        "fm": row.fm,
        "t60_s": spread(rng, *row.t60_s),
        "swing": spread(rng, *row.swing),
        "offset": between(rng, *row.offset),
        "ping": between(rng, *row.ping),
        "ratio": round(between(rng, *row.ratio)) if row.fm else between(rng, *row.ratio),
        "ping_t60_s": spread(rng, 0.15, 1.2),
        "cut_hz": spread(rng, *row.cut_hz),
        "drive": between(rng, *row.drive) * maybe(rng, 0.6),
        "tremolo": maybe(rng, 0.35) * between(rng, 0.2, 0.7),
        "tremolo_hz": between(rng, 3.0, 7.5),
        "chorus_cents": maybe(rng, 0.3) * between(rng, 3.0, 9.0),
        "knock": between(rng, 0.0, 0.2),
        "low_cut_hz": spread(rng, 25.0, 160.0),
        "damper_s": spread(rng, 0.08, 0.35),
    }


def _swinging(patches: Sequence[Patch], performance: Performance, f0: Tensor, t60: Tensor, frames: int) -> Tensor:
    """Tine or reed before its pickup, at twice the rate."""
    read = reader(patches, performance.device)
    force = play.touch(performance)
    ping = read("ping") * force * (0.5 + force)
    swing = read("swing") * (0.25 + 0.75 * force**1.5)
    high, ping_t60 = f0 * read("ratio"), read("ping_t60_s")
    modes = [(f0, swing, t60), (high, ping * swing, ping_t60), (high * 2.8, ping * swing * 0.3, ping_t60 * 0.4)]
    place = stacked_modes(modes, frames, 2 * RATE_HZ)
    offset = read("offset")
    flux = 1.0 / (1.0 + (place - offset).square())
    return flux - 1.0 / (1.0 + offset.square())


def _modulated(patches: Sequence[Patch], performance: Performance, f0: Tensor, t60: Tensor, frames: int) -> Tensor:
    """Two pairs of operators, at twice the rate: the body 1:1, the bell 1:n (n a high whole number)."""
    read = reader(patches, performance.device)
    force = play.touch(performance)
    time = torch.arange(frames, device=performance.device, dtype=torch.float32)[None] / (2 * RATE_HZ)
    turn = (torch.frac(f0.double() * time.double()) * (2 * torch.pi)).float()
    fall = torch.exp(time * (-6.91 / t60))
    ring = torch.exp(time * (-6.91 / read("ping_t60_s")))
    ratio = torch.minimum(read("ratio"), torch.floor(9000.0 / f0)).clamp(min=1.0)
    body = torch.sin(turn * 1.0 + read("swing") * force * 1.3 * fall * torch.sin(turn))
    bell = torch.sin(turn + read("ping") * force * 2.0 * ring * torch.sin(turn * ratio))
    return (body * 0.6 + bell * 0.5) * fall


def _render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    device, frames = performance.device, performance.frames
    f0, force, time = play.note_hz(performance), play.touch(performance), performance.time_s()
    everything = reader(patches, device)
    t60 = everything("t60_s") * torch.exp2(-0.7 * (performance.notes.float()[:, None] - 60.0) / 12.0)
    double = torch.zeros(len(patches), 2 * frames, device=device)
    for fm, voice in ((0.0, _swinging), (1.0, _modulated)):
        rows = [row for row, patch in enumerate(patches) if patch["fm"] == fm]
        if rows:
            at = torch.tensor(rows, device=device)
            sounds = voice([patches[row] for row in rows], play.only(performance, at), f0[at], t60[at], 2 * frames)
            double[at] = sounds / sounds.abs().amax(dim=1, keepdim=True).clamp(min=1e-6)
    drive = everything("drive")
    push = 1.0 + 5.0 * drive
    double = torch.where(drive > 0, torch.tanh(double * push * (0.4 + 0.6 * force)) / torch.tanh(push), double)
    cut = everything("cut_hz") * (0.5 + 0.6 * force)
    low = everything("low_cut_hz")
    tone = filtered(double, lambda hz: torch.rsqrt(1.0 + (hz / cut) ** 4) * (hz / (hz + low)), halve=True)
    chorus = everything("chorus_cents")
    if bool((chorus > 0).any()):
        sway = torch.sin(6.2832 * 0.9 * time) * chorus / 1200.0 * 0.6931
        delay = torch.roll(tone, 350, dims=1)
        delay[:, :350] = 0
        tone = torch.where(chorus > 0, 0.8 * tone + 0.45 * warp(delay, 1.0 + sway), tone)
    if bool((everything("tremolo") > 0).any()):
        tone = tone * (1.0 - everything("tremolo") * (0.5 - 0.5 * torch.cos(6.2832 * everything("tremolo_hz") * time)))
    tone = tone * play.damped(time, performance, everything("damper_s")) * play.rise(time, 0.001 + 0.003 * (1.0 - force))
    knock = burst(performance, torch.full_like(f0, 350.0), torch.full_like(f0, 1.2), torch.full_like(f0, 0.06))
    samples = tone + knock * everything("knock") * (0.2 + 0.8 * force) * 0.3
    samples = samples * play.loudness(performance) * play.ringing(time, performance)
    return Rendered(samples, f0.expand(-1, 1 + frames // HOP_FRAMES).contiguous())


def _words(patch: Patch) -> list[str]:
    words = list(KINDS[int(patch["kind"])].words)
    if patch["tremolo"]:
        words.append("tremolo")
    if patch["chorus_cents"]:
        words.append("chorus")
    if patch["drive"] > 0.3:
        words.append("overdriven")
    if patch["ping"] > 0.3 or (not patch["fm"] and patch["ping"] > 0.12):
        words.append("bell-like")
    return words


SYNTHS: tuple[Synth, ...] = (Synth("electric_piano", _draw, _render, _words),)
