"""`latente train`: one command per thing that is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.errors import BadRequest, UnreadableAudio

RECIPES = ("codec", "flow", "clap")
DEVICES = ("cpu", "cuda")


def train_command(
    recipe: Annotated[str, typer.Argument(help=f"What to train: {', '.join(RECIPES)}.")],
    data: Annotated[Path, typer.Option(help="Corpus, as “latente corpus render” made it.")],
    device: Annotated[str, typer.Option(help=f"One of {', '.join(DEVICES)}.")] = "cpu",
    minutes: Annotated[float | None, typer.Option(help="Stop, with a checkpoint, after so long.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path("runs"),
) -> None:
    """Trains a model; checkpoints and curves land in a folder of runs."""
    if recipe not in RECIPES:
        raise BadRequest(f"There is no recipe “{recipe[:40]}”. Choose one of {', '.join(RECIPES)}.")
    if device not in DEVICES:
        raise BadRequest(f"The device must be one of {', '.join(DEVICES)}, not {device[:40]}.")
    if minutes is not None and not minutes > 0:
        raise BadRequest("--minutes must be above 0.")
    if not data.is_dir():
        raise UnreadableAudio(
            f"There is no corpus in {data}. Make one: latente corpus render --out {data} --count 10000"
        )
    from engine.files import check_writable

    check_writable(out)
    from engine.training.run import train

    train(recipe, data=data, device=device, minutes=minutes, resume=resume, out=out)
