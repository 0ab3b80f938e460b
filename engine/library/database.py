"""The library's SQLite file: opened with distrust, one connection per thread, every failure one clear line.

WAL mode, so that reading never waits for a write; synchronous=FULL, so that a take once reported is there after a
power cut. The engine thread writes; any thread reads.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from engine.errors import CannotWrite, LatenteError, LibraryProblem

_APPLICATION_ID = 0x4C617465  # "Late"
VERSION = 5
_BUSY_S = 10.0  # another Latente may be writing
_LARGEST_VALUE = 64 * 2**20  # bytes; no honest row comes near it

_SCHEMA = """
CREATE TABLE takes (
    number INTEGER PRIMARY KEY,          -- grows with time: the order of the list
    take_id TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,                  -- plain file name in sounds/ (or trash/)
    created REAL NOT NULL,               -- seconds since 1970, UTC
    prompt TEXT NOT NULL,
    note INTEGER,
    seconds REAL NOT NULL,
    seed INTEGER NOT NULL,
    model TEXT NOT NULL,
    starred INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    wall_s REAL NOT NULL,
    request TEXT NOT NULL,               -- JSON
    patch TEXT NOT NULL DEFAULT '',      -- JSON, how it is played; empty: as any
    edits TEXT NOT NULL DEFAULT '',      -- JSON, the chain of its latent edits; empty: none
    shape TEXT NOT NULL DEFAULT ''       -- JSON, what is done to its samples after the edits; empty: nothing
);
CREATE INDEX takes_starred ON takes (number) WHERE starred = 1 AND removed = 0;
CREATE TABLE latents (
    number INTEGER PRIMARY KEY,
    frames INTEGER NOT NULL, channels INTEGER NOT NULL, latent BLOB NOT NULL,   -- float16, frames x channels
    root_note REAL, octaves BLOB NOT NULL, voiced BLOB NOT NULL,                -- float16; one byte each
    chord TEXT NOT NULL DEFAULT '',                                             -- semitones above the root: "0 4 7"
    formant_st REAL NOT NULL DEFAULT 0
);
CREATE TABLE tags (number INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (number, tag)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (prompt, tags, note, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
"""
# A width above 100 % did nothing to a mono sound, as all that were made here were; now it gives them a side. Only a
# room, and a file from outside (strength 0), brought two channels.
_NOTHING_TO_WIDEN = """
UPDATE takes SET shape = json_set(shape, '$.width', 100.0) WHERE CASE
    WHEN json_valid(shape) AND json_valid(request) THEN
        json_extract(shape, '$.width') > 100 AND json_extract(shape, '$.reverb_mix') = 0
        AND NOT (coalesce(json_extract(request, '$.source'), '') <> '' AND json_extract(request, '$.strength') = 0)
    ELSE 0 END
"""
_STEPS: dict[int, tuple[str, ...]] = {  # what leads from each earlier version to the next
    1: (
        "ALTER TABLE takes ADD COLUMN patch TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE takes ADD COLUMN edits TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE latents ADD COLUMN chord TEXT NOT NULL DEFAULT ''",
    ),
    2: ("ALTER TABLE latents ADD COLUMN formant_st REAL NOT NULL DEFAULT 0",),
    3: ("ALTER TABLE takes ADD COLUMN shape TEXT NOT NULL DEFAULT ''",),
    4: (_NOTHING_TO_WIDEN,),
}


class Database:
    """Connections to one library file. Raises LibraryProblem when it is no library of ours, damaged, or newer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()  # guards _open and _closed
        self._open: list[sqlite3.Connection] = []
        self._closed = False
        with self.reading() as connection:
            self._prepare(connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; sqlite's errors become ours."""
        try:
            yield self._connection()
        except sqlite3.Error as error:
            raise self._problem(error) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk afterwards, or none."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Closes the connections of all threads; later use raises LibraryProblem."""
        with self._lock:
            self._closed = True
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and not self._closed:
            return connection
        with self._lock:
            if self._closed:
                raise LibraryProblem("The library is closed.")
            connection = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            self._open.append(connection)
        self._local.connection = connection
        connection.row_factory = sqlite3.Row
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            self._create(connection)
        elif application != _APPLICATION_ID:
            raise LibraryProblem(f"{self._path} is not a library of Latente. Choose another library folder.")
        elif version > VERSION:
            raise LibraryProblem(
                f"The library in {self._path.parent} was made by a newer Latente. Update the program to open it."
            )
        else:
            connection.execute("SELECT number, take_id, file FROM takes LIMIT 1").fetchone()
            if version < VERSION:
                self._grow(connection)

    def _create(self, connection: sqlite3.Connection) -> None:
        with _alone(connection):
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():  # nobody was quicker
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")

    def _grow(self, connection: sqlite3.Connection) -> None:
        """A library of an earlier version becomes one of this."""
        with _alone(connection):
            version = connection.execute("PRAGMA user_version").fetchone()[0]  # as it is now that nobody else writes
            for step in range(version, VERSION):
                for statement in _STEPS[step]:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def _problem(self, error: sqlite3.Error) -> LatenteError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        folder = self._path.parent
        if code == sqlite3.SQLITE_FULL:
            return CannotWrite(f"The disk is full: the library in {folder} cannot grow. Free some space and try again.")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return CannotWrite(f"The library in {folder} cannot be written to. Choose another library folder.")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LibraryProblem("The library is busy with another program. Try again in a moment.")
        return LibraryProblem(
            f"The library file {self._path} is damaged. Your sounds are safe in {folder / 'sounds'}; "
            "“latente library repair” builds the list anew from them."
        )


@contextlib.contextmanager
def _alone(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, while nobody else writes."""
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
