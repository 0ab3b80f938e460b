"""Voices: which slot plays what: starting, making room, and going over to something else without a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.audio.manner import Manner, cutoff_octaves
from engine.audio.voice import STOP_S, Voice

POLYPHONY = 32  # voices that may sound at once; beyond it one fades out: see `_make_room`
SLOTS = 96  # the rest is room for voices that are fading out
HAND_OVER_S = 0.020  # cross-fade from a sound to what it has become


class Voices:
    """prepare: called with a voice that begins or goes on differently, and the one whose filters it goes on with.
    loudness: how loud a voice was in the last chunk."""

    def __init__(
        self, rate_hz: int, prepare: Callable[[Voice, Voice | None], None], loudness: Callable[[Voice], float]
    ) -> None:
        self._rate_hz = rate_hz
        self._prepare = prepare
        self._loudness = loudness
        self.slots = tuple(Voice(number) for number in range(SLOTS))
        self.active: list[Voice] = []  # in the order in which they began
        self._free = list(self.slots[::-1])
        self._started = 0

    def plays(self, playable: object) -> bool:
        """Whether a voice still reads it. Any thread."""
        for voice in self.slots:
            manner = voice.manner
            if manner is not None and manner.playable is playable:
                return True
        return False

    def sounding(self) -> Iterator[Voice]:
        """All that are not fading away."""
        return (voice for voice in self.active if not voice.falls)

    def start(self, manner: Manner, frame: int) -> Voice | None:
        """A new voice at its beginning, to be prepared by the caller with `ready`; None when all slots are taken by
        voices that fade out, which takes more than 60 notes within 10 ms."""
        self._make_room(frame)
        return self._take(manner, frame)

    def ready(self, voice: Voice) -> None:
        """What it is to play is settled."""
        self._prepare(voice, None)

    def _take(self, manner: Manner, frame: int) -> Voice | None:
        if not self._free:
            return None
        voice = self._free.pop()
        voice.clear()
        voice.manner = manner
        voice.begins = voice.born = frame
        self._started += 1
        voice.order = self._started
        self.active.append(voice)
        return voice

    def _make_room(self, frame: int) -> None:
        """Below POLYPHONY: the one released first goes, else the quietest."""
        if len(self.active) < POLYPHONY:
            return
        sounding = list(self.sounding())
        if len(sounding) < POLYPHONY:
            return
        released = [voice for voice in sounding if voice.released]
        if released:
            victim = min(released, key=lambda voice: voice.release_at)
        else:
            victim = min(sounding, key=lambda voice: (self._loudness(voice), voice.order))
        self.stop(victim, frame)

    def stop(self, voice: Voice, frame: int) -> None:
        """Fade out quickly."""
        voice.held = voice.pedalled = False
        voice.cut(frame, STOP_S * self._rate_hz)

    def hand_over(self, voice: Voice, manner: Manner, frame: int) -> Voice:
        """Go on with another sound at the same place in it, cross-faded; returns the voice that goes on, which is the
        same one when no slot is free."""
        old = voice.manner
        heir = self._take(manner, frame) if old is not None else None
        if old is None or heir is None:
            return voice
        fade = HAND_OVER_S * self._rate_hz
        heir.order = voice.order
        heir.born, heir.channel, heir.note, heir.target = voice.born, voice.channel, voice.note, voice.target
        heir.member = voice.member
        heir.velocity, heir.velocity_gain = voice.velocity, voice.velocity_gain
        heir.held, heir.pedalled, heir.speed = voice.held, voice.pedalled, voice.speed
        heir.release_at, heir.release_level = voice.release_at, voice.release_level
        heir.fade_at, heir.fade_frames = frame, fade
        shift = manner.pitch(voice.target) - old.pitch(voice.target)
        heir.glide.follow(voice.glide, shift)
        (before, resonant), (after, more) = _filter(old, voice), _filter(manner, voice)
        heir.cutoff.follow(voice.cutoff, after - before)
        heir.resonance.follow(voice.resonance, more - resonant)
        heir.position = _place(voice, old, manner, frame)
        self._prepare(heir, voice)
        voice.held = voice.pedalled = False
        voice.give_way(frame, fade)
        heir.elder = voice
        return heir

    def sweep(self, frame: int, rings: Callable[[Voice], bool]) -> None:
        """Free the slots of those that are over. rings: whether a voice still sounds though its sound has ended."""
        over = [voice for voice in self.active if voice.silenced(frame) or (voice.finished and not rings(voice))]
        if not over:
            return
        for voice in over:
            voice.held = voice.pedalled = False
            voice.manner = None
        self._free += over
        self.active[:] = [voice for voice in self.active if voice.manner is not None]
        for voice in self.active:
            if voice.elder is not None and voice.elder.manner is None:
                voice.elder = None  # its slot may soon be another's


def _filter(manner: Manner, voice: Voice) -> tuple[float, float]:
    """Where the filter of a voice would rest: octaves, percent."""
    patch = manner.patch
    return (0.0, 0.0) if patch is None else (cutoff_octaves(patch, voice.target), patch.resonance)


def _place(voice: Voice, old: Manner, new: Manner, frame: int) -> float:
    """Where a voice goes on in another sound: as far through it as it was in its own."""
    position = voice.position + (frame - max(voice.last_frame, voice.begins)) * voice.speed
    if old.playable is new.playable and old.mirrored == new.mirrored:
        place = position
    else:
        before, after = old.playable, new.playable
        if old.mirrored:
            position = before.frames - 1 - position
        place = position * (after.rate_hz / before.rate_hz)
        if after.frames * before.rate_hz != before.frames * after.rate_hz:
            place = position * after.frames / max(before.frames, 1)
        if new.mirrored:
            place = after.frames - 1 - place
    loop = new.loop
    if loop is not None and place >= loop.end:
        place = loop.start + (place - loop.start) % (loop.end - loop.start)
    return max(place, 0.0)
