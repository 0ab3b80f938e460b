"""A sound of which a part has changed plays as if it had been made ready anew as a whole."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.audio.playable import Playable, prepare, renewed

FRAMES, RATE = 60_000, 44_100
NEARLY = 10 ** (-75 / 20)  # what still rings beyond the part


def noise(seed: int, channels: int = 1) -> npt.NDArray[np.float32]:
    """Samples as `prepare` wants them."""
    samples = np.zeros((channels, FRAMES + 2), np.float32)
    samples[:, 1:-1] = np.random.default_rng(seed).uniform(-0.5, 0.5, (channels, FRAMES))
    return samples


def changed(samples: npt.NDArray[np.float32], first: int, last: int) -> npt.NDArray[np.float32]:
    """With other noise between two frames, which goes over into it within 10 ms."""
    share = np.interp(np.arange(FRAMES), [first, first + 441, last - 441, last], [0, 1, 1, 0]).astype(np.float32)
    other = noise(99, len(samples))
    result = samples.copy()
    result[:, 1:-1] += share * (other - samples)[:, 1:-1]
    return result


def distance(one: Playable, other: Playable) -> float:
    """Largest difference anywhere, in the samples and at every level."""
    pairs = [(one.samples, other.samples), *((a.fours, b.fours) for a, b in zip(one.levels, other.levels, strict=True))]
    assert all(a.shape == b.shape for a, b in pairs)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


@pytest.mark.parametrize("zone", [False, True])
@pytest.mark.parametrize("device_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize(("first", "last"), [(0, 9_000), (20_123, 31_077), (50_001, FRAMES)])
def test_it_is_as_if_it_had_been_prepared_as_a_whole(first: int, last: int, device_hz: int, zone: bool) -> None:
    before = noise(1)
    after = changed(before, first, last)
    old = prepare(before, RATE, device_hz, 60.0, None, zone)
    new = prepare(after, RATE, device_hz, 60.0, None, zone)
    quick = renewed(old, after, RATE, device_hz, (first, last))
    assert quick is not None
    assert distance(old, new) > 0.3
    assert distance(quick, new) < NEARLY
    assert (quick.rate_hz, quick.step, quick.root_note) == (new.rate_hz, new.step, new.root_note)


def test_both_channels_change() -> None:
    before = noise(1, 2)
    after = changed(before, 10_000, 20_000)
    quick = renewed(prepare(before, RATE, 48_000, None, None), after, RATE, 48_000, (10_000, 20_000))
    assert quick is not None
    assert distance(quick, prepare(after, RATE, 48_000, None, None)) < NEARLY


def test_what_was_there_before_stays_as_it_was() -> None:
    """Voices still play it."""
    before = noise(1)
    old = prepare(before, RATE, 48_000, 60.0, None)
    kept = [old.samples.copy(), *(level.fours.copy() for level in old.levels)]
    renewed(old, changed(before, 10_000, 20_000), RATE, 48_000, (10_000, 20_000))
    for now, then in zip([old.samples, *(level.fours for level in old.levels)], kept, strict=True):
        assert np.array_equal(now, then)


def test_a_sound_with_a_loop_is_prepared_as_a_whole() -> None:
    before = noise(1)
    assert renewed(prepare(before, RATE, 48_000, 60.0, (100, 50_000)), before, RATE, 48_000, (1, 900)) is None
