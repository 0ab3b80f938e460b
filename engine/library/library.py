"""Library: takes in, takes out. A take's WAV is on the disk before its row, its row before anyone hears of it.

Layout of the folder: `library.sqlite`, `sounds/` (never reused, never rewritten), `trash/` (what was removed),
`edited/` (takes as they were edited, for those who took them along).
Any thread may call; each has its own connection.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from engine.audiofile import file_stem, read_audio, write_new_wav, write_wav
from engine.errors import LibraryProblem, UnreadableAudio
from engine.files import make_folder, remove_leftovers
from engine.library.database import Database
from engine.library.entry import Entry
from engine.library.rows import (
    entry_from,
    latent_from,
    latent_row,
    match_query,
    patch_from,
    plain_name,
    request_from,
    request_json,
    shape_from,
)
from engine.patch import Patch
from engine.pitch import Pitch, note_name
from engine.request import Latent, Request, Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound

DATABASE = "library.sqlite"
_COLUMNS = """take_id, takes.prompt, takes.note, seconds, seed, file, starred, created, model,
    (SELECT group_concat(tag, char(10)) FROM tags WHERE tags.number = takes.number) AS tags"""


class Library:
    """All takes of one folder, which is made when it is missing.

    bits, chunks: how WAVs are written (engine.audiofile). Raises CannotWrite, LibraryProblem.
    """

    def __init__(self, folder: Path, *, bits: str = "24", chunks: bool = True) -> None:
        self.folder = folder
        self.sounds = folder / "sounds"
        self.trash = folder / "trash"
        self.edited = folder / "edited"
        self._bits = bits
        self._chunks = chunks
        make_folder(self.sounds)
        make_folder(self.trash)
        remove_leftovers(self.sounds)
        self._database = Database(folder / DATABASE)

    def add(self, request: Request, sound: Sound, latent: Latent, pitch: Pitch, wall_s: float) -> Take:
        """Keeps a finished sound: writes its file, then its entry. Raises CannotWrite; no file is left then."""
        take_id = secrets.token_hex(6)
        path = write_new_wav(
            sound, self.sounds, file_stem(request.prompt, _key(sound), take_id), self._bits, self._chunks
        )
        created = datetime.now(UTC)
        try:
            self._insert(take_id, path.name, request, sound, created, wall_s, (latent, pitch))
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        return Take(take_id, request, sound, latent, pitch, path, wall_s, created)

    def adopt(self, file: str, request: Request, sound: Sound, created: datetime) -> str:
        """Lists a file that already lies in `sounds/`, without latent. Returns its take's id."""
        take_id = secrets.token_hex(6)
        self._insert(take_id, plain_name(file), request, sound, created, 0.0, None)
        return take_id

    def bounce_path(self, sound: Sound, prompt: str, ending: str) -> Path:
        """Where `bounce` should write what was made of a take. `ending` stands for exactly this sound."""
        return self.edited / f"{file_stem(prompt, _key(sound), ending)}.wav"

    def bounce(self, sound: Sound, path: Path) -> None:
        """Writes what was made of a take, to be dragged out; not listed, and not again what is there already. Raises
        CannotWrite."""
        make_folder(self.edited)
        if not path.exists():
            write_wav(sound, path, self._bits, self._chunks)

    def entries(self, limit: int = 200, search: str = "", *, offset: int = 0, starred: bool = False) -> list[Entry]:
        """The newest takes first; with `search`, those whose prompt, tags or note hold words beginning so."""
        query = match_query(search)
        if search.strip() and not query:
            return []
        conditions = "removed = 0" + (" AND starred = 1" if starred else "")
        table, order = "takes", "takes.number"
        if query:
            table, order = "words JOIN takes ON takes.number = words.rowid", "words.rowid"
            conditions += " AND words MATCH :query"
        sql = f"SELECT {_COLUMNS} FROM {table} WHERE {conditions} ORDER BY {order} DESC LIMIT :limit OFFSET :offset"
        with self._database.reading() as db:
            rows = db.execute(sql, {"query": query, "limit": limit, "offset": offset}).fetchall()
        return [entry_from(row, self.sounds) for row in rows]

    def count(self) -> int:
        """How many takes there are."""
        with self._database.reading() as db:
            return int(db.execute("SELECT count(*) FROM takes WHERE removed = 0").fetchone()[0])

    def latents(self, model: str, limit: int) -> list[tuple[str, Latent]]:
        """Prompt and latent of the latest takes that a model made; what is damaged is left out."""
        sql = (
            "SELECT prompt, latents.* FROM takes JOIN latents USING (number)"
            " WHERE model = ? AND removed = 0 ORDER BY number DESC LIMIT ?"
        )
        with self._database.reading() as db:
            rows = db.execute(sql, (model, limit)).fetchall()
        found: list[tuple[str, Latent]] = []
        for row in rows:
            with suppress(LibraryProblem):
                found.append((row["prompt"], latent_from(row)[0]))
        return found

    def open(self, take_id: str) -> Take:
        """The whole take, sound and latent. Raises LibraryProblem when it is unknown or its file is gone."""
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM takes WHERE take_id = ?", (take_id,)).fetchone()
            if row is None:
                raise _unknown(take_id)
            latent, pitch = latent_from(
                db.execute("SELECT * FROM latents WHERE number = ?", (row["number"],)).fetchone()
            )
        path = self._file(row["file"])
        try:
            sound = read_audio(path)
        except UnreadableAudio as error:
            raise LibraryProblem(f"The sound file of take {take_id} is missing or damaged: {path}") from error
        created = datetime.fromtimestamp(row["created"], UTC)
        request = request_from(row["request"])
        starred, patch = bool(row["starred"]), patch_from(row["patch"])
        edits, shape = row["edits"], shape_from(row["shape"])
        return Take(take_id, request, sound, latent, pitch, path, row["wall_s"], created, starred, patch, edits, shape)

    def star(self, take_id: str, starred: bool) -> None:
        """Marks a take, or takes the mark away."""
        with self._database.writing() as db:
            db.execute("UPDATE takes SET starred = ? WHERE number = ?", (starred, _number(db, take_id)))

    def keep_patch(self, take_id: str, patch: Patch) -> None:
        """Remembers how a take is played."""
        text = "" if patch == Patch() else msgspec.json.encode(patch).decode()
        with self._database.writing() as db:
            db.execute("UPDATE takes SET patch = ? WHERE number = ?", (text, _number(db, take_id)))

    def keep_edits(self, take_id: str, edits: str) -> None:
        """Remembers a take's latent edits (JSON of `engine.latent`'s Chain, "" for none); its file stays as it is."""
        with self._database.writing() as db:
            db.execute("UPDATE takes SET edits = ? WHERE number = ?", (edits, _number(db, take_id)))

    def keep_shape(self, take_id: str, shape: Shape) -> None:
        """Remembers what is done to a take's samples after its edits; its file stays as it is."""
        text = "" if shape == UNSHAPED else msgspec.json.encode(shape).decode()
        with self._database.writing() as db:
            db.execute("UPDATE takes SET shape = ? WHERE number = ?", (text, _number(db, take_id)))

    def tag(self, take_id: str, *tags: str) -> None:
        """Adds words of the user's own by which a take is found."""
        self._change_tags(take_id, "INSERT OR IGNORE INTO tags VALUES (?, ?)", tags)

    def untag(self, take_id: str, *tags: str) -> None:
        self._change_tags(take_id, "DELETE FROM tags WHERE number = ? AND tag = ?", tags)

    def remove(self, take_id: str) -> None:
        """Takes a take off the list and moves its file to the trash folder; `restore` brings it back."""
        self._set_removed(take_id, True)

    def restore(self, take_id: str) -> None:
        """Undoes `remove`."""
        self._set_removed(take_id, False)

    def close(self) -> None:
        self._database.close()

    def _insert(
        self,
        take_id: str,
        file: str,
        request: Request,
        sound: Sound,
        created: datetime,
        wall_s: float,
        latent: tuple[Latent, Pitch] | None,
    ) -> None:
        note = _key(sound)
        row = {
            "take_id": take_id,
            "file": file,
            "created": created.timestamp(),
            "prompt": request.prompt,
            "note": note,
            "seconds": sound.seconds,
            "seed": request.seed,
            "model": request.model,
            "wall_s": wall_s,
            "request": request_json(request),
        }
        sql = f"INSERT INTO takes ({', '.join(row)}) VALUES ({', '.join(':' + key for key in row)})"
        with self._database.writing() as db:
            number = db.execute(sql, row).lastrowid or 0
            if latent is not None:
                db.execute("INSERT INTO latents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", latent_row(number, *latent))
            _index(db, number, request.prompt, note)

    def _change_tags(self, take_id: str, sql: str, tags: Sequence[str]) -> None:
        with self._database.writing() as db:
            number = _number(db, take_id)
            db.executemany(sql, [(number, tag) for tag in map(_clean_tag, tags) if tag])
            row = db.execute("SELECT prompt, note, removed FROM takes WHERE number = ?", (number,)).fetchone()
            if not row["removed"]:
                _index(db, number, row["prompt"], row["note"])

    def _set_removed(self, take_id: str, removed: bool) -> None:
        """Entry first, file second: after a crash between the two, `_file` still finds it."""
        with self._database.writing() as db:
            number = _number(db, take_id)
            row = db.execute("SELECT file, prompt, note FROM takes WHERE number = ?", (number,)).fetchone()
            db.execute("UPDATE takes SET removed = ? WHERE number = ?", (removed, number))
            if removed:
                db.execute("DELETE FROM words WHERE rowid = ?", (number,))
            else:
                _index(db, number, row["prompt"], row["note"])
        goal = (self.trash if removed else self.sounds) / plain_name(row["file"])
        source = self._file(row["file"])
        if source != goal:
            with suppress(OSError):  # open in another program on Windows: it is found where it lies
                os.replace(source, goal)

    def _file(self, name: str) -> Path:
        """Where the file lies: in sounds/, or in trash/ when it is not there."""
        path = self.sounds / plain_name(name)
        trashed = self.trash / path.name
        return trashed if not path.exists() and trashed.exists() else path


def _key(sound: Sound) -> int | None:
    """The nearest key of the sound's root note."""
    return None if sound.root_note is None else round(sound.root_note)


def _index(db: sqlite3.Connection, number: int, prompt: str, note: int | None) -> None:
    """Makes a take findable by its words as they are now."""
    tags = " ".join(row["tag"] for row in db.execute("SELECT tag FROM tags WHERE number = ?", (number,)))
    db.execute("DELETE FROM words WHERE rowid = ?", (number,))
    name = "" if note is None else note_name(note)
    db.execute("INSERT INTO words (rowid, prompt, tags, note) VALUES (?, ?, ?, ?)", (number, prompt, tags, name))


def _number(db: sqlite3.Connection, take_id: str) -> int:
    row = db.execute("SELECT number FROM takes WHERE take_id = ?", (take_id,)).fetchone()
    if row is None:
        raise _unknown(take_id)
    return int(row["number"])


def _unknown(take_id: str) -> LibraryProblem:
    return LibraryProblem(
        f"There is no take {take_id[:40]} in the library. “latente library list” shows what there is."
    )


def _clean_tag(tag: str) -> str:
    return " ".join(tag.split())[:100]
