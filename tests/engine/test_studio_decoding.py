"""Decoding in the engine thread: live before everything else, zones behind everything else, no event lost."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.events import Decoded, Failed, Finished, Loading, Progress, ZoneReady, ZonesDone
from engine.pitch import Pitch
from engine.request import Latent, Request, Take, unwatched
from engine.sound import Sound
from engine.studio import Studio
from engine.zones import BATCH
from tests.fakes import Ears, ToneGenerator

Start = Callable[..., Studio]


class Slow(ToneGenerator):
    """Decodes only while `go` is set, and remembers what it did."""

    def __init__(self, step_s: float = 0.0) -> None:
        super().__init__(step_s)
        self.go = threading.Event()
        self.go.set()
        self.decoding = threading.Event()

    def decode(self, latent: Latent, pitches: Sequence[Pitch], seed: int, *given: Any) -> list[Sound]:
        self.decoding.set()
        assert self.go.wait(10)
        return super().decode(latent, pitches, seed, *given)


def made_take(studio: Studio, ears: Ears, note: int = 50) -> Take:
    request = Request("warm bass", note=note, seconds=0.3, steps=1, seed=5)
    return ears.wait(Finished, studio.submit(request)).take  # type: ignore[attr-defined, no-any-return]


def halved(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
    return latent / 2, pitch


def test_an_edit_is_heard_at_the_level_that_it_makes(start: Start, ears: Ears) -> None:
    studio = start()
    take = made_take(studio, ears)
    plain = ears.wait(Decoded, studio.decode(take)).sound  # type: ignore[attr-defined]
    assert np.abs(plain.samples - take.sound.samples).max() < 1e-3
    half = ears.wait(Decoded, studio.decode(take, halved)).sound  # type: ignore[attr-defined]
    assert np.abs(2 * half.samples - plain.samples).max() < 1e-5
    other = ears.wait(Decoded, studio.decode(take, note=57)).sound  # type: ignore[attr-defined]
    assert other.root_note == 57


def test_of_many_edits_the_last_always_comes_and_few_before_it(start: Start, ears: Ears) -> None:
    generator = Slow()
    studio = start(lambda name: generator)
    take = made_take(studio, ears)
    generator.go.clear()
    generator.decoding.clear()
    ids = [studio.decode(take)]
    assert generator.decoding.wait(10)
    ids += [studio.decode(take, lambda latent, pitch, n=n: (latent * (n / 50), pitch)) for n in range(50)]  # type: ignore[misc]
    generator.go.set()
    last = ears.wait(Decoded, ids[-1]).sound  # type: ignore[attr-defined]
    assert [e.request_id for e in ears.events if isinstance(e, Decoded)] == [ids[0], ids[-1]]
    assert last.peak == pytest.approx(take.sound.peak * 49 / 50, rel=0.02)


def test_an_edit_does_not_wait_for_what_is_being_made(start: Start, ears: Ears) -> None:
    studio = start(lambda name: ToneGenerator(step_s=0.02))
    take = made_take(studio, ears)
    ids = [studio.submit(Request("x", steps=40)) for _ in range(2)]
    ears.wait(Progress, ids[0])
    token = studio.decode(take)
    ears.wait(Decoded, token)
    assert ears.kinds(ids[0])[-1] == "Progress"
    for request_id in ids:
        ears.wait(Finished, request_id)


def test_an_edit_that_fails_is_one_line_and_the_next_one_is_done(start: Start, ears: Ears) -> None:
    studio = start()
    take = made_take(studio, ears)

    def broken(latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]:
        raise BadRequest("The sound that an edit needs is not there.")

    failed = ears.wait(Failed, studio.decode(take, broken))
    assert failed.message == "The sound that an edit needs is not there."  # type: ignore[attr-defined]
    ears.wait(Decoded, studio.decode(take, halved))


def zones(ears: Ears, request_id: str) -> list[int]:
    return [e.note for e in ears.events if isinstance(e, ZoneReady) and e.request_id == request_id]


def test_a_spread_tells_every_key_once_and_then_that_it_is_done(start: Start, ears: Ears) -> None:
    studio = start()
    take = made_take(studio, ears)
    token = studio.spread(take, around=70)
    done = ears.wait(ZonesDone, token)
    assert sorted(zones(ears, token)) == list(range(24, 85))
    assert done == ZonesDone(token, take.take_id, 61)
    assert zones(ears, token)[0] in (69, 70, 71)
    assert studio.spread(take) != token  # done: asked again, it is done again


def test_what_the_user_asks_for_goes_before_zones(start: Start, ears: Ears) -> None:
    generator = Slow()
    studio = start(lambda name: generator)
    take = made_take(studio, ears)
    generator.go.clear()
    generator.decoding.clear()
    token = studio.spread(take)
    assert generator.decoding.wait(10)
    request_id, live = studio.submit(Request("x", steps=1, seconds=0.1, note=60)), studio.decode(take)
    generator.go.set()
    ears.wait(ZonesDone, token)
    order = [event.request_id for event in ears.events if isinstance(event, (Decoded, Finished, ZoneReady))]
    assert order.index(live) < order.index(request_id)
    assert order[: order.index(request_id)].count(token) <= BATCH
    assert sorted(zones(ears, token)) == list(range(24, 85))


def test_zones_wait_while_a_slider_is_being_moved(start: Start, ears: Ears) -> None:
    studio = start()
    take = made_take(studio, ears)
    ears.wait(Decoded, studio.decode(take))
    token = studio.spread(take)
    time.sleep(0.05)
    assert zones(ears, token) == []
    ears.wait(ZonesDone, token)


class Endless(ToneGenerator):
    """Several notes together are not done before it is told so; what happens between is let happen."""

    def __init__(self) -> None:
        super().__init__()
        self.decoding, self.go, self.left = threading.Event(), threading.Event(), threading.Event()

    def decode(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int,
        seconds: float | None = None,
        width: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        if len(pitches) > 1:
            self.decoding.set()
            try:
                while not self.go.wait(0.001):
                    between()
            finally:
                self.left.set()
        return super().decode(latent, pitches, seed)


def test_an_edit_does_not_wait_for_the_zones_that_are_being_decoded(start: Start, ears: Ears) -> None:
    generator = Endless()
    studio = start(lambda name: generator)
    take = made_take(studio, ears)
    token = studio.spread(take)
    assert generator.decoding.wait(10)
    ears.wait(Decoded, studio.decode(take, halved))
    assert zones(ears, token) == []
    generator.go.set()
    done = ears.wait(ZonesDone, token)
    assert len(zones(ears, token)) == done.count  # type: ignore[attr-defined]


def test_zones_that_nobody_wants_any_more_are_left(start: Start, ears: Ears) -> None:
    generator = Endless()
    studio = start(lambda name: generator)
    take = made_take(studio, ears)
    token = studio.spread(take)
    assert generator.decoding.wait(10)
    studio.spread(None)
    assert generator.left.wait(10)
    generator.go.set()
    ears.wait(Decoded, studio.decode(take, halved))
    assert zones(ears, token) == []


def test_another_take_takes_the_place_of_the_one_that_is_spread(start: Start, ears: Ears) -> None:
    generator = Slow()
    studio = start(lambda name: generator)
    first, second = made_take(studio, ears), made_take(studio, ears, 52)
    generator.go.clear()
    generator.decoding.clear()
    dropped = studio.spread(first)
    assert generator.decoding.wait(10)
    token = studio.spread(second, 40)
    assert studio.spread(second, 80) == token  # the same again only moves the centre
    studio.spread_around(30)
    generator.go.set()
    ears.wait(ZonesDone, token)
    assert zones(ears, dropped) == []
    assert abs(zones(ears, token)[0] - 30) <= 1
    assert not [e for e in ears.events if isinstance(e, ZonesDone) and e.request_id == dropped]


def test_a_spread_can_be_dropped_and_closing_drops_it(start: Start, ears: Ears) -> None:
    generator = Slow()
    studio = start(lambda name: generator)
    take = made_take(studio, ears)
    generator.go.clear()
    generator.decoding.clear()
    dropped = studio.spread(take)
    assert generator.decoding.wait(10)
    studio.spread(None)
    generator.go.set()
    made_take(studio, ears, 51)
    assert zones(ears, dropped) == []
    studio.spread(take)
    studio.close()
    assert not [e for e in ears.events if isinstance(e, ZonesDone)]
    assert studio.submit(Request("late"))


@pytest.mark.parametrize("change", ["unpitched", "no latent", "another model"])
def test_a_take_without_zones_is_done_at_once_and_is_no_failure(start: Start, ears: Ears, change: str) -> None:
    studio = start()
    take = made_take(studio, ears)
    other = {
        "unpitched": replace(take, pitch=Pitch(None)),
        "no latent": replace(take, latent=np.zeros((0, 0), np.float32)),
        "another model": replace(take, request=replace(take.request, model="another")),
    }[change]
    token = studio.spread(other)
    assert ears.wait(ZonesDone, token) == ZonesDone(token, take.take_id, 0)
    assert not [e for e in ears.events if isinstance(e, Failed)]
    assert sum(isinstance(e, Loading) for e in ears.events) == 1


def test_random_demands_from_many_threads_lose_no_event(start: Start, ears: Ears) -> None:
    studio = start()
    takes = [made_take(studio, ears, note) for note in (45, 55)]
    requests: list[str] = []
    lives: list[str] = []

    def demand(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for _ in range(25):
            take = takes[int(rng.integers(2))]
            match int(rng.integers(4)):
                case 0:
                    requests.append(studio.submit(Request("x", steps=2, seconds=0.1, note=60)))
                case 1:
                    lives.append(studio.decode(take, halved))
                case 2:
                    studio.spread(take, int(rng.integers(24, 85)))
                case _:
                    studio.spread_around(int(rng.integers(24, 85)))
            time.sleep(float(rng.random()) * 0.01)

    threads = [threading.Thread(target=demand, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last, token = studio.decode(takes[0]), studio.spread(takes[1], 40, halved)
    ears.wait(Decoded, last)
    ears.wait(ZonesDone, token, 30.0)
    assert sorted(zones(ears, token)) == list(range(24, 85))
    for request_id in requests:
        assert ears.kinds(request_id)[-1] == "Finished"
    heard = [event.request_id for event in ears.events if isinstance(event, Decoded)]
    assert len(heard) == len(set(heard)) > 0
    assert set(heard) <= {*lives, last}
