"""Weights on disk: safetensors, config and provenance in the metadata; large matrices as int8 with a scale per row.

Rounding to 8 bits by row keeps a network's output within a fraction of a per cent and halves what a download weighs.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import ModelProblem

SCALE = "::scale"
SMALL = 16384  # tensors with fewer numbers, and all vectors, stay in half precision


def save(path: Path, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
    """Write float tensors compactly, with `facts` (JSON-ready: config, provenance) in the metadata."""
    packed: dict[str, Tensor] = {}
    for key, value in tensors.items():
        value = value.detach().float().cpu().contiguous()
        if value.ndim < 2 or value.numel() < SMALL:
            packed[key] = value.to(torch.float16) if value.abs().max() < 6e4 else value
            continue
        rows = value.flatten(1)
        scale = (rows.abs().amax(1, keepdim=True) / 127).clamp(min=1e-12)
        packed[key] = torch.round(rows / scale).to(torch.int8).view(value.shape)
        packed[key + SCALE] = scale[:, 0].clone()
    temporary = path.with_suffix(".part")
    save_file(packed, temporary, metadata={"latente": json.dumps(facts, sort_keys=True)})
    temporary.replace(path)


def load(path: Path, only: Collection[str] | None = None) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """(float32 tensors, facts); with `only`, just those of the tensors with these names that there are.

    Raises ModelProblem when the file is not weights of ours.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads(file.metadata()["latente"])
            names = [key for key in file.keys() if only is None or key.removesuffix(SCALE) in only]  # noqa: SIM118
            packed = {key: file.get_tensor(key) for key in names}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelProblem(f"{path.name} is not a file of Latente weights. Install the model again.") from error
    tensors: dict[str, Tensor] = {}
    for key, value in packed.items():
        if key.endswith(SCALE):
            continue
        value = value.float()
        if key + SCALE in packed:
            value = value * packed[key + SCALE].view(-1, *[1] * (value.ndim - 1))
        tensors[key] = value
    return tensors, facts
