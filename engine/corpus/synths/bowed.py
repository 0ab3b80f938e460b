"""Violins, violas, cellos, basses, fiddles and string sections: the saw of a bowed string through a wooden body."""

from __future__ import annotations

from functools import partial

from engine.corpus.synths.base import Synth
from engine.corpus.synths.sustained import Sustained, draw_sustained, render_sustained, say_sustained

BOWED = (
    Sustained(("violin",), 4, (0.03, 0.18), (2500, 8000), (0.75, 1.1), 2.0, formants=((480, 150, 4), (1000, 400, 3), (2700, 900, 6)), body_db=5,
              breath=(0.01, 0.08), breath_hz=(3000, 8000), chiff=(0.0, 0.15), vibrato=0.75, cents=(10, 40), shake=(0.0, 0.35),
              low_cut_hz=(180, 300), tremolo=0.08, notes=(55, 96)),
    Sustained(("viola",), 2, (0.04, 0.2), (1800, 5500), (0.75, 1.1), 2.0, formants=((350, 120, 4), (800, 300, 4), (2200, 800, 3)), body_db=5,
              breath=(0.01, 0.08), breath_hz=(2500, 6000), vibrato=0.7, low_cut_hz=(120, 220), tremolo=0.08, notes=(48, 86)),
    Sustained(("cello",), 4, (0.04, 0.22), (1300, 5000), (0.75, 1.1), 2.0, formants=((220, 90, 4), (450, 200, 3), (1600, 700, 4)), body_db=5,
              breath=(0.01, 0.1), breath_hz=(1500, 5000), vibrato=0.7, cents=(8, 35), shake=(0, 0.3), low_cut_hz=(60, 110), tremolo=0.06, notes=(36, 78)),
    Sustained(("double bass", "bowed bass"), 1.2, (0.05, 0.25), (700, 2800), (0.75, 1.1), 2.0, formants=((110, 60, 4), (300, 150, 3)),
              body_db=5, breath=(0.02, 0.14), breath_hz=(1000, 4000), vibrato=0.3, low_cut_hz=(35, 60), notes=(36, 60)),
    Sustained(("fiddle", "violin"), 1.5, (0.01, 0.06), (3500, 9000), (0.6, 1.0), 2.0, formants=((500, 150, 5), (2600, 900, 7)), body_db=6,
              breath=(0.04, 0.15), breath_hz=(3000, 8000), chiff=(0.1, 0.35), scoop=0.6, vibrato=0.4, low_cut_hz=(200, 320), short=0.25, notes=(55, 91)),
    Sustained(("string section", "strings"), 4, (0.06, 0.45), (1500, 6000), (0.8, 1.15), 2.0, formants=((450, 300, 2), (1800, 1200, 2)),
              body_db=3, breath=(0.01, 0.06), breath_hz=(3000, 7000), section=1.0, players=(4, 6), spread_cents=(7, 22), release_s=(0.1, 0.5),
              vibrato=0.3, tremolo=0.15),
    Sustained(("staccato strings", "string section"), 1.5, (0.008, 0.03), (2500, 7000), (0.75, 1.0), 2.0, body_db=4, breath=(0.02, 0.1),
              chiff=(0.1, 0.4), section=1.0, players=(3, 5), short=1.0, accent=(0.3, 1.0), vibrato=0),
    Sustained(("sul ponticello", "violin"), 0.8, (0.02, 0.12), (6000, 12000), (0.2, 0.6), 1.8, formants=((3000, 1200, 8),), body_db=6,
              breath=(0.1, 0.35), breath_hz=(4000, 9000), tremolo=0.4, vibrato=0.2, low_cut_hz=(400, 900), notes=(55, 93)),
    Sustained(("muted strings", "con sordino"), 1, (0.08, 0.3), (700, 2000), (0.9, 1.3), 2.2, body_db=3, breath=(0.01, 0.08), section=0.6,
              spread_cents=(5, 16), release_s=(0.1, 0.4)),
    Sustained(("erhu", "fiddle"), 1, (0.03, 0.15), (2000, 6000), (0.5, 0.9), 2.2, formants=((700, 250, 8), (1500, 500, 5)), body_db=4,
              breath=(0.02, 0.1), vibrato=0.9, cents=(20, 60), scoop=0.7, low_cut_hz=(250, 450), notes=(60, 88)),
    Sustained(("hurdy-gurdy",), 0.6, (0.02, 0.08), (3000, 8000), (0.3, 0.7), 2.0, formants=((1100, 500, 6), (2800, 900, 5)), body_db=7,
              breath=(0.03, 0.12), section=0.7, players=(2, 3), spread_cents=(3, 9), vibrato=0.1, growl=0.2, notes=(48, 79)),
)  # fmt: skip

SYNTHS: tuple[Synth, ...] = (
    Synth("bowed_string", partial(draw_sustained, kinds=BOWED), render_sustained, partial(say_sustained, kinds=BOWED)),
)
