"""What must never be in a sound that leaves: nothing at all, NaN, clipping, an offset, a click."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

DEFECTS = ("broken", "silent", "clipped", "offset", "click")

SILENT_DBFS = -60.0
STUCK_FRAMES = 4  # so many neighbouring frames at the very peak are a cut-off top
OFFSET = 0.005  # of the peak
END = 0.01  # of the peak: a sound that starts or stops higher than this does so with a click
JUMP, LONELY = 0.1, 4.0  # a click: a bend this large (of the peak), this many times those within 40 ms around it
AROUND_S, OWN_S, ONSET_S = 0.040, 0.001, 0.050


def defects(sound: Sound) -> frozenset[str]:
    """The names of `DEFECTS` that the sound has."""
    samples = sound.samples.astype(np.float64)
    if not np.isfinite(samples).all():
        return frozenset({"broken"})
    if sound.peak_dbfs < SILENT_DBFS:
        return frozenset({"silent"})
    found = set()
    for channel in samples.T:
        peak = np.abs(channel).max()
        if peak == 0:
            continue
        if peak > 1.0 or _longest_run(np.abs(channel) >= peak * (1 - 1e-6)) >= STUCK_FRAMES:
            found.add("clipped")
        if abs(channel.mean()) > OFFSET * peak:
            found.add("offset")
        if max(abs(channel[0]), abs(channel[-1])) > END * peak or _clicks(channel / peak, sound.rate_hz):
            found.add("click")
    return frozenset(found)


def _longest_run(mask: npt.NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _clicks(samples: npt.NDArray[np.float64], rate_hz: int) -> bool:
    """Whether, after the onset, one bend stands alone: the edges of a saw have neighbours, a click has none."""
    if len(samples) < 3:
        return False
    bend = np.abs(np.diff(samples, 2))
    around, own = round(AROUND_S * rate_hz), max(1, round(OWN_S * rate_hz))
    first = int(np.argmax(np.abs(samples) > 0.1)) + round(ONSET_S * rate_hz)
    for place in first + np.argsort(bend[first:])[-8:]:
        near = np.concatenate([bend[max(0, place - around) : max(0, place - own)], bend[place + own : place + around]])
        if bend[place] > JUMP and len(near) and bend[place] > LONELY * near.max():
            return True
    return False
