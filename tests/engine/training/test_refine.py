"""A finished flow learns on: small changes in a file of their own, by the real command's path on tiny shapes."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.corpus.store import Corpus
from engine.errors import BadRequest, ModelProblem
from engine.generators.dit import Dit
from engine.generators.stored import REFINED_FILE, load_flow, load_unrefined
from engine.models import weights
from engine.training import checkpoint
from engine.training.flow import FlowRecipe, LatentBatches, flow_loss
from engine.training.latents import Latents
from engine.training.run import train
from engine.training.ship import ship
from tests.tiny_model import install_stirred_model, install_tiny_model

RECIPE = """train = "refine"
[plan]
minutes = 1e9
learning_rate = 1e-2
warmup = 1
average = 0.5
[recipe]
tokens = 200
[config]
rank = 4
"""
STEPS = 150


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model whose flow is random but not nothing."""
    return install_stirred_model(tmp_path_factory.mktemp("models"), 0.1)


@pytest.fixture(scope="module")
def run(corpus: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "refine.toml").write_text(RECIPE)
    train(str(folder / "refine.toml"), corpus, folder, steps=STEPS, start=model)
    return folder


@pytest.fixture(scope="module")
def refined(run: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model with what its flow learnt in that run."""
    folder = tmp_path_factory.mktemp("refined") / model.name
    shutil.copytree(model, folder)
    ship(run, folder)
    return folder


def loss(flow: Dit, data: Path, corpus: Path) -> float:
    """Mean over twenty batches, the same for every flow; latents by mean 0 and deviation 1, as the tiny model's."""
    latents = Latents.open(data / "latents")
    width = len(latents.mean)
    own = Latents(**{**vars(latents), "mean": np.zeros(width, np.float32), "deviation": np.ones(width, np.float32)})
    batches = LatentBatches(own, Corpus.open(corpus), FlowRecipe(tokens=200, seed=5), "cpu")
    torch.manual_seed(5)
    with torch.no_grad():
        return float(np.mean([float(flow_loss(flow, batches)) for _ in range(20)]))


def test_a_refined_flow_is_nearer_to_the_corpus(run: Path, refined: Path, model: Path, corpus: Path) -> None:
    before, after = (loss(load_flow(folder)[0], run, corpus) for folder in (model, refined))
    assert after < 0.8 * before, (before, after)


def test_nothing_but_the_changes_is_kept_and_shipped(run: Path, refined: Path, model: Path) -> None:
    tensors, facts = checkpoint.load(run / "refine.safetensors")
    assert {key.split(".")[0] for key in checkpoint.part(tensors, "average")} == {"down", "up"}
    assert facts["step"] == STEPS
    assert (refined / "flow.safetensors").read_bytes() == (model / "flow.safetensors").read_bytes()
    assert (refined / REFINED_FILE).stat().st_size < 0.6 * (refined / "flow.safetensors").stat().st_size
    assert REFINED_FILE in (refined / "card.toml").read_text()
    bare, whole = load_unrefined(refined)[0], load_flow(refined)[0]
    moved = whole.blocks[0].qkv.weight - bare.blocks[0].qkv.weight  # type: ignore[union-attr]
    assert int(torch.linalg.matrix_rank(moved.detach(), rtol=1e-3)) == 4


def test_a_refinement_goes_on_from_the_one_a_model_has(run: Path, refined: Path, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "refine.toml").write_text(RECIPE)
    train(str(tmp_path / "refine.toml"), corpus, tmp_path, steps=0, start=refined)
    again, first = (
        checkpoint.part(checkpoint.load(folder / "refine.safetensors")[0], "average") for folder in (tmp_path, run)
    )
    assert again.keys() == first.keys()
    for key, value in again.items():
        assert float((value - first[key]).norm()) <= 0.01 * float(first[key].norm())  # rounded when it was shipped


def test_a_refinement_belongs_to_its_own_flow(run: Path, refined: Path, tmp_path: Path) -> None:
    other = install_tiny_model(tmp_path)
    with pytest.raises(ModelProblem, match="another flow"):
        ship(run, other)
    shutil.copy(refined / REFINED_FILE, other)
    with pytest.raises(ModelProblem, match="another flow"):
        load_flow(other)
    (tmp_path / "nothing").mkdir()
    assert REFINED_FILE not in [file.name for file in ship(tmp_path / "nothing", other).files]
    assert not (other / REFINED_FILE).exists()


def test_a_damaged_refinement_is_one_line(refined: Path, tmp_path: Path) -> None:
    folder = tmp_path / refined.name
    shutil.copytree(refined, folder)
    tensors, facts = weights.load(folder / REFINED_FILE)
    key = next(iter(tensors))
    for broken in ({key: tensors[key]}, {**tensors, key: tensors[key][:, :-1]}):
        weights.save(folder / REFINED_FILE, broken, facts)
        with pytest.raises(ModelProblem, match="damaged"):
            load_flow(folder)
    for lies in ({**facts, "config": {"rank": "many"}}, {**facts, "config": {"rank": -1}}, {"flow": facts["flow"]}):
        weights.save(folder / REFINED_FILE, tensors, lies)
        with pytest.raises(ModelProblem, match="damaged"):
            load_flow(folder)


def test_a_refinement_needs_a_flow_to_go_on_from(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="--start"):
        train("refine", corpus, tmp_path, steps=1)
