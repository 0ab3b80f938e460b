"""The decode child: opens one file from outside under limits of memory and time, says what it found and ends.

A process of its own: whatever a hostile file does to a decoder, it does it here.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from engine.audiofile import read_start
from engine.dsp.resample import resample
from engine.errors import UnreadableAudio
from engine.outside.answer import CHANNELS, RATE_HZ, Answer

MEMORY_BYTES = 2 * 2**30
CPU_S = 20
_FACT_LIMIT, _MOST_FACTS = 2000, 32  # characters and number of what a file says of itself


def main(arguments: list[str]) -> int:
    """`PATH SECONDS` on the command line; the answer goes to stdout."""
    ours = os.dup(1)
    os.dup2(2, 1)  # a decoder that prints must not disturb the answer
    with open(ours, "wb") as out:
        _limit()
        try:
            _answer(Path(arguments[0]), float(arguments[1]), out)
        except UnreadableAudio as problem:
            _say(out, Answer(problem=str(problem).encode("utf-8", "replace").decode()))
        except MemoryError:
            _say(out, Answer(problem=f"{Path(arguments[0]).name} needs more memory to open than a sound should."))
    return 0


def _answer(path: Path, seconds: float, out: BinaryIO) -> None:
    sound, longer = read_start(path, seconds, CHANNELS)
    sound = resample(sound, RATE_HZ)
    samples = np.nan_to_num(sound.samples[: round(seconds * RATE_HZ)], nan=0.0, posinf=0.0, neginf=0.0)
    loop = sound.loop if sound.loop is not None and sound.loop[1] < len(samples) else None
    facts = [(key[:100], text[:_FACT_LIMIT]) for key, text in sound.provenance.items()]
    _say(
        out,
        Answer(
            frames=len(samples),
            channels=samples.shape[1],
            longer=longer,
            root_note=sound.root_note,
            loop=loop,
            facts=dict(facts[:_MOST_FACTS]),
        ),
    )
    out.write(np.ascontiguousarray(samples, "<f4").tobytes())


def _say(out: BinaryIO, answer: Answer) -> None:
    out.write(msgspec.json.encode(answer) + b"\n")


def _limit() -> None:
    """As far as the system knows such limits (Windows doesn't): the parent's clock ends the rest."""
    with contextlib.suppress(ImportError):
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, CPU_S),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),  # it has nothing to write
        ):
            with contextlib.suppress(OSError, ValueError):  # the system's own limit is lower, or there is none
                resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
