"""The flow's student: what it learns from a small flow that knows four shapes, and the real command's path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.errors import ModelProblem
from engine.generators.dit import Conditions, Dit, DitConfig, joined
from engine.generators.fast import FAST_FILE, FastConfig, FastDit
from engine.generators.sampling import euler, guided, schedule
from engine.generators.stored import load_flow
from engine.models import weights
from engine.training import checkpoint
from engine.training.distil import DistilRecipe, Lessons, Trajectories, far_off, strided, trajectories
from engine.training.run import train
from engine.training.ship import ship
from tests.engine.generators.test_dit import TINY, conditions
from tests.tiny_model import install_stirred_model, install_tiny_model

RECIPE = """train = "distil"
[plan]
minutes = 1e9
learning_rate = 3e-3
warmup = 1
[recipe]
tokens = 100
finest = 8
uses = 2
judged = 2
[config]
rank = 4
steps = 2
guidance = 2.0
"""
SOUNDS = 16


class Families:
    """Sixteen sounds of four families, each family a shape of its own."""

    def __init__(self) -> None:
        asked = conditions(SOUNDS)
        self.asked = replace(asked, family=torch.arange(SOUNDS) % 4, text=asked.text * 0.1)
        self.shapes = torch.randn(4, 6, TINY.channels)

    def draw(self) -> tuple[Tensor, Conditions]:
        return self.shapes[self.asked.family] + 0.3 * torch.randn(SOUNDS, 6, TINY.channels), self.asked


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    """Of a flow that has learnt the families: its field bends, and guidance changes where it leads."""
    torch.manual_seed(0)
    families, flow = Families(), Dit(TINY)
    optimiser = torch.optim.AdamW(flow.parameters(), 5e-3)
    for _ in range(150):
        latents, asked = families.draw()
        noise, time = torch.randn_like(latents), torch.rand(SOUNDS)
        mixed = noise + (latents - noise) * time[:, None, None]
        velocity = flow(mixed, time, replace(asked, free=torch.rand(SOUNDS) < 0.3))
        optimiser.zero_grad()
        (velocity - (latents - noise)).square().mean().backward()
        optimiser.step()
    recipe = DistilRecipe(finest=8, shares=(0.1, 0.6, 0.2, 0.1), uses=4, kept=16)
    return Lessons(flow.eval(), families, recipe, guidance=2.0)


@pytest.fixture(scope="module")
def exam(lessons: Lessons) -> Trajectories:
    """From noise that the student is not taught by."""
    torch.manual_seed(9)
    return lessons.fresh()


def sampled(flow: Dit, exam: Trajectories, steps: int) -> Tensor:
    """By the plain sampler, two evaluations a step."""
    both = joined(exam.asked, exam.asked.freed())

    follow = guided(lambda x, time: flow(x, time, both), lambda x, time: flow(x, time, exam.asked), 2.0)
    with torch.no_grad():
        return euler(follow, exam.places[0], steps, lambda done, of: None)


def test_a_student_is_nearer_in_two_strides_than_the_sampler_in_two_steps(lessons: Lessons, exam: Trajectories) -> None:
    student, goal = FastDit(lessons.teacher, FastConfig(rank=8)), exam.places[-1]
    untaught = far_off(student, [exam], 2)
    plain = float((sampled(lessons.teacher, exam, 2) - goal).square().mean().sqrt() / goal.std())
    optimiser = torch.optim.AdamW(student.parameters(), 3e-3)
    for _ in range(120):
        here, start, end, wanted, asked = lessons.draw()
        optimiser.zero_grad()
        (student(here, start, end, asked) - wanted).square().mean().backward()
        optimiser.step()
    taught = far_off(student, [exam], 2)
    assert taught < 0.75 * min(plain, untaught), (taught, plain, untaught)
    merged = far_off(student.merged(), [exam], 2)
    assert merged == pytest.approx(taught, rel=1e-3)


def test_trajectories_are_the_guided_flows_own_way(lessons: Lessons, exam: Trajectories) -> None:
    fine = trajectories(lessons.teacher, exam.places[0], exam.asked, 2.0, 32)
    assert torch.equal(fine.places[0], exam.places[0])
    true, coarse = (sampled(lessons.teacher, exam, steps) for steps in (200, 8))
    assert (fine.places[-1] - true).norm() < 0.5 * (coarse - true).norm()


def test_lessons_lead_from_place_to_place(lessons: Lessons) -> None:
    fresh = Lessons(lessons.teacher, lessons.batches, lessons.recipe, 2.0)
    here, start, end, velocity, _ = fresh.draw()
    there = here + velocity * (end - start)[:, None, None]
    ways, times = fresh.pool[0].places, torch.tensor(schedule(8))
    for n in range(SOUNDS):
        first, last = (int((times - time).abs().argmin()) for time in (start[n], end[n]))
        assert 8 // (last - first) in fresh.recipe.strides
        assert torch.equal(here[n], ways[first, n])
        assert torch.allclose(there[n], ways[last, n], atol=1e-5)
    for _ in range(fresh.recipe.uses):
        fresh.draw()
    assert len(fresh.pool) == 2


def test_a_student_begins_as_its_teacher_without_guidance(lessons: Lessons, exam: Trajectories) -> None:
    student, x = FastDit(lessons.teacher, FastConfig(rank=4)), exam.places[0]
    time, end = torch.full((SOUNDS,), 0.3), torch.full((SOUNDS,), 0.6)
    with torch.no_grad():
        assert torch.equal(student(x, time, end, exam.asked), lessons.teacher(x, time, exam.asked))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model whose flow is random but not nothing."""
    return install_stirred_model(tmp_path_factory.mktemp("models"), 0.2)


@pytest.fixture(scope="module")
def run(corpus: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "distil.toml").write_text(RECIPE)
    train(str(folder / "distil.toml"), corpus, folder, steps=4, start=model)
    return folder


def test_the_curve_says_how_far_off_each_number_of_strides_is(run: Path) -> None:
    rows = [row for row in (run / "distil.csv").read_text().splitlines() if row[:1].isdigit()]
    figures = dict(pair.split("=") for pair in rows[-1].split(",")[-1].split())
    assert set(figures) == {"far_1", "far_2", "far_4", "far_8"}
    assert np.isfinite([float(value) for value in figures.values()]).all()


def test_only_what_differs_from_the_flow_is_kept_shipped_and_loaded(run: Path, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / model.name
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    assert FAST_FILE in [file.name for file in ship(run, folder).files]
    flow = load_flow(folder)[0]
    before = {key: value.clone() for key, value in flow.state_dict().items()}
    loaded = FastDit.load(folder, flow)
    assert loaded is not None
    assert all(torch.equal(before[key], value) for key, value in flow.state_dict().items())
    tensors, facts = checkpoint.load(run / "distil.safetensors")
    taught = FastDit(flow, FastConfig(**facts["config"]))
    taught.load_state_dict(checkpoint.part(tensors, "average"))
    noise, asked = torch.randn(2, 6, flow.config.channels), conditions(2)
    with torch.no_grad():
        a, b = (strided(student, noise, asked, 2) for student in (loaded, taught))
    assert float((a - b).norm() / b.norm()) < 0.02  # merged, rounded to 8 bits
    assert not any(key.startswith("net.blocks") for key in tensors)  # the flow's own weights are not among them
    assert FastDit.load(model, flow) is None


def test_a_student_is_shipped_and_loaded_with_its_own_flow_alone(run: Path, model: Path, tmp_path: Path) -> None:
    other = install_tiny_model(tmp_path)  # of the same shape, but not the flow that the student learnt from
    with pytest.raises(ModelProblem, match="another flow"):
        ship(run, other)
    tensors, facts = checkpoint.load(run / "distil.safetensors")
    weights.save(other / FAST_FILE, checkpoint.part(tensors, "average"), facts)
    with pytest.raises(ModelProblem, match="another flow"):
        FastDit.load(other, load_flow(other)[0])
    (tmp_path / "nothing").mkdir()
    assert FAST_FILE not in [file.name for file in ship(tmp_path / "nothing", other).files]
    assert not (other / FAST_FILE).exists()


def test_a_student_needs_a_flow_to_learn_from(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="train the flow first"):
        train("distil", corpus, tmp_path, steps=1)


def test_the_student_of_the_shape_we_ship_is_small() -> None:
    student = FastDit(Dit(DitConfig()), FastConfig())
    assert sum(parameter.numel() for parameter in student.parameters()) < 2e6
