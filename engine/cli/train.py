"""`latente train`: one command per thing that is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.progress import progress_bar
from engine.errors import BadRequest


def train_command(
    recipe: Annotated[str, typer.Argument(help="What: codec, flow, refine, clap; or a recipe of your own (.toml).")],
    data: Annotated[Path, typer.Option(help="Corpus, as “latente corpus render” made it.")] = Path("corpus"),
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path("runs/latente-1"),
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    minutes: Annotated[float | None, typer.Option(help="Stop, with a checkpoint, after so long.")] = None,
    start: Annotated[Path | None, typer.Option(help="Folder of a model whose weights to begin with.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = False,
) -> None:
    """Trains a model; prints where its checkpoint lies."""
    if minutes is not None and not minutes > 0:
        raise BadRequest("--minutes must be above 0.")
    from engine.files import check_writable
    from engine.training.run import read_recipe, train

    read_recipe(recipe)
    check_writable(out)
    with progress_bar("Training") as advance:
        print(train(recipe, data, out, device, minutes, resume, start=start, on_progress=advance))
