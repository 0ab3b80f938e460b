"""Every sound that leaves keeps the promises, whatever came out of the model."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.fade import fade_window
from engine.dsp.finish import finish
from engine.dsp.resample import resample
from engine.sound import Sound

RATE = 44100


def decaying(seconds: float = 1.0, hz: float = 220.0, decay_s: float = 0.1) -> npt.NDArray[np.float32]:
    time_s = np.arange(round(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * hz * time_s) * np.exp(-time_s / decay_s)).astype(np.float32)


def noise(seed: int, frames: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(frames).astype(np.float32)


CASES = {
    "decaying": decaying(),
    "noise": noise(0, RATE),
    "loud": 40 * noise(1, RATE),
    "quiet": 0.001 * decaying(),
    "offset": decaying() + 0.3,
    "drifting": decaying() + np.linspace(-0.5, 0.5, RATE, dtype=np.float32),
    "square": np.sign(decaying(decay_s=9)),
    "short": decaying(0.02),
    "not numbers": np.where(np.arange(RATE) % 977 == 0, np.nan, decaying()).astype(np.float32),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seconds", [None, 0.1, 0.7, 2.0])
def test_every_promise_holds(name: str, seconds: float | None) -> None:
    done = finish(Sound(CASES[name], RATE), seconds=seconds)
    samples = done.samples[:, 0].astype(np.float64)
    assert np.isfinite(samples).all()
    assert done.peak_dbfs == pytest.approx(-1.0, abs=0.01)
    assert abs(samples.mean()) < 1e-5
    assert abs(samples[0]) < 1e-3
    assert samples[-1] == 0.0
    if seconds is not None:
        assert done.frames == round(seconds * RATE)


def test_the_level_asked_for_is_reached() -> None:
    assert finish(Sound(decaying(), RATE), peak_dbfs=-6.0).peak_dbfs == pytest.approx(-6.0, abs=0.01)


@pytest.mark.parametrize("lead_s", [0.0, 0.001, 0.02, 0.3])
@pytest.mark.parametrize("floor_db", [-120, -70])
def test_the_onset_lies_within_5_ms_of_the_start(lead_s: float, floor_db: float) -> None:
    lead = 10 ** (floor_db / 20) * noise(2, round(lead_s * RATE))
    done = finish(Sound(np.concatenate([lead, decaying()]), RATE))
    loud = np.abs(done.samples[:, 0]) > 0.1 * done.peak
    assert np.argmax(loud) / RATE <= 0.005


def test_pre_echo_of_a_codec_is_cut_from_a_hit() -> None:
    echo = 0.01 * noise(3, round(0.02 * RATE))
    done = finish(Sound(np.concatenate([echo, np.sign(noise(4, 9000)) * np.exp(-np.arange(9000) / 2000)]), RATE))
    loud = np.abs(done.samples[:, 0]) > 0.3 * done.peak
    assert np.argmax(loud) / RATE <= 0.005


def test_a_slow_swell_keeps_its_attack() -> None:
    swell = decaying(2.0, decay_s=100) * np.linspace(0, 1, 2 * RATE, dtype=np.float32)
    done = finish(Sound(swell, RATE))
    loud = np.abs(done.samples[:, 0]) > 0.5 * done.peak
    assert np.argmax(loud) / RATE > 0.9


def test_the_tail_ends_where_it_has_died_away() -> None:
    sound = Sound(decaying(3.0, decay_s=0.05), RATE)  # -60 dB after 0.35 s
    assert 0.3 < finish(sound).seconds < 0.45


def test_a_sound_that_never_dies_keeps_its_length() -> None:
    assert finish(Sound(noise(5, 2 * RATE), RATE)).seconds == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("seconds", [None, 1.0])
def test_silence_stays_silence(seconds: float | None) -> None:
    done = finish(Sound(np.full(RATE, 1e-7, np.float32), RATE), seconds=seconds)
    assert done.peak == 0.0
    assert done.seconds == 1.0


def test_an_empty_sound_is_no_accident() -> None:
    assert finish(Sound(np.zeros(0, np.float32), RATE)).frames == 0
    assert finish(Sound(np.zeros((0, 2), np.float32), RATE), seconds=0.1).samples.shape == (4410, 2)


def test_stereo_keeps_its_balance() -> None:
    stereo = np.stack([decaying(), 0.5 * decaying()], axis=1)
    done = finish(Sound(stereo, RATE)).samples
    assert np.abs(done[:, 1]).max() == pytest.approx(0.5 * np.abs(done[:, 0]).max(), rel=1e-3)


def test_nothing_in_the_middle_is_changed_but_its_level() -> None:
    wave = decaying(1.0, hz=440, decay_s=2)
    done = finish(Sound(wave, RATE), seconds=1.0).samples[:, 0]
    inside = slice(RATE // 10, RATE // 2)
    gain = np.dot(done[inside], wave[inside]) / np.dot(wave[inside], wave[inside])
    rest = done[inside] - gain * wave[inside]
    assert 20 * np.log10(np.abs(rest).max() / np.abs(done).max()) < -35  # the high-pass turns the phase by 0.7 degrees


def test_a_loop_moves_with_its_sound() -> None:
    lead = np.zeros(RATE // 2, np.float32)
    done = finish(Sound(np.concatenate([lead, noise(6, RATE)]), RATE, loop=(40000, 60000)))
    assert done.loop is not None
    assert done.loop[1] - done.loop[0] == 20000
    assert finish(Sound(noise(6, RATE), RATE, loop=(20000, 40000)), seconds=0.5).loop is None


@given(st.integers(0, 2**32 - 1), st.integers(1, 20000), st.floats(-80, 40), st.sampled_from([None, 0.1, 0.5]))
@settings(max_examples=40, deadline=None)
def test_the_promises_hold_for_anything(seed: int, frames: int, level_db: float, seconds: float | None) -> None:
    done = finish(Sound(noise(seed, frames) * 10 ** (level_db / 20), RATE), seconds=seconds)
    assert np.isfinite(done.samples).all()
    assert done.peak == 0.0 or done.peak_dbfs == pytest.approx(-1.0, abs=0.01)
    assert done.samples[-1, 0] == 0.0


@pytest.mark.parametrize("frames", [1, 2, 10, 1000])
def test_fades_fit_into_any_length(frames: int) -> None:
    gain = fade_window(frames, 44, 2205)
    assert len(gain) == frames
    assert gain[-1] == pytest.approx(0.0, abs=1e-12)
    assert gain.min() >= 0
    assert gain.max() <= 1


@pytest.mark.parametrize("rate_hz", [48000, 88200, 96000])
def test_another_rate_keeps_pitch_length_and_loop(rate_hz: int) -> None:
    sound = resample(Sound(decaying(1.0, hz=1000, decay_s=9), RATE, root_note=60, loop=(0, RATE - 1)), rate_hz)
    assert sound.rate_hz == rate_hz
    assert sound.seconds == pytest.approx(1.0, abs=1e-3)
    spectrum = np.abs(np.fft.rfft(sound.mono()))
    assert np.argmax(spectrum) / sound.seconds == pytest.approx(1000, abs=1.5)
    assert sound.loop == (0, sound.frames - 1)
    assert sound.root_note == 60
