"""Reading a sound between its frames: windowed-sinc interpolation for voices that play at another pitch or rate.

A Kaiser-windowed sinc of 32 taps, 512 phases with linear interpolation between them (error below -100 dB). When a sound
is read faster than it was written, the sinc's cutoff falls with the speed, so that what would pass the new Nyquist
frequency is taken out instead of folding back. Smith & Gossett 1984, "A flexible sampling-rate conversion method".
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

TAPS = 32
PHASES = 512
MAX_OCTAVES_UP = 4  # the lowest cutoff there is a table for; faster than that, some of the highest partials fold back
_TABLES_PER_OCTAVE = 4
_KAISER_BETA = 7.86  # 80 dB

Planar = npt.NDArray[np.float32]  # (channels, frames)


def kernel(cutoff: float) -> npt.NDArray[np.float32]:
    """(PHASES + 1, TAPS): weights for each fractional position; cutoff 0..1 of Nyquist, gain 1 at 0 Hz."""
    fraction = np.arange(PHASES + 1)[:, None] / PHASES
    offset = np.arange(TAPS)[None, :] - (TAPS // 2 - 1) - fraction  # distance of each tap from the position read
    inside = np.clip(1 - (offset / (TAPS / 2)) ** 2, 0, None)
    weights = np.sinc(cutoff * offset) * np.i0(_KAISER_BETA * np.sqrt(inside))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


class Interpolator:
    """Reads planar sounds at any speed. Owns scratch for `block` frames, so one thread may use it, and its result holds
    until the next read. Nothing is allocated while reading."""

    def __init__(self, block: int) -> None:
        kernels = [kernel(2 ** (-k / _TABLES_PER_OCTAVE)) for k in range(MAX_OCTAVES_UP * _TABLES_PER_OCTAVE + 1)]
        self._weights = [np.ascontiguousarray(k[:-1]) for k in kernels]
        self._slopes = [np.ascontiguousarray(np.diff(k, axis=0)) for k in kernels]
        self._count = np.arange(block, dtype=np.float64)
        self._taps = np.tile(np.arange(TAPS, dtype=np.int64) - (TAPS // 2 - 1), (block, 1))
        self._at = np.zeros(block, np.float64)
        self._whole = np.zeros(block, np.float64)
        self._first = np.zeros(block, np.int64)
        self._phase = np.zeros(block, np.int64)
        self._between = np.zeros(block, np.float32)
        self._index = np.zeros((block, TAPS), np.int64)
        self._wrapped = np.zeros((block, TAPS), np.int64)
        self._beyond = np.zeros((block, TAPS), np.bool_)
        self._weight = np.zeros((block, TAPS), np.float32)
        self._slope = np.zeros((block, TAPS), np.float32)
        self._taken = np.zeros((block, TAPS), np.float32)
        self._read = np.zeros((2, block), np.float32)

    def read(
        self, samples: Planar, position: float, step: float, count: int, loop: tuple[int, int] | None, looped: bool
    ) -> Planar:
        """`count` values at position, position + step, … of samples (1 or 2 channels, frames + 2): (channels, count).

        Frame f of the sound is column f + 1: the guard columns at both ends are silence, and so is all beyond them.
        loop: first and last frame, last inclusive; `looped`: position has gone round already, so that what lies before
        the loop's start is its end. Positions beyond the loop's end are read as those inside it.
        """
        at, whole, first = self._at[:count], self._whole[:count], self._first[:count]
        phase, between = self._phase[:count], self._between[:count]
        np.multiply(self._count[:count], step, out=at)
        at += position
        np.floor(at, out=whole)
        np.copyto(first, whole, casting="unsafe")
        at -= whole
        at *= PHASES
        np.floor(at, out=whole)
        np.copyto(phase, whole, casting="unsafe")
        at -= whole
        np.copyto(between, at, casting="unsafe")

        index = self._index[:count]
        np.copyto(index, first[:, None])  # copied first: arithmetic on unequal shapes would allocate a buffer
        index += self._taps[:count]
        if loop is not None and (index[-1, -1] > loop[1] or (looped and index[0, 0] < loop[0])):
            self._wrap(index, loop, looped)
        index += 1

        table = self._table(step)
        weight, slope, taken = self._weight[:count], self._slope[:count], self._taken[:count]
        np.take(self._weights[table], phase, axis=0, out=weight, mode="clip")
        np.take(self._slopes[table], phase, axis=0, out=slope, mode="clip")
        np.copyto(taken, between[:, None])
        slope *= taken
        weight += slope
        read = self._read[: len(samples), :count]
        for channel in range(len(samples)):
            np.take(samples[channel], index, out=taken, mode="clip")
            np.einsum("nt,nt->n", taken, weight, out=read[channel])
        return read

    def _wrap(self, index: npt.NDArray[np.int64], loop: tuple[int, int], looped: bool) -> None:
        """Fold frame numbers into the loop, in place."""
        start, last = loop
        wrapped, beyond = self._wrapped[: len(index)], self._beyond[: len(index)]
        np.subtract(index, start, out=wrapped)
        np.remainder(wrapped, last - start + 1, out=wrapped)
        wrapped += start
        if looped:
            index[:] = wrapped
        else:
            np.greater(index, last, out=beyond)
            np.copyto(index, wrapped, where=beyond)

    @staticmethod
    def _table(step: float) -> int:
        """Which kernel suits a reading speed: cutoff at or below 1 / step."""
        if step <= 1:
            return 0
        return min(math.ceil(_TABLES_PER_OCTAVE * math.log2(step) - 1e-9), MAX_OCTAVES_UP * _TABLES_PER_OCTAVE)
