"""Voice: one playing note. Only the callback touches a voice's sound and position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.audio.interpolate import TAPS, Interpolator, Planar
from engine.audio.playable import Playable

_SHORTEST_COPIED_LOOP = 64  # frames; shorter ones are cheaper to read frame by frame


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a voice. position: frame of the playable. step: frames per device frame. gain: linear. fade_in: device
    frames, 0 when the sound begins at its own start. note: what note-off will name, None for plain playback."""

    playable: Playable
    position: float
    step: float
    gain: float
    fade_in: int
    loop: tuple[int, int] | None
    note: float | None


class Voice:
    """Reads one playable, fades, and adds itself to the mix."""

    __slots__ = (
        "_curve",
        "_interpolator",
        "_level",
        "_ramp",
        "_scratch",
        "_slope",
        "active",
        "fading",
        "gain",
        "loop",
        "looped",
        "note",
        "order",
        "playable",
        "position",
        "step",
    )  # fmt: skip

    def __init__(self, interpolator: Interpolator, block: int) -> None:
        self._interpolator = interpolator
        self._ramp = np.zeros(block, np.float32)
        self._curve = np.zeros(block, np.float32)
        self._scratch = np.zeros((2, block), np.float32)
        self._level, self._slope = 1.0, 0.0  # of the fade: 0 silent … 1 full, and its change per frame
        self.active = self.fading = self.looped = False
        self.playable: Playable | None = None
        self.position, self.step, self.gain = 0.0, 1.0, 1.0
        self.loop: tuple[int, int] | None = None
        self.note: float | None = None
        self.order = 0

    def start(self, start: Start, order: int) -> None:
        self.playable, self.position, self.step, self.gain = start.playable, start.position, start.step, start.gain
        self.loop, self.note, self.order = start.loop, start.note, order
        self._level, self._slope = (0.0, 1.0 / start.fade_in) if start.fade_in else (1.0, 0.0)
        self.fading = self.looped = False
        self.active = True

    def release(self, frames: int) -> None:
        """Fade out over so many frames and end; a quicker fade under way stays quicker."""
        self._slope = min(self._slope, -1.0 / frames) if self.fading else -1.0 / frames
        self.fading = True

    def mix(self, bus: Planar, count: int) -> None:
        """Add the next `count` frames to bus (2, block)."""
        playable = self.playable
        if playable is None:
            return
        wet = self._read(playable, count)
        if self._slope != 0.0:
            wet *= self._fade(count)
        if self.gain != 1.0:
            wet *= np.float32(self.gain)
        bus[0, :count] += wet[0]
        bus[1, :count] += wet[-1]  # mono: both sides
        if self.fading and self._level <= 0:
            self.active = False
        if self.loop is None and self.position - TAPS / 2 >= playable.frames:
            self.active = False
        if not self.active:
            self.playable = None

    def _fade(self, count: int) -> Planar:
        """The fade's next values, 3l^2 - 2l^3 of a straight line l: no corner at either end."""
        ramp, curve = self._ramp[:count], self._curve[:count]
        ramp.fill(self._slope)
        np.cumsum(ramp, out=ramp)
        ramp += self._level
        np.clip(ramp, 0, 1, out=ramp)
        self._level = min(max(self._level + self._slope * count, 0.0), 1.0)
        if self._level >= 1:
            self._slope = 0.0
        np.multiply(ramp, -2, out=curve)
        curve += 3
        curve *= ramp
        curve *= ramp
        return curve

    def _read(self, playable: Playable, count: int) -> Planar:
        """(channels, count) at the voice's position, which moves on. The result may be written to."""
        loop = self.loop
        whole = self.step == 1.0 and (loop is None or loop[1] - loop[0] >= _SHORTEST_COPIED_LOOP)
        if whole:
            wet = self._scratch[: len(playable.samples), :count]
            self._copy(playable, wet)
        else:
            wet = self._interpolator.read(playable.samples, self.position, self.step, count, loop, self.looped)
            self.position += count * self.step
        if loop is not None and self.position > loop[1]:
            length = loop[1] - loop[0] + 1
            self.looped = self.looped or self.position >= loop[1] + 1
            while self.position >= loop[1] + 1:
                self.position -= length
        return wet

    def _copy(self, playable: Playable, wet: Planar) -> None:
        """Frame by frame as written, bit for bit: no interpolation at the sound's own pitch."""
        count, filled = wet.shape[1], 0
        end = playable.frames if self.loop is None else self.loop[1] + 1
        while filled < count:
            at = int(self.position)
            if at >= end and self.loop is not None:
                at = self.loop[0] + (at - self.loop[0]) % (end - self.loop[0])
                self.looped = True
            run = min(count - filled, max(end - at, 0))
            if run == 0:  # past the end of a sound without loop
                wet[:, filled:] = 0
                self.position = float(at + count - filled)
                return
            wet[:, filled : filled + run] = playable.samples[:, 1 + at : 1 + at + run]
            filled += run
            self.position = float(at + run)
