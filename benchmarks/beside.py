"""Processes that run beside what is measured, and what the machine itself misses meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Floor:
    """Of a client that plays silence (`benchmarks.trivial`): how often it ran out of samples, how many of its callbacks
    took longer than half a block, the longest, and the most processor time of one."""

    missed: float = field(default=float("nan"))
    late: float = field(default=float("nan"))
    longest_ms: float = field(default=float("nan"))
    most_cpu_ms: float = field(default=float("nan"))


@contextmanager
def floor() -> Iterator[Floor]:
    """That client plays as long as this lasts; then its figures are there."""
    found = Floor()
    with running([sys.executable, "-m", "benchmarks.trivial"]) as trivial:
        first_line(trivial)
        yield found
        said, _ = trivial.communicate(timeout=10)  # its input ends, and so does it
    found.missed, found.late, found.longest_ms, found.most_cpu_ms = map(float, said.split()[-4:])


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process beside us, ended with us."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> None:
    """Wait until it has something to say."""
    assert process.stdout is not None
    if not process.stdout.readline():
        raise SystemExit(f"{' '.join(map(str, process.args))[:80]} ended early.")  # type: ignore[arg-type, union-attr]
