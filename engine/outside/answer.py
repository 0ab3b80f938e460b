"""What the decode child says: one line of JSON, then the samples as they lie in memory."""

from __future__ import annotations

import msgspec

RATE_HZ = 44100  # of every sound that comes in
CHANNELS = 2  # at most; a file's first two are taken
LONGEST_S = 30.0
MOST_BYTES = int(LONGEST_S * RATE_HZ) * CHANNELS * 4 + 2**20  # an honest answer is no longer
LINE_LIMIT = 2**18


class Answer(msgspec.Struct, omit_defaults=True):
    """problem: one line for the user when nothing could be opened, else the rest.

    frames, channels: of the samples that follow, float32. longer: the file goes on after them.
    root_note, loop, facts: what the file says of itself.
    """

    problem: str = ""
    frames: int = 0
    channels: int = 0
    longer: bool = False
    root_note: float | None = None
    loop: tuple[int, int] | None = None
    facts: dict[str, str] = {}
