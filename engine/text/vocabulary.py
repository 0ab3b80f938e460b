"""What the words of a prompt mean: families, qualities, degrees, negations, numbers. Tables, compiled once.

Entries are phrases: tuples of folded words. The longest phrase that fits is the one that is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Generic, TypeVar

from engine.adjectives import ADJECTIVES, spanish_form
from engine.chords import spelled_out
from engine.families import FAMILIES
from engine.text.tokens import words_of

Phrase = tuple[str, ...]
T = TypeVar("T")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names that people use and `families` does not list.
_ALIASES = """
synth_bass: low end bass, moog bass, rubber bass, bass synth, bass, bajo de sintetizador
sub_bass: subbass, sub bass note, subs
fm_bass: growl, growler, wobble, dubstep growl, neuro bass, talking bass
bass_808: eight oh eight, 808 bass note, 808s, trap 808
kick_808: kick 808, 808 kick drum, 808 bd, bombo 808, 808 bass drum, trap kick
kick: kik, kickdrum, kick hit, four on the floor kick, techno kick, house kick
snare: snare hit, snares, sd, tarola
clap: handclap, palmas, palmadas
closed_hat: hh, hats, hi hat closed, ch hat, charles, tss, hihats, hat closed
open_hat: hi hat open, hat open, oh hat, hat abierto, hi hat abierto
crash: crash cymbal, splash cymbal, platillos, cymbals
ride: ride bell
tom: taiko, low tom, high tom, timbales, toms
conga: bongos, cajon, hand percussion, congas, darbuka
shaker: egg shaker, tamborine, tambourines, maraca
woodblock: wood block, clave, claves, castanets, knock, wooden knock
bell: bells, chimes, tubular bells, triangle, handbell, campanilla
gong: tam tam, tibetan bowl, singing bowls
vibraphone: vibraphones, metalofono
marimba: mallet, mallets, xilofono, balafon
kalimba: musicbox, sanza, celeste box
piano: keyboard, pianoforte, grand, honky tonk
electric_piano: keys, epiano, fender rhodes, wurly, piano electrico, teclado
organ: pipe organ, hammond organ, b3
accordion: melodica, bandoneon, harmonium
guitar: guitars, ukulele, gtr, guitarras
distorted_guitar: guitar distorted, distortion guitar
plucked_string: mandolin, dulcimer, zither, oud, shamisen, lyre, pizzicato, guzheng, ukelele
bowed_string: string, violins, cellos, double bass, contrabass, erhu, violin, cuerda
string_pad: strings pad, solina, orchestra strings
reed: saxo, saxophone section, clarinete, duduk, english horn, fagot
brass: trumpets, tuba, flugelhorn, french horn, horns, trompa
flute: flutes, ocarina, shakuhachi, bottle blow, flauta dulce
voice: vocals, singer, vocal chop, human voice, cantante, vowel, male vowel, female vowel, ah, aah
choir: choirs, chorus of voices, gregorian, female choir, male choir
saw_lead: synth, synthesizer, hoover, lead synth, sintetizador
square_lead: chiptune, chip lead, nes lead, game boy lead, 8 bit
supersaw: super saw, trance saw, supersaws
pluck: plucks, synth plucks, plucky synth
stab: stabs, chord stab, orchestra hit
warm_pad: pads, analogue pad, colchon
glass_pad: glassy pad, bell like pad
riser: uplifter, build up, buildup, sweep up, risers
downer: down lifter, sweep down, downsweep
impact: explosion, gunshot, thunder, slam, cinematic boom, glass breaking, breaking glass, shatter, shattering glass
whoosh: swish, fly by, whooshes, transition
zap: zaps, bleep, beep, ray gun zap, coin, coin pickup, power up, level up, water drop, droplet, blip, gota de agua
laser: lasers, space gun, blaster, siren
sub_drop: 808 drop, subdrop
glitch: glitches, malfunction, bitcrushed noise, glitchy
noise: ocean, waves, static noise, tape hiss, hiss, white noise sweep, lluvia, olas, steam, hissing steam, vapor
drone: drones, ambience, ambiance, ambiente
"""

# Names that are more often said about another sound ("snare hit", "wind chime", "808 clap"): read last.
WEAK_NAMES = _words("""
hit fall texture noise wind rain vinyl click boom 808 303 acid sub subs lead synth grand keys wobble growl hiss string
strings static transition waves stutter swell bowl solista acido cuerda ambience ambiente soundscape atmosphere textura
atmosfera glitchy knock blip coin ah aah vapor caida golpe bajada subida viento ruido ep voices voces ahh ooh
""")
# Two names that make a third, in any order and at any distance.
JOINED: dict[frozenset[str], str] = {
    frozenset({"kick", "bass_808"}): "kick_808",
    frozenset({"reese", "synth_bass"}): "reese",
    frozenset({"acid_bass", "synth_bass"}): "acid_bass",
    frozenset({"bass_808", "synth_bass"}): "bass_808",
    frozenset({"sub_bass", "synth_bass"}): "sub_bass",
    frozenset({"fm_bass", "synth_bass"}): "fm_bass",
    frozenset({"choir", "warm_pad"}): "choir",
    frozenset({"string_pad", "warm_pad"}): "string_pad",
}
# A family and a word anywhere in the prompt that make another family.
TURNED: dict[tuple[str, str], str] = {
    ("closed_hat", "open"): "open_hat",
    ("closed_hat", "abierto"): "open_hat",
    ("guitar", "distorted"): "distorted_guitar",
    ("guitar", "overdriven"): "distorted_guitar",
    ("guitar", "distortion"): "distorted_guitar",
    ("guitar", "distorsionada"): "distorted_guitar",
    ("guitar", "power"): "distorted_guitar",
    ("synth_bass", "fm"): "fm_bass",
    ("saw_lead", "fm"): "fm_lead",
    ("saw_lead", "square"): "square_lead",
    ("saw_lead", "pulse"): "square_lead",
    ("warm_pad", "glass"): "glass_pad",
    ("warm_pad", "glassy"): "glass_pad",
    ("warm_pad", "shimmering"): "glass_pad",
    ("piano", "electric"): "electric_piano",
}

# Nouns of qualities, and effects: what "reverb" asks for, and "no reverb" takes away.
_NOUNS = """
brightness: brightness +0.8, brilliance +0.8, highs +0.7, treble +0.7, top end +0.7, sparkle +0.8, brillo +0.8
brightness: agudos +0.7, air +0.5
brightness: twang +0.6, distant -0.5, lejano -0.5, lejana -0.5, felt -0.6, tape -0.3, cinta -0.3, flatwound -0.5
brightness: darkness -0.8, warmth -0.6, calidez -0.6
attack: punch -0.8, snap -0.7, pegada -0.8, transient -0.6, bite -0.6, swell +0.8, fade in +0.8
attack: slow attack +0.8, plucked -0.6, slapped -0.6, beater -0.4, reverse +0.8, reversed +0.8, al reves +0.8
decay: reverb +0.4, reverberation +0.4, echo +0.4, delay +0.4, hall +0.4, room +0.2, tail +0.6, sustain +0.6
decay: release +0.5, wet +0.4, big hall +0.4, large hall +0.4, small hall +0.3, big room +0.3, small room +0.2
decay: cola +0.6, eco +0.4, fast decay -0.8, long release +0.8, reverberant +0.5, ring +0.5, resonance +0.4
decay: caida larga +0.8, plate +0.4, plate reverb +0.5, cathedral +0.8, catedral +0.8, shimmer +0.4, shimmer reverb +0.6
decay: empty hall +0.6, large empty hall +0.7, legato +0.4
noisiness: distortion +0.7, overdrive +0.6, grit +0.7, dirt +0.8, fuzz +0.7, crunch +0.6, breath +0.6
noisiness: dust +0.5, drive +0.5
noisiness: distorsion +0.7, suciedad +0.8, bitcrush +0.7, bitcrushed +0.7, bit crushed +0.7, crackle +0.6
noisiness: purity -0.8, aire +0.5, hissing +0.6, throaty +0.4, growling +0.5, rasp +0.6
body: rumble +0.6, rumbling +0.6
body: body +0.7, low end +0.8, lows +0.7, weight +0.7, cuerpo +0.7, graves +0.7, boom +0.7, thump +0.6
movement: movement +0.8, motion +0.7, modulation +0.8, lfo +0.8, wobble +0.9, chorus +0.4, phaser +0.6
movement: flanger +0.6, sway +0.6
movement: movimiento +0.8, modulacion +0.8, vibracion +0.6, tempo synced +0.7, nonlinear env +0.4, detuned +0.3
movement: leslie +0.7, fast leslie +0.9, slow leslie +0.5, rotary +0.7, filter sweep +0.7, formant movement +0.8
movement: wobbly +0.8, slow filter movement +0.8, slow movement +0.8, slow lfo +0.8
"""
STRONG, WEAK = 1.25, 0.45
_MORE = (
    "very really super extremely ultra so extra insanely incredibly totally mega heavily highly maximum muy bien tan"
)
_LESS = """slightly, a bit, a little, a little bit, somewhat, fairly, subtly, kinda, kind of, a touch, mildly, faintly,
a hint of, algo, un poco, un poquito, ligeramente, levemente, un toque"""
DEGREES: dict[str, float] = (
    dict.fromkeys(_words(_MORE), STRONG)
    | dict.fromkeys(_words("more most quite pretty mas bastante"), 1.0)
    | dict.fromkeys((entry.strip() for entry in _LESS.split(",")), WEAK)
)
# How much of a word's quality is left, with its sign turned, behind a negation.
NEGATIONS: dict[str, float] = {
    "not": 0.75, "no": 0.75, "without": 0.75, "without any": 0.75, "non": 0.75, "never": 0.75, "isn't": 0.75,
    "don't": 0.75, "not too": 0.4, "not so": 0.4, "not very": 0.4, "not that": 0.4, "less": 0.5, "minus": 0.75,
    "nothing": 0.75, "zero": 0.75, "free of": 0.75, "lacking": 0.75, "avoid": 0.75, "anything but": 0.9,
    "sin": 0.75, "nada": 0.75, "nada de": 0.75, "menos": 0.5, "no muy": 0.4, "no tan": 0.4, "no demasiado": 0.4,
    "sin nada de": 0.75, "evita": 0.75, "poco": 0.5, "ni": 0.75, "nor": 0.75, "neither": 0.75,
}  # fmt: skip
AND_ALSO = frozenset({"or", "nor", "ni", "o"})  # carries a negation on: "no reverb or delay"
FILLERS = _words("""
a an the of in on at and or but with for to from some any much too very is be it i me my want need make give create
that generate please let hear get can like looking design sound sounds sample one shot oneshot note key tone patch
preset this chord acorde un una unos unas el la los las de del en y e o con para hazme haz dame quiero necesito crea
genera busco sonido nota que por mi muy tan acoustic electronic synthetic real digital played pitch tuned midi afinado
""")
# How wide in stereo, percent: 0 is mono, 100 wide. Spanish in all its forms.
WIDTHS: dict[str, float] = {
    "mono": 0, "in mono": 0, "monophonic": 0, "monaural": 0, "monofonico": 0, "monofonica": 0, "en mono": 0,
    "narrow": 25, "centred": 25, "centered": 25, "estrecho": 25, "estrecha": 25, "centrado": 25, "centrada": 25,
    "stereo": 90, "in stereo": 90, "estereo": 90, "en estereo": 90, "estereofonico": 90, "estereofonica": 90,
    "wide": 120, "wide stereo": 120, "stereo width": 120, "widened": 120, "panoramic": 120, "wide open": 120,
    "ancho": 120, "ancha": 120, "anchos": 120, "anchas": 120, "amplio": 120, "amplia": 120, "amplios": 120,
    "amplias": 120, "panoramico": 120, "panoramica": 120, "estereo amplio": 120, "estereo ancho": 120,
    "surround": 140, "envolvente": 140, "wall of sound": 140,
}  # fmt: skip
# Vibrato: cents to each side, and swings a second where words say how fast. Spanish says it behind the noun.
VIBRATO = "vibrato"
_USUAL_CENTS = 25.0
_DEPTHS = """
50: deep, wide, strong, heavy, big, intense, much, a lot of, lots of, profundo, amplio, fuerte, intenso, mucho
12: light, gentle, subtle, slight, soft, shallow, small, delicate, little, ligero, leve, sutil, suave, poco
"""
_RATES = """
3.6: slow, lento
7.5: fast, quick, rapid, rapido
"""
NUMBERS: dict[str, float] = {
    "half": 0.5, "quarter": 0.25, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "medio": 0.5, "media": 0.5,
    "cuarto": 0.25, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "a": 1,
}  # fmt: skip
SECOND_UNITS = _words("s sec secs second seconds seg segundo segundos")
MILLISECOND_UNITS = _words("ms msec millisecond milliseconds milisegundo milisegundos")


@dataclass(frozen=True)
class Vibrato:
    """cents: depth to each side of the note; 0 wishes it away. rate_hz: swings a second; None: as it comes."""

    cents: float
    rate_hz: float | None = None


class PhraseTable(Generic[T]):
    """Phrases and their meanings. `longest` finds the longest phrase that starts at a word, in constant time."""

    def __init__(self, rows: dict[Phrase, T]) -> None:
        self.rows = rows
        self.most = max(map(len, rows))

    def longest(self, words: tuple[str, ...], start: int) -> tuple[int, T] | None:
        """(number of words, meaning), or None."""
        for count in range(min(self.most, len(words) - start), 0, -1):
            phrase = words[start : start + count]
            if phrase in self.rows:
                return count, self.rows[phrase]
        return None


def phrase_of(text: str) -> Phrase:
    """`Hi-Hat` -> ("hi", "hat")."""
    return tuple(word.text for word in words_of(text))


@cache
def families() -> PhraseTable[tuple[str, bool]]:
    """Phrase -> (family key, whether it is Spanish). Earlier rows of `FAMILIES` win where two share a name."""
    rows: dict[Phrase, tuple[str, bool]] = {}
    for family in FAMILIES.values():
        for names, spanish in (((*family.names, family.key), False), (family.spanish, True)):
            for name in names:
                rows.setdefault(phrase_of(name), (family.key, spanish))
    several: dict[Phrase, tuple[str, bool]] = {}  # guessed, so that a name that is given goes before: claves
    for phrase, meant in rows.items():
        plural = "s" if phrase[-1][-1] in "aeiouklmnprtdg" else "es"
        several.setdefault((*phrase[:-1], phrase[-1] + plural), meant)
    aliases: dict[Phrase, tuple[str, bool]] = {}
    for key, name in _entries(_ALIASES):
        aliases.setdefault(phrase_of(name), (key, False))
    return PhraseTable({**aliases, **several, **rows})


@cache
def qualities() -> PhraseTable[dict[str, float]]:
    """Phrase -> quality -> value: adjectives in all their Spanish forms, and nouns."""
    rows: dict[Phrase, dict[str, float]] = {}
    for row in ADJECTIVES:
        forms = [row.word]
        if row.language == "es":
            forms = [spanish_form(row.word, feminine, plural) for feminine in (False, True) for plural in (False, True)]
        for form in forms:
            rows.setdefault(phrase_of(form), row.axes)
    for key, entry in _entries(_NOUNS):
        noun, value = entry.rsplit(" ", 1)
        rows.setdefault(phrase_of(noun), {key: float(value)})
    return PhraseTable(rows)


@cache
def chords() -> PhraseTable[tuple[int, ...]]:
    """Phrase -> intervals in semitones."""
    return PhraseTable({phrase_of(name): chord for name, chord in spelled_out().items()})


@cache
def widths() -> PhraseTable[float]:
    """Phrase -> percent of stereo width."""
    return PhraseTable({phrase_of(text): float(value) for text, value in WIDTHS.items()})


@cache
def vibratos() -> PhraseTable[Vibrato]:
    """Phrase -> the vibrato it asks for: the noun with words for its depth and rate before or behind it."""
    depths = {(): _USUAL_CENTS} | {phrase_of(text): float(cents) for cents, text in _entries(_DEPTHS)}
    rates = {(): None} | {phrase_of(text): float(hz) for hz, text in _entries(_RATES)}
    rows: dict[Phrase, Vibrato] = {}
    for (deep, cents), (fast, rate) in product(depths.items(), rates.items()):
        for first, second in ((deep, fast), (fast, deep)):
            for words in ((*first, *second, VIBRATO), (*first, VIBRATO, *second), (VIBRATO, *first, *second)):
                rows[words] = Vibrato(cents, rate)
    return PhraseTable(rows)


@cache
def degrees() -> PhraseTable[float]:
    return PhraseTable({phrase_of(text): value for text, value in DEGREES.items()})


@cache
def negations() -> PhraseTable[float]:
    return PhraseTable({phrase_of(text): value for text, value in NEGATIONS.items()})


def _entries(text: str) -> list[tuple[str, str]]:
    rows = []
    for line in text.strip().splitlines():
        key, entries = line.split(":")
        rows += [(key, entry.strip()) for entry in entries.split(",")]
    return rows
