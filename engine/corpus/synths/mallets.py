"""Marimbas, xylophones, vibraphones, celestas, kalimbas and music boxes: tuned bars and tongues."""

from __future__ import annotations

from functools import partial

from engine.corpus.synths.base import Synth
from engine.corpus.synths.struck import Struck, draw_struck, render_struck, say_struck

_MODES = 8

MARIMBAS = (
    Struck(("marimba", "rosewood"), 3, (1.0, 3.94, 9.3, 16.6), (0, -14, -26, -34), (0.7, 2.2), (900, 4000), (0.02, 0.12), (200, 1200)),
    Struck(("bass marimba",), 1, (1.0, 3.9, 8.9, 15.5), (0, -18, -32, -40), (1.0, 3.0), (500, 1800), (0.02, 0.15), (120, 500), notes=(45, 67)),
    Struck(("xylophone", "wooden bars"), 2, (1.0, 3.0, 6.1, 10.3, 15.2), (0, -9, -14, -20, -26), (0.35, 1.2), (3000, 12000), (0.1, 0.4),
           (1500, 6000), notes=(60, 96)),
    Struck(("balafon", "wooden bars"), 1, (1.0, 2.9, 5.6, 8.7), (0, -10, -16, -22), (0.35, 1.1), (1500, 6000), (0.1, 0.3), (500, 3000),
           jitter=0.02, buzz=(0.2, 1.2), notes=(53, 86)),
    Struck(("wooden mallet", "log drum"), 1, (1.0, 2.4, 3.9, 5.7), (0, -12, -20, -25), (0.25, 0.7), (900, 4000), (0.1, 0.4), (300, 1500),
           jitter=0.05, notes=(45, 74)),
    Struck(("bamboo", "marimba"), 1, (1.0, 2.2, 4.1, 7.9), (0, -16, -14, -24), (0.25, 0.6), (1200, 7000), (0.1, 0.35), (800, 3500),
           jitter=0.04, notes=(53, 88)),
    Struck(("stone", "lithophone"), 1, (1.0, 2.76, 5.4, 8.9), (0, -8, -14, -20), (0.4, 1.4), (4000, 14000), (0.1, 0.3), (2000, 7000),
           jitter=0.02, notes=(57, 96)),
)  # fmt: skip

VIBRAPHONES = (
    Struck(("vibraphone",), 4, (1.0, 3.98, 9.6, 17.0), (0, -16, -24, -36), (3.5, 9.0), (900, 6000), (0.0, 0.08), (400, 2500), tremolo=0.55,
           fall=(0.6, 1.0)),
    Struck(("vibraphone", "bowed"), 0.6, (1.0, 3.98, 9.6), (0, -22, -34), (6.0, 12.0), (900, 3000), (0.0, 0.02), tremolo=0.3,
           bloom_s=(0.2, 0.6)),
    Struck(("celesta",), 2, (1.0, 4.0, 6.6, 10.5), (0, -18, -22, -32), (1.2, 3.0), (1500, 6000), (0.05, 0.2), (300, 1200), notes=(60, 96)),
    Struck(("metallophone", "gamelan"), 2, (1.0, 2.76, 5.4, 8.93), (0, -9, -15, -22), (2.5, 7.0), (2500, 9000), (0.02, 0.15), (900, 4000),
           jitter=0.015, split=(0.9, 22.0)),
    Struck(("metallophone",), 1.5, (1.0, 2.76, 5.4, 8.93, 13.3), (0, -6, -12, -18, -25), (1.5, 5.0), (3000, 12000), (0.03, 0.2),
           (1500, 6000)),
    Struck(("toy piano",), 1, (1.0, 2.8, 5.7, 9.1, 12.8), (0, -4, -10, -18, -24), (0.8, 2.0), (3000, 9000), (0.1, 0.35), (500, 2500),
           jitter=0.02, notes=(60, 91)),
)  # fmt: skip

KALIMBAS = (
    Struck(("kalimba", "thumb piano"), 4, (1.0, 5.6, 14.0), (0, -14, -26), (0.9, 2.6), (1500, 7000), (0.05, 0.25), (250, 1500), jitter=0.03),
    Struck(("kalimba", "gourd"), 1, (1.0, 2.0, 5.9, 13.0), (0, -16, -15, -28), (0.7, 1.8), (1200, 5000), (0.1, 0.35), (150, 700),
           jitter=0.03),
    Struck(("mbira", "thumb piano"), 2, (1.0, 3.2, 5.3, 8.8), (0, -16, -12, -22), (0.6, 1.8), (2000, 8000), (0.1, 0.3), (500, 3000),
           jitter=0.04, buzz=(0.3, 1.6)),
    Struck(("music box",), 3, (1.0, 6.27, 17.5), (0, -15, -24), (1.8, 5.0), (4000, 14000), (0.02, 0.12), (2000, 8000), slope=0.4, notes=(60, 96)),
    Struck(("music box", "toy"), 1, (1.0, 3.0, 6.2, 11.0), (0, -12, -10, -20), (0.8, 2.5), (5000, 14000), (0.1, 0.3), (2500, 9000),
           jitter=0.03, split=(0.6, 14.0), notes=(65, 96)),
)  # fmt: skip


def _synth(family: str, kinds: tuple[Struck, ...]) -> Synth:
    return Synth(
        family,
        partial(draw_struck, kinds=kinds, modes=_MODES),
        partial(render_struck, modes=_MODES),
        partial(say_struck, kinds=kinds),
    )


SYNTHS: tuple[Synth, ...] = (_synth("marimba", MARIMBAS), _synth("vibraphone", VIBRAPHONES), _synth("kalimba", KALIMBAS))
