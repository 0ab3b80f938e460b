"""`latente train RECIPE`: reads a recipe, opens the corpus, trains, leaves a checkpoint and a curve."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from engine.codecs.codec import NeuralCodec, config_of
from engine.codecs.neural import CodecNet
from engine.corpus.store import Corpus
from engine.errors import BadRequest, LatenteError, ModelProblem
from engine.generators.dit import Dit, DitConfig
from engine.generators.fast import FastConfig
from engine.generators.stored import load_flow
from engine.text.encoder import TextEncoder
from engine.training import checkpoint, latents
from engine.training.clap import ClapConfig, ClapRecipe, train_clap
from engine.training.codec import CodecRecipe, train_codec
from engine.training.discriminators import DiscriminatorConfig
from engine.training.distil import DistilRecipe, train_distil
from engine.training.flow import FlowRecipe, train_flow, train_refinement
from engine.training.gan import GanRecipe, train_gan
from engine.training.loop import Plan

RECIPES = Path(__file__).parent / "recipes"
NAMES = tuple(sorted(path.stem for path in RECIPES.glob("*.toml")))
TRAINED = ("codec", "codec_gan", "flow", "refine", "distil", "clap")
CONTINUED = ("codec", "flow", "clap")  # what may begin with installed weights of its own kind
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
    if what not in TRAINED:
        raise BadRequest(f"{path.name} says train = “{what}”; it must be one of {', '.join(TRAINED)}.")
    return what, tables


def train(
    recipe: str,
    data: Path,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    resume: bool = False,
    steps: int | None = None,
    text_folder: Path | None = None,
    start: Path | None = None,
    on_progress: Progress = lambda what, done, total: None,
) -> Path:
    """Train by a recipe on the corpus in `data`; checkpoint, curve and prepared data go to `out`.

    minutes: budget instead of the recipe's. steps: stop after so many. text_folder: the text encoder's files where its
    package is not installed. start: folder of an installed model to begin with, or to learn from; its codec and flow
    are used, too, when `out` has none. Returns the checkpoint's path.
    Raises BadRequest, ModelProblem (nothing to continue, no such device), LatenteError (no corpus).
    """
    what, tables = read_recipe(recipe)
    if device not in ("cpu", "cuda", "mps") or (device == "cuda" and not torch.cuda.is_available()):
        raise ModelProblem(f"The device {device} is not here. Train with --device cpu.")
    options: dict[str, Any] = {"minutes": 10.0, "learning_rate": 4e-4, **tables.get("plan", {})}
    begin = start / f"{what}.safetensors" if start is not None and what in CONTINUED else None
    plan = Plan(out=out, name=what, device=device, resume=resume, steps=steps, start=begin, **_tuples(options))
    plan = plan if minutes is None else replace(plan, minutes=minutes)
    corpus = Corpus.open(data)
    return _TRAINERS[what](Job(corpus, plan, tables, start, text_folder, on_progress))


@dataclass(frozen=True)
class Job:
    """What a trainer needs to know."""

    corpus: Corpus
    plan: Plan
    tables: dict[str, Any]
    start: Path | None
    text_folder: Path | None
    on_progress: Progress

    @property
    def recipe(self) -> dict[str, Any]:
        return dict(self.tables.get("recipe", {}))

    @property
    def config(self) -> dict[str, Any]:
        return dict(self.tables.get("config", {}))

    def codec(self) -> CodecNet:
        """The one trained in this folder, else the one of the model that training began with."""
        path = self.plan.out / "codec.safetensors"
        if self.start is not None and not path.is_file():
            return NeuralCodec.load(self.start / "codec.safetensors", self.plan.device).net
        return trained_codec(path, self.plan.device)

    def flow(self) -> Dit:
        """Likewise."""
        path = self.plan.out / "flow.safetensors"
        if self.start is not None and not path.is_file():
            return load_flow(self.start)[0]
        return trained_flow(path)

    def latents(self) -> latents.Latents:
        """Prepared in this folder, now if not earlier."""
        folder = self.plan.out / "latents"
        if not (folder / "small.npz").is_file():
            net, text, device = self.codec(), self.text_encoder(), self.plan.device
            latents.prepare(self.corpus, net, text, folder, device=device, on_progress=self.on_progress)
        return latents.Latents.open(folder)

    def text_encoder(self) -> TextEncoder:
        return TextEncoder(self.text_folder, self.plan.device)


def _codec(job: Job) -> Path:
    recipe = CodecRecipe(**job.recipe)
    if recipe.decoder_only and job.plan.start is None and not job.plan.resume:
        raise BadRequest("This recipe goes on from a trained codec: name its model's folder with --start.")
    return train_codec(job.corpus, job.plan, recipe, config_of(job.config))


def _codec_gan(job: Job) -> Path:
    recipe, config = GanRecipe(**job.recipe), DiscriminatorConfig(**_tuples(job.config))
    return train_gan(job.corpus, job.codec(), job.plan, recipe, config)


def _flow(job: Job) -> Path:
    data = job.latents()
    config = DitConfig(**{**job.config, "channels": data.latents.shape[1]})
    return train_flow(data, job.corpus, job.plan, FlowRecipe(**job.recipe), config)


def _refine(job: Job) -> Path:
    if job.start is None:
        raise BadRequest("This recipe goes on from a finished flow: name its model's folder with --start.")
    recipe = FlowRecipe(**job.recipe)
    return train_refinement(job.latents(), job.corpus, job.start, job.plan, recipe, **job.config)


def _distil(job: Job) -> Path:
    teacher, recipe, config = job.flow(), DistilRecipe(**_tuples(job.recipe)), FastConfig(**job.config)
    return train_distil(job.latents(), job.corpus, teacher, job.plan, recipe, config)


def _clap(job: Job) -> Path:
    recipe, config = ClapRecipe(**job.recipe), ClapConfig(**job.config)
    return train_clap(job.corpus, job.text_encoder(), job.plan, recipe, config, job.on_progress)


_TRAINERS: dict[str, Callable[[Job], Path]] = {
    "codec": _codec, "codec_gan": _codec_gan, "flow": _flow, "refine": _refine, "distil": _distil, "clap": _clap,
}  # fmt: skip


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    """A table of a recipe as a frozen dataclass takes it."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def trained_codec(path: Path, device: str = "cpu") -> CodecNet:
    """The averaged net of a codec checkpoint. Raises ModelProblem when it is missing or does not fit."""
    if not path.is_file():
        raise ModelProblem(f"{path} is missing: train the codec first (`latente train codec --out {path.parent}`).")
    tensors, facts = checkpoint.load(path)
    net = CodecNet(config_of(facts["config"]))
    net.load_state_dict(checkpoint.part(tensors, "average"))
    return net.eval().to(device)


def trained_flow(path: Path) -> Dit:
    """The averaged net of a flow checkpoint. Raises ModelProblem when it is missing."""
    if not path.is_file():
        raise ModelProblem(f"{path} is missing: train the flow first (`latente train flow`), or name a --start model.")
    tensors, facts = checkpoint.load(path)
    net = Dit(DitConfig(**facts["config"]))
    net.load_state_dict(checkpoint.part(tensors, "average"))
    return net.eval()


def main() -> None:
    """`python -m engine.training.run RECIPE --data DIR --out DIR …`, where the command line is not installed."""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--text-folder", type=Path)
    parser.add_argument("--start", type=Path)
    try:
        print(train(**vars(parser.parse_args())))
    except LatenteError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
