"""Known sounds: a perfect copy keeps everything, and each thing that a copy loses is found out."""

from pathlib import Path

import numpy as np
import pytest

from engine.codecs.source import HOP, RATE_HZ
from engine.training.known_sounds import FRAMES, NO_PITCH_CENTS, known_sounds, survived


def test_a_perfect_copy_keeps_everything(tmp_path: Path) -> None:
    found = survived(lambda samples, f0_hz: samples, tmp_path)
    assert found.pop("tremolo_left") == found.pop("beating_left") == found.pop("hiss_left") == 1
    assert set(found.values()) == {0.0}
    assert (tmp_path / "codec-known-sounds.png").stat().st_size > 10_000


def test_pitch_curves_are_those_of_the_sounds() -> None:
    for known in known_sounds().values():
        assert len(known.samples) == FRAMES
        assert len(known.f0_hz) == 1 + (FRAMES - 1) // HOP
        assert np.abs(known.samples).max() == pytest.approx(0.89, abs=1e-3)


def test_a_copy_without_the_movement_has_none_left() -> None:
    tone = np.sin(2 * np.pi * 110 * np.arange(FRAMES) / 44100).astype(np.float32)
    found = survived(lambda samples, f0_hz: tone)
    assert found["tremolo_left"] < 0.05
    assert found["beating_left"] < 0.05
    assert found["glide_cents"] > 500
    assert found["vibrato_cents"] > 500
    assert found["bell_db"] > 20


def test_a_copy_a_little_sharp_and_half_as_loud_is_told_in_cents_and_db() -> None:
    def sharp(samples: np.ndarray, f0_hz: np.ndarray) -> np.ndarray:
        places = np.minimum(np.arange(FRAMES) * 2 ** (20 / 1200), FRAMES - 1)
        return np.asarray(0.5 * np.interp(places, np.arange(FRAMES), samples), np.float32)

    found = survived(sharp)
    assert found["bell_cents"] == pytest.approx(20, abs=4)
    assert found["vibrato_cents"] > 15
    assert 5 < found["bell_db"] < 8
    assert found["tremolo_left"] == pytest.approx(1, abs=0.05)


def test_a_tone_in_place_of_noise_is_found_out_and_other_noise_is_not() -> None:
    tone = np.sin(2 * np.pi * 110 * np.arange(FRAMES) / RATE_HZ).astype(np.float32)
    assert survived(lambda samples, f0_hz: tone)["hiss_left"] < 0.3
    noise = np.random.default_rng(3).standard_normal(FRAMES).astype(np.float32)
    assert survived(lambda samples, f0_hz: noise)["hiss_left"] == pytest.approx(1, abs=0.1)


def test_a_vibrato_that_is_not_followed_is_told_by_its_depth() -> None:
    time_s = np.arange(FRAMES) / RATE_HZ
    for cents in (0, 30):
        hz = 220 * 2 ** (np.sin(2 * np.pi * 5.5 * time_s) * cents / 1200)
        copy = np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ).astype(np.float32)
        found = survived(lambda samples, f0_hz, copy=copy: copy)
        assert found["vibrato_cents"] == pytest.approx(50 - cents, abs=2)


def test_silence_follows_nothing() -> None:
    found = survived(lambda samples, f0_hz: np.zeros_like(samples))
    assert found["glide_cents"] == found["vibrato_cents"] == NO_PITCH_CENTS
