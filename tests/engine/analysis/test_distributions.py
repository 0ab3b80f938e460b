"""Distances between sets of sounds, on sets whose distances are known."""

import numpy as np
import pytest

from engine.analysis.distributions import divergence, frechet_distance, halved_frechet, spread

RNG = np.random.default_rng(0)


def test_gaussians_that_are_apart_by_a_mean_and_a_width() -> None:
    one = RNG.standard_normal((20000, 3))
    other = 2 * RNG.standard_normal((20000, 3)) + [3.0, 0.0, 0.0]
    assert frechet_distance(one, other) == pytest.approx(9 + 3 * (2 - 1) ** 2, rel=0.03)
    assert frechet_distance(one, other) == pytest.approx(frechet_distance(other, one), rel=1e-6)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-8)


def test_correlation_alone_is_heard() -> None:
    one = RNG.standard_normal((20000, 2))
    other = one @ np.linalg.cholesky(np.array([[1.0, 0.8], [0.8, 1.0]])).T
    expected = 4 - 2 * (np.sqrt(1.8) + np.sqrt(0.2))  # roots of the covariance's eigenvalues, 1.8 and 0.2
    assert frechet_distance(one, other) == pytest.approx(expected, rel=0.05)


def test_halves_of_instruments_are_the_yardstick() -> None:
    centres = 2 * RNG.standard_normal((40, 4))
    groups = [str(number) for number in range(40) for _ in range(5)]
    real = np.repeat(centres, 5, 0) + 0.1 * RNG.standard_normal((200, 4))
    same, floor = halved_frechet(real, real, groups)
    assert same == pytest.approx(floor)
    assert floor > 0.05  # no instrument is in both halves
    other, _ = halved_frechet(real, real + 5.0, groups)
    assert other == pytest.approx(floor + 100, rel=0.2)
    with pytest.raises(ValueError, match="two instruments"):
        halved_frechet(real, real, ["one"] * 200)


def test_divergence_of_answers() -> None:
    real = np.array([[0.5, 0.5], [1.0, 0.0]])
    assert divergence(real, real) == pytest.approx(0, abs=1e-9)
    assert divergence(real, np.array([[0.25, 0.75], [0.5, 0.5]])) == pytest.approx(
        (0.5 * np.log(2) + 0.5 * np.log(2 / 3) + np.log(2)) / 2, rel=1e-4
    )


def test_spread_is_the_mean_distance_of_two() -> None:
    assert spread(np.eye(3)) == pytest.approx(1)
    assert spread(np.repeat(np.eye(3)[:1], 4, 0)) == pytest.approx(0)
    assert spread(np.eye(2)[[0, 0, 1]]) == pytest.approx(2 / 3)
