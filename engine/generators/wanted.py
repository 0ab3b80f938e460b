"""What a request asks for, its words read: explicit options win over words, words over the family's defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.chords import NOTE, parse_chord
from engine.codecs.neural import STRIDE
from engine.codecs.source import HOP, RATE_HZ
from engine.families import FAMILIES
from engine.generators.width import usual_width
from engine.request import Request, Source
from engine.text.reading import Reading, read_prompt
from engine.text.vocabulary import Vibrato

USUAL_NOTE, USUAL_SECONDS = 60, 1.5  # for words that name no family we know
LATENT_S = STRIDE * HOP / RATE_HZ  # how long a latent frame lasts


@dataclass(frozen=True)
class Wanted:
    """A request with its prompt read."""

    reading: Reading
    note: int | None
    seconds: float
    chord: tuple[int, ...] = NOTE
    width: float = 0.0
    vibrato: Vibrato | None = None
    named_note: bool = False  # by the request or its words

    @property
    def pitched(self) -> bool:
        """Whether the sound surely has a pitch: whatever the flow has learnt at a note has one, throughout."""
        return self.known_note > 0 and (self.named_note or self.reading.family is not None)

    @property
    def settles(self) -> bool:
        """Whether the pitch comes to rest on the note, as that of every instrument that is no drum and no effect."""
        family = FAMILIES.get(self.reading.family or "")
        return self.pitched and family is not None and family.group not in ("drum", "effect")

    @property
    def known_note(self) -> int:
        """The note as a condition: 0 (none) for families that were never learnt at notes."""
        family = FAMILIES.get(self.reading.family or "")
        return 0 if self.note is None or (family is not None and family.notes is None) else self.note

    @staticmethod
    def of(request: Request, prompt: str | None = None, source: Source | None = None) -> Wanted:
        """`prompt`: a part of the request's. What nobody says is as in the source, if there is one."""
        reading = read_prompt(request.prompt if prompt is None else prompt)
        family = FAMILIES.get(reading.family or "")
        note = request.note if request.note is not None else reading.note
        named = note is not None
        usual = family.default_seconds if family else USUAL_SECONDS
        seconds = request.seconds or reading.seconds
        chord = parse_chord(request.chord) if request.chord else reading.chord
        if source is not None:
            root = source.pitch.root_note
            note = round(root) if note is None and root is not None else note
            seconds = seconds or len(source.latent) * LATENT_S
            chord = source.pitch.chord if chord is None else chord
        elif note is None:
            note = family.default_note if family else USUAL_NOTE
        ways = (request.width, reading.width, usual_width(reading.family))
        width = next(way for way in ways if way is not None)
        seconds = min(5.0, max(0.1, seconds or _length(reading, usual)))
        avoided = read_prompt(request.negative).vibrato if request.negative else None
        vibrato = Vibrato(0.0) if reading.vibrato is None and avoided is not None else reading.vibrato
        return Wanted(reading, note, seconds, chord or NOTE, width, vibrato, named)


def _length(reading: Reading, usual: float) -> float:
    """The family's usual length, shorter or longer as the words say."""
    return float(usual * 1.8 ** reading.qualities.get("decay", 0.0))


def together(wishes: list[Wanted], shares: list[float]) -> Wanted:
    """One of each for all parts of a blend: the note, chord and vibrato that were named, mean length and width."""
    note = next((wish.note for wish in wishes if wish.reading.note is not None), wishes[0].note)
    chord = next((wish.chord for wish in wishes if wish.chord != NOTE), NOTE)
    seconds, width = (float(np.dot(shares, [getattr(wish, key) for wish in wishes])) for key in ("seconds", "width"))
    vibrato = next((wish.vibrato for wish in wishes if wish.vibrato is not None), None)
    named = any(wish.named_note for wish in wishes)
    return replace(wishes[0], note=note, chord=chord, seconds=seconds, width=width, vibrato=vibrato, named_note=named)
