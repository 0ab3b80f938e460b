"""Mixer: all voices into one stereo stream. `render` is what the audio callback runs: it allocates no array, takes no
lock, writes no log. What it is told comes through a Ring; what it tells goes to words of the state block."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.audio import state
from engine.audio.interpolate import Interpolator
from engine.audio.limiter import Limiter
from engine.audio.ring import Ring
from engine.audio.voice import Start, Voice

POLYPHONY = 24  # voices that may sound at once; beyond it the oldest fades out
_SLOTS = 32  # the rest is room for voices that are fading out
CHUNK = 256  # frames rendered at a time, whatever the device's block
STOP_S = 0.010  # fade of a stopped or stolen voice
RELEASE_S = 0.080  # fade of a released note
_METER_FALL_DB_S = 24.0


@dataclass(frozen=True, slots=True)
class Release:
    """Let go of a note; None: of every voice, at once."""

    note: float | None


@dataclass(frozen=True, slots=True)
class Drop:
    """Fade out every voice that plays this playable: its memory is about to go."""

    playable: object


@dataclass(frozen=True, slots=True)
class MasterGain:
    gain: float


Action = Start | Release | Drop | MasterGain


class Mixer:
    """words: the state block's float64 words, of which it writes the playhead, meters, voices and block count."""

    def __init__(self, rate_hz: int, actions: Ring[Action], words: npt.NDArray[np.float64], gain: float = 1.0) -> None:
        self._actions = actions
        self._words = words
        self._interpolator = Interpolator(CHUNK)
        self._limiter = Limiter(rate_hz, CHUNK)
        self.voices = tuple(Voice(self._interpolator, CHUNK) for _ in range(_SLOTS))
        self._started = 0
        self._gain = self._gain_wanted = gain
        self._stop_frames = max(1, int(STOP_S * rate_hz))
        self._release_frames = max(1, int(RELEASE_S * rate_hz))
        self._meter_fall_per_frame = _METER_FALL_DB_S / rate_hz
        self._bus = np.zeros((2, CHUNK), np.float32)
        self._size = np.zeros((2, CHUNK), np.float32)
        self._peaks = np.zeros(2, np.float32)
        self._ramp = np.zeros(CHUNK, np.float32)
        self._count = np.arange(1, CHUNK + 1, dtype=np.float32)

    def plays(self, playable: object) -> bool:
        """Whether a voice still reads it. Any thread."""
        return any(voice.playable is playable for voice in self.voices)

    def render(self, out: npt.NDArray[np.float32]) -> None:
        """Fill out (frames, channels)."""
        action = self._actions.get()
        while action is not None:
            self._obey(action)
            action = self._actions.get()
        frames = len(out)
        self._peaks.fill(0)
        for at in range(0, frames, CHUNK):
            bus = self._bus[:, : min(CHUNK, frames - at)]
            self._mix(bus)
            self._deliver(bus, out[at : at + CHUNK])
        self._report(frames)

    def _obey(self, action: Action) -> None:
        if isinstance(action, Start):
            self._start(action)
        elif isinstance(action, Release):
            for voice in self.voices:
                if voice.active and action.note is None:
                    voice.release(self._stop_frames)
                elif voice.active and voice.note == action.note:
                    voice.release(self._release_frames)
        elif isinstance(action, Drop):
            for voice in self.voices:
                if voice.active and voice.playable is action.playable:
                    voice.release(self._stop_frames)
        else:
            self._gain_wanted = action.gain

    def _start(self, start: Start) -> None:
        sounding, oldest, free = 0, None, None
        for voice in self.voices:
            if not voice.active:
                free = voice
                continue
            if start.note is not None and voice.note == start.note and not voice.fading:
                voice.release(self._release_frames)  # the same key again
            if not voice.fading:
                sounding += 1
                if oldest is None or voice.order < oldest.order:
                    oldest = voice
        if sounding >= POLYPHONY and oldest is not None:
            oldest.release(self._stop_frames)
        if free is None:  # all slots busy, some fading: take the one that began first
            free = min(self.voices, key=_age)
        self._started += 1
        free.start(start, self._started)

    def _mix(self, bus: npt.NDArray[np.float32]) -> None:
        count = bus.shape[1]
        bus.fill(0)
        for voice in self.voices:
            if voice.active:
                voice.mix(bus, count)
        if self._gain != self._gain_wanted:
            ramp = self._ramp[:count]
            np.multiply(self._count[:count], (self._gain_wanted - self._gain) / count, out=ramp)
            ramp += np.float32(self._gain)
            bus *= ramp
            self._gain = self._gain_wanted
        elif self._gain != 1.0:
            bus *= np.float32(self._gain)
        self._limiter.process(bus)
        size = np.abs(bus, out=self._size[:, :count])
        self._peaks[0] = max(self._peaks[0], size[0].max())
        self._peaks[1] = max(self._peaks[1], size[1].max())

    @staticmethod
    def _deliver(bus: npt.NDArray[np.float32], out: npt.NDArray[np.float32]) -> None:
        """Stereo to the device's channels: one gets the mean, more than two get silence from the third on."""
        if out.shape[1] == 1:
            np.add(bus[0], bus[1], out=out[:, 0])
            out *= np.float32(0.5)
            return
        out[:, 0] = bus[0]
        out[:, 1] = bus[1]
        out[:, 2:] = 0

    def _report(self, frames: int) -> None:
        words = self._words
        fall = 10 ** (-self._meter_fall_per_frame * frames / 20)
        words[state.PEAK_LEFT] = max(self._peaks[0], words[state.PEAK_LEFT] * fall)
        words[state.PEAK_RIGHT] = max(self._peaks[1], words[state.PEAK_RIGHT] * fall)
        active, latest = 0, None
        for voice in self.voices:
            if voice.active:
                active += 1
                if latest is None or voice.order > latest.order:
                    latest = voice
        words[state.VOICES] = active
        playable = latest.playable if latest is not None else None
        if latest is None or playable is None:
            words[state.PLAYHEAD_S] = math.nan
        else:
            words[state.PLAYHEAD_S] = min(latest.position, playable.frames) / playable.rate_hz
        words[state.BLOCKS] += 1


def _age(voice: Voice) -> int:
    return voice.order
