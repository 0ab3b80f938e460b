"""Weights on disk as numpy arrays, without torch: for small files that are wanted before torch is loaded."""

from __future__ import annotations

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from engine.errors import ModelProblem

SCALE = "::scale"  # as `engine.models.weights` packs them


def load_arrays(
    path: Path, only: Container[str] | None = None
) -> tuple[dict[str, npt.NDArray[np.float32]], dict[str, Any]]:
    """(float32 arrays, facts) of a file that `weights.save` wrote. only: the names wanted, None for all.

    Raises ModelProblem when the file is not weights of ours.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            facts = json.loads(file.metadata()["latente"])
            names = [key for key in file.keys() if only is None or key.removesuffix(SCALE) in only]  # noqa: SIM118
            packed = {key: file.get_tensor(key) for key in names}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelProblem(f"{path.name} is not a file of Latente weights. Install the model again.") from error
    arrays: dict[str, npt.NDArray[np.float32]] = {}
    for key, value in packed.items():
        if key.endswith(SCALE):
            continue
        scale = packed.get(key + SCALE)
        whole = value.astype(np.float32)
        arrays[key] = whole if scale is None else whole * scale.reshape(-1, *[1] * (value.ndim - 1))
    return arrays, facts
