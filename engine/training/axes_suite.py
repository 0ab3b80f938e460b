"""`latente evaluate axes`: whether each axis moves what it is named after, on held-out sounds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from engine.analysis.axes import UNITS, axis_values
from engine.codecs.codec import NeuralCodec
from engine.corpus.store import Corpus
from engine.latent.chain import Chain
from engine.latent.space import POINT_HZ, Floats, Space
from engine.pitch import Pitch
from engine.training.axes import LONGEST, by_turns, sample
from engine.training.directions import Sample, decode

MONOTONE = 0.9  # of the sounds: what is asked for


def axes_suite(
    corpus: Corpus,
    codec: NeuralCodec,
    space: Space,
    sounds: int = 200,
    out: Path | None = None,
    on_sound: Callable[[int, int], None] = lambda done, total: None,
    splits: tuple[str, ...] = ("test",),
    longest: int = LONGEST,
) -> dict[str, Any]:
    """Figures on instruments of the splits, families in equal shares, decoded at −1, 0 and +1 of each axis; longest:
    latent frames of each sound that are looked at.

    monotone: share of the sounds in which neither step goes the wrong way and the two together go the right way; what
    is at its limit (the hardest attack there is) may stay. *_up, *_down: median measured move of one unit, in the
    axis's unit (`engine/analysis/axes.py`). Writes `axes.json` into `out`.
    """
    chosen = by_turns(corpus, corpus.of_split(*splits), sounds, seed=1)
    moves: dict[str, list[tuple[float, float]]] = {key: [] for key in UNITS}
    failed: dict[str, list[str]] = defaultdict(list)
    for number, index in enumerate(chosen):
        one = sample(corpus, codec, index, longest)
        plain = _measured(codec, one.latent, one.f0_hz)
        for key in UNITS:
            low, high = (_measured(codec, *edited(one, key, units, space))[key] for units in (-1.0, 1.0))
            moves[key].append((plain[key] - low, high - plain[key]))
            if not _monotone(*moves[key][-1]):
                failed[key].append(one.family)
        on_sound(number + 1, len(chosen))
    shares = {key: round(float(np.mean([_monotone(*move) for move in rows])), 4) for key, rows in moves.items()}
    figures: dict[str, Any] = {
        "sounds": len(chosen),
        "least_monotone": min(shares.values()),
        "monotone": shares,
        "unit_up": {key: _median(rows, 1) for key, rows in moves.items()},
        "unit_down": {key: _median(rows, 0) for key, rows in moves.items()},
        "counted_in": {key: f"{unit} of {feature}" for key, (feature, unit) in UNITS.items()},
        "failed": {key: sorted(families) for key, families in failed.items()},
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "axes.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def edited(one: Sample, key: str, units: float, space: Space) -> tuple[Floats, Floats]:
    """Latent and pitch in Hz of a sound with one axis moved."""
    octaves, voiced = _curve(one.f0_hz)
    latent, pitch = Chain().having(key, units).apply(one.latent, Pitch(69.0, octaves, voiced), space)
    points = round(len(latent) * POINT_HZ / space.frame_hz)
    return latent, pitch.hz(points)


def _curve(f0_hz: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The pitch about A4, in octaves, and where there is one."""
    voiced = f0_hz > 0
    return np.asarray(np.log2(np.where(voiced, f0_hz, 440.0) / 440.0), np.float32), voiced


@torch.no_grad()
def _measured(codec: NeuralCodec, latent: Floats, f0_hz: Floats) -> dict[str, float]:
    values = axis_values(decode(codec, torch.from_numpy(np.array(latent))[None], f0_hz))
    return {key: float(value[0]) for key, value in values.items()}


def _monotone(down: float, up: float) -> bool:
    return down >= 0 and up >= 0 and down + up > 0


def _median(rows: list[tuple[float, float]], side: int) -> float:
    return round(float(np.median([row[side] for row in rows])), 3)
