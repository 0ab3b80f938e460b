"""A shape changes what it says and nothing else, and what it gives can be written as it is."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dsp.cut import nearest_zero
from engine.dsp.envelope import adsr
from engine.dsp.level import rms_dbfs
from engine.dsp.shaping import apply
from engine.errors import BadRequest
from engine.params import PARAMS
from engine.shape import KEYS, Shape
from engine.sound import Sound

RATE = 44100


def tone(seconds: float = 1.0, hz: float = 220.0, level: float = 0.5, channels: int = 1) -> Sound:
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return Sound(np.repeat(wave[:, None], channels, axis=1).astype(np.float32), RATE, root_note=57.0)


def noise(seconds: float = 1.0, channels: int = 1, seed: int = 0) -> Sound:
    made = np.random.default_rng(seed).standard_normal((round(seconds * RATE), channels))
    return Sound((0.2 * made).astype(np.float32), RATE)


@pytest.mark.parametrize("sound", [tone(), noise(channels=2)])
def test_a_step_at_its_default_changes_no_sample(sound: Sound) -> None:
    assert np.array_equal(apply(Shape(), sound).samples, sound.samples)
    unheard = Shape(drive_db=40, cutoff_hz=50, attack_s=1, reverb_s=5, normalise_db=-20, loop_fade_s=0.5)  # all are off
    assert np.array_equal(apply(unheard, sound).samples, sound.samples)


def test_rows_and_fields_have_the_same_defaults() -> None:
    for key in KEYS:
        assert Shape().number(key) == PARAMS[key].default


def test_a_cut_lands_on_a_zero_crossing_within_10_ms_of_what_was_asked() -> None:
    sound = tone(hz=100)
    done = apply(Shape(trim_s=(0.2025, 0.5025)), sound)  # both moments are peaks of the sine
    assert done.seconds == pytest.approx(0.3, abs=0.01)
    assert abs(done.samples[0, 0]) < 0.01
    assert done.samples[-1, 0] == 0.0
    inside = done.samples[200:-200, 0]
    start = round(0.2025 * RATE)
    shift = nearest_zero(sound.samples, RATE, start)
    assert abs(shift - start) <= RATE / 200  # half a period of 100 Hz has one
    assert np.array_equal(inside, sound.samples[shift + 200 : shift + done.frames - 200, 0])


def test_without_snapping_the_cut_is_exact() -> None:
    assert apply(Shape(trim_s=(0.2025, 0.5025), snap="off"), tone()).frames == round(0.5025 * RATE) - round(
        0.2025 * RATE
    )


def test_fades_last_as_long_as_asked() -> None:
    flat = Sound(np.full(RATE, 0.5, np.float32), RATE)
    gain = apply(Shape(fade_in_s=0.2, fade_out_s=0.4), flat).samples[:, 0] / 0.5
    assert gain[0] == 0
    assert gain[-1] == pytest.approx(0.0, abs=1e-6)
    assert gain[round(0.1 * RATE)] == pytest.approx(0.5, abs=1e-3)  # half way
    assert gain[round(0.8 * RATE)] == pytest.approx(0.5, abs=1e-3)
    assert np.all(gain[round(0.2 * RATE) : round(0.6 * RATE)] == 1.0)


def test_backwards_twice_is_the_sound_and_its_loop_comes_along() -> None:
    sound = Sound(noise().samples, RATE, loop=(100, 30000))
    there = apply(Shape(reverse="on"), sound)
    assert np.array_equal(there.samples[::-1], sound.samples)
    back = apply(Shape(reverse="on"), there)
    assert np.array_equal(back.samples, sound.samples)
    assert back.loop == sound.loop


def test_levels_are_reached() -> None:
    assert apply(Shape(normalise="peak", normalise_db=-6), tone()).peak_dbfs == pytest.approx(-6, abs=1e-4)
    assert rms_dbfs(apply(Shape(normalise="rms", normalise_db=-20), noise())) == pytest.approx(-20, abs=1e-4)
    spiky = Sound(np.where(np.arange(RATE) == 5000, 1.0, 0.01 * noise().samples[:, 0]).astype(np.float32), RATE)
    assert apply(Shape(normalise="rms", normalise_db=-10), spiky).peak_dbfs == pytest.approx(-1, abs=1e-4)  # as it may
    silence = Sound(np.zeros(100, np.float32), RATE)
    assert apply(Shape(normalise="rms"), silence).peak == 0


def test_the_envelope_reaches_its_levels_in_its_times() -> None:
    gain = adsr(2 * RATE, RATE, 0.1, 0.5, -12.0, 0.4)
    assert gain[0] == 0
    assert gain[round(0.05 * RATE)] == pytest.approx(0.5, abs=1e-3)  # a straight attack
    assert gain.max() == gain[round(0.1 * RATE)] == pytest.approx(1.0)
    assert gain[round(0.7 * RATE) : round(1.59 * RATE)] == pytest.approx(10 ** (-12 / 20))
    assert gain[-1] == pytest.approx(0.0, abs=1e-9)
    assert np.all(np.diff(gain[round(0.1 * RATE) :]) <= 1e-12)  # only falls after the attack
    fast, slow = (adsr(RATE, RATE, 0.0, 1.0, -60.0, 0.0, (0, bend, 0))[RATE // 4] for bend in (0.8, -0.8))
    assert fast < 0.4 < 0.9 < slow


def test_an_envelope_on_a_sound_is_its_gain() -> None:
    flat = Sound(np.full(RATE, 0.5, np.float32), RATE)
    done = apply(Shape(envelope="on", attack_s=0.2, sustain_db=-6, decay_s=0.1, release_s=0.3), flat)
    assert done.samples[round(0.5 * RATE), 0] == pytest.approx(0.5 * 10 ** (-6 / 20), abs=1e-4)
    assert done.samples[-1, 0] == pytest.approx(0.0, abs=1e-6)


def test_width_leaves_the_mono_sum_alone() -> None:
    sound = noise(channels=2)
    sound = sound.with_samples(0.4 * sound.samples)  # none of it goes over full scale
    for width in (0.0, 50.0, 200.0):
        done = apply(Shape(width=width), sound)
        assert np.abs(done.mono() - sound.mono()).max() < 1e-6
        side = done.samples[:, 0] - done.samples[:, 1]
        assert np.std(side) == pytest.approx(width / 100 * np.std(sound.samples[:, 0] - sound.samples[:, 1]), abs=1e-4)
    assert apply(Shape(width=100), tone()).channels == 1


def test_a_ringing_filter_is_silenced_at_the_end_but_a_sound_cut_at_full_level_is_left_so() -> None:
    hit = np.zeros(RATE // 4, np.float32)
    hit[100] = 0.9
    done = apply(Shape(filter_type="band-pass", cutoff_hz=60, resonance=100), Sound(hit, RATE))
    assert abs(done.samples[-1, 0]) <= 1e-3 * done.peak
    sustained = tone(hz=100.25)  # ends on a quarter period
    assert apply(Shape(drive_type="soft"), sustained).samples[-1, 0] == pytest.approx(0.5, abs=0.5)


@pytest.mark.parametrize("shape", [Shape(trim_s=(2.0, 3.0)), Shape(loop_s=(1.5, 2.0)), Shape(trim_s=(0.5, 0.50001))])
def test_what_lies_outside_the_sound_is_refused_in_one_line(shape: Shape) -> None:
    with pytest.raises(BadRequest, match=r"1\.00 s"):
        apply(shape, tone())


def any_value(key: str) -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 0.3, 0.7, 1.0]).map(PARAMS[key].at)


@given(st.dictionaries(st.sampled_from([key for key in KEYS if key != "reverb_s"]), st.floats(0, 1), max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_shape_gives_numbers_within_full_scale(positions: dict[str, float]) -> None:
    shape = Shape(reverb_s=0.2, trim_s=(0.05, 0.28), loop_s=(0.1, 0.2))
    for key, position in positions.items():
        shape = shape.having(key, PARAMS[key].at(position))
    for sound in (tone(0.3, channels=2), noise(0.3, 2)):
        done = apply(shape, sound)
        assert np.isfinite(done.samples).all()
        assert done.peak <= 1.0
        assert done.samples.dtype == np.float32
        assert done.root_note == sound.root_note


def test_a_shape_survives_its_file() -> None:
    shape = Shape(trim_s=(0.1, 0.9), drive_type="fold", width=150.0)
    assert msgspec.convert(msgspec.to_builtins(shape), Shape) == shape


def test_empty_sounds_are_no_accident() -> None:
    nothing: npt.NDArray[np.float32] = np.zeros((0, 1), np.float32)
    assert apply(Shape(drive_type="hard", reverb_mix=50), Sound(nothing, RATE)).frames == 0
