"""Edits of the pitch curve, apart from the timbre: what is added to it, in octaves over time.

Every edit of a sound without pitch gives that very sound's pitch back. `start_s` is where a region begins: glide, drop
and vibrato count their time from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.latent.space import POINT_HZ
from engine.latent.timing import held
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, Pitch

Seconds = npt.NDArray[np.float64]
Octaves = npt.NDArray[np.float64]
FADE_S = 0.03  # of a region's borders, and of what is drawn into a curve


def transposed(pitch: Pitch, semitones: float) -> Pitch:
    """The same movement on another note, kept within C0 … C9."""
    if pitch.root_note is None or semitones == 0.0:
        return pitch
    return pitch.at(float(np.clip(pitch.root_note + semitones, LOWEST_NOTE, HIGHEST_NOTE)))


def glide(seconds: Seconds, from_st: float, time_s: float, start_s: float = 0.0) -> Octaves:
    """From `from_st` semitones away to the note, evenly, in `time_s`."""
    if time_s <= 0.0:
        return np.zeros_like(seconds)
    return from_st / 12 * np.clip(1 - (seconds - start_s) / time_s, 0.0, 1.0)


def drop(seconds: Seconds, amount_st: float, time_s: float, bend: float, start_s: float = 0.0) -> Octaves:
    """From `amount_st` above down to the note in `time_s`; bend -1..1: below 0 slow then fast, above 0 the reverse."""
    left = np.clip(1 - (seconds - start_s) / time_s, 0.0, 1.0)
    return np.asarray(amount_st / 12 * left ** (6.0**bend))


def vibrato(seconds: Seconds, cents: float, rate_hz: float, delay_s: float, start_s: float = 0.0) -> Octaves:
    """A sine of `cents` to each side, from `delay_s` on; it takes one swing to reach its depth."""
    since = seconds - start_s - delay_s
    return cents / 1200 * np.clip(since * rate_hz, 0.0, 1.0) * np.sin(2 * np.pi * rate_hz * np.maximum(since, 0.0))


def added(
    pitch: Pitch, points: int, octaves: Callable[[Seconds], Octaves], span_s: tuple[float, float] | None = None
) -> Pitch:
    """`pitch` with `octaves(seconds)` added to its curve, which then has at least `points` points."""
    if pitch.root_note is None:
        return pitch
    count = max(points, len(pitch.octaves))
    seconds = np.arange(count) / POINT_HZ
    more = octaves(seconds) * faded(seconds, span_s)
    return replace(pitch, octaves=np.asarray(held(pitch.octaves, count, 0.0) + more, np.float32))


def scaled(pitch: Pitch, factor: float, span_s: tuple[float, float] | None = None) -> Pitch:
    """The movement `factor` times as large; 0 flattens it."""
    if pitch.root_note is None or factor == 1.0 or len(pitch.octaves) == 0:
        return pitch
    seconds = np.arange(len(pitch.octaves)) / POINT_HZ
    gain = 1 + (factor - 1) * faded(seconds, span_s)
    return replace(pitch, octaves=np.asarray(pitch.octaves * gain, np.float32))


def drawn(pitch: Pitch, points: int, line: Sequence[tuple[float, float]]) -> Pitch:
    """The curve where a line was drawn over it: (seconds, semitones from the root note), in any order.

    From the first to the last moment of the line the curve is the line, and it is as it was elsewhere.
    """
    if pitch.root_note is None or not line:
        return pitch
    moments, semitones = np.asarray(sorted(line), np.float64).T
    count = max(points, len(pitch.octaves))
    seconds = np.arange(count) / POINT_HZ
    weight = faded(seconds, (moments[0] - FADE_S, moments[-1] + FADE_S))
    own = held(pitch.octaves, count, 0.0)
    made = own + weight * (np.interp(seconds, moments, semitones) / 12 - own)
    return replace(pitch, octaves=np.asarray(made, np.float32))


def sung_as(pitch: Pitch, other: Pitch, own_note: bool) -> Pitch:
    """The other sound's pitch: its movement and voicing, on its note or on one's own."""
    if own_note and pitch.root_note is not None and other.root_note is not None:
        return other.at(pitch.root_note)
    return other


def faded(seconds: Seconds, span_s: tuple[float, float] | None) -> Octaves:
    """1 within the span, 0 outside, crossing over within `FADE_S` inside its borders; a border at 0 s is none."""
    if span_s is None:
        return np.ones_like(seconds)
    rise = np.ones_like(seconds) if span_s[0] <= 0 else np.clip((seconds - span_s[0]) / FADE_S, 0.0, 1.0)
    return np.asarray(np.minimum(rise, np.clip((span_s[1] - seconds) / FADE_S, 0.0, 1.0)))
