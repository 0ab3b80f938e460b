"""Mixer: all voices into one stereo stream. `render` is what the audio callback runs: it allocates no array (but a few
hundred numbers when a note begins), takes no lock, writes no log. What it is told comes through a Ring and from
`incoming`; what it tells goes to words of the state block."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from engine.audio import state
from engine.audio.actions import Action, MasterGain
from engine.audio.gains import smooth
from engine.audio.keys import Keys
from engine.audio.limiter import Limiter
from engine.audio.renderer import Renderer
from engine.audio.ring import Ring
from engine.audio.voices import SLOTS, Voices

CHUNK = 256  # frames rendered at a time, whatever the device's block
_METER_FALL_DB_S = 24.0
_RMS_S = 0.3

Incoming = Callable[[int], Iterable[tuple[int, Action]]]


class Mixer:
    """words: the state block's float64 words, of which it writes the playhead, meters, voices and block count.

    incoming: given the frames of a block, what happens within it, each with its frame, in order. What comes through
    `actions` happens at a block's first frame.
    """

    def __init__(
        self,
        rate_hz: int,
        actions: Ring[Action],
        words: npt.NDArray[np.float64],
        gain: float = 1.0,
        incoming: Incoming | None = None,
    ) -> None:
        self._actions = actions
        self._incoming = incoming
        self._words = words
        self._renderer = Renderer(rate_hz, SLOTS, CHUNK)
        self.voices = Voices(rate_hz, self._renderer.prepare, self._renderer.loudness)
        self._keys = Keys(rate_hz, self.voices)
        self._limiter = Limiter(rate_hz, CHUNK)
        self._now = 0
        self._gain = self._gain_wanted = gain
        self._meter_fall_per_frame = _METER_FALL_DB_S / rate_hz
        self._rms_fall_per_frame = 1 / (_RMS_S * rate_hz)
        self._bus = np.zeros((2, CHUNK), np.float32)
        self._size = np.zeros((2, CHUNK), np.float32)
        self._peaks = np.zeros(2, np.float32)
        self._power = np.zeros(2)
        self._ramp = np.zeros((2, CHUNK), np.float32)
        self._count = np.arange(1, CHUNK + 1, dtype=np.float32)

    def plays(self, playable: object) -> bool:
        """Whether a voice still reads it. Any thread."""
        return self.voices.plays(playable)

    def render(self, out: npt.NDArray[np.float32]) -> None:
        """Fill out (frames, channels)."""
        frames = len(out)
        action = self._actions.get()
        while action is not None:
            self._obey(action, 0)
            action = self._actions.get()
        events = iter(self._incoming(frames)) if self._incoming is not None else iter(())
        event = next(events, None)
        self._peaks.fill(0)
        at = 0
        while at < frames:
            count = min(CHUNK, frames - at)
            while event is not None and event[0] < at + count:
                self._obey(event[1], max(event[0] - at, 0))
                event = next(events, None)
            self._mix(self._bus[:, :count])
            self._deliver(self._bus[:, :count], out[at : at + count])
            at += count
        while event is not None:  # later than the block: nobody's promise, but no note may be lost
            self._obey(event[1], 0)
            event = next(events, None)
        self._report(frames)

    def _obey(self, action: Action, offset: int) -> None:
        if isinstance(action, MasterGain):
            self._gain_wanted = action.gain
        else:
            self._keys.obey(action, self._now + offset, offset)

    def _mix(self, bus: npt.NDArray[np.float32]) -> None:
        count = bus.shape[1]
        if self.voices.active:
            self._renderer.render(self.voices.active, self._keys, self._now, bus)
        else:
            bus.fill(0)
        self._now += count
        self.voices.sweep(self._now, self._renderer.rings)
        for channel in self._keys.channels:
            channel.bend.settle()
            channel.wheel.settle()
        if self._gain != self._gain_wanted:
            ramp, bend = self._ramp[:, :count]
            np.multiply(self._count[:count], 1 / count, out=ramp)
            smooth(ramp, bend)
            bend *= np.float32(self._gain_wanted - self._gain)
            bend += np.float32(self._gain)
            bus *= bend
            self._gain = self._gain_wanted
        elif self._gain != 1.0:
            bus *= np.float32(self._gain)
        self._limiter.process(bus)
        self._measure(bus)

    def _measure(self, bus: npt.NDArray[np.float32]) -> None:
        count = bus.shape[1]
        size = np.abs(bus, out=self._size[:, :count])
        fall = math.exp(-count * self._rms_fall_per_frame)
        for side in range(2):
            self._peaks[side] = max(self._peaks[side], size[side].max())
            power = float(np.dot(size[side], size[side])) / count
            self._power[side] = power + (self._power[side] - power) * fall

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
        words[state.RMS_LEFT], words[state.RMS_RIGHT] = math.sqrt(self._power[0]), math.sqrt(self._power[1])
        latest = max(reversed(self.voices.active), key=attrgetter("order"), default=None)
        words[state.VOICES] = len(self.voices.active)
        manner = latest.manner if latest is not None else None
        words[state.PLAYHEAD_S] = math.nan
        if latest is not None and manner is not None:
            playable = manner.playable
            position = min(latest.position, playable.frames)
            words[state.PLAYHEAD_S] = (playable.frames - position if manner.mirrored else position) / playable.rate_hz
        words[state.BLOCKS] += 1
