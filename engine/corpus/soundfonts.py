"""Instruments of a General MIDI soundfont, rendered offline note by note.

Only fonts whose licence allows selling what is made from them: FluidR3 GM (MIT) and MuseScore General (MIT).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.corpus.general_midi import DRUMS, PROGRAMS, Program
from engine.corpus.synths.base import RATE_HZ
from engine.errors import ModelProblem
from engine.pitch import HOP_FRAMES, note_hz

FOLDERS = (Path("/usr/share/sounds/sf3"), Path("/usr/share/soundfonts"))
FONTS = {"fluidr3": "FluidR3Mono_GM.sf3", "musescore": "MuseScore_General_Lite.sf3"}
DRUM_KITS = (0, 1, 3, 5, 8, 10, 13, 16, 18, 24, 25, 32, 34, 40, 48)

# Both fonts descend from the same recordings, so an instrument is held out of both or of none.
VALID_PROGRAMS = frozenset({3, 17, 27, 41, 63, 74, 81, 93})
TEST_PROGRAMS = frozenset({1, 5, 13, 18, 26, 33, 39, 42, 46, 50, 57, 69, 75, 90, 107})
VALID_KEYS, TEST_KEYS = frozenset({40, 59}), frozenset({35, 44, 50, 55, 64, 76})
RELEASE_SHARE = 0.3  # the note is held for the rest of the length


@dataclass(frozen=True)
class FontInstrument:
    """font: key of FONTS. preset: program, or drum kit. key: drum key, None for melodic programs."""

    font: str
    preset: int
    key: int | None
    program: Program

    @property
    def name(self) -> str:
        return f"{self.font}/{self.preset:03d}" if self.key is None else f"{self.font}/kit{self.preset:02d}/{self.key}"

    @property
    def split(self) -> str:
        number, valid, test = (
            (self.preset, VALID_PROGRAMS, TEST_PROGRAMS) if self.key is None else (self.key, VALID_KEYS, TEST_KEYS)
        )
        return "test" if number in test else "valid" if number in valid else "train"


def instruments(font: str) -> list[FontInstrument]:
    """Every instrument of a font that the corpus uses."""
    melodic = [FontInstrument(font, number, None, program) for number, program in PROGRAMS.items()]
    drums = [FontInstrument(font, kit, key, program) for kit in DRUM_KITS for key, program in DRUMS.items()]
    return melodic + drums


def find_font(font: str, folders: Sequence[Path] = FOLDERS) -> Path:
    """Path of an installed soundfont. Raises ModelProblem when it is not there."""
    for folder in folders:
        if (folder / FONTS[font]).is_file():
            return folder / FONTS[font]
    raise ModelProblem(
        f"The soundfont {FONTS[font]} is not installed. Run `make corpus-sources`, or render without it."
    )


class FontPlayer:
    """One loaded font. Not thread-safe; each worker process owns its own."""

    def __init__(self, font: str, folders: Sequence[Path] = FOLDERS) -> None:
        import tinysoundfont

        self._synth: Any = tinysoundfont.Synth(samplerate=RATE_HZ)
        self._font: int = self._synth.sfload(str(find_font(font, folders)))

    def render(
        self, instrument: FontInstrument, note: float, velocity: int, frames: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Mono samples float32 (frames,) and f0 in Hz (1 + frames // HOP_FRAMES,), 0 where there is no pitch."""
        synth, drum = self._synth, instrument.key is not None
        channel = 9 if drum else 0
        synth.program_select(channel, self._font, 128 if drum else 0, instrument.preset, drum)
        key = instrument.key if instrument.key is not None else round(note)
        held = frames - int(frames * RELEASE_SHARE)
        synth.noteon(channel, key, velocity)
        start = self._generate(held)
        synth.noteoff(channel, key)
        end = self._generate(frames - held)
        synth.sounds_off()
        self._generate(RATE_HZ // 8)  # the tail of the last note dies before the next one starts
        pitched = instrument.program.pitched and not drum
        f0 = np.full(1 + frames // HOP_FRAMES, note_hz(key) if pitched else 0.0, np.float32)
        return np.concatenate([start, end]), f0

    def _generate(self, frames: int) -> npt.NDArray[np.float32]:
        stereo = np.frombuffer(bytes(self._synth.generate(frames)), np.float32).reshape(-1, 2)
        return np.asarray(stereo.mean(axis=1), np.float32)
