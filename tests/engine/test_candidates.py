"""Best of several: which is kept, that it can be asked for again, and what happens where nothing can rank."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.candidates import CLAP_FILE, UNRANKED, Chosen, Clap, best_of, load_ranker
from engine.cli.destination import Destination
from engine.cli.render import render_all
from engine.dsp.resample import resample
from engine.errors import BadRequest, ModelProblem
from engine.events import Finished
from engine.library import Library
from engine.models.store import ModelStore
from engine.render import render_many
from engine.request import Generated, Request, candidate_seeds
from engine.sound import Sound
from engine.studio import Studio
from tests.fakes import Ears, ToneGenerator
from tests.tiny_model import install_tiny_model

GENERATOR = ToneGenerator()
MODEL = Path(__file__).parents[2] / "resources" / "models" / "latente-1"


class Brightest:
    """Ranks by the sum of differences between neighbours: the brightest tone wins."""

    def likeness(self, words: str, sounds: Sequence[Sound]) -> list[float]:
        return [float(np.abs(np.diff(sound.mono())).mean()) for sound in sounds]


def make(requests: Sequence[Request], on_step: Callable[[int, int], None]) -> list[Generated]:
    return render_many(GENERATOR, requests, on_step, lambda: False)


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


def test_all_candidates_share_their_steps() -> None:
    told: list[tuple[int, int]] = []
    request = Request("tone", seed=1, steps=2, candidates=3, model="tone")
    best_of(request, make, lambda model: Brightest(), lambda step, steps: told.append((step, steps)))
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((1, 2), (2, 2))


def test_without_a_ranker_one_is_made_and_said_so() -> None:
    found = best_of(Request("tone", seed=3, candidates=4, model="tone"), make, lambda model: None)
    assert (found.request.seed, found.request.candidates, found.candidates) == (3, 1, ())
    assert found.generated.warnings == (UNRANKED,)
    assert best_of(found.request, make, lambda model: None).generated.warnings == ()


def test_a_model_without_a_mini_clap_has_no_ranker(tmp_path: Path) -> None:
    install_tiny_model(tmp_path / "models")
    assert load_ranker("tiny", ModelStore((tmp_path / "models",), tmp_path / "seen.json")) is None


def test_the_model_that_comes_with_the_program_tells_noise_from_bass() -> None:
    ranker = Clap.load(MODEL / CLAP_FILE)
    time_s = np.arange(44100) / 44100
    decay = np.exp(-3 * time_s)
    bass = Sound((0.9 * decay * np.sin(2 * np.pi * 55 * time_s)).astype(np.float32), 44100)
    hiss = Sound((0.2 * decay * np.random.default_rng(0).standard_normal(44100)).astype(np.float32), 44100)
    high = resample(hiss, 48000)
    for words, wanted in (("deep sub bass", 0), ("white noise", 1)):
        scores = ranker.likeness(words, [bass, hiss, high])
        assert (scores[0] > scores[1]) == (wanted == 0)
        assert scores[2] == pytest.approx(scores[1], abs=0.05)
        assert all(-1 <= score <= 1 for score in scores)


def test_a_file_that_is_no_mini_clap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="not fit this version"):
        Clap.load(MODEL / "codec.safetensors")
    (tmp_path / CLAP_FILE).write_bytes(b"no weights")
    with pytest.raises(ModelProblem):
        Clap.load(tmp_path / CLAP_FILE)


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
