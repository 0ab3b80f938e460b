"""Studio: the engine thread. It loads models and makes takes, one job at a time; it never dies of a failed job.

Between the takes it decodes: live, what a slider asks for, before everything else, between a generator's steps too;
and in the background a take's zones, in small batches that anything else may come between, and live decodes even
within them.

Threads: any thread may call the public methods, which return at once (`close` waits for the current step). The engine
thread alone touches generators, writes to the library and calls `emit`.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.candidates import Ranker, best_of, load_ranker
from engine.errors import Cancelled, LatenteError, ModelProblem
from engine.events import (
    CancelledEvent,
    Decoded,
    Event,
    Failed,
    Finished,
    Loading,
    Progress,
    Ready,
    Soon,
    ZoneReady,
    ZonesDone,
)
from engine.library import Library
from engine.render import render_many
from engine.request import Generated, Generator, Request, Source, Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from engine.variants import Early, Edit, Playing, Variants
from engine.waiting import Bring, Job, Live, Several, Spread, Waiting
from engine.zones import Zones

_log = logging.getLogger(__name__)
_CLOSE_S = 30.0  # a step, or the loading of a model, takes far less


class Studio:
    """load_generator(name), load_ranker(name): called in the engine thread. emit(event): called there too, must not
    block."""

    def __init__(
        self,
        load_generator: Callable[[str], Generator],
        library: Library,
        emit: Callable[[Event], None],
        load_ranker: Callable[[str], Ranker | None] = load_ranker,
    ) -> None:
        self._load_generator = load_generator
        self._load_ranker = load_ranker
        self._library = library
        self._emit_event = emit
        self._waiting = Waiting()
        self._tokens = itertools.count(1)
        # the engine thread's alone
        self._stale = threading.Event()  # the loader is another: what was loaded is to be loaded anew
        self._generator: Generator | None = None
        self._loaded = ""  # name under which it was loaded
        self._ranker: tuple[str, Ranker | None] | None = None  # of the model that candidates were asked of last
        self._variants: Variants | None = None  # of the take decoded last
        self._zones: tuple[Spread, Zones] | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, request: Request, source: Source | None = None) -> str:
        """Queues a request, which may start from a sound. Its events carry the id returned. After `close`, it is
        cancelled at once."""
        if not self._waiting.add(Job(request, request.model, source)):
            self._emit(CancelledEvent(request.request_id))
        return request.request_id

    def bring(self, path: Path, model: str) -> str:
        """Queues a sound file from outside, to become a take that this model can edit. Emits Finished or Failed with
        the id returned. After `close`, it is cancelled at once."""
        request_id = f"bring-{next(self._tokens)}"
        if not self._waiting.add(Bring(request_id, path, model)):
            self._emit(CancelledEvent(request_id))
        return request_id

    def warm(self, model: str) -> None:
        """Loads `model` and runs it once, so that the first take comes quickly; emits Ready."""
        self._waiting.add(Job(None, model))

    def load_with(self, load_generator: Callable[[str], Generator]) -> None:
        """From the next work on; a model that is loaded is loaded anew."""
        self._load_generator = load_generator
        self._stale.set()

    def decode(
        self, take: Take, edit: Edit | None = None, note: float | None = None, playing: Playing | None = None
    ) -> str:
        """Decodes a take's latent again, edited, at a note (None: its own), before all that waits. Emits Decoded, or
        Failed, with the id returned; when it is asked again before its turn came, only the newest is done and the
        older ones are never heard of. `edit` is called in the engine thread. playing: what is heard until then; if
        the decode takes long, a Soon with its next moments comes first."""
        request_id = f"decode-{next(self._tokens)}"
        self._waiting.set_live(Live(request_id, take, edit, note, playing))
        return request_id

    def spread(
        self, take: Take | None, around: int | None = None, edit: Edit | None = None, shape: Shape = UNSHAPED
    ) -> str:
        """Decodes a take at every key in the background, nearest to `around` (None: its root) first: a ZoneReady each,
        then ZonesDone, with the id returned; each is shaped. A take that has no zones is done at once. Another take,
        edit or shape drops what is left of the one before, None drops it altogether; neither is told. The same again
        only moves the centre."""
        request_id = f"zones-{next(self._tokens)}"
        return self._waiting.set_spread(None if take is None else Spread(request_id, take, edit, around, shape))

    def spread_around(self, note: int) -> None:
        """The keys around `note` come next, if a spread is under way."""
        self._waiting.move_spread(note)

    def cancel(self, request_id: str | None = None) -> None:
        """Stops one request, or all (queued ones too), within a generator's step; each gets its CancelledEvent."""
        self._waiting.stop(request_id)

    def close(self) -> None:
        """Cancels all work and ends the thread. May be called more than once, from any thread, `emit` included."""
        self._waiting.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        while (work := self._waiting.next()) is not None:
            if isinstance(work, Spread):
                self._spread(work)
            elif isinstance(work, Several):
                self._make_several(work.jobs)
            else:
                self._emit(self._outcome(work))

    def _outcome(self, work: Job | Bring | Live) -> Event:
        """Does the work; whatever happens is one event."""
        try:
            if isinstance(work, Live):
                return self._decoded(work)
            return self._make(work) if isinstance(work, Job) else self._brought(work)
        except Exception as error:
            return _failed(work.request_id, error)

    def _make(self, job: Job) -> Event:
        if job.stop.is_set():
            raise Cancelled("Cancelled.")
        started = time.perf_counter()
        generator = self._ready_generator(job.model, job.request_id)
        request = job.request
        if request is None:
            generator.generate(
                Request("warm up", seconds=0.1, steps=1, seed=0, model=job.model), _ignore, job.stop.is_set
            )
            return Ready("", job.model)
        request_id = request.request_id

        def on_step(step: int, steps: int) -> None:
            self._emit(Progress(request_id, step, steps))
            self._let_live()

        def make(requests: Sequence[Request], on_step: Callable[[int, int], None]) -> list[Generated]:
            return render_many(generator, requests, on_step, job.stop.is_set, source=job.source)

        chosen = best_of(request, make, self._ready_ranker, on_step)
        return self._kept(chosen.request, chosen.generated, time.perf_counter() - started)

    def _make_several(self, jobs: tuple[Job, ...]) -> None:
        """Variations together; whatever happens is one event for each. One that is cancelled costs the others
        nothing."""
        requests = [job.request for job in jobs if job.request is not None]

        def cancelled() -> bool:
            return all(job.stop.is_set() for job in jobs)

        def on_step(step: int, steps: int) -> None:
            for job in jobs:
                if not job.stop.is_set():
                    self._emit(Progress(job.request_id, step, steps))
            self._let_live()

        try:
            if cancelled():
                raise Cancelled("Cancelled.")
            started = time.perf_counter()
            generator = self._ready_generator(jobs[0].model, jobs[0].request_id)
            made = render_many(generator, requests, on_step, cancelled, source=jobs[0].source)
        except Exception as error:
            for job in jobs:
                self._emit(_failed(job.request_id, error))
            return
        wall_s = (time.perf_counter() - started) / len(jobs)
        for job, request, generated in zip(jobs, requests, made, strict=True):
            try:
                if job.stop.is_set():
                    raise Cancelled("Cancelled.")
                self._emit(self._kept(request, generated, wall_s))
            except Exception as error:
                self._emit(_failed(job.request_id, error))

    def _kept(self, request: Request, generated: Generated, wall_s: float) -> Finished:
        made_of = replace(request, width=generated.width)
        take = self._library.add(made_of, generated.sound, generated.latent, generated.pitch, wall_s)
        return Finished(request.request_id, take, generated.warnings)

    def _let_live(self) -> None:
        """A live decode goes before what is being made."""
        if (live := self._waiting.live(self._loaded)) is not None:
            self._emit(self._outcome(live))

    def _brought(self, bring: Bring) -> Event:
        """A file's sound as it is, with the latent that edits begin from."""
        from engine.outside.bring import bring_in

        if bring.stop.is_set():
            raise Cancelled("Cancelled.")
        started = time.perf_counter()
        brought = bring_in(bring.path, bring.model)
        generator = self._ready_generator(bring.model, bring.request_id)
        latent = generator.encode(brought.sound, brought.pitch)
        take = self._library.add(brought.request, brought.sound, latent, brought.pitch, time.perf_counter() - started)
        return Finished(bring.request_id, take, brought.warnings)

    def _decoded(self, live: Live) -> Event:
        variants = self._variants_of(live.take, live.request_id)

        def soon(early: Early) -> None:
            self._emit(Soon(live.request_id, live.take.take_id, early.sound, early.over, early.changed))

        made = variants.live(live.edit, live.note, live.playing, soon)
        return Decoded(live.request_id, live.take.take_id, *made, variants.start_s)

    def _spread(self, spread: Spread) -> None:
        """The next few zones. What fails here fails quietly: the take is played without zones."""

        def between() -> None:
            self._let_live()
            if not self._waiting.current(spread):
                raise Cancelled("Others are wanted.")

        made: list[tuple[int, Sound]] = []
        try:
            if self._zones is None or self._zones[0] is not spread:
                self._zones = None
                variants = self._variants_of(spread.take, spread.request_id, background=True)
                self._zones = spread, Zones(variants, spread.edit, spread.shape)
            made = self._zones[1].next(spread.around, between)
        except Cancelled:
            return
        except LatenteError as problem:
            _log.info("no zones: %s", problem)
        except Exception:
            _log.exception("zones failed")
        if not self._waiting.current(spread):
            return
        for note, sound in made:
            self._emit(ZoneReady(spread.request_id, spread.take.take_id, note, sound))
        if not made:
            count = len(self._zones[1].done) if self._zones else 0
            self._zones = None
            self._waiting.finished(spread)
            self._emit(ZonesDone(spread.request_id, spread.take.take_id, count))

    def _variants_of(self, take: Take, request_id: str, background: bool = False) -> Variants:
        """Kept for the take asked for last. In the background no model makes way for another. Raises ModelProblem."""
        model = take.request.model
        if background and self._generator is not None and self._loaded != model:
            raise ModelProblem("Another model is loaded.")
        generator = self._ready_generator(model, request_id)
        kept = self._variants
        if kept is None or kept.generator is not generator or kept.take.take_id != take.take_id:
            self._variants = kept = Variants.of(generator, take)
        return kept

    def _ready_generator(self, model: str, request_id: str) -> Generator:
        """The generator of a model; only the latest stays in memory."""
        if self._stale.is_set() or self._generator is None or self._loaded != model:
            self._stale.clear()
            self._emit(Loading(request_id, model))
            self._generator = self._variants = self._zones = None
            self._generator = self._load_generator(model)
            self._loaded = model
        return self._generator

    def _ready_ranker(self, model: str) -> Ranker | None:
        if self._ranker is None or self._ranker[0] != model:
            self._ranker = None
            self._ranker = model, self._load_ranker(model)
        return self._ranker[1]

    def _emit(self, event: Event) -> None:
        try:
            self._emit_event(event)
        except Exception:
            _log.exception("an event was not received: %s", type(event).__name__)


def _ignore(step: int, steps: int) -> None:
    """Nobody watches a warm-up."""


def _failed(request_id: str, error: Exception) -> Event:
    """What is told of work that ended with this error, which is being handled."""
    if isinstance(error, Cancelled):
        return CancelledEvent(request_id)
    if isinstance(error, LatenteError):
        return Failed(request_id, _one_line(error))
    if isinstance(error, MemoryError):
        return Failed(request_id, "There is not enough memory for this. Close other programs and try again.")
    _log.exception("a job failed")
    return Failed(request_id, f"Something went wrong inside ({type(error).__name__}: {_one_line(error)}).")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
