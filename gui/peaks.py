"""What a waveform drawing needs from samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

Floats = npt.NDArray[np.float32]


_HOLD_S = 0.012  # without it a bass, slower than the bars, would flicker from one to the next
_HOLD_SHARE = 0.012  # of the whole, for short sounds


def peaks(sound: Sound, columns: int) -> tuple[Floats, Floats]:
    """Lowest and highest sample over all channels in each of `columns` equal stretches, two of float32 (columns,).

    Each stretch remembers a moment of what was before it, so that a bar is at least a period of a low note. A stretch
    shorter than a frame takes the frame it lies in. An empty sound gives zeros.
    """
    if sound.frames == 0 or columns < 1:
        zeros = np.zeros(max(columns, 0), np.float32)
        return zeros, zeros
    starts = (np.arange(columns) * sound.frames) // columns
    low = np.minimum.reduceat(sound.samples, starts, axis=0).min(axis=1)
    high = np.maximum.reduceat(sound.samples, starts, axis=0).max(axis=1)
    held = round(min(_HOLD_S / sound.seconds, _HOLD_SHARE) * columns)
    for _ in range(held):
        low[1:] = np.minimum(low[1:], low[:-1])
        high[1:] = np.maximum(high[1:], high[:-1])
    return low, high
