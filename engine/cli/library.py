"""`latente library`: the takes that were made in the window."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.output import print_json, print_table

if TYPE_CHECKING:
    from engine.library import Entry, Library

app = typer.Typer(help="The library of takes.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per take on stdout.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")]
TakeId = Annotated[str, typer.Argument(metavar="TAKE", help="Id of a take, as “latente library list” shows it.")]


@app.command("list")
def list_takes(
    limit: Limit = 50,
    starred: Annotated[bool, typer.Option("--starred", help="Only takes with a star.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lists takes."""
    with _library() as library:
        _show(library.entries(limit, starred=starred), as_json)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Beginnings of words of prompt, tags or note.")],
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Finds takes by their words."""
    with _library() as library:
        _show(library.entries(limit, search=" ".join(words)), as_json)


@app.command()
def tag(
    take: TakeId,
    tags: Annotated[list[str], typer.Argument(help="Words to find it by.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these tags away instead.")] = False,
) -> None:
    """Gives a take words of your own."""
    with _library() as library:
        (library.untag if remove else library.tag)(take, *tags)


@app.command("remove")
def remove_takes(takes: Annotated[list[str], typer.Argument(metavar="TAKE…", help="Ids of takes.")]) -> None:
    """Takes takes off the list; their files go to the library's trash folder."""
    with _library() as library:
        for take in takes:
            library.remove(take)


@app.command("repair")
def repair_library(as_json: AsJson = False) -> None:
    """Builds a damaged list anew from the sound files; the old one is kept beside it."""
    from engine import settings
    from engine.library import repair

    found, aside = repair(settings.load().library_folder())
    if as_json:
        print_json({"takes": found, "set_aside": None if aside is None else str(aside)})
        return
    print(f"{found} takes found." + (f" The old list lies in {aside}." if aside else ""))


@contextlib.contextmanager
def _library() -> Iterator[Library]:
    from engine import settings
    from engine.library import Library

    library = Library(settings.load().library_folder())
    try:
        yield library
    finally:
        library.close()


def _show(entries: list[Entry], as_json: bool) -> None:
    from engine.pitch import note_name

    if as_json:
        for entry in entries:
            print_json(
                {
                    "take": entry.take_id,
                    "prompt": entry.prompt,
                    "note": entry.note,
                    "seconds": entry.seconds,
                    "seed": entry.seed,
                    "model": entry.model,
                    "starred": entry.starred,
                    "tags": entry.tags,
                    "created": entry.created.isoformat(),
                    "path": str(entry.path),
                }
            )
        return
    rows = [
        [
            entry.take_id,
            f"{entry.created.astimezone():%Y-%m-%d %H:%M}",
            "-" if entry.note is None else note_name(entry.note),
            f"{entry.seconds:.2f} s",
            "*" if entry.starred else "",
            entry.prompt[:60],
            " ".join(entry.tags),
        ]
        for entry in entries
    ]
    print_table(["take", "made", "note", "length", "star", "prompt", "tags"], rows)
