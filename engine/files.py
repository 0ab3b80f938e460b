"""Files that are whole or not there at all, and file names that are safe on Linux, macOS and Windows."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import time
import unicodedata
from pathlib import Path

from engine.errors import CannotWrite

STEM_BYTES = 80  # of words in a file name: leaves room for note, id and folder on every system
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"
}
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")
_LEFT_S = 3600.0  # another program may be writing right now
_NO_HARD_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}


def safe_stem(text: str, limit_bytes: int = STEM_BYTES) -> str:
    """`text` as the stem of a file name: letters, marks and digits of any script, `-` for all else.

    NFC, at most `limit_bytes` in UTF-8, never empty, never a name that Windows reserves.
    """
    text = unicodedata.normalize("NFC", text)
    kept = "".join(ch if unicodedata.category(ch)[0] in "LMN" else "-" for ch in text)
    stem = "-".join(word for word in kept.split("-") if word)
    stem = stem.encode("utf-8", "ignore")[:limit_bytes].decode("utf-8", "ignore").rstrip("-")
    if not stem or stem.casefold() in _RESERVED:
        stem = f"sound-{stem}".rstrip("-")[:limit_bytes]
    return stem


def write_atomically(path: Path, data: bytes, *, overwrite: bool = True) -> None:
    """Writes `data` to `path` so that nobody ever sees half of it: temporary file beside it, fsync, rename.

    Without `overwrite`, an existing file is left alone and FileExistsError raised. Raises CannotWrite when the folder
    is missing or read-only or the disk is full; nothing is left behind then.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            os.replace(temporary, path)
        else:
            _rename_to_new(temporary, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise CannotWrite(write_problem(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Removes what killed writers left in `folder`: temporary files of ours, an hour old or more."""
    with contextlib.suppress(OSError):
        for path in folder.glob(".*.tmp"):
            if _TEMPORARY.fullmatch(path.name) and path.stat().st_mtime < time.time() - _LEFT_S:
                path.unlink()


def write_problem(path: Path, error: OSError) -> str:
    """One line for the user: why `path` cannot be written and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The disk is full: {path.name} was not written. Free some space in {path.parent} and try again."
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return f"The folder {path.parent} does not exist. Make it, or choose another with -o."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"The folder {path.parent} cannot be written to. Choose another."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder. Choose a file name."
    return f"{path} cannot be written: {error.strerror or error}."


def check_writable(folder: Path) -> None:
    """Raises CannotWrite when no file can be made in `folder`, or in its nearest existing parent when it is missing."""
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    probe = nearest / f".{secrets.token_hex(8)}.tmp"
    try:
        with open(probe, "xb"):
            pass
        probe.unlink()
    except OSError as error:
        if not nearest.is_dir():
            raise CannotWrite(f"{nearest} is a file, not a folder. Choose another place.") from error
        if isinstance(error, FileNotFoundError):  # a folder of the kernel's, such as /proc
            raise CannotWrite(f"The folder {nearest} cannot be written to. Choose another.") from error
        raise CannotWrite(write_problem(nearest / "the sound", error)) from error


def make_folder(folder: Path) -> None:
    """Makes `folder` and its parents. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise CannotWrite(f"{folder} is no folder and none can be made there. Choose another place.") from error
    except OSError as error:
        raise CannotWrite(write_problem(folder, error)) from error


def _rename_to_new(temporary: Path, path: Path) -> None:
    """Gives the file its name unless that name is taken (FileExistsError)."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_HARD_LINKS:
            raise
        if os.path.lexists(path):  # no hard links here (FAT, some network drives): as near as one can get
            raise FileExistsError(errno.EEXIST, "exists", str(path)) from error
        os.rename(temporary, path)


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself durable, where folders can be synced (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems refuse, and lose nothing by it
            raise
    finally:
        os.close(descriptor)
