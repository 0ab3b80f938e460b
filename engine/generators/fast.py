"""The flow's student: a few long strides from noise to data instead of many short ones, guidance folded in.

It is the flow's own network with low-rank changes of its matrices (Hu et al. 2021), told how far each stride reaches
(as shortcut models are, Frans et al. 2024). Its answer is the mean velocity of the guided flow over that stride, one
evaluation where guidance takes two. `flow_fast.safetensors` holds the changes alone, a few megabytes beside the flow.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import ModelProblem
from engine.generators.dit import Conditions, Dit, Heard, Waves
from engine.generators.lowrank import LowRank
from engine.generators.sampling import Velocity
from engine.generators.stored import same_flow
from engine.models import weights

FAST_FILE = "flow_fast.safetensors"


@dataclass(frozen=True)
class FastConfig:
    """rank: of the changes. steps: strides it makes of the way by default. guidance: what is folded in."""

    rank: int = 24
    steps: int = 4
    guidance: float = 3.0


class FastDit(nn.Module):
    """Holds what differs from `teacher`, which is copied and stays as it is; only the difference is in its state."""

    def __init__(self, teacher: Dit, config: FastConfig) -> None:
        super().__init__()
        self.config, width = config, teacher.config.width
        net = deepcopy(teacher)
        self._net = (net,)  # a tuple, so that the teacher's weights are no part of this state
        self.reach = Waves(width, 2.0)
        last = self.reach.mlp[2]
        assert isinstance(last, nn.Linear)
        for tensor in (last.weight, last.bias):
            nn.init.zeros_(tensor)
        self.changes = LowRank(net, config.rank)
        self.to(next(net.parameters()).device)

    @property
    def net(self) -> Dit:
        """The flow as the student has it."""
        return self._net[0]

    def forward(self, x: Tensor, time: Tensor, end: Tensor, asked: Conditions | Heard) -> Tensor:
        """x (B, L, C) at time (B,) -> mean velocity (B, L, C) of the guided flow from there to the time `end` (B,)"""
        y: Tensor = self.net(x, time, asked, self.reach(end - time))
        return y

    def velocity(self, asked: Conditions, count: int = 1) -> Velocity:
        """As samplers take it. count: sounds of each of the conditions."""
        heard: Heard = self.net.heard(asked).times(count)

        def follow(x: Tensor, time: float, end: float) -> Tensor:
            here, there = (torch.full((len(x),), moment, device=x.device) for moment in (time, end))
            return self(x, here, there, heard)  # type: ignore[no-any-return]

        return follow

    def merged(self) -> FastDit:
        """The same, its changes added to the matrices once and for all: no slower than the flow. Not to be trained."""
        self.changes.merge()
        return self.eval()

    @staticmethod
    def load(folder: Path, teacher: Dit) -> FastDit | None:
        """The student in a model's folder, None where it has none. Raises ModelProblem when it is of another flow."""
        path = folder / FAST_FILE
        if not path.is_file():
            return None
        tensors, facts = weights.load(path)
        try:
            made = FastDit(teacher, FastConfig(**facts["config"]))
            made.load_state_dict(tensors)
            fits = same_flow(facts["teacher"], teacher)
        except (KeyError, TypeError, RuntimeError) as error:
            raise ModelProblem(f"{FAST_FILE} is damaged. Install the model again.") from error
        if not fits:
            raise ModelProblem(f"{FAST_FILE} was learnt from another flow than the one beside it.")
        return made.merged()
