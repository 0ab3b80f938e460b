"""Edits of a part of the sound only, crossfaded at its borders."""

from __future__ import annotations

import numpy as np

from engine.latent.space import Floats
from engine.request import Latent

FADE_FRAMES = 1.0  # how far a border reaches into the region


def weights(frames: int, first: float, last: float) -> Floats:
    """(frames, 1): 0 outside, 1 inside, rising and falling within a frame inside the borders.

    A border at the sound's own start or end is none: there is nothing to cross over from.
    """
    places = np.arange(frames) + 0.5
    rise = np.ones(frames) if first <= 0 else np.clip((places - first) / FADE_FRAMES, 0.0, 1.0)
    fall = np.ones(frames) if last >= frames else np.clip((last - places) / FADE_FRAMES, 0.0, 1.0)
    return np.asarray(np.minimum(rise, fall), np.float32)[:, None]


def within(latent: Latent, edited: Latent, first: float, last: float) -> Latent:
    """`edited` between the places `first` and `last`, `latent` elsewhere. Both have one shape."""
    if edited is latent:
        return latent
    weight = weights(len(latent), first, last)
    mixed = latent + weight * (edited - latent)
    return np.asarray(np.where(weight >= 1.0, edited, np.where(weight <= 0.0, latent, mixed)), np.float32)
