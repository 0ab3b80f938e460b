"""Best of several: which is kept, that it can be asked for again, and what happens where nothing can rank."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.candidates import UNRANKED, Chosen, best_of
from engine.cli.destination import Destination
from engine.cli.render import render_all
from engine.errors import BadRequest
from engine.events import Finished
from engine.library import Library
from engine.render import render
from engine.request import Generated, Request, candidate_seeds
from engine.sound import Sound
from engine.studio import Studio
from tests.fakes import Ears, ToneGenerator

GENERATOR = ToneGenerator()


class Brightest:
    """Ranks by the sum of differences between neighbours: the brightest tone wins."""

    def likeness(self, words: str, sounds: Sequence[Sound]) -> list[float]:
        return [float(np.abs(np.diff(sound.mono())).mean()) for sound in sounds]


def make(request: Request, on_step: Callable[[int, int], None]) -> Generated:
    return render(GENERATOR, request, on_step, lambda: False)


def chosen(request: Request) -> Chosen:
    return best_of(request, make, lambda model: Brightest())


def test_the_best_of_all_is_kept() -> None:
    found = chosen(Request("tone", seed=5, candidates=6, model="tone"))
    assert [one.seed for one in found.candidates] == candidate_seeds(5, 6)
    best = max(found.candidates, key=lambda one: one.score)
    assert found.request.seed == best.seed
    assert len({one.score for one in found.candidates}) > 1
    assert Brightest().likeness("", [found.generated.sound])[0] == pytest.approx(best.score, abs=1e-4)


def test_the_same_again_and_the_kept_one_alone() -> None:
    request = Request("tone", seed=5, candidates=6, model="tone")
    first, second = chosen(request), chosen(request)
    assert first.candidates == second.candidates
    alone = chosen(first.request)
    assert alone.candidates == ()
    for other in (second, alone):
        assert np.array_equal(first.generated.sound.samples, other.generated.sound.samples)


def test_the_first_candidate_is_the_sound_without_candidates() -> None:
    assert candidate_seeds(7, 3)[0] == 7
    many = [seed for first in range(50) for seed in candidate_seeds(first, 16)]
    assert len(set(many)) == len(many)
    assert all(0 <= seed < 2**32 for seed in many)


def test_steps_are_counted_over_all_candidates() -> None:
    told: list[tuple[int, int]] = []
    request = Request("tone", seed=1, steps=2, candidates=3, model="tone")
    best_of(request, make, lambda model: Brightest(), lambda step, steps: told.append((step, steps)))
    assert told == [(step, 6) for step in range(1, 7)]


def test_without_a_ranker_one_is_made_and_said_so() -> None:
    found = best_of(Request("tone", seed=3, candidates=4, model="tone"), make, lambda model: None)
    assert (found.request.seed, found.request.candidates, found.candidates) == (3, 1, ())
    assert found.generated.warnings == (UNRANKED,)
    assert best_of(found.request, make, lambda model: None).generated.warnings == ()


def test_too_many_candidates_are_refused() -> None:
    with pytest.raises(BadRequest, match="Best of must lie between 1 and 16"):
        Request("tone", candidates=17)


def test_the_command_line_tells_the_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    requests = [Request("tone", seed=seed, candidates=3, model="tone") for seed in (1, 2)]
    destination = Destination.parse(str(tmp_path), 2)
    options = {"rate_hz": 44100, "bits": "24", "as_json": True, "load_ranker": lambda model: Brightest()}
    render_all(lambda name: GENERATOR, requests, destination, **options)  # type: ignore[arg-type]
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for seed, row in zip((1, 2), rows, strict=True):
        assert [one["seed"] for one in row["candidates"]] == candidate_seeds(seed, 3)
        assert row["seed"] == max(row["candidates"], key=lambda one: one["score"])["seed"]
        assert Path(row["path"]).is_file()


def test_the_studio_keeps_the_best_as_a_take(library: Library, ears: Ears) -> None:
    studio = Studio(lambda name: ToneGenerator(), library, ears, lambda model: Brightest())
    try:
        request = Request("tone", seed=5, candidates=4, model="tone")
        studio.submit(request)
        done = ears.wait(Finished, request.request_id)
    finally:
        studio.close()
    assert isinstance(done, Finished)
    assert done.take.request.seed == chosen(request).request.seed
    assert done.take.request.candidates == 1
    assert library.open(done.take.take_id).request.seed == done.take.request.seed
