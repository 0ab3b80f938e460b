"""ControllerMap: everything that is bound, of every controller, and the learning of more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from engine.controllers.binding import CHANNELS, MOD_WHEEL, Binding, Kind
from engine.controllers.learn import Control, Found, Learner
from engine.controllers.track import Track

_ALSA_ADDRESS = re.compile(r"\s+\d+:\d+$")  # "Launchkey 37 MIDI 1 24:0": the numbers change with every plugging in


class Place(NamedTuple):
    """Where a target stands, 0..1, and the distance of its values where they are few (0: it is continuous)."""

    position: float
    step: float = 0.0


class Move(NamedTuple):
    """position: where the target goes, 0..1; None while the hardware, which points at `hardware`, has yet to reach it.
    An encoder points nowhere (None)."""

    target: str
    position: float | None
    hardware: float | None


class Learnt(NamedTuple):
    """before: what the controller moved until now. word: what the user should know about it, "" mostly."""

    port: str
    binding: Binding
    before: tuple[str, ...]
    word: str


class Refused(NamedTuple):
    word: str


Outcome = Move | Learnt | Refused | None


def controller_name(port: str) -> str:
    """A port's name without what changes when it is plugged in again."""
    return _ALSA_ADDRESS.sub("", port).strip() or "controller"


class ControllerMap:
    """One controller moves one target: two knobs on the screen that move together would each hide what the other does,
    and soft takeover could pick up one of them only. So a controller that is learnt again moves over. A target may be
    moved by one controller of each device.
    """

    def __init__(self, bindings: Mapping[str, Iterable[Binding]] | None = None) -> None:
        self._tracks: dict[str, list[Track]] = {}
        self._last: dict[Control, int] = {}
        self._learner: Learner | None = None
        self.learning: str | None = None  # the target that the next controller is for
        self.revision = 0  # goes up with every change that is worth saving
        for port, rows in (bindings or {}).items():
            for binding in rows:
                self.bind(port, binding)

    # -- what is bound

    def ports(self) -> tuple[str, ...]:
        """Controllers that ever had a binding here, by name."""
        return tuple(self._tracks)

    def bindings(self, port: str) -> tuple[Binding, ...]:
        return tuple(track.binding for track in self._tracks.get(controller_name(port), ()))

    def of(self, target: str) -> tuple[tuple[str, Binding], ...]:
        """What moves a target: (controller, binding), the newest last."""
        return tuple(
            (port, track.binding)
            for port, tracks in self._tracks.items()
            for track in tracks
            if track.binding.target == target
        )

    def bind(self, port: str, binding: Binding, unsure: tuple[Kind, ...] = ()) -> tuple[str, ...]:
        """Binds, in place of what this controller moved before (returned) and of what moved that target before."""
        self.revision += 1
        port = controller_name(port)
        tracks = self._tracks.pop(port, [])  # to the end: the newest last
        before = tuple(
            track.binding.target
            for track in tracks
            if track.binding.meets(binding) and track.binding.target != binding.target
        )
        kept = [t for t in tracks if not t.binding.meets(binding) and t.binding.target != binding.target]
        track = Track(binding, unsure)
        for control, value in sorted(self._last.items()):  # where the hardware is known to stand
            if control.port == port and binding.hears(control.channel, control.number):
                track.rests(control.number, value)
        self._tracks[port] = [*kept, track]
        return before

    def change(self, target: str, **fields: Any) -> None:
        """Other range, curve, kind, channel or takeover, wherever the target is bound. Raises ValueError."""
        for port, binding in self.of(target):
            self.bind(port, msgspec.structs.replace(binding, **fields))

    def forget(self, target: str) -> bool:
        """False when nothing moved it."""
        bound = self.of(target)
        self.revision += bool(bound)
        for port, _ in bound:
            self._tracks[port] = [track for track in self._tracks[port] if track.binding.target != target]
        return bool(bound)

    # -- learning

    def learn(self, target: str) -> None:
        """The next controller that moves clearly is bound to `target`."""
        self.learning = target
        self._learner = Learner(self._last)

    def stop_learning(self) -> None:
        self.learning = self._learner = None

    # -- what comes from the hardware

    def moved(self, port: str, channel: int, number: int, value: int, where: Callable[[str], Place | None]) -> Outcome:
        """A controller moved. channel: 1..16, number: 0..127, value: 0..127; anything else is not a controller and
        ignored. `where` says where a target stands, None when it is not there now."""
        if not (0 <= number <= 127 and 0 <= value <= 127 and channel in CHANNELS):
            return None
        control = Control(controller_name(port), channel, number)
        self._last[control] = value
        if self._learner is not None:
            word = self._learner.refuses(number)
            found = self._learner.hears(control, value)
            return Refused(word) if word else self._take(found) if found else None
        track = self._track(control)
        if track is None:
            return None
        target = track.binding.target
        place = where(target)
        if place is None:
            return None
        before = track.binding
        position = track.hears(number, value, *place)
        self.revision += track.binding is not before
        if position is not None:
            self._let_go(target, but=track)
        return Move(target, position, track.hardware)

    def let_go(self, target: str) -> None:
        """The target was moved on the screen, or is another sound's now: hardware has to pick it up again."""
        self._let_go(target)

    def _let_go(self, target: str, but: Track | None = None) -> None:
        for tracks in self._tracks.values():
            for track in tracks:
                if track.binding.target == target and track is not but:
                    track.let_go()

    def _take(self, found: Found) -> Learnt:
        assert self.learning is not None
        control = found.control
        binding = Binding(
            number=control.number, target=self.learning, channel=control.channel, kind=found.kinds[0]
        )  # of the channel it came on: some devices send the same numbers on several
        before = self.bind(control.port, binding, found.kinds)
        self.stop_learning()
        word = "the mod wheel also plays the patch's vibrato" if control.number == MOD_WHEEL else ""
        return Learnt(control.port, binding, before, word)

    def _track(self, control: Control) -> Track | None:
        """That of this very channel before that of any channel."""
        heard = [t for t in self._tracks.get(control.port, ()) if t.binding.hears(control.channel, control.number)]
        return max(heard, key=lambda track: track.binding.channel is not None, default=None)
