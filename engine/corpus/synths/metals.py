"""Bells, gongs, bowls, plates and steel pans. The note played is the strike note (the bell founder's nominal / 2)."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from engine.corpus.synths.base import Patch, Synth
from engine.corpus.synths.struck import Struck, draw_struck, render_struck, say_struck

_BELL_MODES, _GONG_MODES, _PAN_MODES = 14, 44, 8
_TUBE = tuple((2 * n + 1) ** 2 / 40.5 for n in range(1, 10))  # free tube; modes 4, 5, 6 near 2:3:4 make the strike note
_CHURCH = (0.5, 1.0, 1.2, 1.5, 2.0, 2.5, 2.67, 3.0, 4.0, 5.33, 6.67, 8.0)

BELLS = (
    Struck(("tubular bell", "chime"), 2, _TUBE, (-26, -14, -8, -2, 0, -3, -8, -14, -20), (4, 12), (2000, 9000), (0.02, 0.15), (1500, 6000),
           slope=0.4, fall=(0.4, 0.9), jitter=0.006, split=(0.5, 4.0), notes=(55, 79)),
    Struck(("church bell",), 2, _CHURCH, (-6, -2, -3, -14, 0, -14, -12, -8, -10, -14, -18, -24), (5, 14), (2000, 10000), (0.02, 0.2),
           (1000, 5000), slope=0.5, fall=(0.7, 1.2), jitter=0.006, split=(0.8, 6.0), notes=(48, 79)),
    Struck(("bell", "bronze"), 2, (0.5, 1.0, 1.25, 1.6, 2.0, 2.6, 3.3, 4.2, 5.3, 6.7), (-10, -3, -6, -12, 0, -10, -12, -14, -18, -22),
           (2, 9), (2500, 12000), (0.02, 0.2), jitter=0.03, split=(0.6, 10.0)),
    Struck(("glockenspiel",), 2, (1.0, 2.76, 5.4, 8.93), (0, -10, -18, -26), (2.5, 7), (5000, 16000), (0.02, 0.15), (3000, 9000),
           slope=0.3, notes=(72, 100)),
    Struck(("hand bell",), 1, (1.0, 3.0, 5.1, 7.4), (0, -9, -20, -28), (2.5, 7), (1500, 6000), (0.0, 0.08), split=(0.6, 4.0), notes=(55, 91)),
    Struck(("crotale", "antique cymbal"), 1, (1.0, 2.02, 2.9, 4.1, 5.6, 7.3), (0, -18, -10, -13, -18, -22), (4, 10), (5000, 16000),
           (0.02, 0.1), (4000, 9000), slope=0.3, notes=(76, 100)),
    Struck(("wind chime", "chime"), 1, (1.0, 2.76, 5.4, 8.93), (0, -6, -10, -16), (2, 6), (6000, 16000), (0.0, 0.1), jitter=0.02,
           split=(0.9, 18.0), notes=(72, 100)),
    Struck(("triangle",), 0.4, (1.0, 1.46, 2.1, 2.7, 3.6, 4.4, 5.7, 7.1), (-10, -4, -3, 0, 0, -2, -4, -6), (3, 8), (8000, 16000),
           (0.02, 0.1), jitter=0.06, notes=(76, 100)),
    Struck(("toy bell", "bicycle bell"), 0.8, (1.0, 2.3, 3.7, 5.2, 6.9), (0, -3, -5, -9, -14), (0.7, 2.2), (6000, 16000), (0.05, 0.3),
           (3000, 9000), jitter=0.05, split=(0.8, 30.0), notes=(72, 100)),
    Struck(("digital bell", "fm bell"), 1.5, (1.0, 0.4, 2.4, 3.4, 4.4, 5.4, 6.4, 8.4), (0, -14, -4, -8, -7, -12, -14, -20), (1.5, 8),
           (3000, 12000), (0.0, 0.02), jitter=0.002, tremolo=0.15),
)  # fmt: skip

PANS = (
    Struck(("steel drum", "steelpan"), 3, (1.0, 2.0, 3.02, 4.1, 5.2, 6.4), (0, -5, -12, -15, -20, -24), (0.8, 2.2), (1500, 6000),
           (0.05, 0.3), (800, 4000), jitter=0.008, split=(0.9, 12.0), bloom_s=(0.0, 0.03), glide=(-8, 14)),
    Struck(("steelpan", "lead pan"), 2, (1.0, 2.01, 2.96, 3.95, 4.9, 6.1, 7.4), (0, -3, -8, -10, -16, -20, -24), (0.6, 1.6), (2500, 9000),
           (0.05, 0.3), (1500, 6000), jitter=0.012, split=(0.9, 20.0), bloom_s=(0.0, 0.04), glide=(-8, 22), notes=(60, 88)),
    Struck(("hang drum", "handpan"), 3, (1.0, 2.0, 2.99, 4.6, 6.2), (0, -8, -11, -26, -32), (1.5, 4.0), (700, 3000), (0.05, 0.2),
           (150, 900), split=(0.6, 5.0)),
    Struck(("tongue drum", "steel tongue"), 2, (1.0, 2.0, 3.1, 5.6), (0, -12, -18, -26), (1.5, 4.5), (600, 2500), (0.03, 0.15), (150, 900),
           jitter=0.01, split=(0.4, 5.0)),
)  # fmt: skip


def _dense(rng: np.random.Generator, lowest: float, highest: float, count: int) -> tuple[float, ...]:
    """Modes of a plate: ever closer upwards (to the ear), none regular, the played note among them."""
    grid = lowest + (highest - lowest) * np.linspace(0.0, 1.0, count - 1) ** 1.7
    grid = grid * np.exp(rng.normal(0.0, 0.6 / count, count - 1))
    return (1.0, *(float(ratio) for ratio in grid))


def _falling(ratios: tuple[float, ...], decibels: float) -> tuple[float, ...]:
    """Levels that fall by so many decibels an octave above the played note."""
    return tuple(-decibels * math.log2(max(ratio, 1.0)) for ratio in ratios)


def _gongs(seed: int) -> tuple[Struck, ...]:
    rng = np.random.default_rng(seed)  # a few fixed plates; patches move their modes
    tam, plate, opera, cymbal = (_dense(rng, low, high, _GONG_MODES) for low, high in ((0.6, 48), (0.8, 36), (1.4, 24), (2.0, 40)))
    bowl = (1.0, 2.76, 5.2, 8.3, 11.9)
    return (
        Struck(("gong", "tam-tam"), 3, tam, _falling(tam, 2.2), (6, 16), (1200, 9000), (0.02, 0.15), (200, 1500), fall=(0.3, 0.8), jitter=0.04,
               split=(0.6, 12.0), bloom_s=(0.05, 0.7)),
        Struck(("gong", "tuned gong"), 2, (1.0, 1.52, 2.0, 2.66, 3.1, 4.05, 5.2, 6.3), (0, -8, -5, -12, -14, -16, -22, -26), (5, 14),
               (500, 2500), (0.02, 0.1), (120, 600), jitter=0.02, split=(0.9, 8.0), bloom_s=(0.0, 0.2)),
        Struck(("gong", "opera gong"), 1, opera, _falling(opera, 4.0), (1.2, 4), (1500, 6000), (0.02, 0.2), jitter=0.03, bloom_s=(0.0, 0.1),
               glide=(-180, 240)),
        Struck(("metal plate",), 2, plate, _falling(plate, 2.5), (1, 8), (2000, 12000), (0.05, 0.3), (500, 5000), jitter=0.05,
               fall=(0.2, 0.8), split=(0.4, 14.0)),
        Struck(("singing bowl", "bowl"), 3, bowl, (0, -4, -10, -18, -26), (8, 20), (500, 5000), (0.0, 0.08), (300, 2500), jitter=0.02,
               split=(0.95, 7.0), fall=(0.3, 0.8)),
        Struck(("singing bowl", "rubbed"), 1, bowl[:4], (0, -12, -22, -32), (12, 20), (500, 2000), (0.0, 0.0), jitter=0.02,
               split=(0.95, 7.0), bloom_s=(0.3, 1.0), tremolo=0.3),
        Struck(("anvil", "metal hit"), 0.8, cymbal, _falling(cymbal, 1.5), (0.4, 2), (6000, 16000), (0.1, 0.5), (2000, 8000), jitter=0.08,
               fall=(0.2, 0.5)),
    )  # fmt: skip


GONGS = _gongs(7)


def draw_rubbed_or_struck(rng: np.random.Generator) -> Patch:
    """A gong, plate or bowl; low ones split their modes by few cents, or they would beat too fast to be heard as one."""
    patch = draw_struck(rng, GONGS, _GONG_MODES)
    patch["glide_cents"] *= float(abs(patch["glide_cents"]) > 40.0)
    return patch


def _synth(family: str, kinds: tuple[Struck, ...], modes: int) -> Synth:
    return Synth(
        family,
        partial(draw_struck, kinds=kinds, modes=modes),
        partial(render_struck, modes=modes),
        partial(say_struck, kinds=kinds),
    )


SYNTHS: tuple[Synth, ...] = (
    _synth("bell", BELLS, _BELL_MODES),
    Synth("gong", draw_rubbed_or_struck, partial(render_struck, modes=_GONG_MODES), partial(say_struck, kinds=GONGS)),
    _synth("steel_drum", PANS, _PAN_MODES),
)
