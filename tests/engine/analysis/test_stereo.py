"""Width is measured as its table says."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.stereo import Stereo, stereo
from engine.sound import Sound

RATE = 44100
LEFT, RIGHT = 0.1 * np.random.default_rng(0).standard_normal((2, RATE)).astype(np.float32)


def measured(left: np.ndarray, right: np.ndarray) -> Stereo:
    return stereo(Sound(np.stack([left, right], 1).astype(np.float32), RATE))


def test_mono_and_silence_have_no_width() -> None:
    mono = Stereo(1.0, 1.0, -120.0, 0.0)
    assert stereo(Sound(LEFT, RATE)) == mono
    assert measured(0 * LEFT, 0 * LEFT) == mono
    assert measured(LEFT, LEFT).correlation == pytest.approx(1.0)
    assert measured(LEFT, LEFT).side_db == -120.0


def test_channels_that_have_nothing_in_common_correlate_by_0() -> None:
    apart = measured(LEFT, RIGHT)
    assert apart.correlation == pytest.approx(0.0, abs=0.02)
    assert apart.side_db == pytest.approx(0.0, abs=0.2)
    assert abs(apart.balance_db) < 0.1
    assert measured(LEFT, 0 * LEFT).correlation == 0.0


def test_what_mono_would_cancel_correlates_by_minus_1() -> None:
    assert measured(LEFT, -LEFT).correlation == pytest.approx(-1.0)
    assert measured(LEFT, 0.5 * LEFT).balance_db == pytest.approx(6.02, abs=0.01)


def test_the_lows_are_judged_alone() -> None:
    low = np.sin(2 * np.pi * 80 * np.arange(RATE) / RATE)
    high = np.sin(2 * np.pi * 2000 * np.arange(RATE) / RATE)
    picture = measured(low + high, low - high)
    assert picture.low_correlation > 0.999
    assert picture.correlation == pytest.approx(0.0, abs=0.01)
