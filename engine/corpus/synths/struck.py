"""Bars, tongues, bells and plates: modes of a struck body, with mallet, beating, bloom, buzz and tremolo.

Ratios of modes follow Fletcher & Rossing, The Physics of Musical Instruments (1998); every patch moves them a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst
from engine.corpus.synths.base import Patch, Performance, Rendered
from engine.corpus.synths.drawing import around, columns, maybe, numbered, reader, register
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import stacked_modes, warp

Range = tuple[float, float]


@dataclass(frozen=True)
class Struck:
    """One kind of struck instrument; ranges are drawn from per patch.

    words: what it is called. weight: how often it is drawn. ratios: modes relative to the played note; levels_db: theirs.
    t60_s: ringing time of the note C4; slope: octaves of ringing time lost per octave upwards. fall: how much sooner higher
    modes die (power of the ratio). jitter: random detuning of the modes, relative. mallet_hz: where the strike's spectrum
    bends. noise: level of the strike noise, noise_hz its centre. split: probability and most cents of double modes.
    tremolo: probability. bloom_s: time the high modes take to build up. glide: the most cents of pitch fall.
    buzz: level of a rattle that follows the tone. notes: lowest and highest MIDI note the instrument has.
    """

    words: tuple[str, ...]
    weight: float
    ratios: tuple[float, ...]
    levels_db: tuple[float, ...]
    t60_s: Range
    mallet_hz: Range
    noise: Range = (0.0, 0.15)
    noise_hz: Range = (600.0, 4000.0)
    slope: float = 0.6
    fall: Range = (0.5, 1.2)
    jitter: float = 0.004
    split: Range = (0.2, 6.0)
    tremolo: float = 0.0
    bloom_s: Range = (0.0, 0.0)
    glide: Range = (0.0, 0.0)
    buzz: Range = (0.0, 0.0)
    notes: tuple[int, int] = (0, 127)


_TUNED = (1.0, 2.0)  # the note itself and the nominal that makes a bell's strike note: makers tune them
HARD_HZ, SOFT_HZ = 5000.0, 1600.0  # mallets above and below these are called so


def draw_struck(rng: np.random.Generator, kinds: Sequence[Struck], modes: int) -> Patch:
    """A random instrument among `kinds`, with `modes` mode slots (unused ones are silent)."""
    kind = choose(rng, [row.weight for row in kinds])
    row = kinds[int(kind)]
    used = len(row.ratios)
    fall = between(rng, *row.fall)
    ratios = [ratio if ratio in _TUNED else ratio * (1.0 + row.jitter * rng.normal()) for ratio in row.ratios]
    levels = [10.0 ** ((db + rng.normal(0.0, 3.0) * (index > 0)) / 20.0) for index, db in enumerate(row.levels_db)]
    falls = [max(0.02, around(rng, max(ratio, 0.5) ** -fall, 0.3)) for ratio in row.ratios]
    rest = modes - used
    double = maybe(rng, row.split[0])
    return {
        "kind": kind,
        **register(row.notes),
        "t60_s": spread(rng, *row.t60_s),
        "slope": around(rng, row.slope, 0.4),
        "mallet_hz": spread(rng, *row.mallet_hz),
        "noise": between(rng, *row.noise),
        "noise_hz": spread(rng, *row.noise_hz),
        "noise_octaves": between(rng, 0.5, 1.6),
        "noise_t60_s": spread(rng, 0.02, 0.16),
        "twin": double * between(rng, 0.3, 1.0),
        "tremolo": maybe(rng, row.tremolo) * between(rng, 0.2, 0.75),
        "tremolo_hz": between(rng, 2.5, 8.0),
        "bloom_s": between(rng, *row.bloom_s),
        "glide_cents": between(rng, *row.glide),
        "glide_s": spread(rng, 0.03, 0.4),
        "buzz": between(rng, *row.buzz) * maybe(rng, 0.7),
        **numbered("ratio", ratios + [1.0] * rest),
        **numbered("level", levels + [0.0] * rest),
        **numbered("fall", falls + [1.0] * rest),
        **numbered("split", rng.uniform(-row.split[1], row.split[1], modes)),
    }


def render_struck(patches: Sequence[Patch], performance: Performance, modes: int) -> Rendered:
    """Plays patches of `draw_struck`."""
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    f0, force = play.note_hz(performance), play.touch(performance)
    ratio, fall = columns(patches, "ratio", modes, device), columns(patches, "fall", modes, device)
    hz = f0 * ratio
    t60 = read("t60_s") * torch.exp2(-read("slope") * (performance.notes.float()[:, None] - 60.0) / 12.0) * fall
    bend = read("mallet_hz") * (0.35 + 1.1 * force.square()) + 0.7 * f0
    level = columns(patches, "level", modes, device) / (1.0 + (hz / bend).square())
    twin = read("twin")
    cents = columns(patches, "split", modes, device)
    banks = [(hz, level, t60), (hz * torch.exp2(cents / 1200.0), level * twin, t60 * 0.9)]
    bloom = read("bloom_s")
    if bool((bloom > 0).any()):
        slow = (ratio / 4.0).clamp(0.0, 1.0) * (bloom > 0)
        banks.append((hz, -level * slow * 0.95, (bloom * 3.0).clamp(min=0.02).expand_as(hz)))
    tone = stacked_modes(banks, frames)
    time = performance.time_s()
    hop_time = play.hop_time_s(performance)
    curve = torch.exp2(read("glide_cents") / 1200.0 * torch.exp(-hop_time / read("glide_s")))
    if bool((read("glide_cents") != 0).any()):
        tone = warp(tone, torch.exp2(read("glide_cents") / 1200.0 * torch.exp(-time / read("glide_s"))))
    if bool((read("tremolo") > 0).any()):
        tone = tone * (1.0 - read("tremolo") * (0.5 - 0.5 * torch.cos(6.2832 * read("tremolo_hz") * time)))
    noise = burst(performance, read("noise_hz") * (0.6 + 0.6 * force), read("noise_octaves"), read("noise_t60_s"))
    tone = tone + noise * read("noise") * (0.3 + 0.7 * force)
    if bool((read("buzz") > 0).any()):
        rattle = burst(performance, read("noise_hz") * 2.0, read("noise_octaves"), torch.full_like(f0, 0.6))
        tone = tone + rattle * tone.abs() * read("buzz") * 0.5
    samples = tone * play.loudness(performance) * play.ringing(time, performance)
    return Rendered(samples, f0 * curve)


def say_struck(patch: Patch, kinds: Sequence[Struck]) -> list[str]:
    """Name and character of a patch of `draw_struck`."""
    words = list(kinds[int(patch["kind"])].words)
    if patch["mallet_hz"] > HARD_HZ:
        words.append("hard mallet")
    elif patch["mallet_hz"] < SOFT_HZ:
        words.append("soft mallet")
    if patch["tremolo"] > 0:
        words.append("tremolo")
    if patch["twin"] > 0.5:
        words.append("beating")
    if patch["buzz"] > 0.3:
        words.append("buzzing")
    if patch["noise"] > 0.3:
        words.append("clicky")
    return words
