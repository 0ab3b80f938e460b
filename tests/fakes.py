"""Small real things that stand in for large ones in tests."""

from __future__ import annotations

import math
import threading
import time
import zlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.errors import Cancelled, ModelProblem
from engine.events import Event
from engine.pitch import HOP_FRAMES, Pitch, note_hz
from engine.request import Generated, Latent, Request, Source, unwatched
from engine.sound import Sound

Floats = npt.NDArray[np.float64]
FRAME_HZ = 10.8  # of its latent, about
PARTIALS = 8


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
        frames = max(1, math.ceil(seconds * FRAME_HZ))
        partials = (0.1 * request.velocity / 127 * rng.random(PARTIALS)).astype(np.float32)
        latent = np.tile(partials, (frames, 1))
        understood = {"family": None, "note": note, "seconds": seconds}
        pitch = Pitch(float(note))
        sound = self.decode(latent, [pitch], request.seed)[0]
        sound = sound.with_samples(sound.samples[: round(seconds * self.rate_hz)])
        return Generated(sound, latent, pitch, understood)

    def generate_many(
        self,
        requests: Sequence[Request],
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> list[Generated]:
        """One after the other, as if in steps that they share."""
        count = len(requests)

        def stepped(number: int) -> Callable[[int, int], None]:
            return lambda step, steps: on_step(-(-(number * steps + step) // count), steps)

        return [self.generate(one, stepped(number), cancelled, source) for number, one in enumerate(requests)]

    def decode(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int,
        seconds: float | None = None,
        width: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        """latent: how loud each partial is, over time. A sound without pitch plays at A3. Mono, however wide."""
        if latent.ndim != 2 or latent.shape[1] != PARTIALS:
            raise ModelProblem("This latent is not of this codec.")
        made = []
        for pitch in pitches:
            between()
            made.append(self._tone(latent, pitch))
        return made

    def decode_part(
        self, latent: Latent, pitch: Pitch, seed: int, first_s: float, last_s: float, width: float = 0.0
    ) -> Sound:
        whole = self.decode(latent, [pitch], seed, None, width)[0]
        return whole.with_samples(whole.samples[round(first_s * whole.rate_hz) : math.ceil(last_s * whole.rate_hz)])

    def encode(self, sound: Sound, pitch: Pitch) -> Latent:
        """A latent that knows how loud the sound is over time, and nothing else."""
        frames = max(1, round(sound.seconds * FRAME_HZ))
        loud = np.array([np.abs(part).mean() for part in np.array_split(sound.mono(), frames)], np.float32)
        return np.repeat(loud[:, None], PARTIALS, axis=1)

    def _tone(self, latent: Latent, pitch: Pitch) -> Sound:
        time_s = np.arange(round(len(latent) / FRAME_HZ * self.rate_hz)) / self.rate_hz
        turned_s = time_s if not pitch.octaves.any() else self._turned(pitch, len(time_s))
        places = (np.arange(len(latent)) + 0.5) / FRAME_HZ
        tone = np.zeros_like(time_s)
        for harmonic in range(1, PARTIALS + 1):
            hz = harmonic * note_hz(57 if pitch.root_note is None else pitch.root_note)
            if hz < self.rate_hz / 2:
                level = np.interp(time_s, places, latent[:, harmonic - 1]) / harmonic
                tone += level * np.sin(2 * np.pi * hz * turned_s) * np.exp(-time_s * harmonic * 2)
        return Sound(tone.astype(np.float32), self.rate_hz, pitch.root_note)

    def _turned(self, pitch: Pitch, frames: int) -> Floats:
        """(frames,) how long a flat tone would have taken to come so far."""
        places = np.arange(frames) / self.rate_hz * 44100 / HOP_FRAMES
        curve = pitch.octaves.astype(np.float64)
        faster = 2.0 ** np.interp(places, np.arange(len(curve)), curve)
        return np.asarray(np.cumsum(faster) / self.rate_hz)


class Ears:
    """Collects events; `wait` returns the first one of a type (and of a request)."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, kind: type[Event], request_id: str | None = None, seconds: float = 10.0) -> Event:
        def found() -> list[Event]:
            return [e for e in self.events if isinstance(e, kind) and request_id in (None, e.request_id)]

        with self._changed:
            assert self._changed.wait_for(lambda: bool(found()), seconds), self.events
            return found()[0]

    def kinds(self, request_id: str) -> list[str]:
        return [type(event).__name__ for event in self.events if event.request_id == request_id]
