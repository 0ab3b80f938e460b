"""Directions of the latent along which measured features move, found through the decoder.

For each sound the gradient of a feature with respect to the latent says where it grows. One direction for all sounds is
the ridge regression of "one step up" on these gradients, with loudness asked to stay; then its length is set by what
is measured when sounds are really moved along it, upwards and downwards apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.analysis.axes import UNITS, axis_values, timbre
from engine.analysis.spectrum import spectral
from engine.codecs.codec import NeuralCodec
from engine.codecs.source import HOP
from engine.latent.axes import DIRECTIONS, moved
from engine.latent.space import Axis, Floats, Space

STEPS = {"brightness": 0.5, "noisiness": 0.5, "body": 3.0, "warmth": 3.0}  # what one unit moves, see analysis/axes.py
GRADIENT_FRAMES = 12  # of each sound
RIDGE, QUIET = 0.03, 0.1  # weight of short directions, and of a loudness that stays (3 dB as much as a step, squared)
ROUNDS = 3  # of setting the lengths


@dataclass(frozen=True, eq=False)
class Sample:
    """latent (frames, channels) and pitch in Hz (points,) of a corpus's sound."""

    latent: Floats
    f0_hz: Floats
    family: str


def decode(codec: NeuralCodec, latents: Tensor, f0_hz: Floats, seed: int = 0) -> Tensor:
    """latents (B, L, Z), one pitch for all -> samples (B, L · 4096 − HOP); gradients go through. seed: of the noise."""
    points = latents.shape[1] * 8
    held = f0_hz[np.minimum(np.arange(points), len(f0_hz) - 1)]
    frames = (points - 1) * HOP
    noise = torch.randn(1, frames, generator=torch.Generator().manual_seed(seed)).expand(len(latents), -1)
    made: Tensor = codec.net.decoder(latents, torch.from_numpy(held).expand(len(latents), -1), noise)
    return made.float()


def directions(
    codec: NeuralCodec, space: Space, taught: Sequence[Sample], tuned: Sequence[Sample], on_sound: Callable[[], None]
) -> dict[str, Axis]:
    """The calibrated axes that are vectors. taught: sounds for gradients; tuned: sounds for lengths."""
    gradients = _gradients(codec, space, taught, on_sound)
    axes = {}
    for key in DIRECTIONS:
        vector = _regressed(gradients[key] / STEPS[key], gradients["loudness"] / 3.0) * space.deviation
        axes[key] = Axis(key, *UNITS[key], STEPS[key], vector, vector)
    for _ in range(ROUNDS):
        found = _moves(codec, axes, tuned)
        axes = {key: _scaled(axis, *found[key]) for key, axis in axes.items()}
        for _ in tuned:
            on_sound()
    return axes


def _gradients(
    codec: NeuralCodec, space: Space, sounds: Sequence[Sample], on_sound: Callable[[], None]
) -> dict[str, Floats]:
    """(sounds, channels) per feature: how it changes with all frames of a channel, per deviation."""
    rows: dict[str, list[Floats]] = {key: [] for key in (*DIRECTIONS, "loudness")}
    for sound in sounds:
        latent = torch.from_numpy(sound.latent[None, :GRADIENT_FRAMES]).requires_grad_(True)
        samples = decode(codec, latent, sound.f0_hz)
        features = timbre(samples) | {"loudness": spectral(samples, codec.rate_hz)["loudness_db"]}
        for key, row in rows.items():
            (slope,) = torch.autograd.grad(features[key].sum(), latent, retain_graph=True)
            row.append(np.nan_to_num(slope[0].sum(0).numpy() * space.deviation))
        on_sound()
    return {key: _tamed(np.stack(row)) for key, row in rows.items()}


def _tamed(rows: Floats) -> Floats:
    """The steepest tenth no steeper than the rest: a few sounds must not speak for all."""
    sizes = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows * np.minimum(1.0, np.quantile(sizes, 0.9) / np.maximum(sizes, 1e-9)), np.float32)


def _regressed(wanted: Floats, still: Floats) -> Floats:
    """The direction along which `wanted` rows grow by 1 and `still` ones do not, in deviations."""
    size = float(np.median(np.linalg.norm(wanted, axis=1)))
    steep, quiet = wanted.astype(np.float64) / size, still.astype(np.float64) / size
    square = steep.T @ steep / len(steep) + QUIET * quiet.T @ quiet / len(quiet) + RIDGE * np.eye(steep.shape[1])
    vector = np.linalg.solve(square, steep.mean(0)) / size
    return np.asarray(vector / np.median(wanted @ vector), np.float32)


@torch.no_grad()
def _moves(codec: NeuralCodec, axes: dict[str, Axis], sounds: Sequence[Sample]) -> dict[str, tuple[float, float]]:
    """Median measured move of one unit down and of one unit up."""
    rows: dict[str, list[tuple[float, float]]] = {key: [] for key in axes}
    for sound in sounds:
        versions = [sound.latent, *(moved(sound.latent, axis, units) for axis in axes.values() for units in (-1, 1))]
        values = axis_values(decode(codec, torch.from_numpy(np.stack(versions)), sound.f0_hz))
        for number, key in enumerate(axes):
            low, high = values[key][1 + 2 * number : 3 + 2 * number]
            rows[key].append((values[key][0] - low, high - values[key][0]))
    return {
        key: (float(np.median([move[0] for move in row])), float(np.median([move[1] for move in row])))
        for key, row in rows.items()
    }


def _scaled(axis: Axis, down: float, up: float) -> Axis:
    assert axis.up is not None
    assert axis.down is not None
    shares = [float(np.clip(axis.step / max(move, 1e-3), 0.5, 2.0)) for move in (up, down)]
    return Axis(axis.key, axis.feature, axis.unit, axis.step, axis.up * shares[0], axis.down * shares[1])
