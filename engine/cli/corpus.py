"""`latente corpus`: the sounds that models learn from."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.output import print_json, print_table
from engine.cli.progress import progress_bar
from engine.errors import BadRequest

app = typer.Typer(help="Training sounds.", no_args_is_help=True)


@app.callback()
def corpus() -> None:
    """Training sounds."""


@app.command()
def render(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    count: Annotated[int, typer.Option(help="How many sounds.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same corpus.")] = 0,
    apart: Annotated[int, typer.Option(help="Semitones between an instrument's two notes, at most.")] = 12,
    workers: Annotated[int, typer.Option(help="Processes; default: one per core.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="What was rendered, as JSON on stdout.")] = False,
) -> None:
    """Renders a corpus of labelled sounds."""
    if count < 1 or workers < 0 or seed < 0 or not 1 <= apart <= 48:
        raise BadRequest("--count must be 1 or more, --seed and --workers 0 or more, --apart 1 to 48.")
    from engine.files import check_writable

    check_writable(out)
    from engine.corpus.render import render_corpus

    with progress_bar("Rendering the corpus") as advance:
        facts = render_corpus(
            out, count, seed, workers or os.cpu_count() or 1, partial(advance, "Rendering the corpus"), apart
        )
    if as_json:
        print_json(facts)
    else:
        print(out)


@app.command()
def audit(
    data: Annotated[Path, typer.Option(help="Folder of the corpus.")] = Path("corpus"),
    count: Annotated[int, typer.Option(help="How many sounds to look at.")] = 200,
    seed: Annotated[int, typer.Option(help="Which ones, and which captions of them.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="The results as JSON on stdout.")] = False,
) -> None:
    """Checks captions against the sounds they belong to, measured anew."""
    if count < 1 or seed < 0:
        raise BadRequest("--count must be 1 or more, --seed 0 or more.")
    from engine.corpus.store import Corpus
    from engine.training.audit import audit as audit_captions

    with progress_bar("Listening") as advance:
        found = audit_captions(Corpus.open(data), count, seed, partial(advance, "Listening"))
    if as_json:
        print_json(found)
        return
    for line in found.pop("wrong"):
        print(line)
    print_table(["measure", "value"], [[key, f"{value:g}"] for key, value in found.items()])
