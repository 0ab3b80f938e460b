"""The latent space of an installed model: `axes.safetensors` beside its codec, or mean and deviation alone.

The file holds `mean deviation silence level` and `<axis>.up <axis>.down` (see `engine/latent/space.py`); its facts name
each axis's feature, unit and step.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from engine.errors import ModelProblem
from engine.latent.space import Axis, Floats, Space
from engine.models import weights
from engine.models.card import sha256

AXES_FILE = "axes.safetensors"
CODEC_FILE = "codec.safetensors"


def load_space(folder: Path) -> Space:
    """The space of the model in `folder`; without calibrated axes where it has none. Raises ModelProblem."""
    if not (folder / AXES_FILE).is_file():
        tensors, _ = weights.load(folder / "flow.safetensors", only=("latent.mean", "latent.deviation"))
        return Space(tensors["latent.mean"].numpy(), tensors["latent.deviation"].numpy())
    tensors, facts = weights.load(folder / AXES_FILE)
    try:
        arrays: dict[str, Floats] = {key: value.numpy() for key, value in tensors.items()}
        axes = [
            Axis(row["key"], row["feature"], row["unit"], float(row["step"]),
                 arrays[f"{row['key']}.up"], arrays[f"{row['key']}.down"])
            for row in facts["axes"]
        ]  # fmt: skip
        shared = {key: arrays[key] for key in ("mean", "deviation", "silence", "level")}
    except (KeyError, TypeError, ValueError) as error:
        raise ModelProblem(f"{AXES_FILE} does not fit this version of Latente. Install the model again.") from error
    return Space(**shared, axes={axis.key: axis for axis in axes})


def save_space(folder: Path, space: Space, facts: dict[str, Any]) -> Path:
    """Writes the space of the codec in `folder` beside it. Raises ValueError when it lacks silence or level."""
    if space.silence is None or space.level is None:
        raise ValueError("a space is saved with its silence and level")
    arrays = {"mean": space.mean, "deviation": space.deviation, "silence": space.silence, "level": space.level}
    for axis in space.axes.values():
        arrays |= {f"{axis.key}.up": axis.up, f"{axis.key}.down": axis.down}
    rows: Sequence[dict[str, Any]] = [
        {"key": axis.key, "feature": axis.feature, "unit": axis.unit, "step": axis.step} for axis in space.axes.values()
    ]
    target = folder / AXES_FILE
    given = {**facts, "what": "axes", "axes": rows, "codec_sha256": sha256(folder / CODEC_FILE)}
    weights.save(target, {key: torch.from_numpy(value.copy()) for key, value in arrays.items()}, given)
    return target
