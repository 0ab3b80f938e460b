"""Cutting a sound and turning it round. A cut lands on a zero crossing and its edge is faded: nothing clicks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.dsp.fade import fade_window
from engine.sound import Samples, Sound

SNAP_S = 0.01  # a cut moves at most so far: half a period of 50 Hz
EDGE_S = 0.001  # the least fade of an edge that was cut: two channels rarely cross zero together


def nearest_zero(samples: Samples, rate_hz: int, frame: int) -> int:
    """The frame nearest to `frame` whose sample lies on the other side of zero than the one before it.

    Of all channels together. Where none lies within 10 ms: the quietest frame there. Both ends of the sound count.
    """
    frame = min(len(samples), max(0, frame))
    reach = round(SNAP_S * rate_hz)
    first, last = max(1, frame - reach), min(len(samples) - 1, frame + reach)
    ends = [end for end in (0, len(samples)) if abs(end - frame) <= reach]
    mono = samples[first - 1 : last + 1].sum(axis=1, dtype=np.float64) if last > first else np.zeros(0)
    above = mono > 0
    crossings = [int(place) for place in np.flatnonzero(above[1:] != above[:-1]) + first]
    if crossings or ends:
        return min([*crossings, *ends], key=lambda place: (abs(place - frame), place))
    return first - 1 + int(np.argmin(np.abs(mono))) if len(mono) else frame


def cut(sound: Sound, start: int, end: int, *, snap: bool = True) -> Sound:
    """Frames `start` up to `end` of a sound, its loop with it where that lies inside. Raises ValueError when none is
    left."""
    if snap:
        start, end = (nearest_zero(sound.samples, sound.rate_hz, frame) for frame in (start, end))
    start, end = max(0, start), min(sound.frames, end)
    if not start < end:
        raise ValueError(f"nothing lies between frames {start} and {end}")
    if start == 0 and end == sound.frames:
        return sound
    edge = round(EDGE_S * sound.rate_hz)
    kept = _faded(sound.samples[start:end], edge if start else 0, edge if end < sound.frames else 0)
    loop = sound.loop
    if loop is not None:
        loop = (loop[0] - start, loop[1] - start)
        loop = loop if 0 <= loop[0] < loop[1] < len(kept) else None
    return replace(sound, samples=kept, loop=loop)


def fade(sound: Sound, in_s: float, out_s: float) -> Sound:
    """Rises from silence over `in_s` and falls to it over `out_s`, by raised cosines."""
    frames = [min(sound.frames, round(seconds * sound.rate_hz)) for seconds in (in_s, out_s)]
    return sound.with_samples(_faded(sound.samples, *frames)) if any(frames) else sound


def reverse(sound: Sound) -> Sound:
    """The sound backwards, and its loop."""
    loop = sound.loop
    if loop is not None:
        loop = (sound.frames - 1 - loop[1], sound.frames - 1 - loop[0])
    return replace(sound, samples=sound.samples[::-1], loop=loop)


def _faded(samples: Samples, in_frames: int, out_frames: int) -> npt.NDArray[np.float32]:
    gain = fade_window(len(samples), in_frames, out_frames)
    return np.asarray(samples * gain[:, None], np.float32)
