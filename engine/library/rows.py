"""Take <-> rows of the database. What comes back from the file is checked: it may have been tampered with."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from engine.errors import BadRequest, LibraryProblem
from engine.library.entry import Entry
from engine.patch import Patch
from engine.pitch import Pitch
from engine.request import Latent, Request
from engine.shape import UNSHAPED, Shape


class _StoredRequest(msgspec.Struct, omit_defaults=True):
    prompt: str
    seed: int
    negative: str = ""
    note: int | None = None
    chord: str = ""
    velocity: int = 100
    seconds: float | None = None
    steps: int = 16
    guidance: float = 2.0
    sampling: str = "normal"
    model: str = ""
    width: float | None = 0.0  # where nothing is said: takes were mono before they could be anything else
    source: str = ""
    strength: float = 0.4
    region: tuple[float, float] | None = None
    request_id: str = ""


def request_json(request: Request) -> str:
    stored = {key: getattr(request, key) for key in _StoredRequest.__struct_fields__}
    return msgspec.json.encode(stored).decode()


def request_from(text: str) -> Request:
    """Raises LibraryProblem when it is no request that we would have stored."""
    try:
        stored = msgspec.json.decode(text, type=_StoredRequest)
        return Request(**msgspec.structs.asdict(stored))
    except (ValueError, BadRequest) as error:
        raise LibraryProblem("This take's entry in the library is damaged; its sound file is not touched.") from error


def latent_row(number: int, latent: Latent, pitch: Pitch) -> tuple[object, ...]:
    """Values for the table `latents`. latent (frames, channels)."""
    frames, channels = latent.shape
    return (
        number,
        frames,
        channels,
        latent.astype(np.float16).tobytes(),
        None if pitch.root_note is None else float(pitch.root_note),
        pitch.octaves.astype(np.float16).tobytes(),
        pitch.voiced.astype(np.uint8).tobytes(),
        "" if pitch.chord == (0,) else " ".join(map(str, pitch.chord)),
        float(pitch.formant_st),
    )


def latent_from(row: sqlite3.Row | None) -> tuple[Latent, Pitch]:
    """Raises LibraryProblem when the sizes do not fit. A take rebuilt from its file has an empty latent."""
    if row is None:
        return np.zeros((0, 0), np.float32), Pitch(None)
    try:
        latent = _floats(row["latent"]).reshape(row["frames"], row["channels"])
        voiced = np.frombuffer(row["voiced"], np.uint8).astype(np.bool_)
        chord = tuple(map(int, row["chord"].split())) or (0,)
        return latent, Pitch(row["root_note"], _floats(row["octaves"]), voiced, chord, float(row["formant_st"]))
    except (ValueError, TypeError) as error:
        raise LibraryProblem("This take's latent is damaged; its sound file is not touched.") from error


def patch_from(text: str) -> Patch | None:
    """None where nothing was kept, or nothing that can be read: then it is played as any."""
    try:
        return msgspec.json.decode(text, type=Patch) if text else None
    except (ValueError, BadRequest):
        return None


def shape_from(text: str) -> Shape:
    """One that changes nothing where nothing was kept, or nothing that can be read."""
    try:
        return msgspec.json.decode(text, type=Shape) if text else UNSHAPED
    except (ValueError, BadRequest):
        return UNSHAPED


def entry_from(row: sqlite3.Row, folder: Path) -> Entry:
    return Entry(
        take_id=str(row["take_id"]),
        prompt=str(row["prompt"]),
        note=row["note"],
        seconds=float(row["seconds"]),
        seed=int(row["seed"]),
        path=folder / plain_name(row["file"]),
        starred=bool(row["starred"]),
        created=datetime.fromtimestamp(row["created"], UTC),
        model=str(row["model"]),
        tags=tuple(row["tags"].split("\n")) if row["tags"] else (),
    )


def plain_name(file: object) -> str:
    """`file` if it names a file in its own folder. Raises LibraryProblem on `../x`, `/x`, `C:x` and the like."""
    name = str(file)
    if not name or name in (".", "..") or any(ch in name for ch in "/\\:\0"):
        raise LibraryProblem("An entry of the library names a file outside it. The library file is damaged.")
    return name


def match_query(search: str) -> str:
    """FTS5 query: every word of `search` must begin a word of prompt, tags or note. Empty when there is no word."""
    words = "".join(ch if ch.isalnum() or ch == "_" else " " for ch in search).split()
    return " ".join(f'"{word}"*' for word in words[:16])


def _floats(blob: bytes) -> npt.NDArray[np.float32]:
    return np.frombuffer(blob, np.float16).astype(np.float32)
