"""Fewer bits and fewer samples, as early samplers had them; the aliases are meant."""

from __future__ import annotations

import numpy as np

from engine.sound import Sound


def fewer_bits(sound: Sound, bits: int) -> Sound:
    """Samples rounded to steps of 2 / 2^bits. Silence stays silence."""
    steps = 2.0 ** (bits - 1)
    return sound.with_samples(np.asarray(np.round(sound.samples * steps) / steps, np.float32))


def fewer_samples(sound: Sound, crush_hz: float) -> Sound:
    """Every 1 / crush_hz seconds a sample, held until the next, with nothing filtered before or after."""
    if crush_hz >= sound.rate_hz or not sound.frames:
        return sound
    ratio = sound.rate_hz / crush_hz
    held = np.ceil(np.floor(np.arange(sound.frames) / ratio) * ratio).astype(np.int64)
    return sound.with_samples(sound.samples[np.minimum(held, sound.frames - 1)])
