"""Sixteen takes on pads, played like a drum machine: by the mouse, and by MIDI notes 36 to 51."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.audio.player import Player
from engine.errors import LatenteError
from engine.library import Library
from engine.patch import Patch
from engine.request import Take
from engine.settings import PadChoice, Settings
from gui.bridge import Bridge
from gui.listening import Listening

# General MIDI's names of the sixteen notes; the first is the pad below on the left.
GM_DRUMS = {
    36: "Kick", 37: "Stick", 38: "Snare", 39: "Clap",
    40: "Snare 2", 41: "Tom 1", 42: "Hat shut", 43: "Tom 2",
    44: "Hat foot", 45: "Tom 3", 46: "Hat open", 47: "Tom 4",
    48: "Tom 5", 49: "Crash", 50: "Tom 6", 51: "Ride",
}  # fmt: skip
NOTES = tuple(GM_DRUMS)
_HATS = (42, 44, 46)
_HAT_GROUP = 16  # the last one: the lower numbers are the user's first thought
LISTEN = ("shown", "always", "never")


@dataclass(frozen=True, eq=False)
class Pad:
    choice: PadChoice
    take: Take


class Drumming(QObject):
    """Which take lies on which pad. `changed(note)`: what a pad holds is another."""

    changed = Signal(int)

    def __init__(
        self, player: Player, library: Library, bridge: Bridge, listening: Listening, settings: Settings
    ) -> None:
        super().__init__()
        self._player, self._library, self._bridge, self._listening = player, library, bridge, listening
        self._awaited: dict[int, PadChoice] = {choice.note: choice for choice in settings.pads if choice.note in NOTES}
        self._shown = False
        self.pads: dict[int, Pad] = {}
        self.listen = settings.pads_listen if settings.pads_listen in LISTEN else LISTEN[0]
        listening.patch_changed.connect(self._follow_patch)

    def start(self) -> None:
        """Brings the takes of the last time back. One that is gone leaves its pad empty."""
        for choice in tuple(self._awaited.values()):
            self._fetch(choice)

    def kept(self) -> dict[str, object]:
        """What is remembered for the next start."""
        choices = {note: pad.choice for note, pad in self.pads.items()} | self._awaited
        return {"pads": tuple(choices[note] for note in sorted(choices)), "pads_listen": self.listen}

    # -- what lies where

    def lay(self, note: int, take_ids: Sequence[str]) -> None:
        """Puts takes on this pad and the ones after it, in place of what is there."""
        for place, take_id in zip(range(note, NOTES[-1] + 1), take_ids, strict=False):
            choke = _HAT_GROUP if place in _HATS else 0
            choice = PadChoice(note=place, take_id=take_id, choke_group=choke)
            self._awaited[place] = choice
            self._fetch(choice)

    def lay_free(self, take_ids: Sequence[str]) -> list[int]:
        """Puts takes on empty pads, the lowest first; returns which."""
        free = [note for note in NOTES if note not in self.pads and note not in self._awaited]
        for note, take_id in zip(free, take_ids, strict=False):
            self.lay(note, [take_id])
        return free[: len(take_ids)]

    def swap(self, one: int, other: int) -> None:
        """Two pads change places; hats choke each other where hats are."""
        pads = {note: self.pads.get(note) for note in (one, other)}
        for note, pad in ((one, pads[other]), (other, pads[one])):
            if pad is None:
                self.clear(note)
                continue
            choke = pad.choice.choke_group
            if (note in _HATS) != (pad.choice.note in _HATS) and choke in (0, _HAT_GROUP):
                choke = _HAT_GROUP if note in _HATS else 0
            self._set(Pad(msgspec.structs.replace(pad.choice, note=note, choke_group=choke), pad.take))

    def change(self, note: int, *, one_shot: bool | None = None, choke_group: int | None = None) -> None:
        """How a pad plays: to its end or while it is held; who silences whom."""
        pad = self.pads[note]
        values = {"one_shot": one_shot, "choke_group": choke_group}
        wanted = {key: value for key, value in values.items() if value is not None}
        self.pads[note] = pad = Pad(msgspec.structs.replace(pad.choice, **wanted), pad.take)
        self._player.set_patch(_key(note), self._patch(pad))
        self.changed.emit(note)

    def clear(self, note: int) -> None:
        self._awaited.pop(note, None)
        self._take_off(note)

    def forget(self, take_id: str) -> None:
        """The take was removed from the library; it may still be on its way to a pad."""
        self._awaited = {note: choice for note, choice in self._awaited.items() if choice.take_id != take_id}
        for note, pad in tuple(self.pads.items()):
            if pad.take.take_id == take_id:
                self._take_off(note)

    # -- playing

    def play(self, note: int, velocity: int) -> None:
        if note in self.pads:
            self._player.note_on(_key(note), note, velocity)

    def let_go(self, note: int) -> None:
        self._player.note_off(note)

    def set_shown(self, shown: bool) -> None:
        """Whether the pads are in front."""
        self._shown = shown
        self._route()

    def set_listen(self, listen: str) -> None:
        """When MIDI plays the pads: while they are shown, always, never."""
        self.listen = listen
        self._route()

    @property
    def listening(self) -> bool:
        """Whether MIDI plays the pads now."""
        return self.listen == "always" or (self.listen == "shown" and self._shown)

    def _route(self) -> None:
        self._player.set_pads({note: _key(note) for note in self.pads} if self.listening else {})

    # -- between the library and the player

    def _take_off(self, note: int) -> None:
        if self.pads.pop(note, None) is not None:
            self._player.unload(_key(note))
            self._route()
            self.changed.emit(note)

    def _fetch(self, choice: PadChoice) -> None:
        def opened() -> Take | None:
            try:
                take = self._library.open(choice.take_id)
            except LatenteError:
                return None
            return None if take.path.parent == self._library.trash else take

        def show(take: Take | None) -> None:
            if self._awaited.get(choice.note) is not choice:
                return  # something else was laid there meanwhile
            del self._awaited[choice.note]
            if take is not None:
                self._set(Pad(choice, take))

        self._bridge.run(opened, show)

    def _set(self, pad: Pad) -> None:
        note = pad.choice.note
        self.pads[note] = pad
        self._player.load(_key(note), pad.take.sound)
        self._player.set_patch(_key(note), self._patch(pad))
        self._route()
        self.changed.emit(note)

    def _patch(self, pad: Pad) -> Patch:
        """The take's own, but at its own pitch on this one note."""
        patch, choice = self._listening.patch_of(pad.take), pad.choice
        return msgspec.structs.replace(
            patch,
            root_note=float(choice.note),
            pitch_mode="varispeed",
            play_mode="one-shot" if choice.one_shot else "gated" if patch.play_mode == "one-shot" else patch.play_mode,
            voicing="poly",
            key_low=0,
            key_high=127,
            choke_group=choice.choke_group or patch.choke_group,
        )

    def _follow_patch(self, take_id: str, _patch: Patch) -> None:
        for note, pad in self.pads.items():
            if pad.take.take_id == take_id:
                self._player.set_patch(_key(note), self._patch(pad))


def _key(note: int) -> str:
    """The player's name of the sound on a pad: a take may lie on several and be in hand, each played differently."""
    return f"pad {note}"
