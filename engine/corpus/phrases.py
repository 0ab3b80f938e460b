"""The words of captions that are not adjectives: nouns, openings, endings, and how notes and lengths are said."""

from __future__ import annotations

from engine.pitch import note_name

GROUP_NOUNS: dict[str, tuple[str, ...]] = {
    "bass": ("bass", "bass sound", "low end"),
    "lead": ("lead", "synth lead", "lead sound"),
    "keys": ("keys", "keyboard", "keyboard instrument"),
    "pad": ("pad", "pad sound", "atmospheric pad"),
    "voice": ("vocal", "vocal sound", "human voice"),
    "pluck": ("percussive note", "struck sound"),
    "string": ("string instrument", "stringed instrument"),
    "wind": ("wind instrument", "blown instrument"),
    "drum": ("drum", "drum hit", "percussion", "perc", "percussion hit", "drum one-shot"),
    "effect": ("effect", "fx", "sound effect", "sfx", "sound design"),
}
GROUP_NOUNS_ES: dict[str, tuple[str, ...]] = {
    "bass": ("bajo", "sonido grave"),
    "lead": ("solista", "lead"),
    "keys": ("teclado", "teclas"),
    "pad": ("pad", "colchón"),
    "voice": ("voz",),
    "pluck": ("sonido percutido",),
    "string": ("instrumento de cuerda",),
    "wind": ("instrumento de viento",),
    "drum": ("percusión", "golpe de batería", "batería"),
    "effect": ("efecto", "efecto de sonido"),
}
ENDINGS = ("one-shot", "sound", "sample", "oneshot", "one shot")
GROUP_ENDINGS: dict[str, tuple[str, ...]] = {
    "drum": ("hit", "drum hit", "drum sample", "drum sound"),
    "effect": ("fx", "effect", "sfx", "sound effect"),
    "bass": ("note", "patch", "tone"),
    "lead": ("note", "patch", "preset"),
    "keys": ("note", "patch", "key"),
    "pad": ("patch", "texture"),
    "string": ("note",),
    "wind": ("note",),
    "voice": ("note",),
    "pluck": ("note", "hit"),
}
OPENINGS = (
    "make me", "give me", "i need", "i want", "create", "generate", "design", "let me hear", "please make", "can i get",
    "looking for", "synthesize", "produce",
)  # fmt: skip
OPENINGS_ES = ("hazme", "dame", "quiero", "necesito", "crea", "genera", "busco", "haz")
SOURCE_WORDS: dict[str, tuple[str, ...]] = {
    "synthetic": ("synthetic", "synthesized", "digital", "synth"),
    "electronic": ("electronic", "electric", "amplified"),
    "acoustic": ("acoustic", "real", "recorded", "natural"),
}
SOURCE_WORDS_ES: dict[str, str] = {
    "synthetic": "sintético",
    "electronic": "eléctrico",
    "acoustic": "acústico",
}
STRONG = ("very", "really", "super", "extremely", "so", "extra", "ultra")
WEAK = ("slightly", "a bit", "a little", "somewhat", "fairly")
STRONG_ES, WEAK_ES = ("muy", "súper", "bien"), ("algo", "un poco", "ligeramente")
LOUD, QUIET = ("played hard", "hit hard", "forte", "at full velocity"), ("played softly", "hit softly", "piano dynamics")

# Which groups a word belongs to, where not to all.
ONLY_FOR: dict[str, frozenset[str]] = {
    "choked": frozenset({"drum"}),
    "gated": frozenset({"drum", "pad", "pluck"}),
    "breathy": frozenset({"wind", "voice", "pad", "lead", "effect"}),
    "bowed attack": frozenset({"string", "pad"}),
    "staccato": frozenset({"string", "wind", "keys", "voice", "pluck", "lead", "bass"}),
    "vibrato": frozenset({"string", "wind", "voice", "lead", "keys", "pad"}),
    "tremolo": frozenset({"string", "wind", "keys", "pad", "pluck", "lead", "bass"}),
    "brassy": frozenset({"wind", "lead", "pad", "bass"}),
    "plucky": frozenset({"bass", "lead", "pluck", "string", "keys"}),
    "stabby": frozenset({"lead", "pluck", "keys", "bass"}),
    "subby": frozenset({"bass", "drum", "effect", "pad"}),
    "bassy": frozenset({"bass", "drum", "effect", "pad", "keys", "string"}),
    "grave": frozenset({"bass", "drum", "keys", "pad", "voice", "wind", "string", "effect"}),
}

# Nouns of instruments that have a Spanish name of their own.
INSTRUMENTS_ES: dict[str, str] = {
    "violin": "violín", "viola": "viola", "cello": "violonchelo", "double bass": "contrabajo", "harp": "arpa",
    "trumpet": "trompeta", "muted trumpet": "trompeta con sordina", "trombone": "trombón", "tuba": "tuba",
    "french horn": "trompa", "clarinet": "clarinete", "oboe": "oboe", "bassoon": "fagot",
    "english horn": "corno inglés", "soprano sax": "saxofón soprano", "alto sax": "saxofón alto",
    "tenor sax": "saxofón tenor", "flute": "flauta", "piccolo": "flautín", "pan flute": "flauta de pan",
    "recorder": "flauta dulce", "whistle": "silbato", "accordion": "acordeón", "harmonica": "armónica",
    "nylon guitar": "guitarra española", "steel guitar": "guitarra acústica", "jazz guitar": "guitarra de jazz",
    "music box": "caja de música", "glockenspiel": "glockenspiel", "xylophone": "xilófono", "marimba": "marimba",
    "vibraphone": "vibráfono", "celesta": "celesta", "church organ": "órgano de iglesia",
    "grand piano": "piano de cola", "harpsichord": "clavecín", "clavinet": "clavinet", "sitar": "sitar",
    "banjo": "banjo", "koto": "koto", "kalimba": "kalimba", "timpani": "timbal", "tubular bells": "campana tubular",
    "choir": "coro", "bongo": "bongó", "conga": "conga", "tambourine": "pandereta", "maracas": "maracas",
    "claves": "claves",
}  # fmt: skip
# What a family is called when only some of its Spanish names would be true.
GENERIC_ES: dict[str, str] = {
    "bass_guitar": "bajo eléctrico", "bowed_string": "cuerda frotada", "plucked_string": "cuerda pulsada",
    "reed": "instrumento de lengüeta", "brass": "metales", "guitar": "guitarra", "flute": "flauta",
    "accordion": "fuelle",
}  # fmt: skip
WORDS_ES: dict[str, str] = {
    "distorted": "distorsionado", "detuned": "desafinado", "with reverb": "con reverb", "with chorus": "con chorus",
    "with delay": "con eco", "808": "808", "909": "909", "filtered": "filtrado", "layered": "en capas",
    "bit-crushed": "con bitcrush", "square wave": "de onda cuadrada", "sawtooth": "de sierra",
    "metallic": "metálico", "wooden": "de madera", "fm": "fm", "analog": "analógico", "digital": "digital",
    "granular": "granular",
}  # fmt: skip

_FEMININE = frozenset({"voz", "voces", "percusión", "cola", "fm", "claves", "teclas", "mano"})
_MASCULINE = frozenset({"solista", "clima", "timba"})
_SOLFEGE = ("do", "do sostenido", "re", "re sostenido", "mi", "fa", "fa sostenido", "sol", "sol sostenido", "la",
            "la sostenido", "si")  # fmt: skip
_FLATS = {"C#": "Db", "D#": "Eb", "F#": "Gb", "G#": "Ab", "A#": "Bb"}


def gender(noun: str) -> tuple[bool, bool]:
    """(feminine, plural) of a Spanish noun, from its first word."""
    first = noun.split(maxsplit=1)[0]
    plural = first in {"metales", "cuerdas", "voces", "maracas", "claves", "campanas", "teclas"}
    stem = first[:-1] if plural else first
    return first in _FEMININE or (stem.endswith("a") and first not in _MASCULINE), plural


def flat_name(note: int) -> str:
    """`Gb1` for 30; the plain name where the note is no black key."""
    name = note_name(note)
    letter = name.rstrip("-0123456789")
    return _FLATS.get(letter, letter) + name[len(letter) :]


def solfege(note: int) -> str:
    """`fa sostenido 1` for 30."""
    return f"{_SOLFEGE[note % 12]} {note // 12 - 1}"
