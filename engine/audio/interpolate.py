"""Reading sounds between their frames, many voices at once.

Band-limited interpolation (Smith & Gossett 1984, "A flexible sampling-rate conversion method"): a Kaiser-windowed sinc
of 16 taps over a copy of the sound that is oversampled by 4/3 (`levels.py`), so that so few taps suffice. Frames lie in
memory by fours, and a window is five such fours: copying 16 bytes at a time is what makes 32 voices cheap. The weights
come from one table of PHASES positions between two frames, so fine that it needs no interpolation of its own. Measured:
all that is not the sine wanted lies below -82 dB for sines up to the band's end, an octave up below -87 dB.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FOUR = 4  # frames that lie, and are copied, together
LEAD = 3 * FOUR  # frames of a level before the sound: silence, and what rings ahead of it
_FOURS = 5  # in a window: 16 taps at any offset within a four, and one spare frame
_WIDTH = FOUR * _FOURS
_BEFORE = 2  # fours of the window before the one read in
PHASES = 8192  # positions between two frames; the nearest one is taken: error of a full band below -85 dB
_SHIFT = (FOUR * PHASES).bit_length() - 1
_REACH = 8.0  # frames to either side
_KAISER_BETA = 8.2
_FAR = 2.0**52  # beyond any sound
_BATCH = 16  # sounds read at a time: what they need together stays in the processor's cache

Planar = npt.NDArray[np.float32]  # (channels, frames)
Positions = npt.NDArray[np.float64]


def kernel() -> npt.NDArray[np.float32]:
    """(FOUR * PHASES, 20): weights of a window's frames for each position in its third four; gain 1 at 0 Hz."""
    lead = _BEFORE * FOUR
    offset = np.arange(2 * lead + 1)[None, :] - lead - np.arange(PHASES)[:, None] / PHASES
    inside = 1 - (offset / _REACH) ** 2
    base = np.sinc(offset) * np.i0(_KAISER_BETA * np.sqrt(np.clip(inside, 0, None))) * (inside > 0)
    base /= base.sum(axis=1, keepdims=True)
    weights = np.zeros((FOUR, PHASES, _WIDTH), np.float32)
    for frame in range(FOUR):  # of the third four: the same weights, further on
        weights[frame, :, frame : frame + base.shape[1]] = base
    return weights.reshape(FOUR * PHASES, _WIDTH)


class Reader:
    """Owns scratch for `block` frames, so one thread may use it. Nothing is allocated while reading."""

    def __init__(self, block: int) -> None:
        self._kernel = kernel()
        self._fine = np.zeros((_BATCH, block), np.float64)
        self._place = np.zeros((_BATCH, block), np.int64)
        self._four = np.zeros((_BATCH, block), np.int64)
        self._fours = np.zeros(_BATCH * block * _FOURS, np.int64)
        self._taken = np.zeros(_BATCH * block * _WIDTH, np.float32)
        self._weights = np.zeros(_BATCH * block * _WIDTH, np.float32)

    def read(
        self, sounds: Sequence[npt.NDArray[np.float32]], positions: Positions, stereo: int, out: npt.NDArray[np.float32]
    ) -> None:
        """Fill out (2, sounds, count) with each sound's values at its row of positions (sounds, count).

        sounds: (channels, fours, 4), the first and last four silent; beyond them is silence. Positions count frames
        of the array; a sound's own first one is LEAD. The first `stereo` sounds have two channels, the others one:
        their second plane is left as it was.
        """
        for first in range(0, len(sounds), _BATCH):
            last = min(first + _BATCH, len(sounds))
            self._batch(sounds[first:last], positions[first:last], stereo - first, out[:, first:last])

    def _batch(
        self, sounds: Sequence[npt.NDArray[np.float32]], positions: Positions, stereo: int, out: npt.NDArray[np.float32]
    ) -> None:
        rows, count = positions.shape
        fine, place, four = self._fine[:rows, :count], self._place[:rows, :count], self._four[:rows, :count]
        np.multiply(positions, PHASES, out=fine)
        fine += 0.5
        np.clip(fine, -_FAR, _FAR, out=fine)
        np.floor(fine, out=fine)
        np.copyto(place, fine, casting="unsafe")
        np.right_shift(place, _SHIFT, out=four)
        np.bitwise_and(place, FOUR * PHASES - 1, out=place)
        size = rows * count
        fours = self._fours[: size * _FOURS].reshape(rows, count, _FOURS)
        for k in range(_FOURS):
            np.add(four, k - _BEFORE, out=fours[:, :, k])
        weights = self._weights[: size * _WIDTH].reshape(rows, count, _WIDTH)
        self._kernel.take(place, axis=0, out=weights, mode="clip")  # the method: `np.take` calls it, later
        taken = self._taken[: size * _WIDTH].reshape(rows, count, _FOURS, FOUR)
        windows = taken.reshape(rows, count, _WIDTH)
        for row in range(rows):
            sounds[row][0].take(fours[row], axis=0, out=taken[row], mode="clip")
        np.einsum("rnt,rnt->rn", windows, weights, out=out[0])
        if stereo > 0:
            rows = min(stereo, rows)
            for row in range(rows):
                sounds[row][1].take(fours[row], axis=0, out=taken[row], mode="clip")
            np.einsum("rnt,rnt->rn", windows[:rows], weights[:rows], out=out[1, :rows])
