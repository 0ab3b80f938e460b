"""What was read from a prompt, as chips."""

from __future__ import annotations

from engine.families import FAMILIES
from engine.pitch import note_name
from engine.qualities import QUALITIES
from engine.text.reading import Reading
from gui.widgets.chips import Chip


def seconds_text(seconds: float) -> str:
    """`0.25 s`, `2.4 s`: as many digits as are heard."""
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"


def chips(reading: Reading) -> tuple[Chip, ...]:
    """Family, qualities, note, length. Other words reach the model too, but we cannot say what they did."""
    made = []
    if reading.family is not None:
        made.append(Chip(FAMILIES[reading.family].names[0], "amber"))
    for key, amount in reading.qualities.items():
        quality = QUALITIES[key]
        if amount:
            made.append(Chip((quality.high if amount > 0 else quality.low)[0]))
    if reading.note is not None:
        made.append(Chip(note_name(reading.note), "note"))
    if reading.seconds is not None:
        made.append(Chip(seconds_text(reading.seconds)))
    return tuple(made)
