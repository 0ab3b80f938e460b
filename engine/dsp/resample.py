"""Another sampling rate, by band-limited interpolation (soxr, very high quality)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import soxr

from engine.sound import Sound


def resample(sound: Sound, rate_hz: int) -> Sound:
    """`sound` at `rate_hz`; its loop moves along. The peak may change by a fraction of a dB: normalise afterwards."""
    if rate_hz == sound.rate_hz:
        return sound
    if rate_hz <= 0:
        raise ValueError(f"rate_hz must be positive, not {rate_hz}")
    samples = np.asarray(soxr.resample(sound.samples, sound.rate_hz, rate_hz, quality="VHQ"), np.float32)
    loop = sound.loop
    if loop is not None:
        ratio = rate_hz / sound.rate_hz
        loop = (round(loop[0] * ratio), min(len(samples) - 1, round((loop[1] + 1) * ratio) - 1))
    return replace(sound, samples=samples, rate_hz=rate_hz, loop=loop)
