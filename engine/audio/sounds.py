"""The sounds the audio process holds: shared memory of the program, made playable for the device at hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from engine.audio import memory
from engine.audio.commands import Load
from engine.audio.interpolate import Planar
from engine.audio.playable import Playable, prepare


@dataclass(eq=False)
class Loaded:
    """One sound: where it came from, and how it plays on the present device."""

    command: Load
    segment: SharedMemory
    samples: Planar
    playable: Playable


class Sounds:
    """By key. Main thread of the audio process only. A sound that is replaced or unloaded while a voice still reads it
    is kept until none does."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._held: dict[str, Loaded] = {}
        self._leaving: list[Loaded] = []

    def get(self, key: str) -> Loaded | None:
        return self._held.get(key)

    def load(self, command: Load) -> Loaded | None:
        """Take a sound in; returns the one it replaces. Raises OSError when its segment is gone."""
        segment = memory.attach(command.segment)
        shape = (command.channels, command.frames + 2)
        samples: Planar = np.ndarray(shape, np.float32, segment.buf)
        samples.flags.writeable = False
        playable = prepare(samples, command.rate_hz, self._rate_hz, command.root_note, command.loop)
        replaced = self.unload(command.key)
        self._held[command.key] = Loaded(command, segment, samples, playable)
        return replaced

    def unload(self, key: str) -> Loaded | None:
        """Let a sound go; it lives on until `let_go` finds that no voice needs it."""
        leaving = self._held.pop(key, None)
        if leaving is not None:
            self._leaving.append(leaving)
        return leaving

    def let_go(self, needed: Callable[[Playable], bool]) -> None:
        """Close the memory of those that left and are no longer needed."""
        kept = []
        for loaded in self._leaving:
            if needed(loaded.playable):
                kept.append(loaded)
            else:
                _close(loaded)
        self._leaving = kept

    def prepare_all(self, rate_hz: int) -> None:
        """For a device of another rate. No voice may be playing."""
        if rate_hz == self._rate_hz:
            return
        self._rate_hz = rate_hz
        for loaded in self._held.values():
            c = loaded.command
            loaded.playable = prepare(loaded.samples, c.rate_hz, rate_hz, c.root_note, c.loop)

    def discard(self) -> None:
        """Delete all the program's segments, because it died before it could."""
        for loaded in [*self._held.values(), *self._leaving]:
            memory.discard(loaded.segment)


def _close(loaded: Loaded) -> None:
    segment = loaded.segment
    del loaded.playable, loaded.samples  # views of the memory
    with suppress(BufferError):
        segment.close()
