"""The vibrato that words ask for is on the pitch curve, as deep and as fast as they say, whatever the flow made."""

from __future__ import annotations

import numpy as np
import pytest

from engine.generators.vibrato import depth_cents, swung
from engine.generators.wanted import Wanted, together
from engine.latent.space import POINT_HZ
from engine.pitch import Pitch
from engine.request import Request
from engine.text.vocabulary import Vibrato

SECONDS = 2.0
MOMENTS = np.arange(round(SECONDS * POINT_HZ)) / POINT_HZ


def swinging(cents: float, hz: float = 5.0) -> Pitch:
    return Pitch(69.0, np.asarray(cents / 1200 * np.sin(2 * np.pi * hz * MOMENTS), np.float32))


def later(pitch: Pitch, first_s: float = 0.9, last_s: float = 1.8) -> np.ndarray:
    return 1200 * np.asarray(pitch.octaves[round(first_s * POINT_HZ) : round(last_s * POINT_HZ)], np.float64)


def rate(pitch: Pitch) -> float:
    """Swings a second, by the crossings of the mean."""
    curve = later(pitch)
    return float((np.diff(np.sign(curve - curve.mean())) != 0).sum() / 2 / (len(curve) / POINT_HZ))


@pytest.mark.parametrize("own", [Pitch(69.0), swinging(3.0), swinging(20.0), swinging(60.0)])
@pytest.mark.parametrize("cents", [12.0, 50.0])
def test_it_is_as_deep_as_was_asked(own: Pitch, cents: float) -> None:
    made = later(swung(own, Vibrato(cents), SECONDS, seed=1))
    assert np.percentile(abs(made - made.mean()), 98) == pytest.approx(cents, rel=0.15)


def test_one_that_is_there_keeps_its_rate_and_another_has_a_players() -> None:
    assert rate(swung(swinging(30.0, 4.1), Vibrato(25.0), SECONDS, seed=1)) == pytest.approx(4.1, abs=0.6)
    found = {rate(swung(Pitch(69.0), Vibrato(25.0), SECONDS, seed)) for seed in range(8)}
    assert len(found) > 1
    assert all(4 < hz < 7 for hz in found)


@pytest.mark.parametrize("hz", [3.6, 7.5])
@pytest.mark.parametrize("own", [Pitch(69.0), swinging(30.0)])
def test_it_is_as_fast_as_was_asked(own: Pitch, hz: float) -> None:
    assert rate(swung(own, Vibrato(25.0, hz), SECONDS, seed=1)) == pytest.approx(hz, abs=0.6)


def test_what_is_not_wanted_goes_and_the_attack_and_slow_ways_stay() -> None:
    drop = 0.5 * np.exp(-MOMENTS / 0.03) + 0.02 * MOMENTS
    own = Pitch(69.0, np.asarray(drop + swinging(40.0).octaves, np.float32))
    still = swung(own, Vibrato(0.0), SECONDS, seed=1)
    assert abs(later(still) - 1200 * 0.02 * np.linspace(0.9, 1.8, len(later(still)))).max() < 4
    early = round(0.15 * POINT_HZ)
    assert np.array_equal(still.octaves[:early], own.octaves[:early])


def test_unsteadiness_is_no_vibrato() -> None:
    rng = np.random.default_rng(5)
    rough = Pitch(69.0, np.asarray(rng.normal(0, 12 / 1200, len(MOMENTS)), np.float32))
    made = swung(rough, Vibrato(25.0, None), SECONDS, seed=1)
    assert depth_cents(later(made) / 1200) == pytest.approx(25.0, rel=0.25)


def test_without_a_word_and_without_a_pitch_nothing_changes() -> None:
    own, noise = swinging(30.0), Pitch(None)
    assert swung(own, None, SECONDS, seed=1) is own
    assert swung(noise, Vibrato(50.0), SECONDS, seed=1) is noise


def test_outside_the_region_the_pitch_stays() -> None:
    own = swinging(30.0)
    made = swung(own, Vibrato(80.0, 7.5), SECONDS, seed=1, region_s=(0.5, 1.0))
    first, last = round(0.5 * POINT_HZ), round(1.0 * POINT_HZ) + 1
    assert np.array_equal(made.octaves[:first], own.octaves[:first])
    assert np.array_equal(made.octaves[last:], own.octaves[last:])
    assert not np.array_equal(made.octaves[first:last], own.octaves[first:last])


def test_a_short_sound_has_it_too() -> None:
    made = swung(Pitch(69.0), Vibrato(50.0), 0.5, seed=2)
    assert np.ptp(1200 * made.octaves[: round(0.5 * POINT_HZ)]) > 70


def test_who_asks_for_it_in_a_blend_and_who_is_asked_to_avoid_it() -> None:
    parts = [Wanted.of(Request("x", seed=0), words) for words in ("organ", "flute with deep vibrato")]
    assert together(parts, [0.6, 0.4]).vibrato == Vibrato(50.0)
    assert Wanted.of(Request("flute", seed=0, negative="vibrato")).vibrato == Vibrato(0.0)
    assert Wanted.of(Request("flute with vibrato", seed=0, negative="vibrato")).vibrato == Vibrato(25.0)
    assert Wanted.of(Request("flute", seed=0)).vibrato is None
