"""General MIDI programs and drum keys: which family each is, and the words for it.

Programs are named by the General MIDI 1 level (MIDI Manufacturers Association, 1991).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """family: key in engine.families. words: what to call it, usual name first. pitched: whether keys change its pitch."""

    family: str
    words: tuple[str, ...]
    acoustic: bool = True
    pitched: bool = True


def _table(text: str) -> dict[int, Program]:
    rows = {}
    for line in text.strip().splitlines():
        number, family, kind, words = line.split(None, 3)
        names = tuple(word.strip() for word in words.split(","))
        rows[int(number)] = Program(family, names, acoustic="a" in kind, pitched="x" not in kind)
    return rows


# number, family, a = acoustic / e = electronic / x = no pitch, words
PROGRAMS = _table("""
0 piano a grand piano, acoustic grand piano
1 piano a bright piano, bright acoustic piano
2 electric_piano e electric grand piano
3 piano a honky-tonk piano, detuned saloon piano
4 electric_piano e rhodes, tine electric piano
5 electric_piano e fm electric piano, digital electric piano
6 harpsichord a harpsichord
7 harpsichord e clavinet, clav
8 vibraphone a celesta
9 bell a glockenspiel
10 kalimba a music box
11 vibraphone a vibraphone, vibes
12 marimba a marimba
13 marimba a xylophone
14 bell a tubular bells, tubular bell
15 plucked_string a hammered dulcimer, dulcimer
16 organ e drawbar organ, hammond
17 organ e percussive organ
18 organ e rock organ
19 organ a church organ, pipe organ
20 accordion a reed organ, harmonium
21 accordion a accordion
22 accordion a harmonica
23 accordion a bandoneon, tango accordion
24 guitar a nylon guitar, classical guitar
25 guitar a steel guitar, acoustic guitar
26 guitar e jazz guitar
27 guitar e clean electric guitar, electric guitar
28 guitar e muted guitar, palm muted guitar
29 distorted_guitar e overdriven guitar
30 distorted_guitar e distorted guitar, metal guitar
31 guitar e guitar harmonics
32 bass_guitar a upright bass, acoustic bass
33 bass_guitar e finger bass, electric bass
34 bass_guitar e picked bass
35 bass_guitar e fretless bass
36 bass_guitar e slap bass
37 bass_guitar e slap bass, popped bass
38 synth_bass e synth bass, analog bass
39 synth_bass e synth bass, rubbery bass
40 bowed_string a violin
41 bowed_string a viola
42 bowed_string a cello
43 bowed_string a double bass, contrabass
44 bowed_string a tremolo strings
45 plucked_string a pizzicato strings, pizzicato
46 plucked_string a harp, orchestral harp
47 tom a timpani
48 bowed_string a string section, string ensemble
49 bowed_string a slow strings, string section
50 string_pad e synth strings
51 string_pad e synth strings, string machine
52 choir a choir, choir aahs
53 voice a voice, voice oohs
54 choir e synth voice, synth choir
55 stab a orchestra hit
56 brass a trumpet
57 brass a trombone
58 brass a tuba
59 brass a muted trumpet
60 brass a french horn
61 brass a brass section
62 brass e synth brass
63 brass e synth brass, soft synth brass
64 reed a soprano sax, saxophone
65 reed a alto sax, saxophone
66 reed a tenor sax, saxophone
67 reed a baritone sax, saxophone
68 reed a oboe
69 reed a english horn
70 reed a bassoon
71 reed a clarinet
72 flute a piccolo
73 flute a flute
74 flute a recorder
75 flute a pan flute
76 flute a blown bottle
77 flute a shakuhachi
78 flute a whistle
79 flute a ocarina
80 square_lead e square lead
81 saw_lead e saw lead
82 flute e calliope lead
83 square_lead e chiff lead
84 distorted_guitar e charang lead
85 voice e voice lead
86 saw_lead e fifths lead
87 synth_bass e bass and lead
88 glass_pad e new age pad
89 warm_pad e warm pad
90 warm_pad e polysynth pad
91 choir e choir pad
92 glass_pad e bowed glass pad
93 glass_pad e metallic pad
94 glass_pad e halo pad
95 warm_pad e sweep pad
96 glass_pad e rain pad
97 string_pad e soundtrack pad
98 bell e crystal bell, synth bell
99 glass_pad e atmosphere pad
100 glass_pad e brightness pad
101 drone e goblins, eerie drone
102 glass_pad e echo pad
103 glass_pad e sci-fi pad
104 plucked_string a sitar
105 plucked_string a banjo
106 plucked_string a shamisen
107 plucked_string a koto
108 kalimba a kalimba
109 reed a bagpipe
110 bowed_string a fiddle
111 reed a shanai
112 bell a tinkle bell
113 cowbell a agogo
114 steel_drum a steel drum
115 woodblock a woodblock
116 tom a taiko drum
117 tom a melodic tom
118 tom e synth drum
119 riser ax reverse cymbal
120 noise ax guitar fret noise
121 noise ax breath noise
122 noise ax seashore, ocean waves
127 impact ax gunshot
""")

DRUMS = _table("""
35 kick a acoustic kick, kick drum
36 kick a kick drum
37 rim a side stick
38 snare a snare drum
39 clap a hand clap
40 snare e electric snare
41 tom a low floor tom
42 closed_hat a closed hi-hat
43 tom a floor tom
44 closed_hat a pedal hi-hat
45 tom a low tom
46 open_hat a open hi-hat
47 tom a mid tom
48 tom a mid tom
49 crash a crash cymbal
50 tom a high tom
51 ride a ride cymbal
52 ride a china cymbal
53 ride a ride bell
54 shaker a tambourine
55 crash a splash cymbal
56 cowbell a cowbell
57 crash a crash cymbal
59 ride a ride cymbal
60 conga a high bongo
61 conga a low bongo
62 conga a muted conga
63 conga a open conga
64 conga a low conga
65 tom a high timbale
66 tom a low timbale
67 cowbell a high agogo
68 cowbell a low agogo
69 shaker a cabasa
70 shaker a maracas
75 woodblock a claves
76 woodblock a high woodblock
77 woodblock a low woodblock
80 ride a muted triangle
81 bell a open triangle
""")
