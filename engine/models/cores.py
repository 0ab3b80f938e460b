"""With how many threads a model computes on the CPU: as many as there are cores that nobody else keeps busy.

Threads that share a product wait for each other thousands of times a second, and wait by asking over and over. Beside a
program that is at work, a DAW say, one of them is always late: a decode that takes 60 ms on two idle cores took 240 to
690 ms beside one busy thread, and 65 ms by one thread alone. What is computed does not depend on it: see `few_rows`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

LOOK_S = 0.25  # between two looks at what others do; their time is told in steps of 10 to 16 ms
SPARE = 0.15  # of a core: so much that others use of it leaves it free


@cache
def most_threads() -> int:
    """With how many torch computes of itself: cores, or what OMP_NUM_THREADS says."""
    import torch

    return torch.get_num_threads()


class Cores:
    """For the thread that computes, which alone may use it.

    others_s(): seconds of processor time that all other programs have used so far, over all cores. clock(): seconds.
    """

    def __init__(
        self,
        most: int | None = None,
        cores: int | None = None,
        others_s: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most_threads() if most is None else most
        self._cores = cores or os.cpu_count() or self._most
        self._others_s, self._clock = others_s or _others_s, clock
        self._looked_s, self._used_s = clock(), self._others_s()
        self._threads = self._most

    def share(self) -> int:
        """From now on torch computes with so many threads in this thread: those of the cores that others have left
        free since the last look, 1 at least."""
        if self._most > 1 and self._clock() - self._looked_s >= LOOK_S:
            self._look()
        return self._threads

    def _look(self) -> None:
        now_s, used_s = self._clock(), self._others_s()
        taken = (used_s - self._used_s) / (now_s - self._looked_s)
        self._looked_s, self._used_s = now_s, used_s
        wanted = max(1, min(self._most, int(self._cores - taken + SPARE)))
        if wanted != self._threads:
            _compute_with(wanted)
            self._threads = wanted

    @contextmanager
    def few_rows(self) -> Iterator[None]:
        """For products of a handful of rows, as of a prompt's words: by one thread. Among several they would be summed
        in an order that depends on how many there are, and a seed would give a slightly other sound."""
        if self._threads > 1:
            _compute_with(1)
        try:
            yield
        finally:
            if self._threads > 1:
                _compute_with(self._threads)


def _compute_with(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _others_s() -> float:
    """Seconds in which a core worked, or was lent to another machine, and not for this process. Where the system does
    not tell, as if nobody else was there."""
    import psutil

    try:
        spent, ours = psutil.cpu_times(), psutil.Process().cpu_times()
    except (psutil.Error, OSError):
        return 0.0
    twice = ("idle", "iowait", "guest", "guest_nice")  # the guests' time is in the users' as well
    total = sum(seconds for name, seconds in spent._asdict().items() if name not in twice)
    return float(total - ours.user - ours.system)
