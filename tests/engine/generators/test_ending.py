"""A sound that holds ends when it was asked to; what decays by itself is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.dsp.finish import finish
from engine.generators.ending import ONSET_S, end_place, ended, hushed, later, of_length
from engine.latent.space import Space
from engine.pitch import Pitch
from engine.request import Latent
from engine.sound import Sound

FRAMES = 24
SPACE = replace(Space.plain(2), level=np.array([1.0, 0.0, 0.0], np.float32))  # channel 0 is the level in dB


def sound(*levels: float) -> Latent:
    """Levels of the first frames, silence after; channel 1 counts the frames."""
    rows = [*levels, *[-80.0] * (FRAMES - len(levels))]
    return np.stack([np.asarray(rows, np.float32), np.arange(FRAMES, dtype=np.float32)], 1)


HELD = sound(-6.0, *[0.0] * 12, -20.0)
DECAYED = sound(*np.linspace(0.0, -44.0, 14))


def decoded(latent: Latent, late_s: float = 0.0) -> Sound:
    """Noise of the level that channel 0 says, 45 dB deep in it and 60 in what is heard, after so much silence."""
    time_s = np.arange(round(len(latent) / SPACE.frame_hz * 44100)) / 44100
    level = np.interp(time_s, (np.arange(len(latent)) + 0.5) / SPACE.frame_hz, latent[:, 0] * 60 / 45)
    noise = np.random.default_rng(0).uniform(-1, 1, len(level)) * 10 ** (level / 20) * (level > -80)
    return Sound(np.concatenate([np.zeros(round(late_s * 44100)), noise])[:, None].astype(np.float32), 44100)


@pytest.mark.parametrize("frames", [9.0, 12.0, 15.5, 18.0, 21.0])
def test_the_end_is_where_it_was_asked_for(frames: float) -> None:
    made, _ = ended(HELD, Pitch(60.0), SPACE, FRAMES, frames / SPACE.frame_hz - ONSET_S)
    assert end_place(made, SPACE) == pytest.approx(frames, abs=0.3)
    assert made.shape == HELD.shape
    assert made.dtype == np.float32


def test_the_attack_stays_and_the_pitch_goes_along() -> None:
    octaves = np.linspace(0.0, 1.0, 8 * FRAMES, dtype=np.float32)
    made, pitch = ended(HELD, Pitch(60.0, octaves), SPACE, FRAMES, 18.0 / SPACE.frame_hz)
    assert np.array_equal(made[:1], HELD[:1])
    assert np.array_equal(pitch.octaves[:4], octaves[:4])
    place = 12  # in the body, whose frames tell where they come from
    assert pitch.octaves[8 * place] == pytest.approx(made[place, 1] / FRAMES, abs=0.03)
    assert made[place, 1] < place


@pytest.mark.parametrize(
    ("latent", "seconds"),
    [
        (DECAYED, 1.6),  # has a decay of its own
        (HELD, 0.3),  # of quite another length
        (HELD, 2.3),  # no room for its end
        (sound(0.0, -30.0), 1.0),  # no body
        (sound(*[0.0] * FRAMES), 1.0),  # never ends
        (sound(*np.linspace(-40.0, 0.0, 14)), 1.6),  # rises to its end
    ],
)
def test_what_has_an_end_of_its_own_keeps_it(latent: Latent, seconds: float) -> None:
    pitch = Pitch(60.0)
    made, sung = ended(latent, pitch, SPACE, FRAMES, seconds)
    assert np.array_equal(made, latent)
    assert sung is pitch


def test_a_decay_is_as_long_as_words_say() -> None:
    made, _ = ended(DECAYED, Pitch(60.0), SPACE, FRAMES, 1.6, named=True)
    assert end_place(made, SPACE, decaying=True) == pytest.approx((1.6 + ONSET_S) * SPACE.frame_hz, abs=0.7)


def test_a_sudden_fall_is_an_end_though_a_little_is_left() -> None:
    """Asked for by words, a sound that breaks off goes on until then; what only decays so far has no end there."""
    broken = sound(*[0.0, -3.0, -6.0, -8.0, -10.0], *[-36.0] * (FRAMES - 5))
    assert end_place(broken, SPACE) is None
    assert end_place(broken, SPACE, decaying=True) == pytest.approx(5.1, abs=0.1)
    made, _ = ended(broken, Pitch(60.0), SPACE, FRAMES, 8.0 / SPACE.frame_hz - ONSET_S, named=True)
    assert made[6, 0] > -12  # nearly as far as that it holds
    assert made[9, 0] < -30
    assert end_place(sound(*np.linspace(0.0, -40.0, FRAMES)), SPACE, decaying=True) is None


@pytest.mark.parametrize("seconds", [1.4, 1.7, 2.0])
@pytest.mark.parametrize("late_s", [0.0, 0.05])
def test_what_is_heard_to_end_too_soon_lasts_until_it_was_asked_to(seconds: float, late_s: float) -> None:
    latent, pitch = np.array(DECAYED), Pitch(60.0)
    for _ in range(2):
        found = later(latent, pitch, SPACE, decoded(latent, late_s), seconds)
        if found is not None:
            latent, pitch = found
    assert np.array_equal(latent[:1], DECAYED[:1])
    assert finish(decoded(latent, late_s)).seconds == pytest.approx(seconds, rel=0.1)
    assert finish(decoded(DECAYED, late_s)).seconds < 0.95 * 1.4


@pytest.mark.parametrize(
    ("latent", "seconds"),
    [
        (HELD, 1.2),  # lasts so long
        (HELD, 0.5),  # lasts longer: its end is cut
        (sound(*[0.0] * 6), 2.0),  # of quite another length
        (HELD, 2.3),  # no room for its end
        (sound(0.0), 0.5),  # no body
    ],
)
def test_what_lasts_long_enough_or_could_not_stays(latent: Latent, seconds: float) -> None:
    assert later(latent, Pitch(60.0), SPACE, decoded(latent), seconds) is None


@pytest.mark.parametrize("space", [SPACE, Space.plain(2)])
@pytest.mark.parametrize("frames", [20, 28])
def test_what_another_attack_made_longer_or_shorter_has_its_frames_again(space: Space, frames: int) -> None:
    pitch = Pitch(60.0, np.zeros(8 * FRAMES, np.float32))
    assert ended(HELD, pitch, space, frames, 1.4)[0].shape == (frames, 2)
    assert of_length(HELD, pitch, space, frames)[0].shape == (frames, 2)
    assert np.array_equal(of_length(HELD, pitch, space, frames)[0][:1], HELD[:1])


def test_an_end_that_a_slow_attack_pushed_out_comes_back() -> None:
    slow = np.concatenate([sound(*np.linspace(-20.0, -6.0, 6)), HELD])[np.r_[0:6, FRAMES : 2 * FRAMES]]
    made, _ = ended(slow, Pitch(60.0), SPACE, FRAMES, 14.0 / SPACE.frame_hz - ONSET_S)
    assert len(made) == FRAMES
    assert end_place(made, SPACE) == pytest.approx(14.0, abs=0.3)


def test_a_space_that_cannot_tell_levels_changes_nothing() -> None:
    assert np.array_equal(ended(HELD, Pitch(None), Space.plain(2), FRAMES, 1.0)[0], HELD)


def test_what_has_died_away_is_silent_and_what_sounds_is_as_it_was() -> None:
    space = replace(SPACE, silence=np.array([-90.0, -1.0], np.float32))
    latent = sound(0.0, -30.0, -70.0, -40.0, -59.0, -61.0, -70.0)
    made = hushed(latent, space)
    assert np.array_equal(made[:5], latent[:5])
    assert np.array_equal(made[5:], np.tile(space.silence, (FRAMES - 5, 1)))
    assert made.dtype == np.float32
    assert np.array_equal(hushed(sound(*[0.0] * FRAMES), space), sound(*[0.0] * FRAMES))


def test_a_space_that_does_not_know_silence_leaves_the_end_as_it_is() -> None:
    assert hushed(HELD, SPACE) is HELD
    assert hushed(HELD, Space.plain(2)) is HELD
