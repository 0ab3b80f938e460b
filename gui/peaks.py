"""What a waveform drawing needs from samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

Floats = npt.NDArray[np.float32]


def peaks(sound: Sound, columns: int) -> tuple[Floats, Floats]:
    """Lowest and highest sample over all channels in each of `columns` equal stretches, two of float32 (columns,).

    A stretch shorter than a frame takes the frame it lies in. An empty sound gives zeros.
    """
    if sound.frames == 0 or columns < 1:
        zeros = np.zeros(max(columns, 0), np.float32)
        return zeros, zeros
    starts = (np.arange(columns) * sound.frames) // columns
    low = np.minimum.reduceat(sound.samples.min(axis=1), starts)
    high = np.maximum.reduceat(sound.samples.max(axis=1), starts)
    return low, high
