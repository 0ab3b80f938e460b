"""Reading between frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.audio.interpolate import PHASES, TAPS, Interpolator, kernel
from engine.audio.playable import prepare

RATE_HZ = 48_000


def read(wave: npt.NDArray[np.float32], step: float, count: int) -> npt.NDArray[np.float32]:
    return np.array(Interpolator(count).read(np.pad(wave, 1)[None], 0.0, step, count, None, False)[0])


def sine(hz: float, frames: int) -> npt.NDArray[np.float32]:
    return np.asarray(np.sin(2 * np.pi * hz / RATE_HZ * np.arange(frames)), np.float32)


@pytest.mark.parametrize("hz", [100.0, 3_000.0, 12_000.0, 17_000.0])
@pytest.mark.parametrize("step", [0.25, 0.7491535, 0.9999])
def test_a_slower_sine_is_the_same_sine_lower_within_75_db(hz: float, step: float) -> None:
    heard = read(sine(hz, 8_192), step, 8_000)
    wanted = np.sin(2 * np.pi * hz * step / RATE_HZ * np.arange(8_000))
    error = (heard - wanted)[200:-400]
    assert 20 * np.log10(np.sqrt(2 * np.mean(error**2))) < -75


@pytest.mark.parametrize("step", [1.2599, 2.0, 3.0, 4.0])
def test_what_would_rise_above_the_nyquist_frequency_is_taken_out(step: float) -> None:
    hz = min(0.5 * RATE_HZ / step + 0.16 * RATE_HZ, 23_000)  # beyond the kernel's transition band
    heard = read(sine(hz, 20_000), step, 4_000)[200:]
    assert 20 * np.log10(np.sqrt(2 * np.mean(heard**2))) < (-70 if step > 1.3 else -40)


@pytest.mark.parametrize("step", [1.5, 2.0, 4.0])
def test_what_stays_well_below_it_keeps_its_level(step: float) -> None:
    hz = 0.2 * RATE_HZ / step
    heard = read(sine(hz, 20_000), step, 4_000)[200:]
    assert abs(20 * np.log10(np.sqrt(2 * np.mean(heard**2)))) < 0.5


def test_every_phase_of_every_kernel_passes_a_constant_unchanged() -> None:
    for cutoff in (1.0, 0.5, 0.0625):
        weights = kernel(cutoff)
        assert weights.shape == (PHASES + 1, TAPS)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)


def test_beyond_its_ends_a_sound_is_silent() -> None:
    ones = np.pad(np.ones(100, np.float32), 1)[None]
    reader = Interpolator(64)
    assert not reader.read(ones, -100.0, 1.0, 64, None, False).any()
    assert not reader.read(ones, 150.0, 1.7, 64, None, False).any()


def test_a_sound_at_the_device_rate_is_not_copied() -> None:
    samples = np.zeros((2, 1_002), np.float32)
    assert prepare(samples, 48_000, 48_000, 60, None).samples is samples


def test_a_loop_at_another_rate_keeps_its_exact_length() -> None:
    samples = np.zeros((1, 1_002), np.float32)
    playable = prepare(samples, 44_100, 48_000, 60, (100, 501))
    assert playable.loop == (100, 501)
    assert playable.step == pytest.approx(44_100 / 48_000)


@pytest.mark.parametrize(("rate_hz", "device_rate_hz"), [(44_100, 48_000), (96_000, 44_100), (22_050, 48_000)])
def test_resampling_keeps_the_length_in_seconds(rate_hz: int, device_rate_hz: int) -> None:
    playable = prepare(np.zeros((2, rate_hz + 2), np.float32), rate_hz, device_rate_hz, None, None)
    assert abs(playable.frames - device_rate_hz) <= 2
    assert not playable.samples.flags.writeable


def test_an_empty_sound_can_be_prepared() -> None:
    assert prepare(np.zeros((1, 2), np.float32), 44_100, 48_000, None, None).frames == 0
