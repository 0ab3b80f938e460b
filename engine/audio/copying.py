"""Copying: a sound at its own pitch, frame by frame as it was written, bit for bit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.audio.gains import smooth
from engine.audio.interpolate import Planar
from engine.audio.manner import Manner


class Copier:
    """Owns scratch for `block` frames."""

    def __init__(self, block: int) -> None:
        self._other = np.zeros((2, block), np.float32)
        self._count = np.arange(block, dtype=np.float32)
        self._x = np.zeros(block, np.float32)
        self._y = np.zeros(block, np.float32)

    def copy(self, manner: Manner, position: int, out: Planar) -> int:
        """Fill out (channels, frames) from a position on; returns the next one."""
        samples, loop = manner.playable.samples, manner.loop
        frames, count, filled = manner.playable.frames, out.shape[1], 0
        start, end, fade = (0, frames, 0) if loop is None else (int(loop.start), int(loop.end), int(loop.fade))
        while filled < count:
            if loop is not None and position >= end:
                position = start + (position - start) % (end - start)
            fading = loop is not None and position >= end - fade
            limit = end - fade if loop is not None and not fading else end
            run = min(count - filled, limit - position)
            if run <= 0:  # past the end of a sound without loop
                out[:, filled:] = 0
                return int(position + count - filled)
            part = out[:, filled : filled + run]
            _fetch(samples, position, manner.mirrored, part)
            if fading:
                other = self._other[: len(part), :run]
                _fetch(samples, position - (end - start), manner.mirrored, other)
                other -= part
                other *= self._share(position - (end - fade), run, fade)
                part += other
            filled += run
            position += run
        return position

    def _share(self, done: int, run: int, fade: int) -> npt.NDArray[np.float32]:
        """How much of the next round is heard."""
        x, y = self._x[:run], self._y[:run]
        np.add(self._count[:run], done, out=x)
        x /= fade
        smooth(x, y)
        return y


def _fetch(samples: Planar, position: int, mirrored: bool, out: Planar) -> None:
    """Frames of a sound (with a silent one at either end) as it is played, silence around it."""
    frames, count = samples.shape[1] - 2, out.shape[1]
    first, last = min(max(position, 0), frames), min(max(position + count, 0), frames)
    if first > position or last < position + count:
        out[:] = 0
    if first >= last:
        return
    place = out[:, first - position : last - position]
    if mirrored:
        place[:] = samples[:, frames - last + 1 : frames - first + 1][:, ::-1]
    else:
        place[:] = samples[:, 1 + first : 1 + last]
