"""Paths: where in its sound every voice is at each frame of a chunk."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.audio.controls import GRID, Channel
from engine.audio.interpolate import Positions
from engine.audio.keys import Keys
from engine.audio.manner import Loop
from engine.audio.voice import Voice


class Paths:
    """Of those voices whose pitch moves: glides, bends, vibrato. The others go straight on."""

    def __init__(self, rows: int, block: int, rate_hz: int) -> None:
        cells = -(-block // GRID)
        self._rate_hz = rate_hz
        self._speeds = np.zeros((rows, cells + 1))
        self._begin = np.zeros((rows, cells + 1))
        self._rise = np.zeros((rows, cells))
        self._lengths = np.zeros(cells)
        self._paths = np.zeros((rows, cells, GRID))
        self._term = np.zeros((rows, cells, GRID))
        self._count = np.tile(np.arange(GRID, dtype=np.float64), (rows, cells, 1))
        self._advances: list[float] = []  # of every path, from `work_out` on; so are the next two
        self._fastest: list[float] = []
        self._last: list[float] = []
        self.used = 0

    def begin(self, now: int, frames: int) -> None:
        self._frames = frames
        self.used = 0
        self._cells = -(-frames // GRID)
        self._corners = [now, *(now + min((cell + 1) * GRID, frames) for cell in range(self._cells))]

    def steady_speed(self, voice: Voice, keys: Keys) -> float | None:
        """Frames of the sound per frame of the device; None for a voice that moves, which must then be `add`ed."""
        manner = voice.manner
        if manner is None or manner.patch is None:
            return voice.speed
        channels = keys.channels
        channel, master = channels[voice.channel], channels[1]
        bend, mastered = voice.bend_range()
        if voice.glide.moving or (bend and channel.bend.moving) or (mastered and master.bend.moving):
            return None
        if manner.patch.wheel_cents > 0 and (_swings(channel) or (mastered and _swings(master))):
            return None
        pitch = voice.glide.goal + bend * channel.bend.value + (mastered * master.bend.value if mastered else 0.0)
        return manner.playable.step if pitch == 0 else float(manner.playable.step * 2.0 ** (pitch / 12))

    def add(self, voice: Voice, keys: Keys) -> int:
        """Returns the row of its path."""
        manner = voice.manner
        row, cells = self.used, self._cells
        self.used += 1
        if manner is None or manner.patch is None:
            return row
        channel, master = keys.channels[voice.channel], keys.channels[1]
        bend, mastered = voice.bend_range()
        if voice.glide.moving:
            pitches = voice.glide.along(self._corners)
        else:
            pitches = [voice.glide.goal] * (cells + 1)
        if bend:
            pitches = [pitch + bend * value for pitch, value in zip(pitches, channel.bend.points(cells), strict=True)]
        if mastered:
            pitches = [p + mastered * value for p, value in zip(pitches, master.bend.points(cells), strict=True)]
        if manner.patch.wheel_cents > 0:
            depths = channel.wheel.points(cells)
            if mastered:
                depths = [max(one, two) for one, two in zip(depths, master.wheel.points(cells), strict=True)]
            turn, most = 2 * math.pi * manner.patch.vibrato_hz / self._rate_hz, manner.patch.wheel_cents / 100
            pitches = [
                pitch + most * depth * math.sin(turn * (frame - voice.born))
                for pitch, depth, frame in zip(pitches, depths, self._corners, strict=True)
            ]
        self._speeds[row, : cells + 1] = pitches
        self._rise[row, :cells] = manner.playable.step  # kept here until `work_out`
        return row

    def work_out(self) -> None:
        """All paths that were added: quadratic in every cell, as the speed goes straight from one end to the other."""
        used, cells = self.used, self._cells
        if not used:
            return
        speeds, begin = self._speeds[:used, : cells + 1], self._begin[:used, : cells + 1]
        rise = self._rise[:used, :cells]
        speeds /= 12
        np.exp2(speeds, out=speeds)
        speeds *= self._rise[:used, :1]
        lengths = self._lengths[:cells]
        lengths.fill(GRID)
        lengths[-1] = self._frames - (cells - 1) * GRID
        np.add(speeds[:, 1:], speeds[:, :-1], out=rise)
        rise *= lengths
        rise *= 0.5
        begin[:, 0] = 0
        np.cumsum(rise, axis=1, out=begin[:, 1:])
        np.subtract(speeds[:, 1:], speeds[:, :-1], out=rise)
        rise /= lengths
        rise *= 0.5
        path, term, count = self._paths[:used, :cells], self._term[:used, :cells], self._count[:used, :cells]
        np.copyto(path, rise[:, :, None])  # copied first: arithmetic on unequal shapes would allocate a buffer
        path *= count
        np.copyto(term, speeds[:, :-1, None])
        path += term
        path *= count
        np.copyto(term, begin[:, :-1, None])
        path += term
        self._advances, self._last = begin[:, cells].tolist(), speeds[:, cells].tolist()
        self._fastest = speeds.max(1).tolist()

    def path(self, row: int) -> Positions:
        """(frames,) how far it has come since the chunk began."""
        path: Positions = self._paths[row].reshape(-1)[: self._frames]
        return path

    def advance(self, row: int) -> float:
        """How far it comes in the whole chunk."""
        return self._advances[row]

    def fastest(self, row: int) -> float:
        return self._fastest[row]

    def last_speed(self, row: int) -> float:
        return self._last[row]


def _swings(channel: Channel) -> bool:
    return channel.wheel.value > 0 or channel.wheel.moving


class Seam:
    """Takes positions round a loop. Owns scratch for `block` frames."""

    def __init__(self, block: int) -> None:
        self._past = np.zeros(block)
        self._beyond = np.zeros(block, np.bool_)

    def wrap(self, positions: Positions, loop: Loop) -> None:
        """In place: what lies past the loop's end, as often as needed."""
        past, beyond = self._past[: len(positions)], self._beyond[: len(positions)]
        np.subtract(positions, loop.end, out=past)
        np.greater_equal(past, 0, out=beyond)
        np.remainder(past, loop.end - loop.start, out=past)
        past += loop.start
        np.copyto(positions, past, where=beyond)

    def share(self, positions: Positions, loop: Loop, out: npt.NDArray[np.float32]) -> bool:
        """How much of the next round is heard already at each position inside the loop; False when nothing is."""
        past = self._past[: len(positions)]
        np.subtract(positions, loop.end - loop.fade, out=past)
        past *= 1 / loop.fade
        np.clip(past, 0, 1, out=past)
        if past.max() <= 0:
            return False
        np.multiply(past, -2, out=out, casting="unsafe")
        out += 3
        out *= past
        out *= past
        return True


def place_in(loop: Loop, position: float) -> float:
    """A position past a loop's end, taken round."""
    return loop.start + (position - loop.start) % (loop.end - loop.start) if position >= loop.end else position
