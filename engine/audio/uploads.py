"""The program's side of sample memory: segments made, and deleted once the audio process has let go of them."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from engine.audio import memory
from engine.audio.commands import Load
from engine.sound import Sound

MAX_CHANNELS = 2


@dataclass(eq=False)
class Upload:
    """One loaded sound. `command` is what a (new) audio process is told about it."""

    command: Load
    segment: SharedMemory


class Uploads:
    """By key. Player's thread only. Samples are written once, here, and by nobody else."""

    def __init__(self) -> None:
        self.held: dict[str, Upload] = {}
        self._leaving: list[tuple[int, SharedMemory]] = []

    def add(self, key: str, sound: Sound, sent: int) -> Load:
        """Copy a sound's first two channels into shared memory. `sent`: number of the command that will announce it.
        Raises OSError when memory is full."""
        channels = min(sound.channels, MAX_CHANNELS)
        segment = memory.create(channels * (sound.frames + 2) * 4)
        samples = np.ndarray((channels, sound.frames + 2), np.float32, segment.buf)
        samples[:, 1:-1] = np.nan_to_num(sound.samples[:, :channels].T, posinf=0.0, neginf=0.0)
        del samples
        loop = _valid_loop(sound)
        command = Load(key, segment.name, channels, sound.frames, sound.rate_hz, sound.root_note, loop)
        self.remove(key, sent)
        self.held[key] = Upload(command, segment)
        return command

    def remove(self, key: str, sent: int) -> None:
        """Delete a sound's memory once the audio process has obeyed command number `sent`."""
        upload = self.held.pop(key, None)
        if upload is not None:
            self._leaving.append((sent, upload.segment))

    def settle(self, done: float) -> None:
        """Delete what left with command number `done` or earlier. Its voices keep their own mapping while they fade."""
        for sent, segment in self._leaving:
            if sent <= done:
                memory.discard(segment)
        self._leaving = [(sent, segment) for sent, segment in self._leaving if sent > done]

    def discard(self) -> None:
        """Delete everything."""
        self.settle(float("inf"))
        for upload in self.held.values():
            memory.discard(upload.segment)
        self.held.clear()


def _valid_loop(sound: Sound) -> tuple[int, int] | None:
    """The sound's loop when it lies inside the sound."""
    if sound.loop is None:
        return None
    first, last = sound.loop
    return (first, last) if 0 <= first < last < sound.frames else None
