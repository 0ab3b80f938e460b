"""Moves: what a knob did while the sound ran, and what comes of it.

Moves are pairs (seconds, value) of the parameter of an edit that says how much, the later ones later: linear in
between, held before the first and after the last. Their seconds are those of the sound that the whole chain makes, as
they are heard.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.latent.edit import KINDS, Edit, Moves
from engine.latent.space import POINT_HZ, Space
from engine.latent.timing import held
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent

Made = tuple[Latent, Pitch]
Seconds = npt.NDArray[np.float64]
Clock = Callable[[Seconds], Seconds]  # from the sound as an edit leaves it to that which the whole chain makes
EDGE_S = 0.005  # a knob that jumps takes so long; nothing is recorded more finely
RESTED_S = 0.03  # without a turn, the knob stood still


def values_at(edit: Edit, seconds: Seconds) -> Seconds:
    """What the moved parameter of `edit` is at these moments, whole where that counts."""
    moments, values = np.asarray(edit.moves, np.float64).T
    found = np.asarray(np.interp(seconds, moments, values), np.float64)
    return np.round(found) if PARAMS[KINDS[edit.kind].keys[0]].counted else found


def value_at(key: str, moves: Moves, moment_s: float) -> float:
    """What the parameter `key` is at one moment of its moves."""
    after = bisect.bisect_left(moves, (moment_s, -math.inf))
    before_s, before = moves[max(0, after - 1)]
    after_s, value = moves[min(after, len(moves) - 1)]
    if after_s > before_s:
        value = before + (value - before) * (moment_s - before_s) / (after_s - before_s)
    return float(round(value)) if PARAMS[key].counted else value


def moved(edit: Edit, given: Made, make: Callable[[Edit], Made], space: Space, clock: Clock) -> Made:
    """What `edit`, which has moves, makes of `given`: at every moment what it makes with the value of that moment.

    make(edit): what the same edit makes of `given` while nothing moves; called once for each value. Where values give
    different lengths, as in a morph between sounds of different lengths, the sound ends when the one in force does.
    """
    made: dict[float, Made] = {}

    def at(value: float) -> Made:
        if value not in made:
            made[value] = make(edit.standing(value))
        return made[value]

    latent, pitch = given
    kind = KINDS[edit.kind]
    if not kind.pitch:
        latent = _frames(edit, at, space, clock)
    if kind.pitch or kind.source:
        points = max(len(pitch.octaves), round(len(latent) * POINT_HZ / space.frame_hz))
        pitch = _points(edit, at, points, clock)
    return latent, pitch


def _frames(edit: Edit, at: Callable[[float], Made], space: Space, clock: Clock) -> Latent:
    """A frame takes the value at its middle."""
    reached = [value for _, value in edit.moves]
    longest = max(len(at(min(reached))[0]), len(at(max(reached))[0]))
    values = values_at(edit, clock(np.arange(0.5, longest) / space.frame_hz))
    variants = [at(float(value))[0] for value in values]
    if all(variant is variants[0] for variant in variants):
        return variants[0]
    ends = (frame for frame, variant in enumerate(variants) if frame >= len(variant))
    return np.stack([variant[frame] for frame, variant in enumerate(variants[: next(ends, longest)])])


def _points(edit: Edit, at: Callable[[float], Made], count: int, clock: Clock) -> Pitch:
    """Each point of the curve from the pitch with the value of its moment; the root is the one that lasts longest."""
    values, which = np.unique(values_at(edit, clock(np.arange(count) / POINT_HZ)), return_inverse=True)
    variants = [at(float(value))[1] for value in values]
    first = variants[int(np.bincount(which).argmax())] if count else at(edit.moves[0][1])[1]
    if first.root_note is None or all(variant is first for variant in variants):
        return first
    octaves, voiced = np.zeros(count, np.float32), np.ones(count, np.bool_)
    for place, variant in enumerate(variants):
        here = which == place
        away = ((variant.root_note or 0.0) - first.root_note) / 12
        octaves[here] = held(variant.octaves, count, 0.0)[here] + np.float32(away)
        voiced[here] = held(variant.voiced.astype(np.float32), count, 1.0)[here] > 0
    return replace(first, octaves=octaves, voiced=voiced if len(first.voiced) else first.voiced)


@dataclass(frozen=True)
class Overdub:
    """One knob in one pass through the sound. before: its moves until then. made: (moment, value) as it was turned.
    backwards: the sound is heard from its end."""

    before: Moves
    made: Moves = ()
    backwards: bool = False

    def turned(self, moment_s: float, value: float) -> Overdub:
        """The knob is at `value` from this moment of the pass on."""
        moment = -moment_s if self.backwards else moment_s
        made = self.made
        if made and moment - made[-1][0] > RESTED_S:
            made = (*made, (moment - EDGE_S, made[-1][1]))
        while made and moment - made[-1][0] < EDGE_S:
            made = made[:-1]
        return replace(self, made=(*made, (moment, value)))

    @property
    def moves(self) -> Moves:
        """What there was up to the first turn of the pass, and from there on what was turned in it; the last value is
        held to the end."""
        if not self.made:
            return self.before
        sign = -1.0 if self.backwards else 1.0
        old = sorted((sign * moment, value) for moment, value in self.before)
        start = self.made[0][0] - EDGE_S
        kept = [point for point in old if point[0] < start]
        entry = [(start, float(np.interp(start, *np.asarray(old, np.float64).T)))] if old else []
        return _tidy([(sign * moment, value) for moment, value in (*kept, *entry, *self.made)])


def _tidy(points: list[tuple[float, float]]) -> Moves:
    """In order, a tenth of a millisecond fine, no two at one moment, none before the sound."""
    found: dict[float, float] = {}
    for moment, value in points:
        found[round(max(0.0, moment), 4)] = value
    return tuple(sorted(found.items()))
