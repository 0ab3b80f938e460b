"""`latente evaluate growth`: what is generated with a part as it was at each time of its training."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.analysis.distributions import frechet_distance, halved_frechet
from engine.corpus.store import Corpus
from engine.errors import BadRequest
from engine.generators import load_generator
from engine.models.store import InstalledModel, ModelStore
from engine.request import Generator
from engine.training import checkpoint
from engine.training.asked import Finish, OnSound, answered, held_out
from engine.training.judge import Judge
from engine.training.loop import KEPT
from engine.training.ship import ship

QUICK_SOUNDS, FULL_SOUNDS = 61, 305  # at each time
TARGET = 1.5  # of fad_ratio


@dataclass(frozen=True)
class Kept:
    """One part's weights on their way. folder: it alone, as `ship` takes it."""

    folder: Path
    step: int
    seconds: float


def kept_in(run: Path) -> list[Kept]:
    """What `keep_every_s` left of a run, in order. Raises BadRequest when there is none, ModelProblem when one is
    damaged."""
    found = []
    for path in (run / KEPT).glob("*/*.safetensors"):
        facts = checkpoint.load(path)[1]
        found.append(Kept(path.parent, int(facts["step"]), float(facts["seconds"])))
    if not found:
        raise BadRequest(f"{run} keeps no earlier weights: train with keep_every_s in the recipe's plan.")
    return sorted(found, key=lambda one: one.step)


def growth_suite(
    run: Path, model: InstalledModel, corpus: Corpus, judge: Judge, quick: bool, finish: Finish, on_sound: OnSound,
    out: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """The installed model with the run's part in place of its own, at each time that was kept: Fréchet distance to
    held-out sounds of the same captions and seeds throughout, `fad_ratio` as in `latente evaluate quality`, and the
    share named rightly. Calibrated axes belong to one codec alone, so a run's codecs are judged without any.

    Writes a plot of fad_ratio over time into `out`.
    """
    stages = kept_in(run)
    held = held_out(corpus, QUICK_SOUNDS if quick else FULL_SOUNDS, model.card.name, finish)
    requests, instruments = [one.request for one in held], [one.instrument for one in held]
    families = [one.family for one in held]
    real = judge.heard([one.sound for one in held])
    done, total = 0, len(held) * len(stages)

    def count() -> None:
        nonlocal done
        done += 1
        on_sound(done, total)

    rows = []
    for stage in stages:
        with tempfile.TemporaryDirectory() as folder:
            made = judge.heard(answered(_with(stage, model, Path(folder)), requests, finish, count)[0])
        far, floor = halved_frechet(real.embedding, made.embedding, instruments)
        rows.append({
            "step": stage.step,
            "minutes": round(stage.seconds / 60, 1),
            "fad": round(frechet_distance(made.embedding, real.embedding), 6),
            "fad_ratio": round(far / floor, 3),
            "named": round(float(made.named(families).mean()), 4),
        })  # fmt: skip
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        _draw(out / "fad-over-training.png", rows)
    named_real = round(float(real.named(families).mean()), 4)
    return {"suite": "growth", "model": model.card.name, "sounds": len(held), "named_real": named_real, "table": rows}


def _with(stage: Kept, model: InstalledModel, folder: Path) -> Generator:
    """The model with the part in place of its own, made ready in `folder`."""
    shutil.copytree(model.folder, folder / model.card.name)
    ship(stage.folder, folder / model.card.name)
    return load_generator(model.card.name, ModelStore([folder], folder / "verified.json"))


def _draw(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4))
    axes.plot([row["minutes"] for row in rows], [row["fad_ratio"] for row in rows], "o-", color="black")
    axes.axhline(TARGET, linestyle="--", color="grey")
    axes.set(xlabel="minutes of training", ylabel="FAD to real sounds, over that of their halves", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    plt.close(figure)
