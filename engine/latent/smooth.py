"""Smoothing by pooling over time; the length stays."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.request import Latent

SmoothKind = Literal["average", "max"]


def smoothed(latent: Latent, window: int, kind: SmoothKind = "average") -> Latent:
    """Each frame becomes the average, or the largest value, of the `window` frames around it.

    Near the ends the window holds what frames there are; an even window reaches one frame further back than forward.
    """
    if window <= 1 or len(latent) < 2:
        return latent
    count = len(latent)
    first = np.maximum(np.arange(count) - window // 2, 0)
    stop = np.minimum(np.arange(count) - window // 2 + window, count)
    if kind == "average":
        total = np.concatenate([np.zeros((1, latent.shape[1])), np.cumsum(latent, axis=0, dtype=np.float64)])
        return np.asarray((total[stop] - total[first]) / (stop - first)[:, None], np.float32)
    padded = np.pad(latent, ((window // 2, window - 1 - window // 2), (0, 0)), constant_values=-np.inf)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, window, axis=0).max(-1), np.float32)
