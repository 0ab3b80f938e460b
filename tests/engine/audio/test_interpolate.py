"""Reading between frames: pitch without alias."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.audio.interpolate import LEAD, Reader, kernel
from engine.audio.levels import OWN_OCTAVES, ZONE_OCTAVES, levels
from engine.audio.playable import prepare

RATE_HZ = 48_000
COUNT = 8_192


def read(
    wave: npt.NDArray[np.float32], speed: float, octaves: tuple[float, ...] = OWN_OCTAVES
) -> npt.NDArray[np.float64]:
    """COUNT frames of a wave at a speed, from its 300th on, at the level a voice would choose."""
    reader, out = Reader(COUNT), np.zeros((2, 1, COUNT), np.float32)
    made = levels(wave[None], octaves)
    level = next((level for level in made if speed <= level.fastest), made[-1])
    reader.read([level.fours], ((300 + np.arange(COUNT) * speed) * level.ratio + LEAD)[None], 0, out)
    return out[0, 0].astype(np.float64)


def sine(hz: float, frames: int) -> npt.NDArray[np.float32]:
    return np.asarray(np.sin(2 * np.pi * hz / RATE_HZ * np.arange(frames)), np.float32)


def parts(heard: npt.NDArray[np.float64], hz: float) -> tuple[float, float]:
    """Level of a sine in what is heard, and of all else, in dB."""
    turn = 2 * np.pi * hz / RATE_HZ * np.arange(len(heard))
    basis = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    found = np.linalg.lstsq(basis, heard, rcond=None)[0]
    rest = heard - basis @ found
    return float(20 * np.log10(np.hypot(*found))), float(10 * np.log10(2 * np.mean(rest**2) + 1e-20))


@pytest.mark.parametrize("hz", [100.0, 3_000.0, 12_000.0, 20_000.0])
@pytest.mark.parametrize("semitones", [-24, -5, -0.01, 1])
def test_a_sine_is_the_same_sine_at_another_pitch_and_nothing_else_above_minus_80_db(
    hz: float, semitones: float
) -> None:
    speed = 2 ** (semitones / 12)
    level, rest = parts(read(sine(hz, 12_000), speed), hz * speed)
    assert abs(level) < 0.01
    assert rest < -80


@pytest.mark.parametrize("octaves", [OWN_OCTAVES, ZONE_OCTAVES])
@pytest.mark.parametrize("hz", [1_000.0, 6_000.0, 9_500.0, 11_000.0, 13_000.0, 17_000.0, 19_500.0, 23_000.0])
def test_an_octave_up_alias_stays_below_minus_80_db(octaves: tuple[float, ...], hz: float) -> None:
    heard = read(sine(hz, 20_000), 2.0, octaves)
    if 2 * hz < RATE_HZ / 2:
        assert parts(heard, 2 * hz)[1] < -80
    else:
        assert 10 * np.log10(2 * np.mean(heard**2) + 1e-20) < -80  # it would fold back: it must be gone


@pytest.mark.parametrize("semitones", [2, 5, 7, 14, 19, 24])
def test_no_transposition_up_to_two_octaves_makes_alias(semitones: int) -> None:
    speed = 2 ** (semitones / 12)
    for share in (1.05, 1.2, 1.6):  # of the highest frequency that fits
        hz = min(share * RATE_HZ / 2 / speed, 23_500.0)
        heard = read(sine(hz, 40_000), speed)
        assert 10 * np.log10(2 * np.mean(heard**2) + 1e-20) < -80


@pytest.mark.parametrize("semitones", [2, 7, 12])
def test_what_stays_well_below_the_limit_keeps_its_level(semitones: int) -> None:
    hz = 14_000 / 2 ** (semitones / 12)
    assert abs(parts(read(sine(hz, 20_000), 2 ** (semitones / 12)), 14_000)[0]) < 0.1


def test_the_kernel_passes_a_constant_unchanged_at_every_position() -> None:
    np.testing.assert_allclose(kernel().sum(axis=1), 1, atol=1e-6)


def test_beyond_its_ends_a_sound_is_silent() -> None:
    level = levels(np.ones((1, 100), np.float32), (0.0,))[0]
    out = np.ones((2, 2, 64), np.float32)
    beyond = np.stack([np.arange(64) - 500.0, np.arange(64) * 1e9 + 400])
    Reader(64).read([level.fours, level.fours], beyond, 0, out)
    assert not out[0].any()


def test_two_channels_are_read_side_by_side_with_one() -> None:
    rng = np.random.default_rng(1)
    wide = levels(rng.standard_normal((2, 400)).astype(np.float32), (0.0,))[0]
    reader, places = Reader(64), np.arange(64)[None] * 0.9 + 100
    both, one = np.zeros((2, 2, 64), np.float32), np.zeros((2, 1, 64), np.float32)
    reader.read([wide.fours, wide.fours[1:]], np.concatenate([places, places]), 1, both)
    reader.read([wide.fours[1:]], places, 0, one)
    np.testing.assert_array_equal(both[1, 0], both[0, 1])
    np.testing.assert_array_equal(both[0, 1], one[0, 0])


def test_levels_take_little_memory() -> None:
    sound = np.zeros((2, 96_000), np.float32)
    for octaves, times in ((OWN_OCTAVES, 3.5), (ZONE_OCTAVES, 2.05)):
        assert sum(level.fours.nbytes for level in levels(sound, octaves)) < times * sound.nbytes


def test_a_sound_at_the_device_rate_is_not_copied() -> None:
    samples = np.zeros((2, 1_002), np.float32)
    assert prepare(samples, 48_000, 48_000, 60, None).samples is samples


def test_a_loop_at_another_rate_keeps_its_exact_length() -> None:
    samples = np.zeros((1, 9_002), np.float32)
    playable = prepare(samples, 44_100, 48_000, 60, (3_000, 8_001))
    assert playable.loop == (3_000, 8_001)
    assert playable.step == pytest.approx(44_100 / 48_000)


def test_a_waveform_that_loops_from_its_beginning_gets_periods_ahead_of_its_loop() -> None:
    wave = np.arange(1, 101, dtype=np.float32)
    playable = prepare(np.pad(wave, 1)[None], 48_000, 48_000, 60, (0, 99))
    assert playable.loop is not None
    start, last = playable.loop
    assert last + 1 - start == 100
    np.testing.assert_array_equal(playable.samples[0, 1:-1], np.tile(wave, (last + 1) // 100))


@pytest.mark.parametrize(("rate_hz", "device_rate_hz"), [(44_100, 48_000), (96_000, 44_100), (22_050, 48_000)])
def test_resampling_keeps_the_length_in_seconds(rate_hz: int, device_rate_hz: int) -> None:
    playable = prepare(np.zeros((2, rate_hz + 2), np.float32), rate_hz, device_rate_hz, None, None)
    assert abs(playable.frames - device_rate_hz) <= 2
    assert not playable.samples.flags.writeable


def test_an_empty_sound_can_be_prepared() -> None:
    assert prepare(np.zeros((1, 2), np.float32), 44_100, 48_000, None, None).frames == 0
