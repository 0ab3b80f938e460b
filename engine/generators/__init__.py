"""Generators: one signature (`engine.request.Generator`), one file per family."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine.errors import ModelProblem
from engine.models import device as devices
from engine.models.store import ModelStore, default_store
from engine.request import Generator, Request

_TRIES = 3  # of which the quickest counts


def _flow(name: str, folder: Path, device: str) -> Generator:
    from engine.generators.flow import FlowGenerator

    return FlowGenerator.load(name, folder, device)


LOADERS: dict[str, Callable[[str, Path, str], Generator]] = {"flow": _flow}


def load_generator(name: str, store: ModelStore | None = None, device: str = devices.AUTO) -> Generator:
    """The generator of an installed model, its files checked against its card, on a device (engine.models.device).
    Raises ModelProblem, BadRequest."""
    model = (store or default_store()).find(name)
    if model.card.loader not in LOADERS:
        raise ModelProblem(
            f"{name} needs the loader “{model.card.loader}”, which this Latente lacks. Update the program."
        )
    load = partial(LOADERS[model.card.loader], name, model.folder)
    made: dict[str, Generator] = {}

    def seconds_on(one: str) -> float:
        made[one] = load(one)
        return _seconds(made[one])

    chosen = devices.choose(device, seconds_on, devices.present(), name)
    if chosen == devices.CPU:
        return made.get(chosen) or load(chosen)
    from engine.generators.placed import Placed

    return Placed(load, chosen, made.get(chosen))


def _seconds(generator: Generator) -> float:
    """How long a short sound takes, once the device is warm."""
    request = Request("warm up", seconds=1.0, steps=4, seed=0, model=generator.name)
    taken = []
    for _ in range(1 + _TRIES):
        started = time.perf_counter()
        generator.generate(request, lambda step, steps: None, lambda: False)
        taken.append(time.perf_counter() - started)
    return min(taken[1:])
