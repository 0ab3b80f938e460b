"""The flow's student: taught by a tiny flow with a field that bends, on the real command's path."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.corpus.store import Corpus
from engine.errors import ModelProblem
from engine.generators.dit import Dit, joined, load_flow
from engine.generators.fast import FAST_FILE, FastConfig, FastDit
from engine.generators.sampling import schedule
from engine.models import weights
from engine.training import checkpoint
from engine.training.distil import DistilRecipe, Lessons, Trajectories, far_off, strided, trajectories
from engine.training.flow import FlowRecipe, LatentBatches
from engine.training.latents import Latents
from engine.training.run import train
from engine.training.ship import ship
from tests.tiny_model import install_tiny_model

RECIPE = """train = "distil"
[plan]
minutes = 1e9
learning_rate = 1e-2
warmup = 5
[recipe]
tokens = 120
finest = 8
strides = [1, 2, 4, 8]
shares = [0.1, 0.6, 0.2, 0.1]
uses = 6
judged = 4
[config]
rank = 8
steps = 2
guidance = 2.0
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model whose flow is random but not nothing."""
    folder = install_tiny_model(tmp_path_factory.mktemp("models"))
    tensors, facts = weights.load(folder / "flow.safetensors")
    torch.manual_seed(1)
    random = {key: torch.randn_like(value) * 0.2 for key, value in tensors.items() if not key.startswith("latent.")}
    weights.save(folder / "flow.safetensors", {**tensors, **random}, facts)
    return folder


@pytest.fixture(scope="module")
def run(corpus: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "distil.toml").write_text(RECIPE)
    train(str(folder / "distil.toml"), corpus, folder, steps=60, start=model)
    return folder


@pytest.fixture(scope="module")
def teacher(model: Path) -> Dit:
    return load_flow(model)[0]


@pytest.fixture(scope="module")
def lessons(teacher: Dit, run: Path, corpus: Path) -> Lessons:
    asked = FlowRecipe(tokens=120, most=8, free=0.0, seed=99)
    batches = LatentBatches(Latents.open(run / "latents"), Corpus.open(corpus), asked, "cpu")
    return Lessons(teacher, batches, DistilRecipe(finest=16, uses=4, kept=2, judged=4), 2.0)


@pytest.fixture(scope="module")
def exam(lessons: Lessons) -> Trajectories:
    """Sounds and noise that the student was not taught by."""
    torch.manual_seed(5)
    return lessons.fresh()


def euler(teacher: Dit, exam: Trajectories, steps: int) -> Tensor:
    """The plain sampler with guidance: two evaluations a step."""
    x, times, both = exam.places[0], schedule(steps), joined(exam.asked, exam.asked.freed())
    with torch.no_grad():
        for start, end in pairwise(times):
            wanted, free = teacher(torch.cat([x, x]), torch.full((2 * len(x),), start), both).chunk(2)
            x = x + (free + 2.0 * (wanted - free)) * (end - start)
    return x


def distance(made: Tensor, exam: Trajectories) -> float:
    goal = exam.places[-1]
    return float((made - goal).square().mean().sqrt() / goal.std())


def taught(run: Path, teacher: Dit) -> FastDit:
    tensors, facts = checkpoint.load(run / "distil.safetensors")
    student = FastDit(teacher, FastConfig(**facts["config"]))
    student.load_state_dict(checkpoint.part(tensors, "average"))
    return student.eval()


def test_a_student_is_nearer_to_its_teacher_in_two_strides_than_the_sampler_in_two_steps(
    run: Path, teacher: Dit, exam: Trajectories
) -> None:
    with torch.no_grad():
        student = far_off(taught(run, teacher), [exam], 2)
        untaught = far_off(FastDit(teacher, FastConfig()), [exam], 2)
    plain = distance(euler(teacher, exam, 2), exam)
    assert student < 0.8 * plain, (student, plain, untaught)
    assert student < 0.8 * untaught, (student, plain, untaught)


def test_trajectories_end_where_many_small_steps_end(teacher: Dit, exam: Trajectories) -> None:
    """Second order: nearer to the way's true course than the plain sampler with as many evaluations."""
    true = euler(teacher, exam, 256)
    few = trajectories(teacher, exam.places[0], exam.asked, 2.0, 16).places[-1]
    assert (few - true).norm() < 0.5 * (euler(teacher, exam, 16) - true).norm()


def test_lessons_lead_from_place_to_place(lessons: Lessons) -> None:
    here, start, end, velocity, _ = lessons.draw()
    there = here + velocity * (end - start)[:, None, None]
    ways, times = lessons.pool[0].places, torch.tensor(schedule(16))
    assert len(lessons.pool) == 1
    for n in range(len(here)):
        first, last = (int((times - time).abs().argmin()) for time in (start[n], end[n]))
        assert 16 // (last - first) in lessons.recipe.strides
        assert torch.equal(here[n], ways[first, n])
        assert torch.allclose(there[n], ways[last, n], atol=1e-5)


def test_a_student_begins_as_its_teacher_without_guidance(teacher: Dit, exam: Trajectories) -> None:
    student, x = FastDit(teacher, FastConfig(rank=4)), exam.places[0]
    time, end = torch.full((len(x),), 0.3), torch.full((len(x),), 0.6)
    with torch.no_grad():
        assert torch.equal(student(x, time, end, exam.asked), teacher(x, time, exam.asked))


def test_only_what_differs_from_the_teacher_is_kept_and_shipped(
    run: Path, model: Path, teacher: Dit, exam: Trajectories, tmp_path: Path
) -> None:
    folder = tmp_path / model.name
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    assert FAST_FILE in [file.name for file in ship(run, folder).files]
    before = [value.clone() for value in teacher.state_dict().values()]
    loaded = FastDit.load(folder, teacher)
    assert loaded is not None
    with torch.no_grad():
        shipped = strided(loaded, exam.places[0], exam.asked, 2)
        trained = strided(taught(run, teacher), exam.places[0], exam.asked, 2)
    assert float((shipped - trained).norm() / trained.norm()) < 0.02  # rounded to 8 bits, merged
    assert all(torch.equal(a, b) for a, b in zip(before, teacher.state_dict().values(), strict=True))
    assert FastDit.load(model, teacher) is None


def test_a_student_of_another_flow_is_not_shipped(run: Path, tmp_path: Path) -> None:
    folder = install_tiny_model(tmp_path)  # its flow is not the one that the student learnt from
    with pytest.raises(ModelProblem, match="another flow"):
        ship(run, folder)


def test_a_student_needs_a_flow_to_learn_from(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="train the flow first"):
        train("distil", corpus, tmp_path, steps=1)


def test_the_curve_says_how_far_off_each_number_of_strides_is(run: Path) -> None:
    rows = [row for row in (run / "distil.csv").read_text().splitlines() if row[:1].isdigit()]
    figures = dict(pair.split("=") for pair in rows[-1].split(",")[-1].split())
    assert set(figures) == {"far_1", "far_2", "far_4", "far_8"}
    assert np.isfinite([float(value) for value in figures.values()]).all()
