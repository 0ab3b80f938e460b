"""Generators: one signature (`engine.request.Generator`), one file per family."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.errors import ModelProblem
from engine.models.store import ModelStore, default_store
from engine.request import Generator


def _flow(name: str, folder: Path) -> Generator:
    from engine.generators.flow import FlowGenerator

    return FlowGenerator.load(name, folder)


LOADERS: dict[str, Callable[[str, Path], Generator]] = {"flow": _flow}


def load_generator(name: str, store: ModelStore | None = None) -> Generator:
    """The generator of an installed model, its files checked against its card. Raises ModelProblem."""
    model = (store or default_store()).find(name)
    if model.card.loader not in LOADERS:
        raise ModelProblem(
            f"{name} needs the loader “{model.card.loader}”, which this Latente lacks. Update the program."
        )
    return LOADERS[model.card.loader](name, model.folder)
