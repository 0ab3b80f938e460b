"""The program's side of sample memory: segments made, and deleted once the audio process has let go of them."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from engine.audio import memory
from engine.audio.commands import Load
from engine.sound import Sound

MAX_CHANNELS = 2
Span = tuple[int, int]


@dataclass(eq=False)
class Upload:
    """One loaded sound. `command` is what a (new) audio process is told about it."""

    command: Load
    segment: SharedMemory


class Uploads:
    """By key and zone. Player's thread only. Samples are written once, here, and by nobody else."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int | None], Upload] = {}
        self._leaving: list[tuple[int, SharedMemory]] = []

    def add(self, key: str, sound: Sound, sent: int, zone: int | None = None, changed: Span | None = None) -> Load:
        """Copy a sound's first two channels into shared memory. `sent`: number of the command that will announce it.
        `changed`: as in `Load`. Raises OSError when memory is full."""
        channels = min(sound.channels, MAX_CHANNELS)
        segment = memory.create(channels * (sound.frames + 2) * 4)
        samples = np.ndarray((channels, sound.frames + 2), np.float32, segment.buf)
        samples[:, 1:-1] = np.nan_to_num(sound.samples[:, :channels].T, posinf=0.0, neginf=0.0)
        del samples
        root_note = sound.root_note if zone is None else float(zone)
        facts = segment.name, channels, sound.frames, sound.rate_hz, root_note, _valid_loop(sound)
        command = Load(key, *facts, zone, changed)
        self._leave((key, zone), sent)
        self._held[key, zone] = Upload(command, segment)
        return command

    def remove(self, key: str, sent: int) -> None:
        """Delete a sound's memory, and that of its zones, once the audio process has obeyed command number `sent`."""
        self._leave((key, None), sent)
        self.remove_zones(key, sent)

    def remove_zones(self, key: str, sent: int) -> None:
        """The same for its zones alone."""
        for of, zone in [place for place in self._held if place[0] == key and place[1] is not None]:
            self._leave((of, zone), sent)

    def commands(self) -> list[Load]:
        """What a new audio process is told, so that it has every sound."""
        return [upload.command for upload in self._held.values()]

    def settle(self, done: float) -> None:
        """Delete what left with command number `done` or earlier. Its voices keep their own mapping while they fade."""
        for sent, segment in self._leaving:
            if sent <= done:
                memory.discard(segment)
        self._leaving = [(sent, segment) for sent, segment in self._leaving if sent > done]

    def discard(self) -> None:
        """Delete everything."""
        self.settle(float("inf"))
        for upload in self._held.values():
            memory.discard(upload.segment)
        self._held.clear()

    def _leave(self, place: tuple[str, int | None], sent: int) -> None:
        upload = self._held.pop(place, None)
        if upload is not None:
            self._leaving.append((sent, upload.segment))


def _valid_loop(sound: Sound) -> tuple[int, int] | None:
    """The sound's loop when it lies inside the sound."""
    if sound.loop is None:
        return None
    first, last = sound.loop
    return (first, last) if 0 <= first < last < sound.frames else None
