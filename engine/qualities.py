"""The qualities a sound can be asked to have: signed scales that are measured, named and conditioned on.

Each scale is a quantile within the sound's family, -1 (lowest) to 1 (highest), of one measured feature
(`engine/analysis/features.py` measures; the corpus ranks; the generator takes them as conditions; a prompt's
adjectives set them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """key: the scale; feature: the field of analysis Features it ranks; low/high: adjectives, the usual one first."""

    key: str
    feature: str
    low: tuple[str, ...]
    high: tuple[str, ...]
    low_es: tuple[str, ...]
    high_es: tuple[str, ...]


_ROWS = (
    Quality("brightness", "centroid_hz", ("dark", "dull", "muffled", "mellow", "deep", "warm", "soft-toned"),
            ("bright", "brilliant", "crisp", "sharp", "sparkling", "shiny", "airy"),
            ("oscuro", "apagado", "cálido", "grave"), ("brillante", "nítido", "agudo")),
    Quality("attack", "attack_s", ("hard", "punchy", "snappy", "percussive", "fast attack", "tight attack", "hard attack"),
            ("soft", "slow attack", "swelling", "gentle", "soft attack", "fading in"),
            ("duro", "con pegada", "percusivo", "ataque rápido"), ("suave", "ataque lento", "creciente")),
    Quality("decay", "decay_s", ("short", "tight", "dry", "staccato", "short decay", "choked", "fast decay"),
            ("long", "sustained", "ringing", "long tail", "long decay", "long release"),
            ("corto", "seco", "breve"), ("largo", "sostenido", "con cola larga")),
    Quality("noisiness", "flatness", ("clean", "pure", "smooth", "clear", "tonal"),
            ("noisy", "breathy", "gritty", "dirty", "dusty", "lo-fi", "rough", "distorted"),
            ("limpio", "puro", "claro"), ("ruidoso", "sucio", "áspero", "distorsionado")),
    Quality("body", "low_ratio", ("thin", "light", "small", "tinny"),
            ("full", "fat", "heavy", "big", "boomy", "thick"),
            ("fino", "ligero", "pequeño"), ("gordo", "pesado", "grueso", "profundo")),
    Quality("movement", "movement", ("static", "steady", "still"),
            ("moving", "wobbling", "modulated", "evolving", "pulsing", "vibrato", "tremolo"),
            ("estático", "estable"), ("con movimiento", "modulado", "vibrante")),
)  # fmt: skip

QUALITIES: dict[str, Quality] = {row.key: row for row in _ROWS}
KEYS: tuple[str, ...] = tuple(QUALITIES)
