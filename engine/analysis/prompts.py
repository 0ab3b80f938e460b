"""The fixed lists of prompts that `latente evaluate prompts` renders: opposites, notes and lengths asked for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.families import FAMILIES, Family
from engine.pitch import note_name
from engine.qualities import QUALITIES

# Families whose pitch is one thing to the ear and to a tracker: no drums, no effects, nothing inharmonic, no chords.
_UNSURE = {"bell", "gong", "steel_drum", "stab", "drone", "distorted_guitar", "string_pad", "supersaw", "sub_drop"}
CLEARLY_PITCHED: tuple[str, ...] = tuple(
    key for key, family in FAMILIES.items() if family.notes and family.group != "drum" and key not in _UNSURE
)
# Families that sound for as long as they are asked to.
HELD: tuple[str, ...] = (
    "organ",
    "noise",
    *(k for k, f in FAMILIES.items() if f.group in ("pad", "voice", "wind", "lead")),
)


@dataclass(frozen=True)
class Pair:
    """Two prompts that differ in one word: `high` must measure higher in the feature of `quality` than `low`.

    note: the note both get, None where the family has none. language: en, es or tags.
    """

    family: str
    quality: str
    low: str
    high: str
    language: str = "en"

    @property
    def feature(self) -> str:
        return QUALITIES[self.quality].feature

    @property
    def note(self) -> int | None:
        return FAMILIES[self.family].default_note


@dataclass(frozen=True)
class Pitched:
    """A prompt that names a note."""

    family: str
    prompt: str
    note: int
    language: str = "en"


@dataclass(frozen=True)
class Sized:
    """A prompt that names a length."""

    family: str
    prompt: str
    seconds: float
    language: str = "en"


def _pair(family: str, quality: str, frame: str, low: str, high: str, language: str = "en") -> Pair:
    return Pair(family, quality, frame.format(low), frame.format(high), language)


QUICK_PAIRS: tuple[Pair, ...] = (
    _pair("saw_lead", "brightness", "{} saw lead", "dark", "bright"),
    _pair("piano", "brightness", "a {} piano", "mellow", "brilliant"),
    _pair("warm_pad", "brightness", "{} pad", "dull", "sparkling"),
    _pair("snare", "brightness", "{} snare", "dark", "crisp"),
    _pair("bell", "brightness", "campana {}", "oscura", "brillante", "es"),
    _pair("brass", "brightness", "acoustic {} brass", "dark", "bright", "tags"),
    _pair("string_pad", "attack", "string pad with {}", "fast attack", "slow attack"),
    _pair("synth_bass", "attack", "{} synth bass", "punchy", "soft"),
    _pair("choir", "attack", "{} choir", "hard attack", "swelling"),
    _pair("saw_lead", "attack", "lead con {}", "ataque rápido", "ataque lento", "es"),
    _pair("marimba", "decay", "{} marimba", "short", "long"),
    _pair("kick", "decay", "{} kick", "tight", "long tail"),
    _pair("pluck", "decay", "make me a {} pluck", "staccato", "ringing"),
    _pair("guitar", "decay", "guitarra {}", "corta", "larga", "es"),
    _pair("organ", "noisiness", "{} organ", "clean", "distorted"),
    _pair("reese", "noisiness", "{} reese", "clean", "dirty"),
    _pair("flute", "noisiness", "{} flute", "pure", "breathy"),
    _pair("synth_bass", "body", "{} synth bass", "thin", "fat"),
    _pair("tom", "body", "{} tom", "light", "boomy"),
    _pair("electric_piano", "movement", "{} electric piano", "static", "tremolo"),
)
QUICK_PITCHED: tuple[Pitched, ...] = (
    Pitched("synth_bass", "bass in F#1", 30),
    Pitched("sub_bass", "deep sub in F1", 29),
    Pitched("bass_808", "distorted 808 in G1", 31),
    Pitched("reese", "dirty detuned reese, A1", 33),
    Pitched("acid_bass", "acid bass E2 short", 40),
    Pitched("bass_guitar", "bajo eléctrico en mi 2", 40, "es"),
    Pitched("saw_lead", "bright saw lead in A4", 69),
    Pitched("square_lead", "8-bit lead C5", 72),
    Pitched("piano", "soft piano C4, 2 seconds", 60),
    Pitched("electric_piano", "warm rhodes Eb3", 51),
    Pitched("organ", "synthetic dark organ D3", 50, "tags"),
    Pitched("warm_pad", "pad cálido y largo en la 3", 57, "es"),
    Pitched("choir", "choir in B3", 59),
    Pitched("guitar", "nylon guitar G3", 55),
    Pitched("bowed_string", "violin in D5", 74),
    Pitched("flute", "flauta suave en re 5", 74, "es"),
    Pitched("reed", "acoustic long_release reed Bb3", 58, "tags"),
    Pitched("brass", "trumpet in F4", 65),
    Pitched("vibraphone", "ringing vibraphone F5", 77),
    Pitched("pluck", "tiny pluck G#4 0.8s", 68),
)
QUICK_SIZED: tuple[Sized, ...] = (
    Sized("warm_pad", "warm pad, two seconds", 2.0),
    Sized("organ", "órgano de medio segundo", 0.5, "es"),
    Sized("saw_lead", "saw lead 800 ms", 0.8),
    Sized("flute", "synthetic flute 3s", 3.0, "tags"),
    Sized("choir", "a one and a half second choir", 1.5),
)


def _every_family() -> tuple[tuple[Pair, ...], tuple[Pitched, ...]]:
    pairs: list[Pair] = []
    pitched: list[Pitched] = []
    keys = tuple(QUALITIES)
    for place, family in enumerate(FAMILIES.values()):
        for turn in range(2):  # two of the six qualities each, in rotation
            quality = QUALITIES[keys[(2 * place + turn) % len(keys)]]
            word = (place + turn) % 3
            low, high = quality.low[word % len(quality.low)], quality.high[word % len(quality.high)]
            pairs.append(Pair(family.key, quality.key, f"{low} {family.names[0]}", f"{high} {family.names[0]}"))
        if family.key in CLEARLY_PITCHED:
            pitched += _notes_of(family)
    return tuple(pairs), tuple(pitched)


def _notes_of(family: Family) -> list[Pitched]:
    assert family.notes is not None
    low, high = family.notes
    near, far = low + (high - low) // 4, low + 2 * (high - low) // 3
    return [
        Pitched(family.key, f"{family.names[0]} in {note_name(near)}", near),
        Pitched(family.key, f"{family.spanish[0]} en {note_name(far)}", far, "es"),
        Pitched(family.key, f"synthetic {family.key} {note_name(near + 5)}", near + 5, "tags"),
    ]


def _held() -> tuple[Sized, ...]:
    forms = (
        (("{}, two seconds", 2.0, "en"), ("half a second of {}", 0.5, "en")),
        (("{} de medio segundo", 0.5, "es"), ("{} de tres segundos", 3.0, "es")),
        (("synthetic {} 1.2s", 1.2, "tags"), ("{} 800 ms", 0.8, "en")),
    )
    sized = []
    for place, key in enumerate(HELD):
        for form, seconds, language in forms[place % 3]:
            family = FAMILIES[key]
            name = {"en": family.names[0], "es": family.spanish[0], "tags": key}[language]
            sized.append(Sized(key, form.format(name), seconds, language))
    return tuple(sized)


FULL_PAIRS, FULL_PITCHED = _every_family()
FULL_SIZED = _held()
