"""What is known of a training sound: the ground from which captions are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.families import FAMILIES

Source = Literal["synthetic", "electronic", "acoustic"]
SOURCES: tuple[Source, ...] = ("synthetic", "electronic", "acoustic")


@dataclass(frozen=True)
class Attributes:
    """family: key in `engine.families`. source: as in NSynth (Engel et al. 2017).

    nouns: what the instrument is called when that is known more closely than the family ("koto"), usual name first.
    words: its character, from the parameters that made it ("detuned", "with reverb").
    qualities: quality -> quantile within the family, -1..1; those not measured are left out.
    note: MIDI note, None without pitch. velocity: 1..127, None when unknown. seconds: length, None when unknown.
    Raises ValueError for an unknown family or source.
    """

    family: str
    source: Source = "synthetic"
    nouns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    qualities: Mapping[str, float] = field(default_factory=dict)
    note: int | None = None
    velocity: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"unknown family: {self.family}")
        if self.source not in SOURCES:
            raise ValueError(f"unknown source: {self.source}")

    @property
    def group(self) -> str:
        """Group of the family: bass, lead, keys …"""
        return FAMILIES[self.family].group

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` takes it back."""
        return {
            "family": self.family,
            "source": self.source,
            "nouns": list(self.nouns),
            "words": list(self.words),
            "qualities": {key: round(float(value), 4) for key, value in self.qualities.items()},
            "note": self.note,
            "velocity": self.velocity,
            "seconds": self.seconds,
        }

    @staticmethod
    def from_dict(row: Mapping[str, Any]) -> Attributes:
        """Attributes from `to_dict`'s form; missing entries take their defaults, others are ignored."""
        return Attributes(
            family=row["family"],
            source=row.get("source", "synthetic"),
            nouns=tuple(row.get("nouns", ())),
            words=tuple(row.get("words", ())),
            qualities=dict(row.get("qualities", {})),
            note=row.get("note"),
            velocity=row.get("velocity"),
            seconds=row.get("seconds"),
        )
