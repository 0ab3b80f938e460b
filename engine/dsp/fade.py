"""Raised-cosine fades: the slope is zero at both ends, so that nothing clicks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def fade_window(frames: int, in_frames: int, out_frames: int) -> npt.NDArray[np.float64]:
    """Gain (frames,): 0 rising to 1 over `in_frames`, falling to exactly 0 at the last frame over `out_frames`.

    Fades that would overlap are shortened in proportion.
    """
    gain = np.ones(frames)
    if in_frames + out_frames > frames:
        in_frames = frames * in_frames // (in_frames + out_frames)
        out_frames = frames - in_frames
    if in_frames > 0:
        gain[:in_frames] = 0.5 - 0.5 * np.cos(np.pi * np.arange(in_frames) / in_frames)
    if out_frames > 0:
        gain[frames - out_frames :] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, out_frames + 1) / out_frames)
    return gain
