"""The attack axis: how long the onset takes to rise. Long attacks are time, short ones are timbre.

What rises over several frames is stretched or compressed in time. What rises within a frame is a matter of that frame's
channels: a small map, fitted by regression on pairs of sounds with and without a slower onset, says how they change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.latent.space import Floats, Onset, Space
from engine.latent.timing import TimeMap
from engine.request import Latent

FULL_DB = 3.0  # a sound has risen in the first frame that comes so near the loudest
HALF_DB = 6.0  # its attack is over in the first that comes so near: what swells on is its body
AT_LIMIT = 0.2  # deviations, rms: a harder onset that is no further away than this is there already


@dataclass(frozen=True)
class Rise:
    """Frames in which the sound begins and in which it has risen."""

    first: int
    last: int


def rise(latent: Latent, space: Space, near_db: float = FULL_DB) -> Rise:
    """From where the sound begins to the first frame within `near_db` of the loudest; (0, 0) without known levels."""
    levels = space.levels(latent)
    if levels is None or len(levels) == 0:
        return Rise(0, 0)
    first = space.onset(latent)
    return Rise(first, first + int((levels[first:] >= levels.max() - near_db).argmax()))


def attack_time(latent: Latent, units: float, space: Space, longest: int = 10**6) -> TimeMap | None:
    """An attack of more than a frame takes 2^units times as long; the rest moves along. A shorter one needs two frames:
    within them, frames laid nearer together would only blur into each other."""
    found, frames = rise(latent, space, HALF_DB), len(latent)
    wide = found.last - found.first
    if units == 0.0 or wide < (2 if units < 0 else 1):
        return None
    start, end = found.first + 0.5, found.last + 0.5
    scaled = wide * 2.0**units
    total = min(longest, max(1, round(frames - wide + scaled)))
    knots = np.array([0.0, start, start + scaled, frames - end + start + scaled])
    return TimeMap(total, lambda places: np.interp(places, knots, np.array([0.0, start, end, float(frames)])))


def softened(latent: Latent, units: float, space: Space) -> Latent:
    """The first frames as they are when the onset is softer (above 0) or harder (below 0), a unit at a time. An onset
    that is as hard as can be stays as it is."""
    onset = space.rise_up if units > 0 else space.rise_down
    if units == 0.0 or onset is None or len(latent) == 0:
        return latent
    made, left = np.array(latent, np.float32), abs(units)
    first = space.onset(latent)
    while left > 0:
        share = min(1.0, left)
        change = _change(onset, made, first, space)
        if units < 0:
            size = float(np.sqrt(np.mean((change / space.deviation) ** 2)))
            change = change * np.float32(max(0.0, 1 - (AT_LIMIT / max(size, 1e-9)) ** 2))
        made[first : first + len(change)] += np.float32(share) * change
        left -= share
    return made


def _change(onset: Onset, latent: Latent, first: int, space: Space) -> Floats:
    """What one unit adds to the frames from `first` on, (rows, channels)."""
    part = latent[np.minimum(np.arange(first, first + onset.rows), len(latent) - 1)]
    seen = ((part - space.mean) / space.deviation).ravel()
    change = (onset.outward @ np.tanh(onset.inward @ seen + onset.bias)).reshape(part.shape) * space.deviation
    return np.asarray(change[: len(latent) - first], np.float32)
