"""The take in hand and what is heard of it: play, stop, loop, seek, notes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.audio.player import Player
from engine.request import Take

_KEPT = 12  # sounds that stay loaded: tails of the ones before may still ring


class Listening(QObject):
    """Speaks to the player for the whole window. `taken` carries the Take now in hand, or None."""

    taken = Signal(object)
    notes_changed = Signal()

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._loaded: list[str] = []  # keys, the latest last
        self.take: Take | None = None
        self.looping = False
        self.held: dict[int, int] = {}  # note: velocity

    def hold(self, take: Take | None, *, play: bool) -> None:
        """Takes another take in hand; what was heard of the one before stops."""
        self._player.stop()
        self.held.clear()
        self.take = take
        if take is not None:
            self._load(take)
        self.taken.emit(take)
        self.notes_changed.emit()
        if play:
            self.play()

    def play(self, from_s: float = 0.0) -> None:
        if self.take is not None:
            self._player.stop()
            self._player.play(self.take.take_id, int(from_s * self.take.sound.rate_hz), self.looping)

    def stop(self) -> None:
        self._player.stop()
        self.held.clear()
        self.notes_changed.emit()

    def toggle(self) -> None:
        """Play from the start, or stop what is heard."""
        if self._player.position_s() is None:
            self.play()
        else:
            self.stop()

    def set_looping(self, looping: bool) -> None:
        """Holds for what is heard now, too."""
        self.looping = looping
        position_s = self._player.position_s()
        if position_s is not None and not self.held:
            self.play(position_s)

    def note_on(self, note: int, velocity: int) -> None:
        """Plays the take in hand at a note; nothing without one."""
        if self.take is None or note in self.held:
            return
        self.held[note] = velocity
        self._player.note_on(self.take.take_id, note, velocity)
        self.notes_changed.emit()

    def note_off(self, note: int) -> None:
        if self.held.pop(note, None) is not None:
            self._player.note_off(note)
            self.notes_changed.emit()

    def release_all(self) -> None:
        """Lets go of every held note."""
        for note in tuple(self.held):
            self.note_off(note)

    def _load(self, take: Take) -> None:
        if take.take_id in self._loaded:
            self._loaded.remove(take.take_id)
        else:
            self._player.load(take.take_id, take.sound)
        self._loaded.append(take.take_id)
        while len(self._loaded) > _KEPT:
            self._player.unload(self._loaded.pop(0))
