"""Moving along calibrated directions. Decay and movement are moved by their definition, the others by a vector."""

from __future__ import annotations

import numpy as np

from engine.latent.smooth import smoothed
from engine.latent.space import Axis, Floats, Space
from engine.latent.timing import Places, TimeMap
from engine.request import Latent

DIRECTIONS = ("brightness", "noisiness", "body", "warmth")  # one vector each
KEYS = ("brightness", "attack", "decay", "noisiness", "body", "warmth", "movement")
DIED_DB = 40.0  # under the loudest frame, the body is over
HEAD = 0.5  # of the onset's frame, as it is
SLOW_FRAMES = 5  # what is slower than this is the sound's own course, not its movement


def moved(latent: Latent, axis: Axis, units: float) -> Latent:
    """`units` along the axis."""
    step = axis.up if units > 0 else axis.down
    if units == 0.0 or step is None:
        return latent
    return np.asarray(latent + np.float32(units) * step, np.float32)


def decayed(latent: Latent, units: float, space: Space, longest: int = 10**6) -> TimeMap | None:
    """The body, from the onset's frame to where it has died away, takes 2^units times as long; attack and level are
    kept, and so is how it ends. A shorter sound keeps its length, silence following; a longer one grows."""
    frames, levels = len(latent), space.levels(latent)
    start = space.onset(latent) + HEAD
    if units == 0.0 or frames <= start:
        return None
    end = float(frames if levels is None else 1 + np.flatnonzero(levels >= levels.max() - DIED_DB)[-1])
    grown = (end - start) * 2.0**units - (end - start)
    total = frames if units < 0 else min(longest, max(frames, round(frames + grown)))
    knots, sources = np.array([0.0, start, end + grown]), np.array([0.0, start, end])

    def source(places: Places) -> Places:
        moved = np.where(places < end + grown, np.interp(places, knots, sources), places - grown)
        return np.where(moved > frames, np.nan, moved)

    return TimeMap(total, source)


def livened(latent: Latent, units: float) -> Latent:
    """What moves faster than half a second, made 2^units times as large."""
    if units == 0.0:
        return latent
    slow = smoothed(latent, SLOW_FRAMES)
    gain = np.full((len(latent), 1), 2.0**units - 1.0, np.float32)
    gain[: SLOW_FRAMES // 2] = 0.0  # the attack is fast by nature
    return np.asarray(latent + gain * (latent - slow), np.float32)


def along(latent: Latent, direction: Floats, units: float, space: Space) -> Latent:
    """`units` along a direction (channels,) that is counted in deviations of each channel, as far as there is sound:
    what has died away stays as it is."""
    if units == 0.0:
        return latent
    step = np.float32(units) * direction * space.deviation
    return np.asarray(latent + sounding(latent, space)[:, None] * step, np.float32)


def sounding(latent: Latent, space: Space) -> Floats:
    """How much of a sound each frame is, (frames,) 0..1: all of it within DIED_DB of the loudest, nothing 20 dB below
    that; 1 where the space cannot tell levels."""
    levels = space.levels(latent)
    if levels is None or len(levels) == 0:
        return np.ones(len(latent), np.float32)
    return np.asarray(np.clip((levels - levels.max() + DIED_DB + 20.0) / 20.0, 0.0, 1.0), np.float32)
