"""Morph: from one sound to another, whole or by parts, lengths aligned."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from engine.latent.space import Floats, Space
from engine.latent.timing import TimeMap, held, map_latent
from engine.pitch import Pitch
from engine.request import Latent

MorphKind = Literal["linear", "spherical"]
MorphPart = Literal["whole", "attack", "body"]
ATTACK_FRAMES = 2.0  # never stretched when lengths are aligned: a stretched attack is another attack


def morphed(
    latent: Latent,
    other: Latent,
    amount: float,
    space: Space,
    kind: MorphKind = "linear",
    part: MorphPart = "whole",
    split: float = 1.5,
) -> Latent:
    """`latent` (amount 0) on its way to `other` (amount 1); the length goes along with it.

    part "attack" takes only what comes before `split` frames from the other sound, "body" only what comes after, at
    this sound's own length. Both latents must be of one codec.
    """
    if amount == 0.0:
        return latent
    if part != "whole":
        before = _before(len(latent), split)
        weight = np.float32(amount) * (before if part == "attack" else 1 - before)
        return _mixed(latent, aligned(other, len(latent), space), weight, kind, space)
    if amount == 1.0:
        return other
    frames = max(1, round(len(latent) + amount * (len(other) - len(latent))))
    weights = np.full((frames, 1), amount, np.float32)
    return _mixed(aligned(latent, frames, space), aligned(other, frames, space), weights, kind, space)


def aligned(latent: Latent, frames: int, space: Space) -> Latent:
    """The latent at another length: its attack as it is, the rest stretched."""
    time = alignment(len(latent), frames)
    return latent if time is None else map_latent(latent, time, space)


def alignment(frames: int, wanted: int) -> TimeMap | None:
    """Time map of `aligned`; None when the length is right already."""
    if frames == wanted:
        return None
    attack = min(ATTACK_FRAMES, frames / 2, wanted / 2)
    knots, sources = np.array([0.0, attack, wanted]), np.array([0.0, attack, frames])
    return TimeMap(wanted, lambda places: np.interp(places, knots, sources))


def morphed_pitch(pitch: Pitch, other: Pitch, amount: float) -> Pitch:
    """Note and movement between the two, the nearer one's chord; where one has no pitch, the nearer one's pitch."""
    if amount == 0.0:
        return pitch
    if amount == 1.0:
        return other
    if pitch.root_note is None or other.root_note is None:
        return pitch if amount < 0.5 else other
    points = max(len(curve) for curve in (pitch.octaves, other.octaves, pitch.voiced, other.voiced))
    own, theirs = (held(one.octaves, points, 0.0) for one in (pitch, other))
    sung = held(pitch.voiced.astype(np.float32), points, 1.0) * (1 - amount)
    sung = sung + held(other.voiced.astype(np.float32), points, 1.0) * amount
    root = pitch.root_note + amount * (other.root_note - pitch.root_note)
    nearer = pitch if amount < 0.5 else other
    made = np.asarray(own + amount * (theirs - own), np.float32)
    return replace(nearer, root_note=root, octaves=made, voiced=sung >= 0.5)


def _before(frames: int, split: float) -> Floats:
    """1 before the split, 0 after it, crossing over within a frame, (frames, 1)."""
    return np.asarray(np.clip(split - np.arange(frames), 0.0, 1.0), np.float32)[:, None]


def _mixed(own: Latent, other: Latent, weight: Floats, kind: MorphKind, space: Space) -> Latent:
    """weight (frames, 1)."""
    if kind == "linear":
        return np.asarray(own + weight * (other - own), np.float32)
    a, b = (own - space.mean) / space.deviation, (other - space.mean) / space.deviation
    size_a, size_b = (np.linalg.norm(side, axis=1, keepdims=True) for side in (a, b))
    cosine = (a * b).sum(1, keepdims=True) / np.maximum(size_a * size_b, 1e-9)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    sine = np.sin(angle)
    straight = sine < 1e-4  # the same direction, or opposite ones: there is no arc to follow
    safe = np.where(straight, 1.0, sine)
    along_a = np.where(straight, 1 - weight, np.sin((1 - weight) * angle) / safe)
    along_b = np.where(straight, weight, np.sin(weight * angle) / safe)
    unit = along_a * a / np.maximum(size_a, 1e-9) + along_b * b / np.maximum(size_b, 1e-9)
    size = size_a + weight * (size_b - size_a)
    made = space.mean + space.deviation * unit * size
    return np.asarray(np.where(weight == 0.0, own, made), np.float32)
