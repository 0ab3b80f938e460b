"""`latente train RECIPE`: reads a recipe, opens the corpus, trains, leaves a checkpoint and a curve."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import BadRequest, ModelProblem
from engine.training.loop import Plan

RECIPES = Path(__file__).parent / "recipes"
NAMES = tuple(sorted(path.stem for path in RECIPES.glob("*.toml")))
Progress = Callable[[str, int, int], None]


def read_recipe(recipe: str) -> tuple[str, dict[str, Any]]:
    """(what it trains, its tables) of a recipe that comes with Latente, or of a TOML file. Raises BadRequest."""
    path = Path(recipe) if recipe.endswith(".toml") else RECIPES / f"{recipe}.toml"
    if not path.is_file():
        raise BadRequest(f"There is no recipe “{recipe}”. Choose one of {', '.join(NAMES)}, or name a .toml file.")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path.name} is not a recipe: {error}.") from error
    what = str(tables.get("train", path.stem))
    if what not in NAMES:
        raise BadRequest(f"{path.name} says train = “{what}”; it must be one of {', '.join(NAMES)}.")
    return what, tables


def train(
    recipe: str,
    data: Path,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    resume: bool = False,
    steps: int | None = None,
    on_progress: Progress = lambda what, done, total: None,
) -> Path:
    """Train by a recipe on the corpus in `data`; checkpoint, curve and prepared data go to `out`.

    minutes: budget instead of the recipe's. steps: stop after so many. Returns the checkpoint's path.
    Raises BadRequest, ModelProblem (nothing to continue, no such device), LatenteError (no corpus).
    """
    what, tables = read_recipe(recipe)
    import torch

    from engine.corpus.store import Corpus

    if device not in ("cpu", "cuda", "mps") or (device == "cuda" and not torch.cuda.is_available()):
        raise ModelProblem(f"The device {device} is not here. Train with --device cpu.")
    options: dict[str, Any] = {"minutes": 10.0, "learning_rate": 4e-4}
    for key, value in tables.get("plan", {}).items():
        options[key] = tuple(value) if isinstance(value, list) else value
    plan = Plan(out=out, name=what, device=device, resume=resume, steps=steps, **options)
    plan = plan if minutes is None else replace(plan, minutes=minutes)
    corpus = Corpus.open(data)
    return _TRAINERS[what](corpus, plan, tables, on_progress)


def _codec(corpus: Any, plan: Plan, tables: dict[str, Any], on_progress: Progress) -> Path:
    from engine.codecs.codec import config_of
    from engine.training.codec import CodecRecipe, train_codec

    return train_codec(corpus, plan, CodecRecipe(**tables.get("recipe", {})), config_of(tables.get("config", {})))


def _flow(corpus: Any, plan: Plan, tables: dict[str, Any], on_progress: Progress) -> Path:
    from engine.generators.dit import DitConfig
    from engine.text.encoder import TextEncoder
    from engine.training import latents
    from engine.training.flow import FlowRecipe, train_flow

    folder = plan.out / "latents"
    if not (folder / "small.npz").is_file():
        net = trained_codec(plan.out / "codec.safetensors", plan.device)
        latents.prepare(corpus, net, TextEncoder(), folder, device=plan.device, on_progress=on_progress)
    config = {**tables.get("config", {}), "channels": latents.Latents.open(folder).latents.shape[1]}
    recipe = FlowRecipe(**tables.get("recipe", {}))
    return train_flow(latents.Latents.open(folder), corpus, plan, recipe, DitConfig(**config))


def _clap(corpus: Any, plan: Plan, tables: dict[str, Any], on_progress: Progress) -> Path:
    from engine.text.encoder import TextEncoder
    from engine.training.clap import ClapConfig, ClapRecipe, train_clap

    recipe, config = ClapRecipe(**tables.get("recipe", {})), ClapConfig(**tables.get("config", {}))
    return train_clap(corpus, TextEncoder(), plan, recipe, config, on_progress)


_TRAINERS: dict[str, Callable[[Any, Plan, dict[str, Any], Progress], Path]] = {
    "codec": _codec,
    "flow": _flow,
    "clap": _clap,
}


def trained_codec(path: Path, device: str = "cpu") -> Any:
    """The averaged net of a codec checkpoint. Raises ModelProblem when it is missing or does not fit."""
    from engine.codecs.codec import config_of
    from engine.codecs.neural import CodecNet
    from engine.training import checkpoint

    if not path.is_file():
        raise ModelProblem(f"{path} is missing: train the codec first (`latente train codec --out {path.parent}`).")
    tensors, facts = checkpoint.load(path)
    net = CodecNet(config_of(facts["config"]))
    net.load_state_dict(checkpoint.part(tensors, "average"))
    return net.eval().to(device)
