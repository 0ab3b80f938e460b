"""Words for how a sound is, in English and Spanish, each with the qualities it stands for.

One table, two uses: captions choose words whose qualities a measured sound has; prompt reading turns words into
qualities. It holds the adjectives of `engine/qualities.py` and the compound ones below. Adding a word is adding a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from engine.qualities import QUALITIES

Language = Literal["en", "es"]

PLAIN_STRENGTH = 0.8  # what "bright" asks for, on the scale of -1..1
COMPOUND_STRENGTH = 0.65  # what "glassy" asks of each of its qualities


@dataclass(frozen=True)
class Adjective:
    """word: lower case, Spanish in the masculine singular. axes: quality -> signed strength.
    phrase: it follows its noun in English too ("with a long tail")."""

    word: str
    language: Language
    axes: dict[str, float]
    phrase: bool


_LETTERS = {"b": "brightness", "a": "attack", "d": "decay", "n": "noisiness", "l": "body", "m": "movement"}

# word: signed letters (b brightness, a attack, d decay, n noisiness, l body ("lows"), m movement)
_ENGLISH = """
glassy: +b -n; crystalline: +b -n; icy: +b -l; cold: +b -l; brittle: +b -l; glittering: +b; trebly: +b; piercing: +b;
biting: +b -a; vivid: +b; gleaming: +b; lucid: +b -n; radiant: +b; luminous: +b; brassy: +b +l; nasal: +b -l;
metallic: +b +d; shimmering: +b +m; shimmery: +b +m; airy: +b +n; hissy: +b +n; fizzy: +b +n; harsh: +b +n;
aggressive: -a +b +n; screaming: +b +n; angry: +b +n; playful: +b -d; cheerful: +b -d; sizzling: +b +n; glossy: +b -n;
dim: -b; murky: -b; shadowy: -b; sombre: -b; gloomy: -b; filtered: -b; closed: -b; subdued: -b; hushed: -b +a;
woolly: -b +l; muddy: -b +l; subby: -b +l; ominous: -b +l; menacing: -b +l; round: -b -n; rounded: -b -n;
velvety: -b -n; woody: -b -d; wooden: -b -d; dusty: -b +n; vintage: -b +n; lofi: +n; grimy: -b +n;
sad: -b +a; melancholic: -b +a; underwater: -b +m; cosy: -b -n; sinister: -b +m; rusty: +n -b; smoky: -b +n;
crunchy: +n -a; distorted: +n; saturated: +n; overdriven: +n; fuzzy: +n; grainy: +n; raspy: +n; scratchy: +n;
crackly: +n; buzzy: +n; nasty: +n; filthy: +n; grungy: +n; driven: +n; industrial: +n -a; hard-edged: -a +n;
coarse: +n; polished: -n; sterile: -n; focused: -n; glass-like: -n +b; sine-like: -n -b; silky: -n +a;
innocent: -n -l; delicate: -l +a; plucky: -a -d; stabby: -a -d; clicky: -a; sharp-edged: -a +b; hard-hitting: -a +l;
slamming: -a +l; knocking: -a +l; thumpy: +l -a -d; thumping: +l -a; quick: -d; brief: -d; abrupt: -d; truncated: -d;
gated: -d; muted: -d -b; dead: -d; dampened: -d -b; immediate: -a; instant attack: -a; bowed attack: +a; creeping: +a;
slow: +a; blooming: +a; smooth attack: +a; dreamy: +a +d; ethereal: +a +d; ambient: +a +d; floating: +a +d;
lingering: +d; endless: +d; infinite: +d; washy: +d +n; spacious: +d; lush: +d +m; cinematic: +d +l; epic: +d +l;
huge: +l; massive: +l; giant: +l; enormous: +l +d; booming: +l +d; meaty: +l; beefy: +l; chunky: +l -a; chubby: +l;
weighty: +l; rumbling: +l +m; bassy: +l; bottom-heavy: +l; rich: +l; solid: +l -m; tiny: -l; lean: -l; slim: -l;
hollow: -l; weak: -l; fragile: -l; lightweight: -l; skinny: -l; papery: -l +n; lively: +m; alive: +m; swirling: +m;
animated: +m; restless: +m; shifting: +m; trembling: +m; fluttering: +m; warbling: +m; wavering: +m; throbbing: +m;
undulating: +m; hypnotic: +m +d; eerie: +m +a; haunting: +m +a; unsteady: +m; drifting: +m +a; frozen: -m; stable: -m;
constant: -m; even: -m; straight: -m; calm: -m +a; unwavering: -m; peaceful: +a -n
"""
_ENGLISH_PHRASES = """
lots of top end: +b; open filter: +b; plenty of air: +b; bright transient: +b -a; rolled-off highs: -b;
closed filter: -b; no highs: -b; low-passed: -b; dark tone: -b; bright tone: +b; snappy transient: -a;
sharp attack: -a; instant attack: -a; hard transient: -a; quick attack: -a; slow fade-in: +a; fades in: +a;
slow swell: +a; soft transient: +a; long fade: +d; rings out: +d; lets ring: +d; slow decay: +d; long sustain: +d;
quick decay: -d; short tail: -d; no tail: -d; no sustain: -d; tight decay: -d; some grit: +n; full of grit: +n;
noisy texture: +n; lots of noise: +n; lots of dirt: +n; clean signal: -n; pure tone: -n; no noise: -n;
big low end: +l; lots of low end: +l; full body: +l; heavy bottom: +l; no low end: -l; thin body: -l;
lots of movement: +m; slow wobble: +m; subtle motion: +m; no movement: -m; steady tone: -m; pulsing modulation: +m
"""
_SPANISH = """
metálico: +b +d; cristalino: +b -n; luminoso: +b; frío: +b -l; estridente: +b +n; chillón: +b +n; agresivo: -a +b +n;
afilado: +b -a; opaco: -b; sombrío: -b; tenebroso: -b +l; aterciopelado: -b -n; redondo: -b -n; turbio: -b +l;
amaderado: -b -d; polvoriento: -b +n; viejo: -b +n; melancólico: -b +a; triste: -b +a; filtrado: -b; saturado: +n;
rasposo: +n; crujiente: +n -a; granulado: +n; pulido: -n; contundente: -a +l; golpeado: -a; rápido: -a; inmediato: -a;
lento: +a; gentil: +a; etéreo: +a +d; envolvente: +a +d; flotante: +a +d; eterno: +d; resonante: +d; prolongado: +d;
cortante: -a +b; enorme: +l +d; gigante: +l; masivo: +l; robusto: +l; potente: +l -a; gordito: +l; delgado: -l;
frágil: -l; débil: -l; diminuto: -l; tembloroso: +m; ondulante: +m; oscilante: +m; vivo: +m; inquieto: +m;
inquietante: +m +a; fijo: -m; quieto: -m; tranquilo: +a -m
"""
_SPANISH_PHRASES = """
con brillo: +b; con agudos: +b; sin agudos: -b; sin brillo: -b; con graves: +l; sin graves: -l; con mucho cuerpo: +l;
con ataque fuerte: -a; con ataque suave: +a; con cola: +d; sin cola: -d; con caída rápida: -d; de cola larga: +d;
con ruido: +n; sin ruido: -n; con suciedad: +n; con vibración: +m; sin movimiento: -m; con ondulación: +m
"""


def _compound(text: str, language: Language, phrase: bool) -> list[Adjective]:
    rows = []
    for entry in text.replace("\n", " ").split(";"):
        word, letters = entry.split(":")
        marks = re.findall(r"([+-])([a-z])", letters)
        strength = PLAIN_STRENGTH if len(marks) == 1 else COMPOUND_STRENGTH
        axes = {_LETTERS[letter]: strength if sign == "+" else -strength for sign, letter in marks}
        rows.append(Adjective(word.strip(), language, axes, phrase))
    return rows


def _plain() -> list[Adjective]:
    rows = []
    for key, quality in QUALITIES.items():
        for words, language, strength in (
            (quality.low, "en", -PLAIN_STRENGTH),
            (quality.high, "en", PLAIN_STRENGTH),
            (quality.low_es, "es", -PLAIN_STRENGTH),
            (quality.high_es, "es", PLAIN_STRENGTH),
        ):
            rows += [Adjective(word, language, {key: strength}, " " in word) for word in words]  # type: ignore[arg-type]
    return rows


def _table() -> tuple[Adjective, ...]:
    rows = _plain()
    rows += _compound(_ENGLISH, "en", False) + _compound(_ENGLISH_PHRASES, "en", True)
    rows += _compound(_SPANISH, "es", False) + _compound(_SPANISH_PHRASES, "es", True)
    # Of two rows for one word the later one, more precise, stands: "dusty" is noisy and dark.
    return tuple({(row.language, row.word): row for row in rows}.values())


ADJECTIVES: tuple[Adjective, ...] = _table()


def spanish_form(word: str, feminine: bool, plural: bool) -> str:
    """A Spanish adjective as its noun needs it; words of several parts ("con pegada") stay as they are."""
    if " " in word:
        return word
    if feminine and word.endswith("o"):
        word = word[:-1] + "a"
    elif feminine and word.endswith("ón"):
        word = word[:-2] + "ona"
    if not plural:
        return word
    if word.endswith("ón"):
        return word[:-2] + "ones"
    return word + ("s" if word[-1] in "aeiouáéíóú" else "es")
