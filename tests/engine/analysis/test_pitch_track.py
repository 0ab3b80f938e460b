"""Pitches that are known, found within three cents."""

import time

import numpy as np
import pytest

from engine.analysis.pitch_track import track
from engine.pitch import hz_note, note_hz
from engine.sound import Sound

RATE_HZ = 44100
TIME_S = np.arange(RATE_HZ) / RATE_HZ


def partials(hz: float, numbers: list[int], rate_hz: int = RATE_HZ) -> np.ndarray:
    time_s = np.arange(rate_hz) / rate_hz
    heard = [k for k in numbers if k * hz < 0.45 * rate_hz]
    return 0.3 * sum(np.sin(2 * np.pi * hz * k * time_s + k) / k for k in heard)


def cents(samples: np.ndarray, hz: float, rate_hz: int = RATE_HZ) -> float:
    found = track(Sound(samples.astype(np.float32), rate_hz)).cents_from(hz_note(hz))
    assert found is not None
    return found


FREQUENCIES = [30.0, 41.2, 55.3, 82.4, 123.7, 220.0, 441.7, 987.1, 1864.7, 2793.0, 3951.1]


@pytest.mark.parametrize("hz", FREQUENCIES)
@pytest.mark.parametrize(
    "numbers", [[1], [1, 2], list(range(1, 40)), [1, 3, 5, 7, 9]], ids=["sine", "two", "saw", "square"]
)
def test_a_steady_tone_is_found_within_three_cents(hz: float, numbers: list[int]) -> None:
    assert abs(cents(partials(hz, numbers), hz)) < 3


@pytest.mark.parametrize("hz", [60.0, 110.0, 262.0, 440.0])
@pytest.mark.parametrize("numbers", [[2, 3], [3, 4, 5], list(range(2, 20)), [4, 5, 6, 7]])
def test_a_missing_fundamental_is_found(hz: float, numbers: list[int]) -> None:
    assert abs(cents(partials(hz, numbers), hz)) < 3


@pytest.mark.parametrize("note", [24, 29, 33, 40])
def test_the_tail_of_an_808_sub_is_its_note(note: int) -> None:
    hz = note_hz(note)
    phase = 2 * np.pi * (hz * TIME_S + 3 * hz / 40 * (1 - np.exp(-40 * TIME_S)))
    assert abs(cents(np.tanh(1.5 * np.sin(phase) * np.exp(-3 * TIME_S)), hz)) < 3


@pytest.mark.parametrize("hz", [55.0, 440.0, 1760.0])
def test_decay_and_noise_do_not_pull_the_pitch(hz: float) -> None:
    noise = 0.01 * np.random.default_rng(0).standard_normal(len(TIME_S))
    assert abs(cents(partials(hz, [1, 2, 3, 4]) * np.exp(-6 * TIME_S) + noise * np.exp(-6 * TIME_S), hz)) < 3


def test_steady_hiss_over_a_decaying_bass_does_not_pull_the_pitch() -> None:
    hiss = 0.05 * np.random.default_rng(0).standard_normal(len(TIME_S))
    assert abs(cents(partials(49.0, list(range(1, 12))) * np.exp(-3 * TIME_S) + hiss, 49.0)) < 3


@pytest.mark.parametrize("rate_hz", [22050, 48000, 96000])
def test_the_rate_does_not_matter(rate_hz: int) -> None:
    assert abs(cents(partials(330.0, [1, 2, 3], rate_hz), 330.0, rate_hz)) < 3


def test_noise_silence_and_a_click_have_no_pitch() -> None:
    click = np.zeros(RATE_HZ)
    click[100] = 1
    for samples in (np.random.default_rng(0).standard_normal(RATE_HZ), np.zeros(RATE_HZ), np.zeros(0), click):
        assert track(Sound(samples.astype(np.float32), RATE_HZ)).note is None


def test_confidence_and_voiced_share_tell_a_tone_from_noise() -> None:
    tone = track(Sound(partials(220, [1, 2, 3]).astype(np.float32), RATE_HZ))
    hiss = track(Sound(np.random.default_rng(0).standard_normal(RATE_HZ).astype(np.float32), RATE_HZ))
    assert tone.voiced_share == 1
    assert tone.confidence > 0.99
    assert hiss.voiced_share < 0.05


def test_a_very_short_sound_still_has_its_pitch() -> None:
    assert abs(cents(partials(440, [1, 2, 3])[:3000], 440)) < 20


def test_a_glide_is_followed_by_the_curve() -> None:
    glide = np.sin(2 * np.pi * np.cumsum(110 * 2**TIME_S) / RATE_HZ)
    found = track(Sound(glide.astype(np.float32), RATE_HZ), hop_frames=512)
    hz = found.pitch(80).hz(80)
    expected = 110 * 2 ** (np.arange(80) * 512 / RATE_HZ)
    assert np.abs(1200 * np.log2(hz[10:70] / expected[10:70])).max() < 30


def test_three_seconds_are_tracked_in_well_under_thirty_milliseconds() -> None:
    sound = Sound(np.tile(partials(110, list(range(1, 30))), 3).astype(np.float32), RATE_HZ)
    track(sound)
    start = time.process_time()
    for _ in range(5):
        track(sound)
    assert (time.process_time() - start) / 5 < 0.1  # 15 ms on an idle core of the reference machine
