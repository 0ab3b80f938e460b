"""The engine thread: one job at a time, cancelled within a step, never dead."""

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import CannotWrite, ModelProblem
from engine.events import (
    CancelledEvent,
    Event,
    Failed,
    Finished,
    Loading,
    Progress,
    Ready,
)
from engine.library import Library
from engine.pitch import Pitch
from engine.render import render
from engine.request import Generated, Generator, Request, Source
from engine.sound import Sound
from engine.studio import Studio
from tests.fakes import Ears, ToneGenerator

Start = Callable[..., Studio]


class Warned(ToneGenerator):
    """Has something to say about everything it makes."""

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        return replace(super().generate(request, on_step, cancelled), warnings=("Rather loud.",))


def test_a_request_becomes_a_take_in_the_library(start: Start, ears: Ears, library: Library) -> None:
    request_id = start().submit(Request("warm bass", note=40, seconds=0.5, steps=3, seed=5))
    take = ears.wait(Finished, request_id).take  # type: ignore[attr-defined]
    assert ears.kinds(request_id) == ["Loading", "Progress", "Progress", "Progress", "Finished"]
    assert take.path.is_file()
    assert take.sound.seconds == pytest.approx(0.5)
    assert take.sound.peak_dbfs == pytest.approx(-1.0, abs=0.01)
    assert take.sound.provenance["prompt"] == "warm bass"
    assert take.sound.provenance["seed"] == "5"
    assert [entry.take_id for entry in library.entries()] == [take.take_id]


def test_what_the_generator_warns_of_travels_with_the_take(start: Start, ears: Ears) -> None:
    request_id = start(lambda name: Warned()).submit(Request("warm bass", seconds=0.2, steps=1))
    assert ears.wait(Finished, request_id).warnings == ("Rather loud.",)  # type: ignore[attr-defined]


def test_the_same_seed_gives_the_same_samples(start: Start, ears: Ears) -> None:
    studio = start()
    takes = []
    for _ in range(2):
        takes.append(ears.wait(Finished, studio.submit(Request("warm bass", seed=5))).take)  # type: ignore[attr-defined]
    assert np.array_equal(takes[0].sound.samples, takes[1].sound.samples)
    assert takes[0].path != takes[1].path


def test_a_model_is_loaded_once_and_again_only_for_another(start: Start, ears: Ears) -> None:
    studio = start()
    for model in ("a", "a", "b", "a"):
        ears.wait(Finished, studio.submit(Request("x", model=model, steps=1)))
    assert [event.what for event in ears.events if isinstance(event, Loading)] == ["a", "b", "a"]


def test_another_loader_is_used_from_the_next_work_on(start: Start, ears: Ears) -> None:
    studio = start()
    ears.wait(Finished, studio.submit(Request("x", model="a", steps=1)))
    studio.load_with(lambda name: Warned())
    for _ in range(2):
        take = studio.submit(Request("x", model="a", steps=1))
        assert ears.wait(Finished, take).warnings == ("Rather loud.",)  # type: ignore[attr-defined]
    assert [event.what for event in ears.events if isinstance(event, Loading)] == ["a", "a"]


def test_a_take_remembers_how_wide_its_words_made_it(start: Start, ears: Ears, library: Library) -> None:
    class Wide(ToneGenerator):
        def generate(self, *args: object) -> Generated:  # type: ignore[override]
            return replace(super().generate(*args), width=110.0)  # type: ignore[arg-type]

    request = Request("pad", seconds=0.2, steps=1)
    take = ears.wait(Finished, start(lambda name: Wide()).submit(request)).take  # type: ignore[attr-defined]
    assert request.width is None
    assert take.width == library.open(take.take_id).width == 110.0


def test_a_warm_model_says_so_and_keeps_nothing(start: Start, ears: Ears, library: Library) -> None:
    start().warm("a")
    assert ears.wait(Ready) == Ready("", "a")
    assert library.entries() == []
    assert os.listdir(library.sounds) == []


def test_cancel_works_within_a_step_and_leaves_nothing(start: Start, ears: Ears, library: Library) -> None:
    studio = start(lambda name: ToneGenerator(step_s=0.05))
    request_id = studio.submit(Request("x", steps=100))
    ears.wait(Progress, request_id)
    started = time.perf_counter()
    studio.cancel(request_id)
    ears.wait(CancelledEvent, request_id)
    assert time.perf_counter() - started < 0.3
    assert library.entries() == []
    assert os.listdir(library.sounds) == []


def test_cancel_all_reaches_what_is_queued(start: Start, ears: Ears) -> None:
    studio = start(lambda name: ToneGenerator(step_s=0.02))
    ids = [studio.submit(Request("x", steps=50)) for _ in range(4)]
    ears.wait(Progress, ids[0])
    studio.cancel()
    for request_id in ids:
        ears.wait(CancelledEvent, request_id)
    assert ears.kinds(ids[3]) == ["CancelledEvent"]


def test_cancelling_one_lets_the_others_finish(start: Start, ears: Ears) -> None:
    studio = start(lambda name: ToneGenerator(step_s=0.01))
    first, second = (studio.submit(Request("x", steps=10)) for _ in range(2))
    studio.cancel(first)
    ears.wait(Finished, second)
    assert ears.kinds(first)[-1] == "CancelledEvent"


class _Broken(ToneGenerator):
    """A generator that fails as it is told, then plays."""

    def __init__(self, *failures: BaseException) -> None:
        super().__init__()
        self.failures = list(failures)

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        if self.failures:
            raise self.failures.pop(0)
        return super().generate(request, on_step, cancelled)


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (ModelProblem("The model is damaged."), "The model is damaged."),
        (ValueError("two\nlines"), "Something went wrong inside (ValueError: two lines)."),
        (MemoryError(), "There is not enough memory"),
        (CannotWrite("The disk is full."), "The disk is full."),
    ],
)
def test_a_failure_is_one_line_and_the_next_job_runs(
    start: Start, ears: Ears, failure: BaseException, line: str
) -> None:
    broken = _Broken(failure)
    studio = start(lambda name: broken)
    failed = ears.wait(Failed, studio.submit(Request("x")))
    assert failed.message.startswith(line)  # type: ignore[attr-defined]
    assert "\n" not in failed.message  # type: ignore[attr-defined]
    ears.wait(Finished, studio.submit(Request("y")))


def test_a_model_that_fails_to_load_is_tried_again(start: Start, ears: Ears) -> None:
    attempts = []

    def load(name: str) -> Generator:
        attempts.append(name)
        if len(attempts) == 1:
            raise ModelProblem("The weights are missing.")
        return ToneGenerator()

    studio = start(load)
    ears.wait(Failed, studio.submit(Request("x")))
    ears.wait(Finished, studio.submit(Request("x")))


def test_a_listener_that_fails_stops_nothing(start: Start, ears: Ears) -> None:
    def deaf(event: Event) -> None:
        ears(event)
        raise RuntimeError("the window is gone")

    studio = start(emit=deaf)
    ears.wait(Finished, studio.submit(Request("x")))
    ears.wait(Finished, studio.submit(Request("y")))


def test_silence_is_said_so(library: Library) -> None:
    class Silent(ToneGenerator):
        def generate(
            self,
            request: Request,
            on_step: Callable[[int, int], None],
            cancelled: Callable[[], bool],
            source: Source | None = None,
        ) -> Generated:
            return Generated(Sound(np.zeros(100, np.float32), 44100), np.zeros((1, 1), np.float32), Pitch(None))

    done = render(Silent(), Request("x"), lambda step, steps: None, lambda: False)
    assert any("silent" in warning for warning in done.warnings)


def test_close_cancels_everything_and_may_be_called_twice(start: Start, ears: Ears, library: Library) -> None:
    studio = start(lambda name: ToneGenerator(step_s=0.02))
    ids = [studio.submit(Request("x", steps=100)) for _ in range(3)]
    ears.wait(Progress, ids[0])
    started = time.perf_counter()
    studio.close()
    studio.close()
    assert time.perf_counter() - started < 0.5
    assert [ears.kinds(request_id)[-1] for request_id in ids] == ["CancelledEvent"] * 3
    late = studio.submit(Request("z"))
    assert ears.kinds(late) == ["CancelledEvent"]
    assert library.entries() == []


def test_close_from_inside_an_event_does_not_hang(start: Start, ears: Ears) -> None:
    studios: list[Studio] = []

    def closing(event: Event) -> None:
        ears(event)
        if isinstance(event, Progress):
            studios[0].close()

    studios.append(start(emit=closing))
    ears.wait(CancelledEvent, studios[0].submit(Request("x")))


class Counting(ToneGenerator):
    """Remembers how many sounds it was asked for at once."""

    def __init__(self, step_s: float = 0.0) -> None:
        super().__init__(step_s)
        self.groups: list[int] = []

    def generate_many(self, requests, on_step, cancelled, source=None):  # type: ignore[no-untyped-def]
        self.groups.append(len(requests))
        return super().generate_many(requests, on_step, cancelled, source)


def variations(count: int, prompt: str = "warm bass") -> list[Request]:
    return [Request(prompt, seconds=0.2, steps=2, seed=seed, note=40) for seed in range(count)]


def test_of_variations_the_first_comes_alone_and_the_others_a_few_together(
    start: Start, ears: Ears, library: Library
) -> None:
    generator = Counting(step_s=0.05)
    studio = start(lambda name: generator)
    ids = [studio.submit(one) for one in (*variations(10), *variations(2, "bright bell"))]
    takes = [ears.wait(Finished, request_id).take for request_id in ids]  # type: ignore[attr-defined]
    assert generator.groups == [1, 7, 2, 1, 1]
    assert [take.request.seed for take in takes] == [*range(10), 0, 1]
    alone = ToneGenerator()
    for take, request in zip(takes, variations(10), strict=False):
        assert np.array_equal(take.sound.samples, render(alone, request, lambda *_: None, lambda: False).sound.samples)
    assert {"Progress", "Finished"} <= set(ears.kinds(ids[3]))


def test_of_variations_made_together_one_is_cancelled_and_the_others_come(
    start: Start, ears: Ears, library: Library
) -> None:
    studio = start(lambda name: Counting(step_s=0.1))
    ids = [studio.submit(one) for one in variations(4)]
    ears.wait(Progress, ids[2])
    studio.cancel(ids[2])
    ears.wait(CancelledEvent, ids[2])
    for request_id in (ids[0], ids[1], ids[3]):
        ears.wait(Finished, request_id)
    assert len(library.entries()) == 3


def test_what_fails_for_variations_made_together_is_told_of_each(start: Start, ears: Ears) -> None:
    class Broken(Counting):
        def generate_many(self, requests, on_step, cancelled, source=None):  # type: ignore[no-untyped-def]
            time.sleep(0.1)
            if len(requests) > 1:
                raise ModelProblem("The weights do not fit.")
            return super().generate_many(requests, on_step, cancelled, source)

    studio = start(lambda name: Broken())
    ids = [studio.submit(one) for one in variations(4)]
    ears.wait(Finished, ids[0])
    for request_id in ids[1:]:
        assert ears.wait(Failed, request_id).message == "The weights do not fit."  # type: ignore[attr-defined]
