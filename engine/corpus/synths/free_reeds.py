"""Accordions, harmonicas, concertinas, melodicas and reed organs: free reeds, two or three to a note, beating."""

from __future__ import annotations

from functools import partial

from engine.corpus.synths.base import Synth
from engine.corpus.synths.sustained import Sustained, draw_sustained, render_sustained, say_sustained

FREE_REEDS = (
    Sustained(("accordion", "musette"), 4, (0.015, 0.08), (3000, 9000), (0.3, 0.8), 2.0, formants=((900, 500, 4), (2500, 1200, 4)), body_db=4,
              section=1.0, players=(2, 3), spread_cents=(6, 26), vibrato=0, scoop=0.05, chiff=(0, 0.1), low_cut_hz=(120, 260), shake=(0, 0.1)),
    Sustained(("accordion", "dry"), 2, (0.015, 0.06), (2000, 7000), (0.2, 0.7), 2.0, formants=((1200, 600, 5),), body_db=5, vibrato=0, scoop=0.05,
              section=0.4, players=(2, 2), spread_cents=(0.5, 3), low_cut_hz=(120, 260)),
    Sustained(("harmonica",), 3.5, (0.02, 0.08), (2500, 7000), (0.3, 0.7), 2.2, formants=((1000, 500, 7), (2600, 900, 5)), body_db=4,
              breath=(0.02, 0.14), vibrato=0.6, cents=(8, 30), shake=(0.2, 0.8), scoop=0.6, low_cut_hz=(200, 420), growl=0.08),
    Sustained(("chromatic harmonica", "harmonica"), 1.5, (0.03, 0.1), (2000, 5000), (0.5, 0.9), 2.2, formants=((1300, 600, 4),), vibrato=0.8,
              breath=(0.01, 0.08), shake=(0.2, 0.6)),
    Sustained(("concertina",), 1.5, (0.01, 0.05), (3000, 8000), (0.2, 0.6), 2.0, formants=((1600, 700, 7),), body_db=5, vibrato=0,
              low_cut_hz=(200, 420), section=0.3, players=(2, 2), spread_cents=(1, 8)),
    Sustained(("bandoneon", "accordion"), 1.2, (0.02, 0.09), (1500, 5000), (0.3, 0.7), 2.0, formants=((700, 350, 6), (1900, 700, 4)), vibrato=0.1,
              accent=(0.1, 0.8), short=0.25),
    Sustained(("melodica",), 1.5, (0.02, 0.07), (2000, 6000), (0.4, 0.8), 2.2, (0.5, 1.0), ((1400, 700, 5),), vibrato=0.4, breath=(0.01, 0.08),
              chiff=(0.02, 0.15)),
    Sustained(("reed organ", "harmonium"), 2, (0.04, 0.16), (1200, 4500), (0.4, 0.9), 2.0, formants=((700, 400, 4),), body_db=5, section=0.7,
              players=(2, 3), spread_cents=(1, 9), breath=(0.01, 0.07), vibrato=0.05, short=0.02, tremolo=0.1),
)  # fmt: skip

SYNTHS: tuple[Synth, ...] = (
    Synth("accordion", partial(draw_sustained, kinds=FREE_REEDS), render_sustained, partial(say_sustained, kinds=FREE_REEDS)),
)
