"""A loop is found where a sound goes on, and its seam cannot be heard."""

import numpy as np
import numpy.typing as npt
import pytest

from engine.dsp.loop import crossfade, find_loop
from engine.dsp.shaping import apply
from engine.shape import Shape
from engine.sound import Sound

RATE = 44100
TIME_S = np.arange(3 * RATE) / RATE


def saw(hz: float, vibrato: float = 0.0) -> npt.NDArray[np.float64]:
    moved = TIME_S + vibrato * np.sin(2 * np.pi * 5.5 * TIME_S)
    return np.asarray(sum(np.sin(2 * np.pi * hz * k * moved + k) / k for k in range(1, 30)))


def sound(wave: npt.NDArray[np.float64]) -> Sound:
    return Sound((0.7 * wave / np.abs(wave).max()).astype(np.float32), RATE)


SUSTAINED = {
    "saw": sound(saw(110)),
    "slow attack": sound(saw(73.4) * np.minimum(1, 3 * TIME_S)),
    "vibrato": sound(saw(220, 0.0003)),
    "detuned": sound(saw(110) + saw(110.7)),
    "chord": sound(saw(110) + saw(138.59) + saw(164.81)),
    "noise": sound(np.random.default_rng(3).standard_normal(len(TIME_S))),
}


def looped(done: Sound, seconds: float) -> npt.NDArray[np.float64]:
    """As a sampler plays it: up to the loop's end, then round and round."""
    assert done.loop is not None
    first, last = done.loop
    places = np.arange(round(seconds * RATE))
    rounds = np.where(places <= last, places, first + (places - first) % (last + 1 - first))
    return done.samples[rounds, 0].astype(np.float64)


def levels(wave: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean level of every 50 ms."""
    return np.asarray(np.sqrt(np.square(wave).reshape(-1, RATE // 20).mean(1)))


@pytest.mark.parametrize("name", SUSTAINED)
def test_a_sustained_sound_loops_without_a_click(name: str) -> None:
    original = SUSTAINED[name]
    found = find_loop(original)
    assert found is not None
    assert found.quality > 0.85
    done = crossfade(original, found.first, found.last, 0.05)
    played = looped(done, 9.0)
    bend = np.abs(np.diff(played, 2))
    length = found.last + 1 - found.first
    for seam in range(found.last - 5, len(bend) - 10, length):
        assert bend[seam : seam + 10].max() <= 1.1 * np.abs(np.diff(original.samples[:, 0], 2)).max()
    before, after = levels(original.samples[:, 0].astype(np.float64)), levels(played)
    assert after[20:].min() > 0.8 * before[20:].min()  # nor a hole or a bump
    assert after.max() < 1.2 * before.max()


def test_a_tone_is_looped_in_whole_periods() -> None:
    found = find_loop(SUSTAINED["saw"])
    assert found is not None
    periods = (found.last + 1 - found.first) * 110 / RATE
    assert periods == pytest.approx(round(periods), abs=0.01)
    assert found.quality > 0.99


def test_the_attack_is_not_in_the_loop() -> None:
    found = find_loop(SUSTAINED["slow attack"])
    assert found is not None
    assert found.first > 0.25 * RATE


def test_a_rising_noise_is_no_good_loop_and_says_so() -> None:
    sweep = sound(np.random.default_rng(5).standard_normal(len(TIME_S)) * np.linspace(0.1, 1, len(TIME_S)) ** 2)
    steady = find_loop(SUSTAINED["noise"])
    rising = find_loop(sweep)
    assert steady is not None
    assert rising is not None
    assert rising.quality < steady.quality


def test_a_hit_has_no_loop() -> None:
    assert find_loop(Sound(saw(110)[:4000].astype(np.float32), RATE)) is None
    assert find_loop(Sound(np.zeros(RATE, np.float32), RATE)) is None


def test_playing_straight_on_after_the_loop_does_not_click_either() -> None:
    original = sound(saw(110) + 0.5 * saw(171.3))
    done = crossfade(original, 30000, 60123, 0.03)
    bends = np.abs(np.diff(done.samples[:, 0].astype(np.float64), 2))
    assert bends[55000:65000].max() <= 1.1 * np.abs(np.diff(original.samples[:, 0], 2)).max()


def test_a_shape_sets_the_loop_and_carries_it_through_cut_and_reverse() -> None:
    original = SUSTAINED["saw"]
    done = apply(Shape(trim_s=(0.5, 2.5), loop_s=(1.0, 2.0), reverse="on", snap="off", loop_fade_s=0.05), original)
    assert done.loop is not None
    assert done.loop[0] / RATE == pytest.approx(0.5, abs=1e-3)  # 2.5 - 2.0
    assert done.loop[1] / RATE == pytest.approx(1.5, abs=1e-3)
