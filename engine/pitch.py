"""Notes, hertz, and the pitch curve of a sound."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.errors import BadRequest

HOP_FRAMES = 512  # one pitch-curve point per this many frames at 44.1 kHz (86.13 points a second)
NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
LOWEST_NOTE, HIGHEST_NOTE = 12, 120  # C0 (16.4 Hz) to C9 (8.4 kHz)

_SEMITONE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAME = re.compile(r"^\s*([A-Ga-g])\s*([#♯b♭]?)\s*(-?\d{1,2})\s*$")


def note_hz(note: float) -> float:
    """Frequency in Hz of a MIDI note number, fractions allowed; A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((note - 69.0) / 12.0))


def hz_note(hz: float) -> float:
    """MIDI note number of a frequency in Hz. Raises ValueError for hz <= 0."""
    if hz <= 0:
        raise ValueError(f"a pitch needs a frequency above 0 Hz, not {hz}")
    return 69.0 + 12.0 * math.log2(hz / 440.0)


def parse_note(text: str, low: int = LOWEST_NOTE, high: int = HIGHEST_NOTE) -> int:
    """MIDI note number of `C3`, `f#1`, `Bb2` or a bare number; middle C is C4 = 60.

    Raises BadRequest when it is no note or lies outside low..high.
    """
    match = _NAME.match(text)
    if match:
        letter, accidental, octave = match.groups()
        note = 12 * (int(octave) + 1) + _SEMITONE[letter.upper()]
        note += {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(accidental, 0)
    elif text.strip().isdecimal() and len(text.strip()) <= 4:
        note = int(text)
    else:
        raise BadRequest(f"“{text[:40]}” is no note. Write one like C3, F#1 or Bb2, or a MIDI number.")
    if not low <= note <= high:
        raise BadRequest(f"Note {text[:40]} is out of range. Choose one from {note_name(low)} to {note_name(high)}.")
    return note


def note_name(note: float) -> str:
    """`F#1` for 30; the nearest key when fractional."""
    key = round(note)
    return f"{NOTE_NAMES[key % 12]}{key // 12 - 1}"


@dataclass(frozen=True, eq=False)
class Pitch:
    """The pitch curve of a sound.

    root_note: MIDI note number, or None for a sound without pitch.
    octaves: float32 (points,), deviation from the root in octaves, one point per `HOP_FRAMES` at 44.1 kHz;
        empty means flat. Beyond its end the last value holds.
    voiced: bool (points,), where there is a pitch at all; empty means everywhere.
    chord: semitones above the root of the notes that sound together, all moving as the root does; a note is (0,).
    formant_st: how far formants lie from where the timbre has them, in semitones, at whatever note.
    """

    root_note: float | None
    octaves: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    voiced: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    chord: tuple[int, ...] = (0,)
    formant_st: float = 0.0

    def hz(self, points: int) -> npt.NDArray[np.float32]:
        """The curve in Hz, float32 (points,); 0 where there is no pitch."""
        if self.root_note is None:
            return np.zeros(points, np.float32)
        octaves = _extend(np.asarray(self.octaves, np.float64), points, 0.0)
        voiced = _extend(np.asarray(self.voiced, np.float64), points, 1.0) > 0
        return np.asarray(np.where(voiced, note_hz(self.root_note) * 2.0**octaves, 0.0), np.float32)

    def at(self, root_note: float | None) -> Pitch:
        """The same movement on another note."""
        return replace(self, root_note=root_note)


def _extend(values: npt.NDArray[np.float64], points: int, empty: float) -> npt.NDArray[np.float64]:
    """`values` cut or held to so many points; `empty` everywhere where there are none."""
    if len(values) == 0:
        return np.full(points, empty)
    if len(values) >= points:
        return values[:points]
    return np.concatenate([values, np.full(points - len(values), values[-1])])
