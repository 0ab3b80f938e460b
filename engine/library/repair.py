"""A new list from the sound files, when the library's database is damaged."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from engine.audiofile import read_audio
from engine.errors import BadRequest, CannotWrite, LibraryProblem, UnreadableAudio
from engine.files import write_problem
from engine.library.library import DATABASE, Library
from engine.request import Request
from engine.sound import Sound


def repair(folder: Path) -> tuple[int, Path | None]:
    """Sets the database aside (never deletes it) and lists every readable file of `sounds/` anew, the oldest first.

    Prompt, seed, model and note come from the files; stars, tags and latents stay in the old database. Returns how
    many takes were found and where the old database lies now, None when there was none. Raises CannotWrite.
    """
    aside = _set_aside(folder)
    found = 0
    library = Library(folder)
    try:
        files = sorted(library.sounds.glob("*.wav"), key=lambda path: path.stat().st_mtime)
        for path in files:
            with contextlib.suppress(UnreadableAudio, LibraryProblem):
                sound = read_audio(path)
                created = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                library.adopt(path.name, _request(sound, path), sound, created)
                found += 1
    finally:
        library.close()
    return found, aside


def _set_aside(folder: Path) -> Path | None:
    database = folder / DATABASE
    if not database.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        for ending in ("-wal", "-shm"):  # they belong to the old file and must not meet the new one
            with contextlib.suppress(FileNotFoundError):
                (folder / (DATABASE + ending)).replace(folder / f"damaged-{stamp}.sqlite{ending}")
        return database.replace(folder / f"damaged-{stamp}.sqlite")
    except OSError as error:
        raise CannotWrite(write_problem(database, error)) from error


def _request(sound: Sound, path: Path) -> Request:
    """The request as far as the file remembers it."""
    facts = sound.provenance
    note = None if sound.root_note is None else round(sound.root_note)
    prompt = facts.get("prompt") or path.stem.rsplit("_", 2)[0].replace("-", " ")
    try:
        seed = int(facts.get("seed", "0"))
        return Request(prompt, negative=facts.get("negative", ""), note=note, seed=seed, model=facts.get("model", ""))
    except (ValueError, BadRequest):
        return Request(f"sound {prompt}".strip(), seed=0)
