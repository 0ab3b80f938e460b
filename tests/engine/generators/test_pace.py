"""Which way a request's sampling is gone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.generators import load_generator
from engine.generators.fast import FastConfig
from engine.generators.pace import Pace, pace
from engine.generators.sampling import adams, euler
from engine.library.rows import request_from, request_json
from engine.params import PARAMS
from engine.request import Request

STUDENT = FastConfig(steps=4, guidance=PARAMS["guidance"].default)


def asked(sampling: str = "fast", **fields: object) -> Request:
    return Request("bright pluck", seed=1, steps=16, sampling=sampling, **fields)  # type: ignore[arg-type]


def test_normal_takes_the_steps_that_are_asked_for_whatever_else_there_is() -> None:
    assert pace(asked("normal"), STUDENT, plain=True) == Pace(adams, 16)
    assert Request("bright pluck", seed=1).sampling == "normal"
    stored = request_json(Request("bright pluck", seed=1)).replace('"sampling":"normal",', "")
    assert request_from(stored).sampling == "normal"


def test_fast_is_the_students_where_it_was_taught_so_and_half_the_steps_elsewhere() -> None:
    assert pace(asked(), STUDENT, plain=True) == Pace(euler, 4, student=True)
    half = Pace(adams, 8)
    assert pace(asked(), None, plain=True) == half
    assert pace(asked(), STUDENT, plain=False) == half
    assert pace(asked(negative="dull"), STUDENT, plain=True) == half
    assert pace(asked(guidance=2.0), STUDENT, plain=True) == half


def test_fine_takes_twice_the_steps() -> None:
    assert pace(asked("fine"), STUDENT, plain=True) == Pace(adams, 32)


def test_another_sampling_is_refused_in_one_line() -> None:
    with pytest.raises(BadRequest, match="Sampling must be fast, normal, fine"):
        asked("hasty")


def test_fast_and_fine_sound_like_normal() -> None:
    """The same seed and words make the same sound, sampled more or less exactly."""
    generator = load_generator("latente-1")
    steps: list[int] = []

    def made(sampling: str, seed: int = 3) -> np.ndarray:
        request = Request("warm bass in A1", seed=seed, seconds=0.6, sampling=sampling)
        return generator.generate(request, lambda done, of: steps.append(of), lambda: False).latent

    normal, fast, fine = made("normal"), made("fast"), made("fine")
    others = [made("normal", seed) for seed in (4, 5, 6)]
    assert {8, 4, 16} >= set(steps)
    apart = np.mean([np.abs(normal - other).mean() for other in others])
    assert 0 < np.abs(normal - fast).mean() < 0.6 * apart
    assert 0 < np.abs(normal - fine).mean() < 0.6 * apart
