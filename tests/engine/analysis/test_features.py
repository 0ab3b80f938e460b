"""Features of signals whose answers are known."""

import numpy as np
import pyloudnorm
import pytest

from engine.analysis.features import FIELDS, Features, measure, measure_batch
from engine.qualities import QUALITIES
from engine.sound import Sound

RATE_HZ = 44100
TIME_S = np.arange(2 * RATE_HZ) / RATE_HZ


def saw(hz: float, highest_hz: float = 12000.0) -> np.ndarray:
    return 0.4 * sum(np.sin(2 * np.pi * hz * k * TIME_S) / k for k in range(1, int(highest_hz / hz) + 1))


def noise() -> np.ndarray:
    return 0.2 * np.random.default_rng(1).standard_normal(len(TIME_S))


def features(samples: np.ndarray, rate_hz: int = RATE_HZ) -> Features:
    return measure(Sound(samples.astype(np.float32), rate_hz))


def test_every_quality_has_its_feature() -> None:
    assert {quality.feature for quality in QUALITIES.values()} <= set(FIELDS)


@pytest.mark.parametrize("hz", [100.0, 1000.0, 5000.0])
def test_the_centroid_of_a_sine_is_its_frequency(hz: float) -> None:
    assert features(0.5 * np.sin(2 * np.pi * hz * TIME_S)).centroid_hz == pytest.approx(hz, rel=0.02)


def test_a_filtered_saw_is_darker_than_an_open_one() -> None:
    assert features(saw(110, 800)).centroid_hz < 0.5 * features(saw(110)).centroid_hz


@pytest.mark.parametrize("attack_s", [0.05, 0.2, 0.8])
def test_a_linear_swell_attacks_in_four_fifths_of_its_time(attack_s: float) -> None:
    swell = saw(220) * np.minimum(TIME_S / attack_s, 1)
    assert features(swell).attack_s == pytest.approx(0.8 * attack_s, rel=0.1, abs=0.006)


@pytest.mark.parametrize("hz", [31.0, 41.0, 110.0])
def test_a_low_tone_that_starts_at_once_has_a_hard_attack(hz: float) -> None:
    assert features(np.sin(2 * np.pi * hz * TIME_S)).attack_s < 0.012


@pytest.mark.parametrize("t60_s", [0.3, 1.0])
def test_an_exponential_decay_reaches_forty_decibels_after_two_thirds_of_its_t60(t60_s: float) -> None:
    assert features(saw(220) * 10 ** (-3 * TIME_S / t60_s)).decay_s == pytest.approx(t60_s * 2 / 3, rel=0.05)


def test_noise_is_flat_and_a_tone_is_not() -> None:
    assert 0.5 < features(noise()).flatness < 0.7
    assert features(saw(220)).flatness < 0.02


def test_dark_noise_is_still_noise() -> None:
    dark = np.convolve(noise(), np.hanning(64) / 32, mode="same")
    assert features(dark).flatness > 10 * features(saw(220)).flatness


def test_added_breath_raises_flatness() -> None:
    assert features(saw(220) + 0.2 * noise()).flatness > 5 * features(saw(220)).flatness


def test_body_rises_with_the_lows() -> None:
    thin, plain, full = (features(saw(220) + level * np.sin(2 * np.pi * 55 * TIME_S)) for level in (0.0, 0.3, 1.0))
    assert thin.low_ratio < plain.low_ratio < full.low_ratio


def test_tremolo_and_filter_wobble_move_and_a_steady_or_decaying_tone_does_not() -> None:
    lfo = np.sin(2 * np.pi * 5 * TIME_S)
    steady, decaying = features(saw(220)), features(saw(220) * np.exp(-3 * TIME_S))
    tremolo = features(saw(220) * (1 + 0.4 * lfo))
    wobble = features(saw(220, 800) + (0.5 + 0.5 * lfo) * saw(220))
    assert max(steady.movement, decaying.movement) < 0.3
    assert tremolo.movement > 1.5
    assert wobble.movement > 1.0


def test_a_low_saw_does_not_look_like_movement() -> None:
    assert features(saw(40)).movement < 0.3


def test_the_crest_of_a_sine_is_three_decibels() -> None:
    assert features(np.sin(2 * np.pi * 440 * TIME_S)).crest_db == pytest.approx(3.01, abs=0.05)


@pytest.mark.parametrize("samples", [saw(60), saw(440), noise()], ids=["low", "middle", "noise"])
def test_the_loudness_of_a_steady_sound_agrees_with_bs1770(samples: np.ndarray) -> None:
    reference = pyloudnorm.Meter(RATE_HZ).integrated_loudness(samples)
    assert features(samples).loudness_db == pytest.approx(reference, abs=0.2)


def test_effective_length_and_onset_leave_silence_out() -> None:
    late = np.where((TIME_S >= 0.25) & (TIME_S < 0.75), saw(330), 0.0)
    measured = features(late)
    assert measured.onset_s == pytest.approx(0.25, abs=0.004)
    assert measured.effective_s == pytest.approx(0.75, abs=0.006)


def test_periodic_sounds_are_harmonic_and_noise_is_not() -> None:
    assert features(saw(130)).harmonicity > 0.95
    assert features(noise()).harmonicity < 0.2


@pytest.mark.parametrize("samples", [np.zeros(5000), np.zeros(0), np.zeros(1), np.full(5000, np.nan)])
def test_silence_measures_zero_and_never_nan(samples: np.ndarray) -> None:
    measured = features(samples)
    assert measured.loudness_db <= -119
    assert all(getattr(measured, key) == 0 for key in FIELDS if key != "loudness_db")


def test_a_sound_measures_the_same_alone_and_padded_in_a_batch() -> None:
    short = saw(220)[:20000].astype(np.float32)
    padded = np.zeros((2, 60000), np.float32)
    padded[0, :20000] = short
    padded[1] = saw(110)[:60000]
    padded[0, 20000:] = 0.3  # beyond its length: must not be looked at
    together = measure_batch(padded, np.array([20000, 60000]))
    alone = features(short)
    for key in FIELDS:
        assert together[key][0] == pytest.approx(getattr(alone, key), rel=1e-3, abs=0.002), key


def test_the_rate_does_not_change_the_answer() -> None:
    time_s = np.arange(2 * 96000) / 96000
    tone = (0.5 * np.sin(2 * np.pi * 440 * time_s) * np.exp(-3 * time_s)).astype(np.float32)
    high = features(tone, 96000)
    low = features(0.5 * np.sin(2 * np.pi * 440 * TIME_S) * np.exp(-3 * TIME_S))
    assert high.decay_s == pytest.approx(low.decay_s, rel=0.02)
    assert high.centroid_hz == pytest.approx(low.centroid_hz, rel=0.02)
