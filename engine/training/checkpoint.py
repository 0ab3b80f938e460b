"""Checkpoints: everything a run needs to go on, in one safetensors file, replaced atomically."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.errors import ModelProblem


class Player(Protocol):
    """Who learns beside the net, with an optimiser of its own."""

    @property
    def net(self) -> nn.Module: ...

    @property
    def optimiser(self) -> torch.optim.Optimizer: ...


def save(
    path: Path, net: nn.Module, average: dict[str, Tensor], optimiser: torch.optim.Optimizer, facts: dict[str, Any],
    opponent: Player | None = None,
) -> None:  # fmt: skip
    """Write weights, their moving average, the optimiser's state, torch's random state and `facts` (JSON-ready); the
    opponent's weights and optimiser too, if there is one."""
    tensors = {f"net.{key}": value for key, value in net.state_dict().items()}
    tensors |= {f"average.{key}": value for key, value in average.items()}
    tensors |= _state_of(optimiser, "optimiser")
    if opponent is not None:
        tensors |= {f"opponent.{key}": value for key, value in opponent.net.state_dict().items()}
        tensors |= _state_of(opponent.optimiser, "opponent_optimiser")
    tensors |= {"random.cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        tensors |= {"random.cuda": torch.cuda.get_rng_state()}
    _write(path, tensors, facts)


def save_average(path: Path, average: dict[str, Tensor], facts: dict[str, Any]) -> None:
    """Write what is needed to judge or ship a net, a quarter of what going on with it takes."""
    _write(path, {f"average.{key}": value for key, value in average.items()}, facts)


def _write(path: Path, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
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


def restore(
    path: Path, net: nn.Module, average: dict[str, Tensor], optimiser: torch.optim.Optimizer,
    opponent: Player | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Continue from a checkpoint; returns its facts. Raises ModelProblem when the shapes do not fit."""
    tensors, facts = load(path)
    try:
        net.load_state_dict(part(tensors, "net"))
        if opponent is not None:
            opponent.net.load_state_dict(part(tensors, "opponent"))
    except RuntimeError as error:
        raise ModelProblem(f"{path} belongs to a model of another shape; start afresh without --resume.") from error
    for key, value in part(tensors, "average").items():
        average[key].copy_(value)
    _give_back(optimiser, part(tensors, "optimiser"))
    if opponent is not None:
        _give_back(opponent.optimiser, part(tensors, "opponent_optimiser"))
    if "random.cpu" in tensors:
        torch.set_rng_state(tensors["random.cpu"])
    if "random.cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random.cuda"])
    return facts


def _state_of(optimiser: torch.optim.Optimizer, prefix: str) -> dict[str, Tensor]:
    return {
        f"{prefix}.{index}.{key}": torch.as_tensor(value)
        for index, state in optimiser.state_dict()["state"].items()
        for key, value in state.items()
    }


def _give_back(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
