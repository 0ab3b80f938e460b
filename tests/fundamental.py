"""How high a sound is at a moment, to a cent or so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def fundamental_hz(sound: npt.NDArray[np.float64], rate_hz: int, at_s: float, near_hz: float) -> float:
    """The frequency of what lies around `near_hz`, 20 ms to both sides of a moment, by how its phase turns.
    sound (frames,)."""
    half, gap = round(0.02 * rate_hz), round(0.002 * rate_hz)
    window, middle = np.hanning(2 * half), round(at_s * rate_hz)
    turn = np.exp(-2j * np.pi * near_hz * np.arange(len(sound)) / rate_hz)
    spans = [slice(middle + offset - half, middle + offset + half) for offset in (-gap, gap)]
    ends = [(sound[span] * turn[span] * window).sum() for span in spans]
    return near_hz + float(np.angle(ends[1] / ends[0])) / (2 * np.pi * 2 * gap / rate_hz)


def cents_off(sound: npt.NDArray[np.float64], rate_hz: int, at_s: float, wanted_hz: float) -> float:
    """How far from a wanted frequency."""
    return abs(1200 * float(np.log2(fundamental_hz(sound, rate_hz, at_s, wanted_hz) / wanted_hz)))
