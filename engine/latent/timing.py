"""Edits of time: stretch, shift, reverse, freeze. Each is a map from places in the result to places in the source.

Latent and pitch curve follow the same map, so that they stay together. Places are counted in latent frames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.latent.space import POINT_HZ, Floats, Space
from engine.pitch import Pitch
from engine.request import Latent

Places = npt.NDArray[np.float64]
Span = tuple[float, float]  # first and last place of a region, in frames
LONGEST_S = 30.0  # no edit makes a sound longer


@dataclass(frozen=True, eq=False)
class TimeMap:
    """frames: length of the result. source: place in the result -> place in the source; NaN is silence."""

    frames: int
    source: Callable[[Places], Places]


def stretched(frames: int, factor: float, span: Span | None = None, longest: int = 10**6) -> TimeMap | None:
    """What lies within `span` (None: everything) takes `factor` times as long; what follows moves along."""
    first, last = (0.0, float(frames)) if span is None else (max(0.0, span[0]), min(float(frames), span[1]))
    if factor == 1.0 or last <= first:
        return None
    wide = (last - first) * factor
    total = min(longest, max(1, round(frames - (last - first) + wide)))
    knots = np.array([0.0, first, first + wide, frames - last + first + wide])
    sources = np.array([0.0, first, last, float(frames)])
    return TimeMap(total, lambda places: np.interp(places, knots, sources))


def shifted(frames: int, by: float) -> TimeMap | None:
    """Later by so many frames (earlier below 0); silence where nothing is left, the length stays."""
    if by == 0.0:
        return None

    def source(places: Places) -> Places:
        moved = places - by
        return np.where((moved < 0) | (moved > frames), np.nan, moved)

    return TimeMap(frames, source)


def reversed_within(frames: int, span: Span | None = None) -> TimeMap | None:
    """Backwards within `span` (None: everything)."""
    first, last = (0.0, float(frames)) if span is None else (max(0.0, span[0]), min(float(frames), span[1]))
    if frames < 2 or last <= first:
        return None
    return TimeMap(frames, lambda places: np.where((places >= first) & (places <= last), first + last - places, places))


def frozen(frames: int, at: float, span: Span | None = None) -> TimeMap | None:
    """From the place `at` on, and within `span`, time stands still."""
    first, last = (0.0, float(frames)) if span is None else span
    at = max(at, first)
    if at >= min(last, frames - 1):
        return None
    return TimeMap(frames, lambda places: np.where((places > at) & (places <= last), at, places))


def map_latent(latent: Latent, time: TimeMap, space: Space) -> Latent:
    """The latent along `time`, frames interpolated linearly."""
    places = time.source(np.arange(time.frames, dtype=np.float64) + 0.5) - 0.5
    silent = np.isnan(places)
    made = _at(latent, np.where(silent, 0.0, places))
    made[silent] = space.quiet(latent)
    return made


def map_pitch(pitch: Pitch, time: TimeMap, frames: int, space: Space) -> Pitch:
    """The pitch curve along `time`; `frames` is the length of the latent it belonged to. A flat one stays flat."""
    if pitch.root_note is None or (len(pitch.octaves) == 0 and len(pitch.voiced) == 0):
        return pitch
    scale = POINT_HZ / space.frame_hz
    points = max(len(pitch.octaves), len(pitch.voiced), round(frames * scale))
    places = time.source((np.arange(round(time.frames * scale), dtype=np.float64) + 0.5) / scale) * scale - 0.5
    places = np.where(np.isnan(places), 0.0, places)
    octaves = _at(held(pitch.octaves, points, 0.0)[:, None], places)[:, 0] if len(pitch.octaves) else pitch.octaves
    voiced = held(pitch.voiced.astype(np.float32), points, 1.0) if len(pitch.voiced) else None
    if voiced is None:
        return replace(pitch, octaves=octaves)
    there = voiced[np.clip(np.round(places), 0, points - 1).astype(int)] > 0
    return replace(pitch, octaves=octaves, voiced=there)


def held(values: npt.NDArray[np.float32], points: int, empty: float) -> Floats:
    """`values` cut or held to so many points; `empty` everywhere where there are none."""
    if len(values) == 0:
        return np.full(points, empty, np.float32)
    return np.asarray(values[np.minimum(np.arange(points), len(values) - 1)], np.float32)


def _at(rows: Floats, places: Places) -> Floats:
    """Rows at fractional places, linearly interpolated, the ends held: a whole place gives the row itself."""
    places = np.clip(places, 0.0, len(rows) - 1.0)
    low = np.floor(places).astype(int)
    share = (places - low).astype(np.float32)[:, None]
    upper = rows[np.minimum(low + 1, len(rows) - 1)]
    return np.asarray(rows[low] + share * (upper - rows[low]), np.float32)
