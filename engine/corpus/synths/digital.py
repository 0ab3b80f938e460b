"""Glitches: short events on a grid of slots, each a tone, a bit pattern, a noise or a silence, repeated and held."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import effects
from engine.corpus.synths.base import RATE_HZ, Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, perhaps, seed, spread
from engine.corpus.synths.hits import cycles, ended, force, loudness, no_pitch, rise, scatter, sine, wave
from engine.corpus.synths.noise import white
from engine.corpus.synths.responses import filter_bins, high_pass, low_pass, through

STYLES = ("stutter", "data burst", "granular", "bit noise", "digital", "modem", "static", "tape stop")
_SLOTS = 96


def draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 2, 2, 2, 3, 1.5, 1.5, 1.5))
    # shares of tone, bits, noise, silence
    shares = (
        (3, 1, 1, 1),
        (2, 3, 1, 0.5),
        (3, 0, 2, 1.5),
        (0, 4, 1, 1),
        (2, 2, 2, 1.5),
        (4, 1, 0.3, 0.2),
        (0, 1, 4, 2),
        (3, 1, 0.5, 0),
    )[int(style)]
    amounts = rng.dirichlet(np.asarray(shares, dtype=np.float64) * 2.0 + 0.01)
    patch = {
        "style": style,
        "tone": float(amounts[0]), "bits": float(amounts[1]), "noise": float(amounts[2]), "rest": min(float(amounts[3]), 0.5),
        "slots_hz": spread(rng, 40.0, 90.0) if style in (1.0, 2.0) else spread(rng, 7.0, 45.0),
        "repeat": float(rng.integers(2, 7)) if style == 0.0 else float(choose(rng, (3, 1, 1)) + 1.0),
        "rush": perhaps(rng, 0.35, -0.7, 1.5),
        "gate": between(rng, 0.3, 1.0),
        "low_hz": spread(rng, 60.0, 900.0),
        "octaves": between(rng, 1.5, 6.0),
        "slide": perhaps(rng, 0.35, -3.0, 3.0),
        "wave": choose(rng, (2, 0, 3)),
        "fm": perhaps(rng, 0.4, 0.5, 4.0),
        "word_hz": spread(rng, 300.0, 12000.0),
        "hold_hz": spread(rng, 1200.0, 30000.0),
        "levels": between(rng, 3.0, 12.0),
        "stop": 1.0 if style == 7.0 else 0.0,
        "cut_hz": spread(rng, 3000.0, 20000.0), "low_cut_hz": spread(rng, 40.0, 500.0),
        "fade": perhaps(rng, 0.4, 0.3, 1.0),
        "seed": seed(rng),
    }  # fmt: skip
    return patch | effects.draw(rng, drive=0.15, crush=0.3, tone=0.1, chorus=0.04, reverb=0.2)


def _slot_values(patches: Sequence[Patch], slot: Tensor, count: int) -> list[Tensor]:
    """`count` random numbers 0..1 for each frame, the same within a slot (batch, frames)."""
    table = scatter(patches, "seed", count * _SLOTS, slot.device)
    return [table[:, k * _SLOTS : (k + 1) * _SLOTS].gather(1, slot) for k in range(count)]


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    time, hard = performance.time_s(), force(performance)
    x = (time / performance.seconds.float()[:, None]).clamp(0.0, 1.0)
    tape = torch.where(value("stop") > 0.5, (1.0 - x).clamp(min=0.0) ** 1.5, 1.0)  # how fast the tape runs
    clock = time * (1.0 + value("rush") * x).clamp(min=0.2) * value("slots_hz")
    slot_at = clock.clamp(min=0.0)
    slot = (slot_at / value("repeat")).floor().long() % _SLOTS
    kind, pitch, tilt, loud = _slot_values(patches, slot, 4)
    within = slot_at - slot_at.floor()
    loud = torch.where(slot == 0, 1.0, loud)  # it starts at once
    hz = (
        value("low_hz")
        * 2.0 ** (value("octaves") * pitch + value("slide") * (tilt - 0.3) * within)
        * tape.clamp(min=0.02)
    )
    hz = hz.clamp(20.0, 12000.0)
    phase = cycles(hz)
    phase = phase + (value("fm") / 6.2832 * sine(phase * 1.41)).double()
    tone = wave(phase, hz, value("wave")) * torch.where(value("wave") > 0.5, 0.7, 1.0)
    bit = torch.floor((0.5 + pitch) * value("word_hz") * time).long()  # a counter whose bits, combined, are the sample
    pattern = (
        (bit & (bit >> (2 + (6.0 * tilt).long())) & 63) ^ (bit & (31 + (32.0 * loud).long()))
    ).float() / 31.5 - 1.0
    hold = (RATE_HZ / (value("hold_hz") * (0.25 + pitch))).clamp(min=1.0)
    frame = torch.arange(performance.frames, device=performance.device, dtype=torch.float32)[None]
    held = ((frame / hold).floor() * hold).long().clamp(max=performance.frames - 1)
    noise = 0.5 * white(performance).gather(1, held)

    tone_to, bits_to = value("tone"), value("tone") + value("bits")
    noise_to = 1.0 - value("rest")
    event = torch.where(
        kind < tone_to, tone, torch.where(kind < bits_to, 0.8 * pattern, torch.where(kind < noise_to, noise, 0.0))
    )
    event = torch.where((slot == 0) & (kind >= noise_to), tone, event)  # the first slot is never a rest
    open_for = value("gate") * (0.4 + 0.6 * loud)
    edge_s = within / value("slots_hz")
    gate = rise(edge_s, torch.full_like(edge_s, 0.0007)) * (
        1.0 - rise((within - open_for).clamp(min=0.0) / value("slots_hz"), torch.full_like(edge_s, 0.001))
    )
    samples = event * gate * (0.35 + 0.65 * loud) * (1.0 - value("fade") * x)
    samples = torch.where(value("levels") < 6.0, torch.round(samples * value("levels")) / value("levels"), samples)
    samples = samples * torch.where(value("stop") > 0.5, (4.0 * tape).clamp(max=1.0), 1.0)
    bins = filter_bins(performance.device)
    samples = through(
        samples, low_pass(bins, value("cut_hz") * (0.4 + 0.6 * hard)) * high_pass(bins, value("low_cut_hz"))
    )
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), no_pitch(performance))


def words(patch: Patch) -> Sequence[str]:
    found = [STYLES[int(patch["style"])]]
    if patch["rush"] > 0.4:
        found.append("accelerating")
    if patch["rush"] < -0.2:
        found.append("slowing down")
    if patch["bits"] > 0.5 and patch["style"] != 3.0:
        found.append("bit noise")
    if patch["fade"] > 0.5:
        found.append("fading")
    return tuple(dict.fromkeys([*found, *effects.words(patch)]))


SYNTHS = (Synth("glitch", draw, render, words),)
