"""The latent spaces of the models at hand: what edits need to know of the codec that made a take."""

from __future__ import annotations

import numpy as np

from engine.errors import ModelProblem
from engine.generators.space import load_space
from engine.latent.space import Space
from engine.models.store import ModelStore, default_store
from engine.request import Take


class Spaces:
    """For one thread; each model's space is read once."""

    def __init__(self, store: ModelStore | None = None) -> None:
        self._store = store
        self._known: dict[str, Space | None] = {}

    def __call__(self, take: Take) -> Space:
        """Of the model that made the take; of a model that is not here, what the take itself tells."""
        model = take.request.model
        if model not in self._known:
            self._known[model] = self._read(model)
        space = self._known[model]
        return space if space is not None and len(space.mean) == take.latent.shape[1] else plain_space(take)

    def _read(self, model: str) -> Space | None:
        try:
            return load_space((self._store or default_store()).find(model).folder)
        except ModelProblem:
            return None


def plain_space(take: Take) -> Space:
    """Of a codec that nothing is known of: centred on the take's own mean."""
    latent = take.latent
    deviation = np.full(latent.shape[1], float(latent.std()), np.float32)
    return Space(np.asarray(latent.mean(axis=0), np.float32), deviation)
