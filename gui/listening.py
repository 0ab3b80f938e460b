"""The take in hand and what is heard of it: play, stop, loop, seek, notes; how it is played; its decoded keys."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject, QTimer, Signal

from engine.audio.player import Player
from engine.events import Event, ZoneReady, ZonesDone
from engine.library import Library
from engine.patch import Patch
from engine.request import Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from engine.studio import Studio
from engine.variants import Edit
from gui.bridge import Bridge

_KEPT = 12  # sounds that stay loaded: tails of the ones before may still ring
_KEEP_AFTER_MS = 800  # of rest, a changed patch is written into the library
_SPREAD = 3  # takes whose decoded keys stay loaded: 61 copies of a sound are some 20 MB


_USUAL = Patch()
_HIT = Patch(play_mode="one-shot", pitch_mode="varispeed")
_PLAIN: tuple[Edit | None, Shape] = (None, UNSHAPED)


class Listening(QObject):
    """Speaks to the player for the whole window.

    `taken` carries the Take now in hand, or None; `patch_changed` its take_id and Patch. `stopped`: every sound and
    every held note was let go, those of MIDI too.
    """

    taken = Signal(object)
    notes_changed = Signal()
    patch_changed = Signal(str, object)
    zones_changed = Signal()
    stopped = Signal()

    def __init__(self, player: Player, studio: Studio, library: Library, bridge: Bridge) -> None:
        super().__init__()
        self._player, self._studio, self._library, self._bridge = player, studio, library, bridge
        self._loaded: list[str] = []  # keys, the latest last
        self._zones: dict[str, frozenset[int]] = {}  # take_id: decoded keys, the latest take last
        self._spreading = ""  # id of the spread that is wanted: zones of an older one are of another edit
        self._whole: set[str] = set()  # takes of which every key is decoded
        self._edits: dict[str, tuple[Edit | None, Shape]] = {}  # of the loaded takes that are heard edited or shaped
        self._follows = False  # whether what was loaded last is new in its next moments only
        self._held_back = self._play_next = False  # until what is heard of the take in hand is made
        self._patches: dict[str, Patch] = {}  # as they were left since the start; older ones come with the take
        self._unkept: set[str] = set()  # takes whose patch is not in the library yet
        self._rest = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._rest.timeout.connect(self.keep_patches)
        self._fingers: Counter[int] = Counter()  # two may be on one note: the mouse and a computer key
        self.take: Take | None = None
        self.looping = False
        self.held: dict[int, int] = {}  # note: velocity

    # -- the take in hand

    def hold(self, take: Take | None, *, play: bool) -> None:
        """Takes another take in hand; what was heard of the one before stops. MIDI plays it from now on."""
        self._stop()
        self.take = take
        self._held_back = self._follows = False
        if take is None:
            self._player.arm(None)
        else:
            self._load(take)
            self._player.set_patch(take.take_id, self.patch_of(take))
            self._player.arm(take.take_id)
            self._spread(take)
        self.taken.emit(take)
        self.zones_changed.emit()
        if play and self._held_back:
            self._play_next = True
        elif play:
            self.play()

    def hold_back(self) -> None:
        """What is heard of the take in hand is still in the making: it plays with the next `vary`."""
        self._held_back = True

    def play(self, from_s: float = 0.0) -> None:
        if self.take is not None:
            self._stop()
            self._player.play(self.take.take_id, int(from_s * self.take.sound.rate_hz), self.looping)

    def stop(self) -> None:
        """Stops every sound, whatever holds it (panic)."""
        self._stop()

    def vary(self, sound: Sound, edit: Edit | None, shape: Shape = UNSHAPED) -> None:
        """The take in hand is heard edited (None: not) and shaped from now on; what sounds goes over into it."""
        play, self._held_back, self._play_next = self._play_next, False, False
        follows, self._follows = self._follows, False
        self._vary(sound, (edit, shape), None, again=follows)
        if play:
            self.play()

    def vary_soon(self, sound: Sound, edit: Edit, changed: tuple[int, int] | None) -> None:
        """The same of its next moments alone; `vary` follows with the whole. changed: the only frames in which the
        sound differs from what is heard, if that is known."""
        changed, self._follows = None if self._follows else changed, True
        self._vary(sound, (edit, UNSHAPED), changed, again=True)

    def _vary(
        self, sound: Sound, variant: tuple[Edit | None, Shape], changed: tuple[int, int] | None, *, again: bool
    ) -> None:
        take = self.take
        if take is None or (variant == self._edits.get(take.take_id, _PLAIN) and not again):
            return
        if variant == _PLAIN:
            self._edits.pop(take.take_id, None)
        else:
            self._edits[take.take_id] = variant
        self._player.load(take.take_id, sound, changed)
        if take.take_id in self._zones:
            self._studio.spread(None)
            self._forget_zones(take.take_id)
            self._player.drop_zones(take.take_id)
            self.zones_changed.emit()

    def spread_again(self) -> None:
        """The edits of the take in hand stay as they are for now: its keys are decoded, unless they are."""
        if self.take is not None and self.take.take_id not in self._zones:
            self._spread(self.take)

    def position_s(self) -> float | None:
        """Where the playhead is in what is heard; None when silent."""
        return self._player.position_s()

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

    # -- how it is played

    def patch_of(self, take: Take) -> Patch:
        """How a take is played: as it was left, or as its kind of sound usually is."""
        return self._patches.get(take.take_id) or take.patch or usual_patch(take)

    def set_patch(self, patch: Patch) -> None:
        """How the take in hand is played from now on; what sounds follows."""
        take = self.take
        before = self.patch_of(take) if take is not None else patch
        if take is None or patch == before:
            return
        self._patches[take.take_id] = patch
        self._unkept.add(take.take_id)
        self._rest.start()
        self._player.set_patch(take.take_id, patch)
        if patch.pitch_mode != before.pitch_mode:
            self._spread(take)
        self.patch_changed.emit(take.take_id, patch)
        self.zones_changed.emit()

    def keep_patches(self, *, now: bool = False) -> None:
        """Writes into the library how takes are played; now: here, because the program ends."""
        waiting = {take_id: self._patches[take_id] for take_id in self._unkept}
        self._unkept.clear()

        def keep() -> None:
            for take_id, patch in waiting.items():
                self._library.keep_patch(take_id, patch)

        if waiting and now:
            self._bridge.attempt(keep)
        elif waiting:
            self._bridge.run(keep, lambda _: None)

    @property
    def zones(self) -> frozenset[int]:
        """Keys at which the take in hand was decoded anew and is played so."""
        if self.take is None or self.patch_of(self.take).pitch_mode != "model":
            return frozenset()
        return self._zones.get(self.take.take_id, frozenset())

    def receive(self, event: Event) -> None:
        """One of the engine's events; a decoded key goes to the player."""
        if isinstance(event, ZonesDone) and event.take_id in self._zones and event.request_id == self._spreading:
            self._whole.add(event.take_id)
        elif isinstance(event, ZoneReady) and event.take_id in self._zones and event.request_id == self._spreading:
            self._zones[event.take_id] |= {event.note}
            self._player.load_zone(event.take_id, event.note, event.sound)
            if self.take is not None and event.take_id == self.take.take_id:
                self.zones_changed.emit()

    def near(self, note: int) -> None:
        """Somebody plays here: the keys around it are decoded next."""
        if self.take is not None and self.take.take_id in self._zones and self.take.take_id not in self._whole:
            self._studio.spread_around(note)

    # -- notes of the window's own

    def note_on(self, note: int, velocity: int) -> None:
        """Plays the take in hand at a note; nothing without one."""
        if self.take is None:
            return
        self._fingers[note] += 1
        if note in self.held:
            return
        self.held[note] = velocity
        self._player.note_on(self.take.take_id, note, velocity)
        self.near(note)
        self.notes_changed.emit()

    def note_off(self, note: int) -> None:
        """A finger leaves a note; the last one ends it."""
        if note not in self.held:
            return
        self._fingers[note] -= 1
        if self._fingers[note] <= 0:
            del self._fingers[note], self.held[note]
            self._player.note_off(note)
            self.notes_changed.emit()

    def release_all(self) -> None:
        """Lets go of every held note."""
        for note in tuple(self.held):
            self._fingers[note] = 1
            self.note_off(note)

    def _stop(self) -> None:
        self._play_next = False
        self._player.stop()
        self.held.clear()
        self._fingers.clear()
        self.notes_changed.emit()
        self.stopped.emit()

    # -- what is loaded

    def _load(self, take: Take) -> None:
        if take.take_id in self._loaded:
            self._loaded.remove(take.take_id)
        else:
            self._player.load(take.take_id, take.sound)
        self._loaded.append(take.take_id)
        while len(self._loaded) > _KEPT:
            key = self._loaded.pop(0)
            self._forget_zones(key)
            self._edits.pop(key, None)
            self._player.unload(key)

    def _spread(self, take: Take) -> None:
        """Has the take decoded at every key, where that is how it is played and it can be."""
        key = take.take_id
        if self.patch_of(take).pitch_mode != "model" or take.pitch.root_note is None or not take.latent.size:
            self._studio.spread(None)
            return
        self._zones[key] = self._zones.pop(key, frozenset())  # the latest last
        if key in self._whole:
            self._studio.spread(None)
        else:
            self._spreading = self._studio.spread(take, None, *self._edits.get(key, _PLAIN))
        while len(self._zones) > _SPREAD:
            oldest = next(iter(self._zones))
            self._forget_zones(oldest)
            self._player.drop_zones(oldest)

    def _forget_zones(self, key: str) -> None:
        self._zones.pop(key, None)
        self._whole.discard(key)


def usual_patch(take: Take) -> Patch:
    """A hit without a pitch plays to its end, faster and slower over the keys; all else while its key is held."""
    return _HIT if take.sound.root_note is None else _USUAL
