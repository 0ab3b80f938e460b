"""A side that is made leaves middle, lows and attacks where they were."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.stereo import stereo
from engine.dsp.side import joined, low_cut, phases
from engine.dsp.width import widen
from engine.sound import Sound

RATE = 44100
BIN_HZ, HOP_S = RATE / 2048, 512 / RATE


def test_more_of_a_sound_begins_with_the_same_phases() -> None:
    short, long = (phases(points, 1025, BIN_HZ, HOP_S, 4) for points in (40, 300))
    assert all(np.array_equal(one, other[:40]) for one, other in zip(short, long, strict=True))


def test_phases_keep_the_energy_and_cut_the_lows() -> None:
    real, imaginary = phases(600, 1025, BIN_HZ, HOP_S, 4)
    power = (real**2 + imaginary**2).mean(0)
    hertz = np.arange(1025) * BIN_HZ
    assert power[hertz <= 150].max() == 0.0
    assert power[hertz > 600].mean() == pytest.approx(0.85, abs=0.1)
    low, high = (hertz > 200) & (hertz < 700), hertz > 6000
    assert (real[:, low] ** 2).mean() < 0.02 * (imaginary[:, low] ** 2).mean()  # both ears get the same level
    assert (real[:, high] ** 2).mean() > 0.08 * (imaginary[:, high] ** 2).mean()
    assert low_cut(1025, BIN_HZ)[hertz > 510].min() == 1.0


def test_a_side_never_comes_before_its_middle() -> None:
    """A burst after silence, with a side that has always been there: nothing of it is heard before the burst."""
    rng = np.random.default_rng(0)
    middle, side = 0.3 * rng.standard_normal((2, RATE)).astype(np.float32)
    onset = RATE // 2
    middle[:onset] = 0.0
    made = joined(middle, side, 100.0)
    assert np.abs(made[: onset - 128]).max() < 1e-6
    early, settled = (np.square(made[start : start + 220]).sum(1).mean() for start in (onset, onset + 4410))
    assert early > 0.5 * settled  # and it is soon there
    assert np.allclose(made.mean(1), middle, atol=1e-6)
    assert np.abs(made[0] - made[0].mean()).max() == 0.0


@pytest.mark.parametrize("rate_hz", [44100, 48000, 96000])
def test_a_mono_sound_is_widened_above_100_percent(rate_hz: int) -> None:
    time_s = np.arange(rate_hz) / rate_hz
    wave = sum(np.sin(2 * np.pi * 220 * k * time_s + k) / k for k in range(1, 40)) * np.exp(-2 * time_s)
    mono = Sound((0.2 * wave).astype(np.float32), rate_hz)
    assert widen(mono, 100.0) is mono
    assert widen(mono, 0.0) is mono
    some, wide = widen(mono, 140.0), widen(mono, 200.0)
    assert np.abs(wide.mono() - mono.mono()).max() < 1e-6
    assert stereo(mono).correlation > stereo(some).correlation > stereo(wide).correlation > 0.2
    assert abs(stereo(wide).balance_db) < 1.0
    assert np.array_equal(wide.samples, widen(mono, 200.0).samples)


def test_lows_of_a_mono_sound_stay_in_the_middle() -> None:
    bass = Sound((0.5 * np.sin(2 * np.pi * 55 * np.arange(RATE) / RATE)).astype(np.float32), RATE)
    wide = widen(bass, 200.0).samples[4096:-4096]
    assert np.abs(wide[:, 0] - wide[:, 1]).max() < 1e-3


@pytest.mark.parametrize("frames", [1, 63, 64, 700])
def test_very_short_sounds_are_no_trouble(frames: int) -> None:
    made = widen(Sound(np.full(frames, 0.5, np.float32), RATE), 200.0)
    assert made.samples.shape == (frames, 2)
    assert np.isfinite(made.samples).all()
