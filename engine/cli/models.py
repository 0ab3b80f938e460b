"""`latente models`: what is installed, and whether it is sound."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.output import complain, megabytes, print_json, print_table
from engine.errors import ModelProblem

app = typer.Typer(help="The models that make the sounds.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per model on stdout.")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Lists the installed models."""
    from engine.models.store import default_store

    store = default_store()
    rows = []
    for name in store.names():
        try:
            model = store.card(name)
        except ModelProblem as problem:
            complain(str(problem))
            continue
        card = model.card
        row = {
            "name": card.name,
            "task": card.task,
            "rate_hz": card.rate_hz,
            "licence": card.licence,
            "bytes": card.bytes,
        }
        rows.append([card.name, card.task, f"{card.rate_hz} Hz", card.licence, megabytes(card.bytes)])
        if as_json:
            print_json({**row, "folder": str(model.folder)})
    if not as_json:
        print_table(["name", "task", "rate", "licence", "size"], rows)


@app.command()
def info(name: Annotated[str, typer.Argument(help="Name of a model.")], as_json: AsJson = False) -> None:
    """Shows a model's card: licence, where it comes from, its files."""
    import msgspec

    from engine.models.store import default_store

    model = default_store().card(name)
    facts = msgspec.to_builtins(model.card)
    if as_json:
        print_json({**facts, "folder": str(model.folder)})
        return
    files = facts.pop("files")
    for key, value in {**facts, "folder": model.folder}.items():
        if value not in ("", [], 0):
            print(f"{key:<12} {', '.join(value) if isinstance(value, list) else value}")
    for file in files:
        print(f"{'file':<12} {file['name']}  {megabytes(file['bytes'])}  sha256 {file['sha256']}")


@app.command()
def verify(
    name: Annotated[str | None, typer.Argument(help="Name of a model; default: all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Reads every file of a model again and compares it with its card. Exit 1 when one is wrong."""
    from engine.models.store import default_store

    store = default_store()
    failed = False
    for each in [name] if name is not None else store.names():
        try:
            store.verify(each)
            problem = None
        except ModelProblem as error:
            failed, problem = True, str(error)
        if as_json:
            print_json({"name": each, "ok": problem is None, "problem": problem})
        elif problem is None:
            print(f"{each}: all files are as they should be")
        if problem is not None:
            complain(problem)
    if failed:
        raise typer.Exit(1)
