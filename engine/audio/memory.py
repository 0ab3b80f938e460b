"""Shared memory that belongs to the program: the audio process only looks at it.

Python's resource tracker is kept out of it. Before 3.13 it also claims what a process merely attaches to, and deletes
it under the owner's feet when that process ends (bpo-38119). Instead: the program unlinks what it made; if the program
is killed, the audio process does it; if both are killed, the next start does: names carry their owner's pid.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

PREFIX = "latente_"
_POSIX_FOLDER = Path("/dev/shm")  # where Linux shows shared memory; other systems do not list it
_tracker_lock = threading.Lock()


@contextmanager
def _untracked() -> Iterator[dict[str, Any]]:
    """Arguments for SharedMemory with which the resource tracker does not hear of it."""
    if sys.version_info >= (3, 13):
        yield {"track": False}
        return
    with _tracker_lock:
        known = vars(resource_tracker)
        real = known["register"], known["unregister"]
        known["register"] = known["unregister"] = _ignore
        try:
            yield {}
        finally:
            known["register"], known["unregister"] = real


def _ignore(name: str, rtype: str) -> None:
    """Stands in for the resource tracker's register and unregister."""


def create(size: int) -> SharedMemory:
    """A new segment of at least `size` bytes, zeroed. Raises OSError when memory is full."""
    if _POSIX_FOLDER.is_dir() and shutil.disk_usage(_POSIX_FOLDER).free < size:
        raise OSError(errno.ENOSPC, "shared memory is full")  # it would be granted, and kill us when written to
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"  # macOS allows 31 characters
    with _untracked() as options:
        return SharedMemory(name, create=True, size=size, **options)


def attach(name: str) -> SharedMemory:
    """The segment another process made. Raises FileNotFoundError when it is gone."""
    with _untracked() as options:
        return SharedMemory(name, **options)


def discard(segment: SharedMemory) -> None:
    """Close and delete; whoever still has it mapped keeps it until they close. Safe to call when it is already gone."""
    with suppress(BufferError):  # an array still looks at it; the mapping ends with that array
        segment.close()
    with suppress(FileNotFoundError), _untracked():
        segment.unlink()


def sweep() -> int:
    """Delete segments whose owner no longer lives; returns how many. Only Linux can leave any that can be listed."""
    if not _POSIX_FOLDER.is_dir():
        return 0
    swept = 0
    for path in _POSIX_FOLDER.glob(f"{PREFIX}*_*"):
        pid = path.name.removeprefix(PREFIX).split("_")[0]
        if pid.isdigit() and not _alive(int(pid)):
            with suppress(OSError):
                path.unlink()
                swept += 1
    return swept


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # someone else's
        return True
    return True
