"""How much of each quality a sound has, by how its spectrum looks beside that of its family: ridge regression.

An independent opinion on whether a bright piano is bright for a piano. It sees what the family classifier sees
(`analysis.family.looks`), not the features that qualities are measured by.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.qualities import KEYS

RIDGE = 1000.0  # about what a few hundred sounds weigh

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]


class Scales:
    """Fitted once on labelled looks; answers with qualities, -1 to 1 and somewhat beyond."""

    def __init__(self) -> None:
        self.usual = self.deviation = self.weights = torch.zeros(0)

    def fit(self, seen: Tensor, families: Classes, values: Floats, count: int) -> None:
        """seen (sounds, features); families (sounds,) below `count`; values (sounds, qualities in the order of
        engine.qualities.KEYS), NaN where not measured, which counts as the family's middle."""
        x = seen.double()
        self.usual = x.mean(0).repeat(count, 1)
        for family in np.unique(families):
            self.usual[family] = x[torch.from_numpy(families == family)].mean(0)
        x = x - self.usual[families]
        self.deviation = x.std(0).clamp(min=1e-3)
        x = x / self.deviation
        y = torch.from_numpy(np.nan_to_num(values))
        self.weights = torch.linalg.solve(x.T @ x + RIDGE * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)

    def predict(self, seen: Tensor, families: Classes) -> Floats:
        """(sounds, qualities) of sounds that are meant to be of these families."""
        return np.asarray((((seen.double() - self.usual[families]) / self.deviation) @ self.weights).numpy())

    def state(self) -> dict[str, Tensor]:
        """All that was fitted, by name."""
        return {key: getattr(self, key).float() for key in ("usual", "deviation", "weights")}

    def restore(self, state: dict[str, Tensor]) -> None:
        """As it was when `state` was taken. Raises RuntimeError when it had other qualities."""
        if state["weights"].shape != (len(state["deviation"]), len(KEYS)):
            raise RuntimeError("fitted on other qualities")
        for key, value in state.items():
            setattr(self, key, value.double())
