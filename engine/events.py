"""What the engine tells the outside. Each carries the `request_id` it belongs to, so that stale ones can be dropped."""

from __future__ import annotations

from dataclasses import dataclass

from engine.pitch import Pitch
from engine.request import Latent, Take
from engine.sound import Sound


@dataclass(frozen=True)
class Event:
    request_id: str


@dataclass(frozen=True)
class Loading(Event):
    """The model is being read: `what` says which."""

    what: str


@dataclass(frozen=True)
class Progress(Event):
    """Step `step` of `steps` is done."""

    step: int
    steps: int


@dataclass(frozen=True)
class Finished(Event):
    """A take is in the library. warnings: one line each, for the user."""

    take: Take
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed(Event):
    """One line for the user."""

    message: str


@dataclass(frozen=True)
class CancelledEvent(Event):
    """The work was stopped; nothing was written."""


@dataclass(frozen=True)
class Ready(Event):
    """The model is loaded and warm. request_id is empty."""

    model: str


@dataclass(frozen=True)
class Decoded(Event):
    """A take decoded again, as `Studio.decode` was asked to, which returned the request_id. latent, pitch: the edited
    ones that it was decoded from. start_s: their moment at which the sound begins; what lies before it was silence."""

    take_id: str
    sound: Sound
    latent: Latent
    pitch: Pitch
    start_s: float = 0.0


@dataclass(frozen=True)
class Soon(Event):
    """What `Decoded` is about to tell, for the ear alone: only the stretch that is played next is new, the rest of the
    sound is what was heard before: `sound` is `over` but for the frames `changed` (first, and the one after the
    last)."""

    take_id: str
    sound: Sound
    over: Sound
    changed: tuple[int, int]


@dataclass(frozen=True)
class ZoneReady(Event):
    """A take decoded again at a key (MIDI number); request_id is what `Studio.spread` returned."""

    take_id: str
    note: int
    sound: Sound


@dataclass(frozen=True)
class ZonesDone(Event):
    """All `count` zones of a take have been told; 0: it has none, without pitch or made by another model."""

    take_id: str
    count: int
