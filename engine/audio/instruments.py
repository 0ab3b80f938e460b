"""Instruments: sounds, zones and patches put together as the sampler plays them. Main thread of the audio process."""

from __future__ import annotations

from collections.abc import Callable

from engine.audio.actions import Instrument
from engine.audio.commands import Load
from engine.audio.playable import Playable
from engine.audio.sounds import Sounds
from engine.patch import Patch


class Instruments:
    """By key. What `get` gives is never changed afterwards: whatever changes makes a new one."""

    def __init__(self, rate_hz: int) -> None:
        self._sounds = Sounds(rate_hz)
        self._patches: dict[str, Patch] = {}
        self._made: dict[str, Instrument] = {}

    def get(self, key: str | None) -> Instrument | None:
        """As it is now; None for a sound that is not there."""
        return self._made.get(key) if key is not None else None

    def load(self, command: Load) -> Instrument | None:
        """Take a sound or a zone in; returns the instrument as it is now, None for a zone that has come before its
        take. Raises OSError when its memory is gone."""
        self._sounds.load(command)
        return self._make(command.key)

    def patch(self, key: str, patch: Patch) -> Instrument | None:
        """From now on it is played so. The sound may come later."""
        self._patches[key] = patch
        return self._make(key)

    def drop_zones(self, key: str) -> Instrument | None:
        self._sounds.drop_zones(key)
        return self._make(key)

    def unload(self, key: str) -> list[Playable]:
        """Forget a sound, its zones and its patch; returns what its voices may be playing."""
        left = list(self._sounds.playables(key).values())
        self._sounds.unload(key)
        self._patches.pop(key, None)
        self._made.pop(key, None)
        return left

    def holds(self, key: str, zone: int | None) -> bool:
        """Whether a sound (or one of its zones) is there."""
        return self._sounds.holds(key, zone)

    def pass_on(self) -> None:
        """Call when the sampler has obeyed all that it had been told by the last call."""
        self._sounds.pass_on()

    def let_go(self, needed: Callable[[Playable], bool]) -> None:
        """Close the memory of what was replaced or unloaded and no voice reads any more."""
        self._sounds.let_go(needed)

    def prepare_all(self, rate_hz: int) -> None:
        """For a device of another rate. No voice may be playing."""
        self._sounds.prepare_all(rate_hz)
        for key in self._sounds.keys():  # noqa: SIM118 - not a dict
            self._make(key)

    def discard(self) -> None:
        """Delete all the program's segments, because it died before it could."""
        self._sounds.discard()

    def _make(self, key: str) -> Instrument | None:
        playables = self._sounds.playables(key)
        own = playables.get(None)
        if own is None:
            return None
        others = [one for zone, one in playables.items() if zone is not None and one.root_note != own.root_note]
        zones = tuple(sorted([own, *others], key=lambda one: one.root_note))
        made = self._made[key] = Instrument(key, self._patches.get(key, Patch()), own, zones)
        return made
