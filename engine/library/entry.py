"""One line of the library's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """What a list shows of a take without opening it. note: nearest key, None for unpitched sounds. created: UTC."""

    take_id: str
    prompt: str
    note: int | None
    seconds: float
    seed: int
    path: Path
    starred: bool
    created: datetime
    model: str = ""
    tags: tuple[str, ...] = ()
