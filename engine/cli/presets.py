"""`latente presets`: what stands on the shelf, shown and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.output import complain, print_json, print_table
from engine.cli.progress import progress_bar
from engine.errors import BadRequest, LatenteError

if TYPE_CHECKING:
    from engine.presets.preset import Category
    from engine.presets.shelf import Kept
    from engine.request import Generator

app = typer.Typer(help="Presets: prompts with their edits, shape and playing.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per preset on stdout.")]
InCategory = Annotated[str | None, typer.Option("--category", help="Only those of one category, such as basses.")]
Words = Annotated[list[str] | None, typer.Argument(help="Beginnings of words of name, description or prompt.")]


@app.command("list")
def list_presets(words: Words = None, category: InCategory = None, as_json: AsJson = False) -> None:
    """Lists presets by category."""
    found = _chosen(words, category)
    if as_json:
        for kept in found:
            print_json(_facts(kept))
        return
    rows = [[kept.preset.category, kept.preset.name, "mine" if kept.mine else "", kept.preset.about] for kept in found]
    print_table(["category", "name", "", "what it is"], rows)


@app.command("show")
def show_preset(name: Annotated[str, typer.Argument(help="Its name, as “latente presets list” shows it.")]) -> None:
    """Shows a preset as the file that it is."""
    from engine.presets.shelf import Shelf
    from engine.presets.toml import preset_text

    print(preset_text(Shelf().find(name).preset), end="")


@app.command("add")
def add_preset(file: Annotated[Path, typer.Argument(help="A preset file of anybody's.")]) -> None:
    """Puts a preset file on your shelf."""
    from engine.presets.shelf import Shelf, read_file

    print(Shelf().save(read_file(file)).path)


@app.command("check")
def check_presets(words: Words = None, category: InCategory = None, as_json: AsJson = False) -> int:
    """Renders presets and says what is wrong with their sounds."""
    from engine import settings
    from engine.generators import load_generator

    model = settings.load().model
    found = _chosen(words, category)
    generator = load_generator(model)
    rows, wrong = [], 0
    with progress_bar("Rendering") as advance:
        for index, kept in enumerate(found):
            advance("Rendering", index, len(found))
            facts = heard(kept, generator, model)
            wrong += bool(facts["problems"])
            if as_json:
                print_json(facts)
            rows.append([facts["name"], facts["note"], f"{facts['seconds']:.2f} s", " ".join(facts["problems"])])
    if not as_json:
        print_table(["name", "note", "length", "problems"], rows)
        complain(f"{len(rows) - wrong} of {len(rows)} presets sound as they should.")
    return 1 if wrong else 0


def heard(kept: Kept, generator: Generator, model: str) -> dict[str, Any]:
    """What comes out of a preset, and the names of its defects."""
    from engine.analysis.defects import defects
    from engine.cli.render import edit_of
    from engine.pitch import note_name
    from engine.render import render

    preset = kept.preset
    request = preset.request.request(model)
    try:
        edit = edit_of(preset.chain, generator, model)
        made = render(generator, request, lambda step, steps: None, lambda: False, edit=edit, shape=preset.shape)
    except LatenteError as problem:
        return {"name": preset.name, "note": "", "seconds": 0.0, "problems": [str(problem)]}
    sound = made.sound
    problems = sorted(defects(sound))
    if request.seconds is not None and preset.shape.trim_s is None and sound.seconds < request.seconds - 0.01:
        problems.append("short")
    note = "" if sound.root_note is None else note_name(sound.root_note)
    return {"name": preset.name, "note": note, "seconds": round(sound.seconds, 3), "problems": problems}


def _chosen(words: list[str] | None, category: str | None) -> list[Kept]:
    """What was asked for; files that are no presets are complained about."""
    from engine.presets.shelf import Shelf

    shelf = Shelf()
    for problem in shelf.problems:
        complain(problem)
    return shelf.search(" ".join(words or []), None if category is None else _category(category))


def _category(text: str) -> Category:
    from engine.presets.preset import CATEGORIES

    for one in CATEGORIES:
        if text.casefold() in (one, *one.split(" & ")):
            return one
    raise BadRequest(f"There is no category “{text[:40]}”. Choose one of: {', '.join(CATEGORIES)}.")


def _facts(kept: Kept) -> dict[str, Any]:
    import msgspec

    return {**msgspec.to_builtins(kept.preset), "path": str(kept.path), "mine": kept.mine}
