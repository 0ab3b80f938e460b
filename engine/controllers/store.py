"""What was learnt, kept: one JSON file per controller in the user's config folder, so that each can be passed on."""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path
from typing import Annotated

import msgspec

from engine import paths
from engine.controllers.binding import Binding
from engine.controllers.map import ControllerMap
from engine.files import make_folder, safe_stem, write_atomically

_FOLDER = "controllers"
_SUFFIX, _DAMAGED = ".json", ".damaged"
_BYTES = 200_000  # a full file has half of that
_ROWS = 512
_FILES = 256


class _File(msgspec.Struct, frozen=True):
    """Unknown keys of newer versions are ignored."""

    controller: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    bindings: Annotated[tuple[Binding, ...], msgspec.Meta(max_length=_ROWS)] = ()


def load(folder: Path | None = None) -> tuple[ControllerMap, tuple[str, ...]]:
    """What is stored below `folder` (default: the user's config folder), and a line for each file that is damaged and
    was set aside as `….damaged`."""
    folder = (folder or paths.user_config()) / _FOLDER
    found: dict[str, tuple[Binding, ...]] = {}
    words = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f"*{_SUFFIX}"))[:_FILES]:
            try:
                file = _read(path)
                found[file.controller] = file.bindings
            except (OSError, ValueError):  # msgspec's errors are ValueErrors
                words.append(f"What was learnt in {path.name} cannot be read; the file was set aside.")
                with contextlib.suppress(OSError):
                    path.replace(path.with_name(path.name + _DAMAGED))
    return ControllerMap(found), tuple(words)


def save(controllers: dict[str, tuple[Binding, ...]], folder: Path | None = None) -> None:
    """Writes a file for each controller, whole or not at all. Raises CannotWrite."""
    folder = (folder or paths.user_config()) / _FOLDER
    make_folder(folder)
    for name, bindings in controllers.items():
        data = msgspec.json.format(msgspec.json.encode(_File(name[:300], bindings)), indent=2)
        write_atomically(folder / _file_name(name), data)


def _file_name(controller: str) -> str:
    """Readable, and another one for every controller: what safe names leave out is in the checksum."""
    return f"{safe_stem(controller)}-{zlib.crc32(controller.encode('utf-8', 'replace')):08x}{_SUFFIX}"


def _read(path: Path) -> _File:
    with open(path, "rb") as file:
        data = file.read(_BYTES + 1)
    if len(data) > _BYTES:
        raise ValueError("too long")
    return msgspec.json.decode(data, type=_File)
