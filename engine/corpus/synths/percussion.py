"""Small struck things: cowbell, woodblock, rim. Few modes, a hard tick, a short life."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import effects
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.draws import between, choose, seed, spread
from engine.corpus.synths.hits import (
    SQUARE,
    at_hops,
    cycles,
    decay,
    ended,
    force,
    loudness,
    note_hz,
    scatter,
    stretch,
    wave,
)
from engine.corpus.synths.modes import ring
from engine.corpus.synths.noise import coloured, noise_bins
from engine.corpus.synths.responses import band_pass, filter_bins, high_pass, low_pass, through

COWBELLS = ("808", "acoustic", "agogo", "electronic")
WOODS = ("woodblock", "claves", "temple block", "808", "log drum")
RIMS = ("808", "acoustic", "909", "cross stick", "metallic")
_MODES = 8
# mode ratios per style (bars, bells, shells), the strongest first; the patch spreads them a little
_BELL = (1.0, 1.5, 2.32, 2.9, 3.77, 4.6, 5.4, 6.7)
_AGOGO = (1.0, 2.41, 3.02, 4.1, 5.07, 6.3, 7.4, 8.8)
_BLOCK = (1.0, 1.42, 2.31, 2.9, 3.9, 5.1, 6.4, 7.7)
_CLAVES = (1.0, 2.756, 5.404, 2.1, 4.2, 6.5, 7.9, 8.933)
_RIM = (1.0, 1.71, 2.42, 3.27, 3.66, 4.9, 6.1, 8.3)


def _struck(
    rng: np.random.Generator, style: float, table: float, t60_s: tuple[float, float], upper: tuple[float, float]
) -> Patch:
    return {
        "style": style,
        "table": table,
        "t60_s": spread(rng, *t60_s),
        "upper": between(rng, *upper),
        "upper_fall": between(rng, 0.2, 1.2),
        "squares": 0.0,
        "interval": between(rng, 1.38, 1.6),
        "inharmonic": between(rng, 0.0, 0.12),
        "tick": between(rng, 0.1, 0.9),
        "tick_hz": spread(rng, 1500.0, 9000.0),
        "tick_s": spread(rng, 0.003, 0.02),
        "band_q": spread(rng, 0.6, 2.5),
        "own_hz": 0.0,
        "seed": seed(rng),
    }


def draw_cowbell(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 3, 2, 2))
    patch = _struck(rng, style, 1.0 if style == 2.0 else 0.0, (0.15, 0.9), (0.3, 1.0))
    if style in (0.0, 3.0):
        patch |= {"squares": 1.0, "upper": 0.0, "tick": between(rng, 0.0, 0.4)}
    if style == 3.0:
        patch["interval"] = between(rng, 1.2, 2.1)
    return patch | effects.draw(rng, drive=0.15, crush=0.08, tone=0.1, reverb=0.25)


def draw_woodblock(rng: np.random.Generator) -> Patch:
    style = choose(rng, (4, 3, 2, 2, 1.5))
    table = 3.0 if style in (1.0, 3.0) else 2.0
    long = (0.15, 0.45) if style == 4.0 else (0.1, 0.3) if style == 2.0 else (0.03, 0.16)
    upper = (0.0, 0.15) if style == 3.0 else (0.15, 0.9)
    return _struck(rng, style, table, long, upper) | effects.draw(rng, drive=0.06, crush=0.06, tone=0.06, reverb=0.3)


def draw_rim(rng: np.random.Generator) -> Patch:
    style = choose(rng, (3, 4, 2, 3, 1.5))
    patch = _struck(rng, style, 4.0, (0.08, 0.4) if style == 4.0 else (0.02, 0.14), (0.4, 1.3))
    patch["own_hz"] = (
        spread(rng, 350.0, 560.0),
        spread(rng, 500.0, 1200.0),
        spread(rng, 220.0, 520.0),
        spread(rng, 600.0, 1700.0),
        spread(rng, 500.0, 1400.0),
    )[int(style)]
    patch["tick"] = between(rng, 0.3, 1.2)
    return patch | effects.draw(rng, drive=0.2, crush=0.07, tone=0.08, reverb=0.28)


def _squares(patches: Sequence[Patch], hz: Tensor, t60_s: Tensor, performance: Performance) -> Tensor:
    """Two square waves through a band pass, the drum machine's cowbell: a hard start, then a longer tail."""
    time = performance.time_s()

    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    second = hz * value("interval")
    tone = wave(cycles(hz + 0.0 * time), hz, SQUARE) + wave(cycles(second + 0.0 * time), second, SQUARE)
    tone = tone * (0.6 * decay(time, 0.15 * t60_s) + 0.4 * decay(time, t60_s))
    bins = filter_bins(performance.device)
    shape = band_pass(bins, 2.2 * hz * (0.7 + 0.3 * force(performance)), value("band_q"))
    return through(tone, shape + 0.15 * low_pass(bins, 6.0 * hz))


def render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    def value(key: str) -> Tensor:
        return column(patches, key, performance.device)

    time, hard, device = performance.time_s(), force(performance), performance.device
    own = value("own_hz")
    hz = torch.where(own > 0.0, own, note_hz(performance))
    t60 = stretch(patches, "t60_s", performance, 0.4)
    chance = scatter(patches, "seed", 2 * _MODES, device)
    tables = torch.tensor([_BELL, _AGOGO, _BLOCK, _CLAVES, _RIM], device=device)[value("table")[:, 0].long()]
    ratios = tables * (1.0 + value("inharmonic") * (chance[:, :_MODES] - 0.5))
    ratios[:, 0] = 1.0
    number = torch.arange(1, _MODES, device=device, dtype=torch.float32)[None]
    uppers = (
        value("upper") * (0.35 + 0.65 * hard) * (0.2 + 0.8 * chance[:, _MODES + 1 :]) / number ** (1.1 - 0.6 * hard)
    )
    lengths = torch.cat([t60, t60 / (1.0 + number) ** value("upper_fall")], dim=1)
    modal = ring(hz * ratios, lengths, torch.cat([torch.ones_like(hard), uppers], dim=1), performance.frames)
    if any(patch["squares"] > 0.0 for patch in patches):
        modal = torch.where(value("squares") > 0.0, _squares(patches, hz, t60, performance), modal)
    short = min(performance.frames, 4096)
    bins = noise_bins(performance)
    shape = band_pass(bins, value("tick_hz") * (0.5 + 0.5 * hard), 0.8) * high_pass(bins, 500.0 + 0.0 * hard)
    tick = coloured(performance, shape, short) * decay(time[:, :short], 2.5 * value("tick_s"))
    samples = modal
    samples[:, :short] += 0.3 * value("tick") * (0.2 + 0.8 * hard) * tick
    samples = effects.apply(samples, patches, performance) * loudness(performance)
    return Rendered(ended(samples, performance), at_hops(torch.where(own > 0.0, 0.0, hz), performance))


def _words(names: tuple[str, ...]) -> Callable[[Patch], Sequence[str]]:
    def words(patch: Patch) -> Sequence[str]:
        found = [names[int(patch["style"])]]
        if patch["tick"] > 0.6:
            found.append("clicky")
        return tuple(dict.fromkeys([*found, *effects.words(patch)]))

    return words


SYNTHS = (
    Synth("cowbell", draw_cowbell, render, _words(COWBELLS)),
    Synth("woodblock", draw_woodblock, render, _words(WOODS)),
    Synth("rim", draw_rim, render, _words(RIMS)),
)
