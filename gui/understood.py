"""What was read from a prompt, as chips."""

from __future__ import annotations

from engine.chords import chord_name
from engine.families import FAMILIES
from engine.pitch import note_name
from engine.qualities import QUALITIES
from engine.text.reading import Reading
from engine.text.vocabulary import VIBRATO, qualities
from gui.widgets.chips import Chip


def chips(reading: Reading) -> tuple[Chip, ...]:
    """Family, qualities, note, chord, vibrato, width, length.

    Other words reach the model too, but we cannot say what they did.
    """
    made = []
    if reading.family is not None:
        made.append(Chip(FAMILIES[reading.family].names[0], "amber"))
    made += [Chip(word) for word in _adjectives(reading) if word != VIBRATO]  # which has a chip that says how deep
    if reading.note is not None:
        made.append(Chip(note_name(reading.note), "note"))
    if reading.chord is not None:
        made.append(Chip(chord_name(reading.chord), "note"))
    if reading.vibrato is not None:
        made.append(Chip(f"vibrato {reading.vibrato.cents:.0f} ct" if reading.vibrato.cents else "no vibrato"))
    if reading.width is not None:
        made.append(Chip(f"{reading.width:.0f} % wide" if reading.width else "mono"))
    if reading.seconds is not None:
        made.append(Chip(_seconds(reading.seconds)))
    return tuple(made)


def _adjectives(reading: Reading) -> list[str]:
    """The prompt's own words for its qualities; our usual word for one that was read otherwise ("not bright": dark)."""
    wanted = {key for key, amount in reading.qualities.items() if amount}
    found: dict[str, None] = {}
    place = 0
    while place < len(reading.words):
        count, axes = qualities().longest(reading.words, place) or (1, {})
        meant = {key for key, amount in axes.items() if amount * reading.qualities.get(key, 0.0) > 0}
        if meant & wanted:
            found[" ".join(reading.words[place : place + count])] = None
            wanted -= meant
        place += count
    rows = [(QUALITIES[key], reading.qualities[key] > 0) for key in QUALITIES if key in wanted]
    return [*found, *((row.high if high else row.low)[0] for row, high in rows)]


def _seconds(seconds: float) -> str:
    """`0.25 s`, `2.4 s`: as many digits as are heard."""
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
