"""Organs: drawbars with click and percussion, transistor combos, pipes in ranks; rotary speaker and overdrive.

An organ's wave stands still, so it is one period in a table, and overdrive bends that period and cuts it back below
the ceiling: no aliasing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst, coloured
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth
from engine.corpus.synths.drawing import columns, maybe, numbered, reader
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import along_frames, band_gain, harmonic_table, modal_bank, read_table

_BARS = (1, 3, 2, 4, 6, 8, 10, 12, 16)  # harmonics of the 16' fundamental: 16 5⅓ 8 4 2⅔ 2 1⅗ 1⅓ 1
_HARMONICS = 192  # of the 16' fundamental, half the note's
_FEET = (1, 2, 4, 6, 8, 16)  # ranks of pipes and combos: 16 8 4 2⅔ 2 1


@dataclass(frozen=True)
class _Kind:
    words: tuple[str, ...]
    weight: float
    drawbars: float  # 1: sines in drawbars; 0: ranks with harmonics of their own
    slope: tuple[float, float]  # of a rank's harmonics
    even: tuple[float, float]  # stopped pipes and square waves have few even harmonics
    click: tuple[float, float]
    chiff: tuple[float, float]
    attack_s: tuple[float, float]
    release_s: tuple[float, float]
    rotary: float
    vibrato: float


KINDS = (
    _Kind(("hammond", "drawbar organ"), 5, 1, (1, 1), (1, 1), (0.02, 0.4), (0, 0), (0.002, 0.01), (0.005, 0.03), 0.75, 0.1),
    _Kind(("combo organ", "transistor organ"), 2.5, 0, (0.7, 1.3), (0.1, 1.0), (0.0, 0.2), (0, 0), (0.002, 0.01), (0.005, 0.04), 0.15, 0.6),
    _Kind(("church organ", "pipe organ"), 4, 0, (0.9, 1.8), (0.3, 1.0), (0, 0), (0.02, 0.3), (0.03, 0.12), (0.15, 0.6), 0.0, 0.0),
    _Kind(("flute organ", "pipe organ"), 1.5, 0, (2.2, 3.5), (0.1, 0.6), (0, 0), (0.1, 0.5), (0.03, 0.1), (0.1, 0.4), 0.0, 0.25),
    _Kind(("reed pipes", "church organ"), 1, 0, (0.3, 0.8), (0.5, 1.0), (0, 0), (0.0, 0.15), (0.03, 0.1), (0.1, 0.5), 0.0, 0.0),
    _Kind(("theatre organ",), 1, 0, (1.2, 2.2), (0.4, 1.0), (0, 0), (0.02, 0.2), (0.03, 0.1), (0.1, 0.3), 0.0, 1.0),
    _Kind(("house organ", "fm organ"), 2, 1, (1, 1), (1, 1), (0.1, 0.6), (0, 0), (0.001, 0.004), (0.01, 0.05), 0.1, 0.05),
)


def _draw(rng: np.random.Generator) -> Patch:
    kind = choose(rng, [row.weight for row in KINDS])
    row = KINDS[int(kind)]
    bars = np.zeros(len(_BARS))
    ranks = np.zeros(len(_FEET))
    if row.drawbars:
        bars = rng.integers(0, 9, len(_BARS)).astype(np.float64) * (rng.random(len(_BARS)) < rng.uniform(0.3, 1.0))
        bars[2] = rng.integers(5, 9)  # the 8' bar: the note itself
        bars = np.where(bars > 0, 10.0 ** ((bars - 8.0) * 3.0 / 20.0), 0.0)
    else:
        ranks = rng.random(len(_FEET)) * (rng.random(len(_FEET)) < rng.uniform(0.2, 0.8))
        ranks[1] = rng.uniform(0.7, 1.0)
    rotary = maybe(rng, row.rotary)
    fast = maybe(rng, 0.5)
    patch = play.draw_pitch(rng, row.vibrato, (8.0, 30.0), 0.0, drift=1.5)
    patch["vibrato_delay_s"] = 0.0
    return patch | {
        "kind": kind,
        "slope": between(rng, *row.slope),
        "even": between(rng, *row.even),
        "click": between(rng, *row.click),
        "chiff": between(rng, *row.chiff),
        "wind": between(rng, 0.0, 0.012) * (row.chiff[1] > 0),
        "attack_s": spread(rng, *row.attack_s),
        "release_s": spread(rng, *row.release_s),
        "rotary": rotary * between(rng, 0.3, 1.0),
        "rotary_hz": between(rng, 5.4, 7.2) if fast else between(rng, 0.6, 1.1),
        "drive": maybe(rng, 0.4) * row.drawbars * between(rng, 0.3, 2.5),
        "percussion": maybe(rng, 0.45) * row.drawbars * between(rng, 0.3, 1.2),
        "percussion_harmonic": 2.0 + maybe(rng, 0.5),
        "percussion_s": 0.3 if maybe(rng, 0.5) else 1.0,
        "celeste_cents": maybe(rng, 0.4 * (1 - row.drawbars)) * between(rng, 2.0, 9.0),
        **numbered("bar", bars),
        **numbered("rank", ranks),
    }


def _levels(patches: Sequence[Patch], device: torch.device) -> Tensor:
    """Harmonics of the 16' fundamental, (batch, 1, harmonics), about unit power."""
    read = reader(patches, device)
    number = torch.arange(1, _HARMONICS + 1, device=device, dtype=torch.float32)[None]
    level = torch.zeros(len(patches), _HARMONICS, device=device)
    bars = columns(patches, "bar", len(_BARS), device)
    for index, harmonic in enumerate(_BARS):
        level[:, harmonic - 1] += bars[:, index]
    ranks = columns(patches, "rank", len(_FEET), device)
    for index, foot in enumerate(_FEET):
        own = number / foot
        whole = (number % foot == 0).float()
        stopped = torch.where(own % 2 == 0, read("even"), 1.0)
        level = level + ranks[:, index : index + 1] * whole * stopped * own ** -read("slope")
    return (level / level.square().sum(dim=1, keepdim=True).sqrt().clamp(min=1e-6))[:, None]


def _overdriven(table: Tensor, drive: Tensor, half_hz: Tensor) -> Tensor:
    """The table (batch, 1, period + 1) bent by an amplifier, band-limited again for its fundamental half_hz (batch, 1)."""
    wave = table[:, 0, :-1]
    bent = torch.where(drive > 0, torch.tanh(wave * (0.5 + drive)) / (0.5 + drive).sqrt(), wave)
    spectrum = torch.fft.rfft(bent)
    numbers = torch.arange(spectrum.shape[1], device=table.device, dtype=torch.float32)[None]
    spectrum = spectrum * (band_gain(numbers * half_hz) * (numbers > 0))
    wave = torch.fft.irfft(spectrum, n=wave.shape[1])
    return torch.cat([wave, wave[:, :1]], dim=1)[:, None]


def _render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    f0, force = play.pitch_curve(patches, performance), play.touch(performance)
    hop, time = play.hop_time_s(performance), performance.time_s()
    turn = 6.2832 * read("rotary_hz") * hop
    f0 = f0 * torch.exp2(read("rotary") * 9.0 / 1200.0 * torch.sin(turn))
    swirl = 1.0 - read("rotary") * 0.35 * (0.5 + 0.5 * torch.cos(turn + 0.6)) - 0.3 * read("rotary") * (0.5 + 0.5 * torch.sin(2 * turn))
    half = f0 * 0.5
    phase = play.uniform(performance, performance.batch, _HARMONICS)
    levels = _levels(patches, device)
    tilt = (torch.arange(1, _HARMONICS + 1, device=device) / 2.0) ** (-0.5 * (1.0 - force))  # a harder touch, a more open swell box
    table = _overdriven(harmonic_table(half, levels * tilt[:, None], phase), read("drive"), half.amax(dim=1, keepdim=True))
    tone = read_table(table, half, frames)
    celeste = read("celeste_cents")
    if bool((celeste > 0).any()):
        tone = torch.where(celeste > 0, 0.7 * (tone + read_table(table, half * torch.exp2(celeste / 1200.0), frames)), tone)
    tone = tone * along_frames(swirl, frames)
    note = play.note_hz(performance)
    struck = modal_bank(note * read("percussion_harmonic"), read("percussion"), read("percussion_s"), torch.zeros_like(note), frames)
    air = coloured(performance, (2.0 * note).clamp(400.0, 4000.0), torch.full_like(force, 1.0), frames) * read("wind")
    tone = (tone + struck + air) * play.held(time, performance, read("attack_s"), read("release_s"))
    click = burst(performance, torch.full_like(force, 2500.0), torch.full_like(force, 1.2), torch.full_like(force, 0.02))
    chiff = burst(performance, (3.0 * note).clamp(600.0, 5000.0), torch.full_like(force, 0.6), torch.full_like(force, 0.12), attack_s=0.008)
    samples = tone + 0.5 * click * read("click") + 0.5 * chiff * read("chiff")
    return Rendered(samples * play.loudness(performance), f0)


def _words(patch: Patch) -> list[str]:
    words = list(KINDS[int(patch["kind"])].words)
    if patch["rotary"]:
        words.append("fast rotary" if patch["rotary_hz"] > 3 else "slow rotary")
    if patch["drive"] > 0.8:
        words.append("overdriven")
    if patch["percussion"]:
        words.append("with percussion")
    if patch["click"] > 0.25:
        words.append("key click")
    if patch["celeste_cents"] > 4:
        words.append("celeste")
    if patch["vibrato_cents"] > 10:
        words.append("tremulant")
    return words


SYNTHS: tuple[Synth, ...] = (Synth("organ", _draw, _render, _words),)
