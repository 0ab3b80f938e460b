"""Small real things that stand in for large ones in tests."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable

import numpy as np

from engine.errors import Cancelled
from engine.pitch import Pitch, note_hz
from engine.request import Generated, Request, Source
from engine.sound import Sound


class ToneGenerator:
    """A Generator that needs no model: a decaying additive tone whose timbre comes from prompt and seed.

    step_s: how long each step pretends to take. rate_hz: of what it makes.
    """

    def __init__(self, step_s: float = 0.0, rate_hz: int = 44100, name: str = "tone") -> None:
        self.name = name
        self.step_s = step_s
        self.rate_hz = rate_hz

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        for step in range(1, request.steps + 1):
            if cancelled():
                raise Cancelled("Cancelled.")
            time.sleep(self.step_s)
            on_step(step, request.steps)
        note = 57 if request.note is None else request.note
        seconds = request.seconds or 1.0
        rng = np.random.default_rng([request.seed, zlib.crc32(request.prompt.encode("utf-8"))])
        time_s = np.arange(round(seconds * self.rate_hz)) / self.rate_hz
        tone = np.zeros_like(time_s)
        for harmonic in range(1, 9):
            hz = harmonic * note_hz(note)
            if hz < self.rate_hz / 2:
                tone += rng.random() / harmonic * np.sin(2 * np.pi * hz * time_s) * np.exp(-time_s * harmonic * 2)
        latent = rng.standard_normal((max(1, round(seconds * 10.8)), 8)).astype(np.float32)
        understood = {"family": None, "note": note, "seconds": seconds}
        sound = Sound(0.1 * request.velocity / 127 * tone.astype(np.float32), self.rate_hz, root_note=note)
        return Generated(sound, latent, Pitch(float(note)), understood)
