"""Trains the flow's student: few strides without guidance's second evaluation (`engine/generators/fast.py`).

The flow followed with guidance is a fixed map from noise to data, so its trajectories are lessons: over any stretch of
one, the mean velocity that leads from its beginning to its end is known exactly. Trajectories are made as training goes
on, each is learnt from several times, in the very strides that sampling will make.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from engine.codecs.codec import autocast
from engine.corpus.store import Corpus
from engine.generators.dit import Conditions, Dit, joined
from engine.generators.fast import FastConfig, FastDit
from engine.generators.sampling import adams, euler, guided, schedule
from engine.generators.stored import mark
from engine.training import loop
from engine.training.flow import FlowRecipe, LatentBatches, onset_weights
from engine.training.latents import Latents


@dataclass(frozen=True)
class DistilRecipe:
    """tokens, most: as in FlowRecipe. strides: into how many the way is cut, each with its share of the lessons.
    finest: the flow's own steps; every number of strides divides it. uses: lessons from each batch of trajectories;
    kept: how many batches are kept to draw lessons from, each as good as the newest."""

    tokens: int = 1000
    most: int = 80
    strides: tuple[int, ...] = (1, 2, 4, 8)
    shares: tuple[float, ...] = (0.15, 0.25, 0.4, 0.2)
    finest: int = 16
    uses: int = 12
    kept: int = 64
    judged: int = 24
    family: float = 0.3
    onset: float = 4.0
    seed: int = 6


@dataclass(frozen=True, eq=False)
class Trajectories:
    """A batch of sounds on their way: places (finest + 1, B, L, C) at the times of `schedule(finest)`."""

    places: Tensor
    asked: Conditions


def trajectories(teacher: Dit, noise: Tensor, asked: Conditions, guidance: float, steps: int) -> Trajectories:
    """The way from `noise` (B, L, C) under guidance, by the better of the samplers, so that the student learns the
    flow's course and not a sampler's error."""
    both, places = joined(asked, asked.freed()), [noise]

    def under(conditions: Conditions) -> Callable[[Tensor, Tensor], Tensor]:
        def velocity(x: Tensor, time: Tensor) -> Tensor:
            with autocast(x.device.type):
                made: Tensor = teacher(x, time, conditions)
            return made.float()

        return velocity

    def keep(x: Tensor, time: float) -> Tensor:
        places.append(x)
        return x

    with torch.inference_mode():
        adams(guided(under(both), under(asked), guidance), noise, steps, lambda done, of: None, hold=keep)
    return Trajectories(torch.stack(places).clone(), asked)


class Batches(Protocol):
    """What `Lessons` need of LatentBatches."""

    def draw(self) -> tuple[Tensor, Conditions]: ...


class Lessons:
    """Stretches of trajectories: what the student is asked and what it should say."""

    def __init__(self, teacher: Dit, batches: Batches, recipe: DistilRecipe, guidance: float) -> None:
        self.teacher, self.batches, self.recipe, self.guidance = teacher, batches, recipe, guidance
        self.pool: deque[Trajectories] = deque(maxlen=recipe.kept)
        self.rng = np.random.default_rng(recipe.seed)
        self.drawn = 0

    def fresh(self) -> Trajectories:
        """Words, notes and lengths of the corpus, noise of its own."""
        latents, asked = self.batches.draw()
        return trajectories(self.teacher, torch.randn_like(latents), asked, self.guidance, self.recipe.finest)

    def draw(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Conditions]:
        """Where each sound is (B, L, C), its time (B,), the stride's end (B,), the mean velocity to it, conditions."""
        recipe, rng = self.recipe, self.rng
        if self.drawn % recipe.uses == 0:
            self.pool.append(self.fresh())
        self.drawn += 1
        ways = self.pool[int(rng.integers(len(self.pool)))]
        size = ways.places.shape[1]
        parts = rng.choice(recipe.strides, size, p=np.asarray(recipe.shares) / sum(recipe.shares))
        length = recipe.finest // parts
        first = torch.from_numpy(rng.integers(parts) * length)
        last, each = first + torch.from_numpy(length), torch.arange(size)
        times = torch.tensor(schedule(recipe.finest))
        device = ways.places.device
        start, end = times[first].to(device), times[last].to(device)
        here, there = (ways.places[index.to(device), each.to(device)] for index in (first, last))
        return here, start, end, (there - here) / (end - start)[:, None, None], ways.asked


def strided(student: FastDit, noise: Tensor, asked: Conditions, steps: int) -> Tensor:
    """The student's way from noise (B, L, C) in so many strides."""
    return euler(student.velocity(asked), noise, steps, lambda done, of: None)


def train_distil(
    data: Latents, corpus: Corpus, teacher: Dit, plan: loop.Plan, recipe: DistilRecipe, config: FastConfig
) -> Path:
    """Returns the checkpoint. Figures on the curve: for each number of strides, how far the student's end is from the
    flow's own, as a share of the latter's deviation, under noise that it never saw."""
    torch.manual_seed(recipe.seed)
    teacher = teacher.to(plan.device).eval()
    student = FastDit(teacher, config)

    def batches(seed: int, tokens: int, most: int) -> LatentBatches:
        asked = FlowRecipe(tokens, most, free=0.0, family=recipe.family, seed=seed)
        return LatentBatches(data, corpus, asked, plan.device)

    aside = Lessons(teacher, batches(recipe.seed + 1, 40 * recipe.judged, recipe.judged), recipe, config.guidance)
    exams = [aside.fresh() for _ in range(2)] if recipe.judged else []
    taught = batches(recipe.seed, recipe.tokens, recipe.most)
    lessons = Lessons(teacher, taught, recipe, config.guidance)

    def step() -> Tensor:
        here, start, end, wanted, asked = lessons.draw()
        with autocast(plan.device):
            said = student(here, start, end, asked)
        error = (said.float() - wanted).square().mean((0, 2))
        loss: Tensor = (error * onset_weights(len(error), recipe.onset, error.device)).mean()
        return loss

    def judge(candidate: nn.Module) -> dict[str, float]:
        assert isinstance(candidate, FastDit)
        return {f"far_{steps}": far_off(candidate, exams, steps) for steps in recipe.strides}

    facts: dict[str, Any] = {"config": asdict(config), "recipe": asdict(recipe), "teacher": mark(teacher)}
    return loop.run(plan, student, step, judge if exams else None, facts, chances=[lessons.rng, taught.rng])


def far_off(student: FastDit, exams: list[Trajectories], steps: int) -> float:
    """RMS distance of the student's ends to the flow's, over the deviation of the latter; mean over the exams."""
    found = []
    for exam in exams:
        goal = exam.places[-1]
        with torch.no_grad():
            made = strided(student, exam.places[0], exam.asked, steps)
        found.append(float((made - goal).square().mean().sqrt() / goal.std()))
    return float(np.mean(found))
