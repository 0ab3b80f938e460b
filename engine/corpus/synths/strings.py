"""Guitars, basses, harps, kotos, banjos, harpsichords and clavinets: plucked strings with their bodies or pickups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch

from engine.corpus.synths import articulation as play
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.strung import Strung, draw_strung, pick_noise, say_strung, string_tone

GUITARS = (
    Strung(("nylon guitar", "acoustic guitar"), 3, (2.5, 6), (900, 3500), (900, 2500), (0.1, 0.4), noise=(0.03, 0.2), noise_hz=(700, 3000),
           low_cut_hz=(80, 130), muted=0.08),
    Strung(("steel guitar", "acoustic guitar"), 3, (4, 9), (2500, 9000), (1500, 5000), (0.06, 0.3), stiff=(5e-5, 3e-4), noise=(0.05, 0.3),
           noise_hz=(2000, 6000), low_cut_hz=(80, 130), muted=0.1),
    Strung(("twelve-string guitar", "acoustic guitar"), 1, (4, 8), (3000, 9000), (1500, 5000), (0.06, 0.25), courses=(1.0, 9.0), octave=1.0),
    Strung(("electric guitar", "clean guitar", "single coil"), 3, (4, 10), (2500, 8000), (1500, 5000), (0.06, 0.3), (0.06, 0.2),
           body_db=2, noise=(0.02, 0.12), muted=0.2),
    Strung(("electric guitar", "clean guitar", "humbucker"), 2, (4, 10), (1500, 4000), (1200, 3500), (0.08, 0.3), (0.15, 0.28), body_db=2,
           noise=(0.01, 0.1), muted=0.2),
    Strung(("jazz guitar", "electric guitar"), 1.5, (2, 5), (700, 1800), (700, 2000), (0.15, 0.4), (0.22, 0.3), body_db=3,
           noise=(0.02, 0.12), notes=(40, 79)),
    Strung(("resonator guitar", "steel guitar"), 0.8, (2, 5), (3000, 9000), (2000, 6000), (0.04, 0.15), body_db=9, noise=(0.05, 0.25)),
    Strung(("guitar harmonic", "electric guitar"), 0.7, (4, 9), (2500, 8000), (2500, 7000), (0.48, 0.52), (0.1, 0.2), body_db=2,
           noise=(0.02, 0.15)),
)  # fmt: skip

BASSES = (
    Strung(("finger bass", "electric bass"), 3, (3, 8), (500, 1800), (500, 1800), (0.12, 0.3), (0.1, 0.22), body_db=2, low_cut_hz=(25, 45),
           noise=(0.02, 0.15), noise_hz=(300, 1500), muted=0.15, stiff=(1e-4, 5e-4)),
    Strung(("picked bass", "electric bass"), 2, (3, 8), (1500, 5000), (800, 3000), (0.06, 0.2), (0.08, 0.2), body_db=2, low_cut_hz=(25, 45),
           noise=(0.1, 0.35), noise_hz=(1500, 4000), muted=0.2, stiff=(1e-4, 5e-4)),
    Strung(("slap bass", "electric bass"), 2, (2.5, 6), (3500, 10000), (1200, 4000), (0.05, 0.14), (0.07, 0.15), body_db=3,
           low_cut_hz=(25, 50), noise=(0.3, 0.9), noise_hz=(1800, 5000), stiff=(1e-4, 6e-4), muted=0.1),
    Strung(("fretless bass", "electric bass"), 1.5, (3, 7), (500, 1500), (400, 1200), (0.15, 0.35), (0.14, 0.28), body_db=4,
           low_cut_hz=(25, 45), noise=(0.0, 0.05), buzz=(0.1, 0.5), notes=(28, 52)),
    Strung(("upright bass", "acoustic bass"), 2.5, (0.8, 2.6), (350, 1400), (300, 1000), (0.12, 0.4), body_db=6, low_cut_hz=(35, 60),
           noise=(0.05, 0.4), noise_hz=(250, 1500), courses=(0.1, 4.0), notes=(28, 52)),
    Strung(("acoustic bass guitar",), 1, (1.5, 4), (900, 3500), (600, 2000), (0.08, 0.3), body_db=6, low_cut_hz=(35, 70),
           noise=(0.05, 0.3)),
)  # fmt: skip

PLUCKED = (
    Strung(("harp",), 2.5, (3, 8), (900, 3500), (1200, 4000), (0.2, 0.45), body_db=4, noise=(0.0, 0.08), slope=0.8, low_cut_hz=(50, 90)),
    Strung(("koto",), 2, (1.5, 4), (2500, 8000), (1500, 4000), (0.05, 0.15), body_db=6, noise=(0.1, 0.3), low_cut_hz=(120, 220), notes=(50, 86)),
    Strung(("guzheng", "zither"), 1, (3, 7), (3000, 9000), (1800, 5000), (0.05, 0.2), body_db=6, noise=(0.05, 0.3), courses=(0.3, 4.0)),
    Strung(("banjo",), 2, (0.5, 1.4), (3000, 9000), (2500, 7000), (0.04, 0.14), body_db=9, noise=(0.1, 0.4), low_cut_hz=(220, 420), notes=(48, 86)),
    Strung(("sitar",), 2, (2.5, 6), (2500, 8000), (2000, 6000), (0.06, 0.2), body_db=5, noise=(0.05, 0.25), buzz=(0.6, 1.4),
           courses=(0.5, 5.0)),
    Strung(("lute",), 1.5, (1.2, 3), (1200, 4500), (1000, 3000), (0.08, 0.3), body_db=5, courses=(0.7, 5.0), noise=(0.03, 0.2), notes=(43, 79)),
    Strung(("oud", "lute"), 1, (0.8, 2), (1000, 3500), (800, 2500), (0.1, 0.3), body_db=7, courses=(0.9, 5.0), noise=(0.1, 0.3), notes=(43, 72)),
    Strung(("mandolin",), 1.5, (0.9, 2.2), (3000, 9000), (2000, 6000), (0.06, 0.2), body_db=6, courses=(1.0, 9.0), noise=(0.1, 0.35),
           low_cut_hz=(180, 300), notes=(55, 88)),
    Strung(("ukulele",), 1.5, (0.7, 1.8), (1200, 4000), (1200, 3500), (0.12, 0.4), body_db=6, noise=(0.05, 0.2), low_cut_hz=(200, 350), notes=(60, 84)),
    Strung(("hammered dulcimer", "dulcimer"), 1.2, (2.5, 6), (2500, 8000), (2000, 6000), (0.05, 0.15), body_db=5, courses=(1.0, 7.0),
           noise=(0.1, 0.4)),
    Strung(("shamisen",), 1, (0.4, 1.1), (2500, 8000), (1800, 5000), (0.04, 0.15), body_db=8, noise=(0.3, 0.9), noise_hz=(800, 3000),
           buzz=(0.2, 0.7), low_cut_hz=(150, 300), notes=(50, 81)),
    Strung(("kora", "harp"), 1, (1.2, 3), (1500, 5000), (1200, 3500), (0.1, 0.3), body_db=8, noise=(0.05, 0.25)),
    Strung(("bouzouki",), 0.8, (1.2, 3), (3000, 9000), (1800, 5000), (0.06, 0.2), courses=(1.0, 7.0), octave=0.5, noise=(0.1, 0.3), notes=(43, 81)),
    Strung(("pizzicato strings", "pizzicato"), 1.5, (0.25, 0.8), (700, 3000), (600, 2000), (0.15, 0.4), body_db=7, courses=(0.5, 8.0),
           noise=(0.02, 0.15)),
)  # fmt: skip

HARPSICHORDS = (
    Strung(("harpsichord", "cembalo"), 4, (2.5, 6), (6000, 16000), (2500, 7000), (0.08, 0.2), body_db=4, noise=(0.05, 0.3),
           noise_hz=(2500, 7000), courses=(0.5, 5.0), octave=0.45, stiff=(1e-5, 6e-5)),
    Strung(("harpsichord", "lute stop"), 1, (0.4, 1.2), (3000, 9000), (1500, 4000), (0.05, 0.15), body_db=5, noise=(0.1, 0.3)),
    Strung(("spinet", "harpsichord"), 1, (1.5, 4), (5000, 14000), (2500, 7000), (0.05, 0.15), body_db=8, noise=(0.1, 0.4),
           low_cut_hz=(120, 260), stiff=(2e-5, 2e-4)),
    Strung(("clavinet", "clav"), 3, (1.2, 4), (3000, 10000), (1800, 6000), (0.03, 0.12), (0.05, 0.22), body_db=3, noise=(0.02, 0.25),
           muted=0.2, stiff=(5e-5, 4e-4)),
    Strung(("clavichord",), 1, (1.0, 2.5), (2000, 6000), (1500, 4000), (0.04, 0.12), body_db=6, courses=(0.7, 5.0), noise=(0.1, 0.3)),
)  # fmt: skip


def render_plucked(patches: Sequence[Patch], performance: Performance, damper_s: float = 0.0) -> Rendered:
    """Plucked and left to ring; with `damper_s` above 0 a damper takes that long once the key is let go."""
    f0 = play.note_hz(performance)
    force = play.touch(performance)
    time = performance.time_s()
    samples = string_tone(patches, performance, f0, performance.frames)
    if damper_s > 0:
        samples = samples * play.damped(time, performance, torch.full_like(f0, damper_s))
    samples = samples + pick_noise(patches, performance)
    muted = column(patches, "muted", performance.device)
    onset = play.rise(time, 0.0004 + 0.002 * (1.0 - force) + 0.001 * muted)
    samples = samples * onset * play.loudness(performance) * play.ringing(time, performance)
    return Rendered(samples, f0.expand(-1, 1 + performance.frames // 512).contiguous())


def _synth(family: str, kinds: tuple[Strung, ...], render: Callable[[Sequence[Patch], Performance], Rendered] = render_plucked) -> Synth:
    return Synth(family, partial(draw_strung, kinds=kinds), render, partial(say_strung, kinds=kinds))


SYNTHS: tuple[Synth, ...] = (
    _synth("guitar", GUITARS),
    _synth("bass_guitar", BASSES),
    _synth("plucked_string", PLUCKED),
    _synth("harpsichord", HARPSICHORDS, partial(render_plucked, damper_s=0.12)),
)
