"""The loop that every recipe shares: time budget, schedule, moving average, checkpoints, curve."""

from __future__ import annotations

import csv
import math
import os
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import ModelProblem
from engine.models import weights
from engine.training import checkpoint

KEPT = "kept"  # folder of what `Plan.keep_every_s` keeps


@dataclass(frozen=True)
class Plan:
    """What the loop needs. minutes: budget of this run; the learning rate falls to `final` of its peak by its end.
    start: an installed model's weights to begin with instead of random ones. keep_every_s: how often the moving average
    is kept for good, from the start on, in a folder of its own under `out`/KEPT; 0 for never."""

    out: Path
    name: str
    minutes: float
    learning_rate: float
    device: str = "cpu"
    resume: bool = False
    start: Path | None = None
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.01
    warmup: int = 100
    final: float = 0.02
    average: float = 0.999
    log_every: int = 50
    save_every_s: float = 60.0
    judge_every_s: float = 600.0
    keep_every_s: float = 0.0
    steps: int | None = None  # stop after so many, whatever the clock says (tests)


Step = Callable[[], Tensor]  # loss of one step
Judge = Callable[[nn.Module], dict[str, float]]  # held-out figures of a net


@dataclass(frozen=True)
class Opponent:
    """Who learns against the net: `step` trains it, the loop sets its learning rate and keeps it in checkpoints."""

    net: nn.Module
    optimiser: torch.optim.Optimizer


def run(
    plan: Plan, net: nn.Module, step: Step, judge: Judge | None, facts: dict[str, Any],
    opponent: Opponent | None = None, chances: Sequence[np.random.Generator] = (),
) -> Path:  # fmt: skip
    """Train until the time is up; returns the checkpoint's path. The moving average is what is judged and shipped.

    chances: what `step` draws by, besides torch's own generator. With their states in the checkpoint a resumed run
    draws what the stopped one would have drawn.
    """
    torch.set_flush_denormal(True)
    plan.out.mkdir(parents=True, exist_ok=True)
    path = plan.out / f"{plan.name}.safetensors"
    if plan.start is not None:
        _begin_with(plan.start, net)
    parameters = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        parameters, plan.learning_rate, betas=plan.betas, weight_decay=plan.weight_decay, fused=True
    )
    average = {key: value.detach().clone() for key, value in net.state_dict().items()}
    done, spent = 0, 0.0
    if plan.resume and path.exists():
        earlier = checkpoint.restore(path, net, average, optimiser, opponent)
        done, spent = int(earlier["step"]), float(earlier["seconds"])
        for chance, state in zip(chances, earlier.get("chances", ()), strict=False):
            chance.bit_generator.state = state
    curve = Curve(plan.out / f"{plan.name}.csv", fresh=done == 0)
    machine = f"{platform.processor() or platform.machine()} {os.cpu_count()} cores"
    curve.note(f"# {machine}, torch {torch.__version__}, {plan.device}")
    started = saved = judged = time.monotonic()
    losses: list[float] = []
    first = done

    def reached() -> dict[str, Any]:
        return {**facts, "step": done, "seconds": spent + time.monotonic() - started}

    def save() -> None:
        drawn = [chance.bit_generator.state for chance in chances]
        checkpoint.save(path, net, average, optimiser, {**reached(), "chances": drawn}, opponent)

    def keep() -> None:
        folder = plan.out / KEPT / f"{plan.name}-{done:07}"
        folder.mkdir(parents=True, exist_ok=True)
        checkpoint.save_average(folder / path.name, average, reached())

    kept = -plan.keep_every_s  # since the start
    while True:
        if plan.keep_every_s and time.monotonic() - started >= kept + plan.keep_every_s:
            kept = time.monotonic() - started
            keep()
        progress = (time.monotonic() - started) / (60.0 * plan.minutes)
        if progress >= 1.0 or (plan.steps is not None and done - first >= plan.steps):
            break
        for learner in (optimiser, *([] if opponent is None else [opponent.optimiser])):
            for group in learner.param_groups:
                group["lr"] = plan.learning_rate * schedule(progress, done - first, plan)
        loss = step()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        done += 1
        losses.append(loss.item())
        _follow(average, net, min(plan.average, done / (done + 20)))
        now = time.monotonic()
        figures: dict[str, float] = {}
        if judge is not None and now - judged > plan.judge_every_s:
            figures, judged = _judged(net, average, judge), time.monotonic()
        if len(losses) == plan.log_every or figures:
            curve.add(done, spent + now - started, sum(losses) / len(losses), figures)
            losses = []
        if now - saved > plan.save_every_s:
            save()
            saved = time.monotonic()
    if losses or judge is not None:
        last = _judged(net, average, judge) if judge is not None else {}
        curve.add(done, spent + time.monotonic() - started, sum(losses) / max(1, len(losses)), last)
    save()
    if plan.keep_every_s:
        keep()
    with suppress(ImportError):  # a bare machine draws nothing; the CSV is the curve
        curve.draw()
    return path


def _begin_with(path: Path, net: nn.Module) -> None:
    """Raises ModelProblem when the weights belong to another shape."""
    tensors, _ = weights.load(path)
    try:
        net.load_state_dict({key: value for key, value in tensors.items() if not key.startswith("latent.")})
    except RuntimeError as error:
        raise ModelProblem(f"{path} is of another shape than the recipe; begin without --start.") from error


def schedule(progress: float, step: int, plan: Plan) -> float:
    """Linear warm-up by steps, then a half cosine by time down to `plan.final`."""
    return min(1.0, (step + 1) / plan.warmup) * max(plan.final, 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def _follow(average: dict[str, Tensor], net: nn.Module, decay: float) -> None:
    ours, theirs = [], []
    for key, value in net.state_dict().items():
        if value.is_floating_point():
            ours.append(average[key])
            theirs.append(value)
    with torch.no_grad():
        torch._foreach_lerp_(ours, theirs, 1.0 - decay)


def _judged(net: nn.Module, average: dict[str, Tensor], judge: Judge) -> dict[str, float]:
    """Figures of the moving average; the net goes on as it was."""
    kept = {key: value.detach().clone() for key, value in net.state_dict().items()}
    net.load_state_dict(average)
    net.eval()
    with torch.no_grad():
        figures = judge(net)
    net.load_state_dict(kept)
    net.train()
    return figures


class Curve:
    """The course of a run, as CSV while it goes and as PNG at its end."""

    def __init__(self, path: Path, fresh: bool) -> None:
        self.path = path
        if fresh:
            path.write_text("step,seconds,loss,figures\n", encoding="utf-8")

    def note(self, line: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def add(self, step: int, seconds: float, loss: float, figures: dict[str, float]) -> None:
        words = " ".join(f"{key}={value:.4g}" for key, value in figures.items())
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([step, round(seconds, 1), round(loss, 5), words])
        print(f"step {step}  {seconds:.0f} s  loss {loss:.4f}  {words}", flush=True)

    def draw(self) -> None:
        """Loss over steps to a PNG beside the CSV."""
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt

        rows = [line.split(",") for line in self.path.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
        figure, axes = plt.subplots(figsize=(8, 4))
        axes.plot([int(row[0]) for row in rows], [float(row[2]) for row in rows])
        axes.set(xlabel="step", ylabel="loss", title=self.path.stem)
        figure.savefig(self.path.with_suffix(".png"), dpi=100)
        plt.close(figure)
