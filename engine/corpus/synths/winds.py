"""Flutes, whistles and pan pipes; clarinets, oboes, saxophones and bassoons; brass. Formants after Meyer (2009)."""

from __future__ import annotations

from functools import partial

from engine.corpus.synths.base import Synth
from engine.corpus.synths.sustained import Sustained, draw_sustained, render_sustained, say_sustained

FLUTES = (
    Sustained(("flute", "concert flute"), 4, (0.03, 0.12), (1200, 4000), (1.0, 1.8), 2.5, breath=(0.02, 0.15), chiff=(0.02, 0.25),
              vibrato=0.65, cents=(6, 30), shake=(0.1, 0.45), notes=(60, 96)),
    Sustained(("alto flute", "flute"), 1.5, (0.04, 0.15), (700, 2000), (1.1, 2.0), 2.5, breath=(0.05, 0.25), chiff=(0.05, 0.25), vibrato=0.6,
              shake=(0.1, 0.4), formants=((700, 500, 3),), notes=(55, 79)),
    Sustained(("recorder",), 2, (0.015, 0.06), (1200, 4000), (1.4, 2.4), 2.0, (0.25, 0.7), breath=(0.01, 0.08), chiff=(0.1, 0.4), vibrato=0.3,
              cents=(4, 18), notes=(60, 91)),
    Sustained(("pan flute",), 2.5, (0.02, 0.09), (700, 2500), (1.6, 2.6), 2.0, (0.1, 0.5), breath=(0.12, 0.5), chiff=(0.3, 1.0), vibrato=0.4,
              scoop=0.4, breath_hz=(800, 3500)),
    Sustained(("shakuhachi", "flute"), 1.5, (0.04, 0.2), (1000, 3500), (1.0, 1.9), breath=(0.15, 0.6), chiff=(0.3, 1.2), vibrato=0.6,
              cents=(15, 60), scoop=0.7, notes=(55, 86)),
    Sustained(("whistle", "tin whistle"), 2, (0.01, 0.05), (2000, 6000), (1.6, 2.8), breath=(0.02, 0.12), chiff=(0.1, 0.5), vibrato=0.4,
              scoop=0.4, notes=(67, 96)),
    Sustained(("whistle", "human whistle"), 1.2, (0.03, 0.1), (1500, 4000), (3.0, 4.5), breath=(0.02, 0.2), vibrato=0.7, cents=(15, 50),
              scoop=0.7, chiff=(0, 0.05), notes=(67, 96)),
    Sustained(("piccolo", "flute"), 1.2, (0.02, 0.07), (3000, 8000), (0.9, 1.6), breath=(0.02, 0.1), chiff=(0.05, 0.25), vibrato=0.6,
              cents=(6, 25), shake=(0.1, 0.3), notes=(74, 98)),
    Sustained(("ocarina",), 1.5, (0.02, 0.08), (900, 2500), (2.2, 3.5), breath=(0.03, 0.2), chiff=(0.1, 0.4), vibrato=0.5, notes=(60, 88)),
    Sustained(("bottle", "blown bottle"), 1, (0.04, 0.15), (500, 1500), (2.2, 3.5), even=(0.1, 0.5), breath=(0.2, 0.7), chiff=(0.2, 0.8),
              vibrato=0.15, breath_hz=(500, 2500), notes=(55, 76)),
)  # fmt: skip

REEDS = (
    Sustained(("clarinet",), 4, (0.02, 0.08), (1500, 4500), (0.5, 0.9), 2.5, (0.05, 0.3), breath=(0.0, 0.04), chiff=(0.0, 0.08), vibrato=0.2,
              cents=(4, 14), formants=((1500, 900, 0),), notes=(50, 88)),
    Sustained(("bass clarinet", "clarinet"), 1.2, (0.02, 0.09), (900, 3000), (0.4, 0.8), 2.2, (0.08, 0.35), breath=(0.01, 0.06), vibrato=0.15,
              growl=0.12, notes=(40, 68)),
    Sustained(("oboe",), 2.5, (0.02, 0.07), (3500, 8000), (0.2, 0.6), 2.5, formants=((1100, 500, 9), (3000, 900, 3)), breath=(0.0, 0.03),
              vibrato=0.6, cents=(6, 25), shake=(0.1, 0.3), low_cut_hz=(250, 450), notes=(58, 88)),
    Sustained(("english horn", "oboe"), 1, (0.03, 0.1), (2500, 6000), (0.3, 0.7), 2.5, formants=((930, 400, 9), (2300, 800, 2)), vibrato=0.6, notes=(52, 81)),
    Sustained(("bassoon",), 2, (0.02, 0.08), (1500, 4000), (0.3, 0.7), 2.5, formants=((480, 250, 10), (1200, 500, 3)), vibrato=0.4,
              low_cut_hz=(120, 260), notes=(40, 72)),
    Sustained(("alto sax", "saxophone"), 2.5, (0.02, 0.09), (2500, 7000), (0.4, 0.9), 2.2, (0.8, 1.3), ((850, 500, 6), (2400, 1200, 3)),
              breath=(0.01, 0.12), chiff=(0.02, 0.2), vibrato=0.6, cents=(10, 45), scoop=0.5, growl=0.15, section=0.12, fall=0.08, notes=(49, 84)),
    Sustained(("tenor sax", "saxophone"), 2.5, (0.02, 0.1), (1800, 5500), (0.4, 0.9), 2.2, (0.8, 1.3), ((600, 400, 6), (1800, 1000, 3)),
              breath=(0.03, 0.25), chiff=(0.03, 0.25), vibrato=0.6, cents=(10, 45), scoop=0.5, growl=0.25, section=0.1, fall=0.08, notes=(44, 78)),
    Sustained(("soprano sax", "saxophone"), 1, (0.02, 0.08), (3000, 8000), (0.4, 0.8), 2.2, formants=((1250, 600, 6),), vibrato=0.7,
              scoop=0.5, breath=(0.01, 0.08), notes=(56, 88)),
    Sustained(("baritone sax", "saxophone"), 1.2, (0.02, 0.08), (1500, 5000), (0.2, 0.7), 2.0, formants=((420, 300, 5), (1400, 900, 4)),
              breath=(0.02, 0.12), growl=0.35, chiff=(0.05, 0.25), notes=(40, 70)),
    Sustained(("duduk",), 1, (0.05, 0.18), (900, 2500), (0.6, 1.1), 2.5, formants=((500, 250, 9), (1400, 500, 3)), vibrato=0.8, cents=(15, 60),
              scoop=0.6, breath=(0.02, 0.12), notes=(52, 76)),
    Sustained(("bagpipe", "shawm"), 1, (0.008, 0.04), (5000, 12000), (0.0, 0.4), 2.0, formants=((1600, 900, 8), (3200, 1200, 5)), vibrato=0.05,
              short=0.0, low_cut_hz=(250, 500), notes=(55, 81)),
)  # fmt: skip

BRASSES = (
    Sustained(("trumpet",), 4, (0.015, 0.06), (2200, 6500), (0.1, 0.5), 2.8, formants=((1300, 900, 5), (2800, 1500, 2)), vibrato=0.4, scoop=0.4,
              fall=0.1, low_cut_hz=(200, 420), growl=0.06, notes=(54, 84)),
    Sustained(("muted trumpet", "harmon mute"), 1.5, (0.015, 0.06), (4000, 9000), (0.0, 0.4), 2.5, formants=((1900, 700, 14), (3800, 900, 8)),
              vibrato=0.5, scoop=0.4, low_cut_hz=(900, 1700), breath=(0.0, 0.06), notes=(54, 84)),
    Sustained(("cornet", "flugelhorn"), 1.5, (0.03, 0.1), (900, 2800), (0.3, 0.8), 2.8, formants=((900, 600, 4),), vibrato=0.5,
              breath=(0.0, 0.08), notes=(52, 82)),
    Sustained(("trombone",), 3, (0.02, 0.09), (1300, 4500), (0.1, 0.5), 2.8, formants=((520, 400, 4), (1500, 900, 2)), vibrato=0.3, scoop=0.5,
              fall=0.12, growl=0.06, notes=(40, 72)),
    Sustained(("french horn", "horn"), 3, (0.04, 0.16), (700, 2200), (0.2, 0.7), 3.0, formants=((400, 300, 5),), vibrato=0.15, section=0.35, notes=(41, 77)),
    Sustained(("tuba",), 1.5, (0.03, 0.1), (450, 1500), (0.2, 0.7), 2.8, formants=((260, 200, 3),), vibrato=0.15, low_cut_hz=(30, 50), notes=(36, 60)),
    Sustained(("brass section",), 4, (0.02, 0.12), (1800, 6000), (0.1, 0.5), 2.6, formants=((900, 900, 3),), section=1.0, players=(3, 6),
              spread_cents=(5, 20), short=0.3, fall=0.1, scoop=0.4),
    Sustained(("horn section", "cinematic brass"), 1.5, (0.06, 0.4), (800, 4000), (0.1, 0.5), 2.8, formants=((420, 350, 4),), section=1.0,
              players=(4, 6), spread_cents=(6, 22), notes=(36, 72)),
    Sustained(("synth brass",), 3, (0.01, 0.2), (1500, 7000), (0.9, 1.1), 2.5, body_db=0.5, vibrato=0.25, scoop=0.15, section=0.75,
              players=(2, 4), spread_cents=(4, 22), short=0.2, breath=(0, 0)),
    Sustained(("dirty brass", "brass stab"), 1, (0.01, 0.04), (4000, 10000), (0.0, 0.3), 2.2, formants=((1500, 1200, 4),), growl=0.4,
              section=0.5, short=0.6, accent=(0.3, 1.0), fall=0.15),
)  # fmt: skip


def _synth(family: str, kinds: tuple[Sustained, ...]) -> Synth:
    return Synth(family, partial(draw_sustained, kinds=kinds), render_sustained, partial(say_sustained, kinds=kinds))


SYNTHS: tuple[Synth, ...] = (_synth("flute", FLUTES), _synth("reed", REEDS), _synth("brass", BRASSES))
