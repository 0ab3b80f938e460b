"""Checkpoints: everything a run needs to go on, in one safetensors file, replaced atomically."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.errors import ModelProblem


def save(
    path: Path, net: nn.Module, average: dict[str, Tensor], optimiser: torch.optim.Optimizer, facts: dict[str, Any]
) -> None:
    """Write weights, their moving average, the optimiser's state and `facts` (JSON-ready)."""
    tensors = {f"net.{key}": value for key, value in net.state_dict().items()}
    tensors |= {f"average.{key}": value for key, value in average.items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{key}": torch.as_tensor(value) for key, value in state.items()}
    tensors = {key: value.detach().cpu().contiguous().clone() for key, value in tensors.items()}
    temporary = path.with_suffix(".part")
    save_file(tensors, temporary, metadata={"facts": json.dumps(facts)})
    temporary.replace(path)


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """(tensors, facts). Raises ModelProblem when the file is no checkpoint of ours."""
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})["facts"])
            return {key: file.get_tensor(key) for key in file.keys()}, facts  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelProblem(f"{path} is no checkpoint that can be continued.") from error


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors under `prefix.`, without it."""
    return {key[len(prefix) + 1 :]: value for key, value in tensors.items() if key.startswith(prefix + ".")}


def restore(path: Path, net: nn.Module, average: dict[str, Tensor], optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """Continue from a checkpoint; returns its facts. Raises ModelProblem when the shapes do not fit."""
    tensors, facts = load(path)
    try:
        net.load_state_dict(part(tensors, "net"))
    except RuntimeError as error:
        raise ModelProblem(f"{path} belongs to a model of another shape; start afresh without --resume.") from error
    for key, value in part(tensors, "average").items():
        average[key].copy_(value)
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in part(tensors, "optimiser").items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    return facts
