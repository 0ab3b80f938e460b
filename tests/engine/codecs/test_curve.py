"""The pitch curve survives its way through latent channels."""

from __future__ import annotations

import numpy as np
import pytest

from engine.codecs import curve
from engine.pitch import note_hz

FRAMES = 20
POINTS = FRAMES * 8


def cents(a: np.ndarray, b: np.ndarray) -> float:
    return float(1200 * np.abs(np.log2(a / b)).max())


@pytest.mark.parametrize("note", [24, 60, 96])
def test_a_steady_note_stays_exactly_itself(note: int) -> None:
    f0 = np.full(POINTS, note_hz(note), np.float32)
    pitch = curve.unpack(curve.pack(f0, note, FRAMES), note)
    assert pitch.root_note == note
    assert cents(pitch.hz(POINTS), f0) < 0.01


def test_a_drop_of_two_octaves_keeps_its_shape() -> None:
    f0 = (note_hz(31) * 2.0 ** (2 * np.exp(-np.arange(POINTS) / 6))).astype(np.float32)
    pitch = curve.unpack(curve.pack(f0, 31, FRAMES), 31)
    assert cents(pitch.hz(POINTS), f0) < 10


def test_vibrato_moves_to_another_note_with_the_sound() -> None:
    swing = 0.03 * np.sin(np.arange(POINTS) * 0.4)
    f0 = (note_hz(60) * 2.0**swing).astype(np.float32)
    pitch = curve.unpack(curve.pack(f0, 60, FRAMES), 67)
    assert cents(pitch.hz(POINTS), (note_hz(67) * 2.0**swing).astype(np.float32)) < 5


def test_a_little_noise_does_not_detune() -> None:
    channels = curve.pack(np.full(POINTS, note_hz(50), np.float32), 50, FRAMES)
    channels += 0.05 * np.random.default_rng(0).standard_normal(channels.shape).astype(np.float32)
    pitch = curve.unpack(channels, 50)
    assert cents(pitch.hz(POINTS), np.full(POINTS, note_hz(50))) < 1


def test_a_gap_within_the_pitch_is_closed() -> None:
    channels = curve.pack(np.full(POINTS, note_hz(40), np.float32), 40, FRAMES)
    channels[7:9, -1] = -1
    assert (curve.unpack(channels, 40).hz(POINTS) > 0).all()


def test_what_settles_does_so_on_its_note_and_what_need_not_may_stay_away() -> None:
    away = 2.0 ** (-5 / 12 + 0.5 * np.exp(-np.arange(POINTS) / 6))
    channels = curve.pack((note_hz(50) * away).astype(np.float32), 50, FRAMES)
    at_rest = slice(POINTS // 2, None)
    assert cents(curve.unpack(channels, 50, settles=True).hz(POINTS)[at_rest], note_hz(50)) < 10
    assert cents(curve.unpack(channels, 50).hz(POINTS)[at_rest], note_hz(45)) < 10


def test_no_pitch_stays_no_pitch() -> None:
    assert curve.unpack(curve.pack(np.zeros(POINTS, np.float32), None, FRAMES), 60).root_note is None


def test_a_root_lies_on_the_keyboard_wherever_the_pitch_is() -> None:
    f0 = np.full(POINTS, 12_000.0, np.float32)
    pitch = curve.unpack(curve.pack(f0, None, FRAMES), None)
    assert pitch.root_note == 120
    assert cents(pitch.hz(POINTS), f0) < 1


def test_a_sound_that_chooses_its_own_pitch_gets_its_root_from_where_it_settles() -> None:
    f0 = np.full(POINTS, note_hz(72), np.float32)
    assert curve.unpack(curve.pack(f0, None, FRAMES), None).root_note == pytest.approx(72, abs=0.05)
