"""How wide the stereo picture is. What a mono loudspeaker plays stays the same to the bit of rounding."""

from __future__ import annotations

import numpy as np

from engine.dsp.side import made
from engine.sound import Sound


def widen(sound: Sound, width: float) -> Sound:
    """Left and right further from their mean, or nearer: 0 % is mono, 100 % as it was, 200 % twice as far.

    A mono sound, which has nothing to move apart, gets a side of its own above 100 %: at 200 % it is wide.
    """
    if sound.channels > 2 or width == 100.0:
        return sound
    if sound.channels == 1:
        return made(sound, width - 100.0) if width > 100.0 else sound
    middle = sound.samples.mean(axis=1, keepdims=True, dtype=np.float64)
    side = sound.samples - middle
    return sound.with_samples(np.asarray(middle + side * (width / 100), np.float32))
