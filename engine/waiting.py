"""What waits for the engine thread, and what comes first: a live decode, then requests in their order, then zones."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.render import TOGETHER
from engine.request import Request, Source, Take
from engine.shape import UNSHAPED, Shape
from engine.variants import Edit, Playing

QUIET_S = 0.25  # after a live decode, zones wait so long for the next one: a slider that is being moved goes first


@dataclass(frozen=True, eq=False)
class Job:
    """A request to render, from a source or from nothing, or (request None) a model to load and warm."""

    request: Request | None
    model: str
    source: Source | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def request_id(self) -> str:
        return self.request.request_id if self.request else ""

    def varies(self, other: Job | Bring | None) -> bool:
        """Whether one sound is asked for that differs from the other's in the seed alone."""
        if not isinstance(other, Job) or self.request is None or other.request is None:
            return False
        alike = replace(self.request, seed=other.request.seed) == other.request and self.source is other.source
        return alike and self.request.candidates == 1


@dataclass(frozen=True, eq=False)
class Several:
    """Jobs that differ in the seed alone, to be done together."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, eq=False)
class Bring:
    """A file from outside to make a take of."""

    request_id: str
    path: Path
    model: str
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, eq=False)
class Live:
    """A take to decode again at once, edited, at a note (None: its own). playing: what is heard meanwhile."""

    request_id: str
    take: Take
    edit: Edit | None
    note: float | None
    playing: Playing | None = None


@dataclass(eq=False)
class Spread:
    """A take to decode again at every key, nearest to `around` (None: its root) first, and to shape at each. Any thread
    may set `around`."""

    request_id: str
    take: Take
    edit: Edit | None
    around: int | None
    shape: Shape = UNSHAPED

    def same(self, other: Spread) -> bool:
        """Whether the same sounds come of it."""
        mine, theirs = ((one.take.take_id, one.edit, one.shape) for one in (self, other))
        return mine == theirs


class Waiting:
    """Any thread puts things in; the engine thread takes them out. Only the newest live decode and spread wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jobs: deque[Job | Bring] = deque()
        self._current: tuple[Job | Bring, ...] = ()
        self._before: Job | Bring | None = None  # the one taken out last, since there was nothing to do
        self._live: Live | None = None
        self._spread: Spread | None = None
        self._lived_s = -math.inf  # when the last live decode was taken out
        self._closed = False

    def add(self, job: Job | Bring) -> bool:
        """False when it is closed."""
        with self._changed:
            if not self._closed:
                self._jobs.append(job)
                self._changed.notify()
            return not self._closed

    def set_live(self, live: Live) -> None:
        """In place of the one that waits."""
        with self._changed:
            if not self._closed:
                self._live = live
                self._changed.notify()

    def set_spread(self, spread: Spread | None) -> str:
        """In place of the one that waits or is under way; the same take, edit and shape again only move its centre.

        Returns the id of the spread that will be told of.
        """
        with self._changed:
            now = self._spread
            if now and spread and now.same(spread):
                now.around = spread.around
                return now.request_id
            if not self._closed:
                self._spread = spread
                self._changed.notify()
            return spread.request_id if spread else ""

    def move_spread(self, around: int) -> None:
        """Another centre for the spread that waits or is under way, if any."""
        with self._changed:
            if self._spread is not None:
                self._spread.around = around

    def stop(self, request_id: str | None = None) -> None:
        """Tells one request, or all, waiting or current, to stop."""
        with self._changed:
            for job in (*self._jobs, *self._current):
                if job.request_id and request_id in (None, job.request_id):
                    job.stop.set()

    def close(self) -> None:
        """Nothing more comes in; jobs are told to stop and still come out, live decodes and zones do not."""
        with self._changed:
            self._closed = True
            self._live = self._spread = None
            for job in (*self._jobs, *self._current):
                job.stop.set()
            self._changed.notify()

    def next(self) -> Job | Several | Bring | Live | Spread | None:
        """Waits for something to do. Variations come one alone first, to be heard soon, then a few together. A spread
        comes again and again until it is `finished`. None: closed and empty."""
        with self._changed:
            self._current = ()
            while True:
                live = self._taken_live()
                if live is not None:
                    return live
                if self._jobs:
                    return self._taken_jobs()
                self._before = None
                if self._closed:
                    return None
                pause = self._lived_s + QUIET_S - time.monotonic()
                if self._spread is not None and pause <= 0:
                    return self._spread
                self._changed.wait(None if self._spread is None else pause)

    def live(self, model: str) -> Live | None:
        """The live decode that waits, if there is one and its take is of this model."""
        with self._changed:
            return self._taken_live() if self._live is not None and self._live.take.request.model == model else None

    def current(self, spread: Spread) -> bool:
        """Whether this spread is still wanted."""
        with self._changed:
            return self._spread is spread

    def finished(self, spread: Spread) -> None:
        with self._changed:
            if self._spread is spread:
                self._spread = None

    def _taken_jobs(self) -> Job | Several | Bring:
        first = self._jobs.popleft()
        taken = [first]
        if isinstance(first, Job) and first.varies(self._before):
            while self._jobs and len(taken) < TOGETHER and first.varies(self._jobs[0]):
                taken.append(self._jobs.popleft())
        self._current, self._before = tuple(taken), first
        jobs = tuple(job for job in taken if isinstance(job, Job))
        return Several(jobs) if len(jobs) > 1 else first

    def _taken_live(self) -> Live | None:
        live, self._live = self._live, None
        if live is not None:
            self._lived_s = time.monotonic()
        return live
