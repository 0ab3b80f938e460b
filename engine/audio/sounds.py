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
from engine.audio.playable import Playable, prepare, renewed


@dataclass(eq=False)
class Loaded:
    """One sound: where it came from, and how it plays on the present device."""

    command: Load
    segment: SharedMemory
    samples: Planar
    playable: Playable


class Sounds:
    """By key and zone, None being the take itself. Main thread of the audio process only. A sound that is replaced or
    unloaded while a voice still reads it is kept until none does."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._held: dict[str, dict[int | None, Loaded]] = {}
        self._left: list[Loaded] = []  # since the last `pass_on`
        self._passing: list[Loaded] = []  # before it: an action not yet obeyed may still name them
        self._leaving: list[Loaded] = []  # no action names them any more

    def keys(self) -> list[str]:
        return list(self._held)

    def holds(self, key: str, zone: int | None) -> bool:
        return zone in self._held.get(key, {})

    def playables(self, key: str) -> dict[int | None, Playable]:
        """All of a key, by zone; the take itself under None, if it is there."""
        return {zone: loaded.playable for zone, loaded in self._held.get(key, {}).items()}

    def load(self, command: Load) -> None:
        """Take a sound in, instead of the one there may be in its place. Raises OSError when its segment is gone."""
        segment = memory.attach(command.segment)
        shape = (command.channels, command.frames + 2)
        samples: Planar = np.ndarray(shape, np.float32, segment.buf)
        samples.flags.writeable = False
        zones = self._held.setdefault(command.key, {})
        replaced = zones.get(command.zone)
        playable = None
        if replaced is not None and command.changed is not None and _alike(replaced.command, command):
            playable = renewed(replaced.playable, samples, command.rate_hz, self._rate_hz, command.changed)
        playable = playable or _prepare(samples, command, self._rate_hz)
        if replaced is not None:
            self._left.append(replaced)
        zones[command.zone] = Loaded(command, segment, samples, playable)

    def unload(self, key: str) -> None:
        """Let a sound and its zones go; each lives on until `let_go` finds that no voice needs it."""
        self._left += self._held.pop(key, {}).values()

    def drop_zones(self, key: str) -> None:
        """The same for its zones alone."""
        zones = self._held.get(key, {})
        self._left += [zones.pop(zone) for zone in list(zones) if zone is not None]

    def pass_on(self) -> None:
        """Call when the sampler has obeyed all that it had been told by the last call: what had left by then is not
        named by any action to come."""
        self._leaving += self._passing
        self._passing, self._left = self._left, []

    def let_go(self, needed: Callable[[Playable], bool]) -> None:
        """Close the memory of those that left, are in no action to come and are no longer needed."""
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
        for zones in self._held.values():
            for loaded in zones.values():
                loaded.playable = _prepare(loaded.samples, loaded.command, rate_hz)

    def discard(self) -> None:
        """Delete all the program's segments, because it died before it could."""
        for loaded in [
            *(loaded for zones in self._held.values() for loaded in zones.values()),
            *self._left,
            *self._passing,
            *self._leaving,
        ]:
            memory.discard(loaded.segment)


def _prepare(samples: Planar, command: Load, rate_hz: int) -> Playable:
    return prepare(samples, command.rate_hz, rate_hz, command.root_note, command.loop, command.zone is not None)


def _alike(one: Load, other: Load) -> bool:
    """Whether one's frames are the other's, as far as they have not changed."""
    mine, theirs = ((load.channels, load.frames, load.rate_hz, load.root_note, load.loop) for load in (one, other))
    first, last = other.changed or (0, 0)
    return mine == theirs and 0 <= first < last <= other.frames


def _close(loaded: Loaded) -> None:
    segment = loaded.segment
    del loaded.playable, loaded.samples  # views of the memory
    with suppress(BufferError):
        segment.close()
