"""Moving along calibrated directions. Decay and movement are moved by their definition, the others by a vector."""

from __future__ import annotations

import numpy as np

from engine.latent.smooth import smoothed
from engine.latent.space import Axis, Floats, Space
from engine.latent.timing import TimeMap
from engine.request import Latent

DIRECTIONS = ("brightness", "noisiness", "body", "warmth")  # one vector each
KEYS = ("brightness", "attack", "decay", "noisiness", "body", "warmth", "movement")
SLOW_FRAMES = 5  # what is slower than this is the sound's own course, not its movement


def moved(latent: Latent, axis: Axis, units: float) -> Latent:
    """`units` along the axis."""
    step = axis.up if units > 0 else axis.down
    if units == 0.0 or step is None:
        return latent
    return np.asarray(latent + np.float32(units) * step, np.float32)


def decayed(frames: int, units: float, onset: int = 0, longest: int = 10**6) -> TimeMap | None:
    """What follows the onset's frame takes 2^units times as long: attack and level are kept, every decay is scaled."""
    start = onset + 0.5
    if units == 0.0 or frames <= start:
        return None
    total = min(longest, max(1, round(start + (frames - start) * 2.0**units)))
    scale = 2.0**-units
    return TimeMap(total, lambda places: np.where(places < start, places, start + (places - start) * scale))


def livened(latent: Latent, units: float) -> Latent:
    """What moves faster than half a second, made 2^units times as large."""
    if units == 0.0:
        return latent
    slow = smoothed(latent, SLOW_FRAMES)
    gain = np.full((len(latent), 1), 2.0**units - 1.0, np.float32)
    gain[: SLOW_FRAMES // 2] = 0.0  # the attack is fast by nature
    return np.asarray(latent + gain * (latent - slow), np.float32)


def along(latent: Latent, direction: Floats, units: float, space: Space) -> Latent:
    """`units` along a direction (channels,) that is counted in deviations of each channel."""
    if units == 0.0:
        return latent
    return np.asarray(latent + np.float32(units) * direction * space.deviation, np.float32)
