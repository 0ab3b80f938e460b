"""Low-rank changes of a network's matrices (Hu et al. 2021): what was learnt since the network itself was finished.

A file of such changes weighs a tenth of the network's own and belongs to that one network.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LowRank(nn.Module):
    """Changes of rank `rank` of every matrix of `net`, none at first. Only the changes are in its state; `net` itself
    is frozen, and answers as if changed while this lives."""

    def __init__(self, net: nn.Module, rank: int) -> None:
        super().__init__()
        self.rank = rank
        self._net = (net.requires_grad_(False),)  # a tuple, so that the network's weights are no part of this state
        self.down, self.up = nn.ParameterDict(), nn.ParameterDict()
        for key, linear in _linears(net):
            down = torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features)
            self.down[key] = nn.Parameter(down)
            self.up[key] = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.to(next(net.parameters()).device)
        self._hooks = [linear.register_forward_hook(self._changed(key)) for key, linear in _linears(net)]

    def merge(self) -> None:
        """Add the changes to the matrices once and for all: no slower than `net` was. Not to be trained after."""
        with torch.no_grad():
            for key, linear in _linears(self._net[0]):
                linear.weight += self.up[key] @ self.down[key]
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def _changed(self, key: str) -> Any:
        def hook(linear: nn.Module, given: tuple[Tensor], made: Tensor) -> Tensor:
            return made + F.linear(F.linear(given[0], self.down[key]), self.up[key])

        return hook


def _linears(net: nn.Module) -> list[tuple[str, nn.Linear]]:
    """The matrices that are changed, by a name that can be a parameter's."""
    return [(key.replace(".", "/"), part) for key, part in net.named_modules() if isinstance(part, nn.Linear)]
