"""Which models there are, and whether their files are what their cards say.

A file is hashed when it is first used and again whenever size, time stamps or inode differ from what was seen then:
a changed file is always noticed, an unchanged one costs no time at start.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import paths
from engine.errors import CannotWrite, ModelProblem
from engine.files import make_folder, write_atomically
from engine.models.card import CARD_FILE, ModelCard, ModelFile, read_card, sha256, valid_name

_Stamp = tuple[int, int, int, int]  # bytes, mtime_ns, ctime_ns, inode


class _Seen(msgspec.Struct, frozen=True):
    """A file as it was when its hash was right."""

    stamp: _Stamp
    sha256: str


@dataclass(frozen=True)
class InstalledModel:
    """A model whose files are there and right."""

    card: ModelCard
    folder: Path

    def file(self, name: str) -> Path:
        """Path of one of the card's files. Raises ModelProblem when the card names none such."""
        if all(file.name != name for file in self.card.files):
            raise ModelProblem(f"The model {self.card.name} has no file {name}. Install it again.")
        return self.folder / name


class ModelStore:
    """Models in `folders`, the first that has a name wins; `cache` remembers which files were found right."""

    def __init__(self, folders: Sequence[Path], cache: Path) -> None:
        self._folders = tuple(folders)
        self._cache = cache

    def names(self) -> list[str]:
        """Names of all models that have a card, right or not, in order."""
        cards = (card for folder in self._folders for card in folder.glob(f"*/{CARD_FILE}"))
        return sorted({card.parent.name for card in cards})

    def card(self, name: str) -> InstalledModel:
        """The model's card and folder, its files not looked at. Raises ModelProblem when unknown or damaged."""
        if valid_name(name):
            for parent in self._folders:
                if (parent / name / CARD_FILE).is_file():
                    return InstalledModel(read_card(parent / name / CARD_FILE), parent / name)
        known = ", ".join(self.names()) or "none"
        raise ModelProblem(f"There is no model named “{name[:64]}”. Installed: {known}.")

    def find(self, name: str) -> InstalledModel:
        """The model, ready to load. Raises ModelProblem when it is unknown, incomplete or damaged."""
        return self._checked(name, {**self._read_cache()})

    def verify(self, name: str) -> InstalledModel:
        """As `find`, but every file is read again, whatever was seen before."""
        return self._checked(name, {})

    def _checked(self, name: str, seen: dict[str, _Seen]) -> InstalledModel:
        model = self.card(name)
        for package in model.card.needs:
            if importlib.util.find_spec(package.partition(".")[0]) is None:
                raise ModelProblem(f"The model {name} needs the Python package {package}, which is not installed.")
        before = dict(seen)
        for file in model.card.files:
            path = model.folder / file.name
            seen[str(path)] = _check_file(name, file, path, seen.get(str(path)))
        if seen != before:
            self._write_cache({**self._read_cache(), **seen})
        return model

    def _read_cache(self) -> dict[str, _Seen]:
        try:
            return msgspec.json.decode(self._cache.read_bytes(), type=dict[str, _Seen])
        except (OSError, ValueError):
            return {}

    def _write_cache(self, seen: dict[str, _Seen]) -> None:
        with contextlib.suppress(CannotWrite):  # without a cache the next start only takes longer
            make_folder(self._cache.parent)
            write_atomically(self._cache, msgspec.json.encode(seen))


def default_store() -> ModelStore:
    """The models that come with the program, then the user's."""
    return ModelStore((paths.resources() / "models", paths.user_models()), paths.user_cache() / "verified.json")


def _check_file(name: str, file: ModelFile, path: Path, seen: _Seen | None) -> _Seen:
    """What to remember of a file that is right. Raises ModelProblem."""
    repair = "Install it again."
    try:
        stat = path.stat()
        if stat.st_size != file.bytes:
            raise ModelProblem(
                f"The model {name} is damaged: {path} has {stat.st_size} bytes instead of {file.bytes}. {repair}"
            )
        stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        now = _Seen(stamp, file.sha256)
        if seen != now and sha256(path) != file.sha256:
            raise ModelProblem(
                f"The model {name} is damaged: {path} is not the file its card describes (sha256). {repair}"
            )
        return now
    except FileNotFoundError as error:
        raise ModelProblem(f"The model {name} is incomplete: {path} is missing. {repair}") from error
    except OSError as error:
        raise ModelProblem(f"The model {name} cannot be read: {path} ({error.strerror}).") from error
