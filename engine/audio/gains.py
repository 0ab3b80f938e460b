"""Gains: how loud every voice is at every frame of a chunk, all of them worked out at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.audio.envelope import Stage

_STAGES = 3  # a voice passes through in one chunk at most


def smooth(x: npt.NDArray[np.float32], out: npt.NDArray[np.float32]) -> None:
    """3x^2 - 2x^3 of 0..1 into `out`: from 0 to 1 without a corner at either end, which would click."""
    np.multiply(x, -2, out=out)
    out += 3
    out *= x
    out *= x


class Gains:
    """For `rows` voices and `block` frames. Owns scratch; nothing is allocated while it works.

    Use: `begin`, then what each row passes through, then `result`.
    """

    def __init__(self, rows: int, block: int) -> None:
        self._gain = np.zeros((rows, block), np.float32)
        self._count = np.arange(block, dtype=np.float32)
        self._levels = [1.0] * rows  # of whole rows: numbers of Python, 32 small calls of NumPy cost more
        self._level = np.zeros((rows, 1), np.float32)
        self._stages: list[tuple[int, int, int]] = []
        most = _STAGES * rows
        numbers = np.zeros((9, most, 1), np.float32)
        self._start, self._length, self._soft, self._norm, self._bend = numbers[:5]
        self._steep, self._corner, self._low, self._span = numbers[5:]
        self._counts = np.tile(self._count, (most, 1))
        self._x, self._y, self._z = np.zeros((3, most, block), np.float32)
        self._fades: list[tuple[int, float, float, bool]] = []

    def begin(self, rows: int, frames: int) -> None:
        """Every row at gain 1."""
        self._rows, self._frames = rows, frames
        self._gain[:rows, :frames] = 1.0
        for row in range(rows):
            self._levels[row] = 1.0
        self._stages.clear()
        self._fades.clear()

    def constant(self, row: int, first: int, last: int, level: float) -> None:
        """Frames first..last (exclusive) of a row times a level."""
        if first <= 0 and last >= self._frames:
            self._levels[row] *= level
        elif level != 1.0 and first < last:
            self._gain[row, first:last] *= level

    def stage(self, row: int, first: int, last: int, stage: Stage, age: float, low: float, high: float) -> None:
        """Frames first..last of a row go from level `low` to `high`; age: of the stage at frame 0 of the chunk."""
        at = len(self._stages)
        if first >= last or at >= len(self._x):
            return
        self._stages.append((row, first, last))
        self._start[at], self._length[at], self._soft[at], self._bend[at] = age, stage.frames, stage.soft, stage.bend
        self._norm[at] = (stage.frames + stage.soft) / (stage.frames * stage.frames)
        self._low[at], self._span[at] = low, high - low
        self._steep[at], self._corner[at] = 1 + stage.bend, stage.corner

    def result(self) -> npt.NDArray[np.float32]:
        """(rows, frames), to be used before the next `begin`."""
        if self._stages:
            self._work_out()
        for first in range(0, len(self._fades), len(self._x)):
            self._fade(self._fades[first : first + len(self._x)])
        gain, level = self._gain[: self._rows, : self._frames], self._z[: self._rows, : self._frames]
        self._level[: self._rows, 0] = self._levels[: self._rows]
        np.copyto(level, self._level[: self._rows])
        gain *= level
        return gain

    def _work_out(self) -> None:
        used = len(self._stages)
        x, y, z = (scratch[:used, : self._frames] for scratch in (self._x, self._y, self._z))
        np.copyto(x, self._start[:used])  # copied first: arithmetic on unequal shapes would allocate a buffer
        x += self._counts[:used, : self._frames]
        np.maximum(x, 0, out=x)
        np.copyto(z, self._length[:used])
        np.minimum(x, z, out=x)
        np.copyto(z, self._soft[:used])
        np.add(x, z, out=y)
        x *= x
        x /= y
        np.copyto(z, self._norm[:used])
        x *= z  # 0..1; the rest is as in Stage.share
        np.copyto(z, self._bend[:used])
        np.multiply(x, z, out=y)
        y += 1
        x /= y
        np.copyto(z, self._steep[:used])
        x *= z
        np.subtract(1, x, out=x)
        np.copyto(z, self._corner[:used])
        np.add(x, z, out=y)
        x *= x
        x /= y
        z += 1
        x *= z
        np.subtract(1, x, out=x)
        np.copyto(z, self._span[:used])
        x *= z
        np.copyto(z, self._low[:used])
        x += z
        for at, (row, first, last) in enumerate(self._stages):
            self._gain[row, first:last] *= x[at, first:last]

    def fade(self, row: int, age: float, frames: float, rising: bool) -> None:
        """A fade in or out over so many frames, whose age at frame 0 of the chunk is given: 3x^2 - 2x^3, without a
        corner; one of each over the same frames make 1."""
        self._fades.append((row, age, frames, rising))

    def _fade(self, fades: list[tuple[int, float, float, bool]]) -> None:
        used = len(fades)
        x, y, z = (scratch[:used, : self._frames] for scratch in (self._x, self._y, self._z))
        for at, (_, age, frames, rising) in enumerate(fades):
            pace = 1 / frames if rising else -1 / frames  # backwards it falls
            self._start[at], self._length[at] = age * pace + (not rising), pace
        np.copyto(x, self._length[:used])  # copied first: arithmetic on unequal shapes would allocate a buffer
        x *= self._counts[:used, : self._frames]
        np.copyto(z, self._start[:used])
        x += z
        np.clip(x, 0, 1, out=x)
        smooth(x, y)
        for at, (row, *_) in enumerate(fades):
            self._gain[row, : self._frames] *= y[at]
