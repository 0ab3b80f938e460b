"""The shelf: factory presets, which come with the program, and the user's own beside them. Any thread may use it."""

from __future__ import annotations

import contextlib
import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import paths
from engine.errors import BadRequest, CannotWrite
from engine.files import make_folder, safe_stem, write_atomically, write_problem
from engine.presets.preset import CATEGORIES, NAME_LIMIT, Category, Preset
from engine.presets.toml import MOST_BYTES, preset_text, read_preset

MOST_FILES = 5000  # of one folder; more are not looked at


@dataclass(frozen=True)
class Kept:
    """A preset and the file it lies in. mine: made by the user."""

    preset: Preset
    path: Path
    mine: bool


class Shelf:
    """Reads both folders when it is made and when `reload` is called. problems: one line per file that is no preset."""

    def __init__(self, factory: Path | None = None, mine: Path | None = None) -> None:
        self._factory = factory or paths.presets()
        self._mine = mine or paths.user_presets()
        self.presets: tuple[Kept, ...] = ()
        self.problems: tuple[str, ...] = ()
        self.reload()

    def reload(self) -> None:
        """Looks at the folders again."""
        kept: list[Kept] = []
        problems: list[str] = []
        for folder, mine in ((self._factory, False), (self._mine, True)):
            for path in _files(folder):
                try:
                    kept.append(Kept(read_file(path), path, mine))
                except BadRequest as problem:
                    problems.append(str(problem))
        self.presets = tuple(sorted(kept, key=_order))
        self.problems = tuple(problems)

    def search(self, words: str = "", category: Category | None = None) -> list[Kept]:
        """In the order of the categories; those in whose name, category, description or prompt each word begins one."""
        wanted = words.casefold().split()
        found = [one for one in self.presets if category in (None, one.preset.category)]
        for word in wanted:
            found = [one for one in found if any(known.startswith(word) for known in _words(one.preset))]
        return found

    def find(self, name: str) -> Kept:
        """By its name, whatever its case; the user's own before the factory's. Raises BadRequest with the nearest."""
        same = [one for one in self.presets if one.preset.name.casefold() == name.strip().casefold()]
        if same:
            return max(same, key=lambda one: one.mine)
        names = [one.preset.name for one in self.presets]
        near = difflib.get_close_matches(name[:NAME_LIMIT], names, 3, 0.4)
        hint = f"Did you mean {' or '.join(f'“{one}”' for one in near)}?" if near else "“latente presets” lists them."
        raise BadRequest(f"There is no preset “{name[:NAME_LIMIT]}”. {hint}")

    def save(self, preset: Preset) -> Kept:
        """Keeps it among the user's own; where its name is taken, it gets a number. Raises CannotWrite."""
        make_folder(self._mine)
        self.reload()
        taken = {one.preset.name.casefold() for one in self.presets}
        number = 1
        while True:
            ending = "" if number == 1 else f" {number}"
            named = msgspec.structs.replace(preset, name=preset.name[: NAME_LIMIT - len(ending)] + ending)
            number += 1
            if named.name.casefold() in taken:
                continue
            path = self._mine / f"{safe_stem(named.name)}.toml"
            try:
                write_atomically(path, preset_text(named).encode(), overwrite=False)
            except FileExistsError:  # another name with the same letters
                continue
            self.reload()
            return Kept(named, path, mine=True)

    def remove(self, kept: Kept) -> None:
        """Moves one of the user's own into the folder `trash` beside them. Raises BadRequest, CannotWrite."""
        if not kept.mine:
            raise BadRequest(f"“{kept.preset.name}” comes with the program and cannot be removed.")
        trash = self._mine / "trash"
        make_folder(trash)
        goal, number = trash / kept.path.name, 2
        while goal.exists():
            goal, number = trash / f"{kept.path.stem}-{number}.toml", number + 1
        try:
            os.replace(kept.path, goal)
        except FileNotFoundError:
            pass  # somebody was quicker
        except OSError as error:
            raise CannotWrite(write_problem(kept.path, error)) from error
        self.reload()


def read_file(path: Path) -> Preset:
    """One preset file. Raises BadRequest with one line that names it."""
    try:
        if not path.is_file():
            raise BadRequest("there is no such file")
        with open(path, "rb") as file:
            return read_preset(file.read(MOST_BYTES + 1))
    except BadRequest as problem:
        raise BadRequest(f"The preset {path.name} cannot be used: {str(problem).rstrip('.')}.") from problem
    except OSError as error:
        raise BadRequest(f"The preset {path.name} cannot be opened: {error.strerror or error}.") from error


def _files(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".toml"))
        return [folder / name for name in names if not name.startswith(".")][:MOST_FILES]
    return []


def _order(kept: Kept) -> tuple[int, str, bool]:
    return CATEGORIES.index(kept.preset.category), kept.preset.name.casefold(), kept.mine


def _words(preset: Preset) -> list[str]:
    text = f"{preset.name} {preset.category} {preset.about} {preset.request.prompt}".casefold()
    return "".join(ch if ch.isalnum() or ch in "#&" else " " for ch in text).split()
