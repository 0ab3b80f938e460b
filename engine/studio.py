"""Studio: the engine thread. It loads models and makes takes, one job at a time; it never dies of a failed job.

Threads: any thread may call the public methods, which return at once (`close` waits for the current step). The engine
thread alone touches generators, writes to the library and calls `emit`.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import Cancelled, LatenteError
from engine.events import CancelledEvent, Event, Failed, Finished, Loading, Progress, Ready
from engine.library import Library
from engine.render import render
from engine.request import Generator, Request

_log = logging.getLogger(__name__)
_CLOSE_S = 30.0  # a step, or the loading of a model, takes far less


@dataclass(frozen=True)
class _Job:
    """A request to render, or (request None) a model to load and warm."""

    request: Request | None
    model: str
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def request_id(self) -> str:
        return self.request.request_id if self.request else ""


class Studio:
    """load_generator(name): called in the engine thread. emit(event): called there too, must not block."""

    def __init__(
        self, load_generator: Callable[[str], Generator], library: Library, emit: Callable[[Event], None]
    ) -> None:
        self._load_generator = load_generator
        self._library = library
        self._emit_event = emit
        self._generator: Generator | None = None  # the engine thread's alone
        self._loaded = ""  # name under which it was loaded
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards _pending and _closed
        self._pending: list[_Job] = []  # queued and current, in order
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> str:
        """Queues a request. Its events carry the id returned. After `close`, it is cancelled at once."""
        self._queue(_Job(request, request.model))
        return request.request_id

    def warm(self, model: str) -> None:
        """Loads `model` and runs it once, so that the first take comes quickly; emits Ready."""
        self._queue(_Job(None, model))

    def cancel(self, request_id: str | None = None) -> None:
        """Stops one request, or all (queued ones too), within a generator's step; each gets its CancelledEvent."""
        with self._lock:
            for job in self._pending:
                if job.request is not None and request_id in (None, job.request_id):
                    job.stop.set()

    def close(self) -> None:
        """Cancels all work and ends the thread. May be called more than once, from any thread, `emit` included."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
            for job in self._pending:
                job.stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSE_S)

    def _queue(self, job: _Job) -> None:
        with self._lock:
            if not self._closed:
                self._pending.append(job)
                self._jobs.put(job)
                return
        if job.request is not None:
            self._emit(CancelledEvent(job.request_id))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._emit(self._outcome(job))
            with self._lock:
                self._pending.remove(job)

    def _outcome(self, job: _Job) -> Event:
        """Does the job; whatever happens is one event."""
        try:
            return self._do(job)
        except Cancelled:
            return CancelledEvent(job.request_id)
        except LatenteError as error:
            return Failed(job.request_id, _one_line(error))
        except MemoryError:
            return Failed(job.request_id, "There is not enough memory for this. Close other programs and try again.")
        except Exception as error:
            _log.exception("a job failed")
            return Failed(job.request_id, f"Something went wrong inside ({type(error).__name__}: {_one_line(error)}).")

    def _do(self, job: _Job) -> Event:
        if job.stop.is_set():
            raise Cancelled("Cancelled.")
        started = time.perf_counter()
        generator = self._ready_generator(job)
        request = job.request
        if request is None:
            generator.generate(
                Request("warm up", seconds=0.1, steps=1, seed=0, model=job.model), _ignore, job.stop.is_set
            )
            return Ready("", job.model)
        request_id = request.request_id
        generated = render(
            generator, request, lambda step, steps: self._emit(Progress(request_id, step, steps)), job.stop.is_set
        )
        wall_s = time.perf_counter() - started
        take = self._library.add(request, generated.sound, generated.latent, generated.pitch, wall_s)
        return Finished(request_id, take, generated.warnings)

    def _ready_generator(self, job: _Job) -> Generator:
        """The job's generator; only the latest stays in memory."""
        if self._generator is None or self._loaded != job.model:
            self._emit(Loading(job.request_id, job.model))
            self._generator = None
            self._generator = self._load_generator(job.model)
            self._loaded = job.model
        return self._generator

    def _emit(self, event: Event) -> None:
        try:
            self._emit_event(event)
        except Exception:
            _log.exception("an event was not received: %s", type(event).__name__)


def _ignore(step: int, steps: int) -> None:
    """Nobody watches a warm-up."""


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
