"""Performing without a device: the very voices of the audio process, driven by hand and exact to the frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.audio.actions import Action, Instrument, Route
from engine.audio.mixer import Mixer
from engine.audio.playable import Playable, prepare
from engine.audio.ring import Ring
from engine.patch import Patch
from engine.sound import Sound

_WORDS = 32


def playable(sound: Sound, rate_hz: int, root_note: float | None = None, zone: bool = False) -> Playable:
    """A sound made ready to be played at a rate; root_note instead of its own, where given. Two channels at most."""
    samples = np.zeros((min(sound.channels, 2), sound.frames + 2), np.float32)
    samples[:, 1:-1] = np.nan_to_num(sound.samples[:, :2].T)
    samples.flags.writeable = False
    root = sound.root_note if root_note is None else root_note
    return prepare(samples, sound.rate_hz, rate_hz, root, sound.loop, zone)


def instrument(
    sound: Sound,
    patch: Patch | None = None,
    rate_hz: int = 48_000,
    key: str = "",
    zones: Mapping[int, Sound] | None = None,
) -> Instrument:
    """A sound as it is played; zones: the same decoded again at other notes."""
    own = playable(sound, rate_hz)
    others = [playable(other, rate_hz, note, zone=True) for note, other in (zones or {}).items()]
    every = [own, *(other for other in others if other.root_note != own.root_note)]
    return Instrument(key, patch or Patch(), own, tuple(sorted(every, key=lambda one: one.root_note)))


class Desk:
    """A mixer on which actions happen when they are meant to."""

    def __init__(self, rate_hz: int) -> None:
        self.words = np.zeros(_WORDS)
        self._due: list[tuple[int, Action]] = []
        self._rendered = 0
        self.mixer = Mixer(rate_hz, Ring(), self.words, incoming=self._incoming)

    def plan(self, events: Iterable[tuple[int, Action]]) -> None:
        """Each with its frame, counted from the very beginning; in any order."""
        self._due = sorted([*self._due, *events], key=lambda event: event[0])

    def render(self, frames: int, block: int = 256) -> npt.NDArray[np.float32]:
        """The next frames, (frames, 2)."""
        heard = np.zeros((frames, 2), np.float32)
        for at in range(0, frames, block):
            self.mixer.render(heard[at : at + block])
            self._rendered += len(heard[at : at + block])
        return heard

    def _incoming(self, frames: int) -> Sequence[tuple[int, Action]]:
        count = 0
        while count < len(self._due) and self._due[count][0] < self._rendered + frames:
            count += 1
        now, self._due = self._due[:count], self._due[count:]
        return [(max(frame - self._rendered, 0), action) for frame, action in now]


def perform(
    instruments: Instrument | Mapping[int, Instrument],
    events: Iterable[tuple[int, Action]],
    rate_hz: int,
    seconds: float,
    block: int = 256,
) -> npt.NDArray[np.float32]:
    """What is heard, float32 (frames, 2). instruments: one that plays all notes, or one for each MIDI note (pads).

    events: actions with their frames. Instruments must have been made ready for this rate.
    """
    desk = Desk(rate_hz)
    if isinstance(instruments, Instrument):
        desk.plan([(0, Route(armed=instruments))])
    else:
        desk.plan([(0, Route(pads=dict(instruments)))])
    desk.plan(events)
    return desk.render(round(seconds * rate_hz), block)
