"""What each latent edit promises, on latents of random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.latent import attack, axes, level, morph, timing
from engine.latent.axes import along
from engine.latent.principal import principal_axes
from engine.latent.region import within
from engine.latent.smooth import smoothed
from engine.latent.space import Axis, Onset, Space
from engine.pitch import Pitch
from engine.request import Latent

FRAMES, CHANNELS = 22, 6
RNG = np.random.default_rng(3)
SPACE = Space(
    RNG.standard_normal(CHANNELS).astype(np.float32), np.linspace(0.5, 5, CHANNELS).astype(np.float32),
    silence=np.full(CHANNELS, -9, np.float32),
)  # fmt: skip


@pytest.fixture
def latent() -> Latent:
    noise = np.random.default_rng(1).standard_normal((FRAMES, CHANNELS)).astype(np.float32)
    return SPACE.mean + SPACE.deviation * noise


def test_what_does_nothing_gives_the_very_same_array(latent: Latent) -> None:
    axis = Axis("body", "low", "dB", 3.0, np.ones(CHANNELS, np.float32), np.ones(CHANNELS, np.float32))
    assert level.amplified(latent, 1.0, SPACE) is latent
    assert level.noisy(latent, 0.0, 5, SPACE) is latent
    assert smoothed(latent, 1) is latent
    assert smoothed(latent, 1, "max") is latent
    assert level.quantised(latent, 0.0, SPACE) is latent
    assert level.channels_gained(latent, [(2, 1.0)], SPACE) is latent
    assert axes.moved(latent, axis, 0.0) is latent
    assert attack.softened(latent, 0.0, SPACE) is latent
    assert axes.livened(latent, 0.0) is latent
    assert morph.morphed(latent, -latent, 0.0, SPACE) is latent
    assert timing.stretched(FRAMES, 1.0) is timing.shifted(FRAMES, 0.0) is axes.decayed(latent, 0.0, SPACE) is None


def test_amplify_works_about_the_mean(latent: Latent) -> None:
    assert np.allclose(level.amplified(latent, 0.0, SPACE), SPACE.mean)
    twice = level.amplified(latent, 1.5, SPACE)
    assert np.allclose(twice - SPACE.mean, 1.5 * (latent - SPACE.mean), atol=1e-5)
    assert np.allclose(level.amplified(level.amplified(latent, 0.5, SPACE), 2.0, SPACE), latent, atol=1e-5)


def test_noise_is_as_loud_as_asked_and_its_seed_is_its_own() -> None:
    long = np.broadcast_to(SPACE.mean, (4000, CHANNELS)).astype(np.float32)
    added = level.noisy(long, 0.3, 7, SPACE) - long
    assert np.allclose(added.std(0), 0.3 * SPACE.deviation, rtol=0.06)
    assert np.array_equal(level.noisy(long, 0.3, 7, SPACE)[:100], level.noisy(long[:100], 0.3, 7, SPACE))
    assert not np.array_equal(level.noisy(long, 0.3, 8, SPACE), level.noisy(long, 0.3, 7, SPACE))


def test_noise_can_be_set_as_a_ratio(latent: Latent) -> None:
    amount = level.amount_at_snr(latent, 20.0, SPACE)
    many = np.tile(latent, (200, 1))
    added = (level.noisy(many, amount, 0, SPACE) - many) / SPACE.deviation
    signal = (many - SPACE.mean) / SPACE.deviation
    assert 10 * np.log10(np.square(signal).mean() / np.square(added).mean()) == pytest.approx(20.0, abs=0.2)


def test_smoothing_averages_its_window_and_keeps_the_length(latent: Latent) -> None:
    for window in (2, 3, 8, 32):
        assert smoothed(latent, window).shape == smoothed(latent, window, "max").shape == latent.shape
    assert np.allclose(smoothed(latent, 3)[5], latent[4:7].mean(0), atol=1e-5)
    assert np.array_equal(smoothed(latent, 4, "max")[5], latent[3:7].max(0))
    assert np.allclose(smoothed(latent, 3)[0], latent[:2].mean(0), atol=1e-5)
    still = np.broadcast_to(latent[3], latent.shape)
    assert np.allclose(smoothed(still, 7), still, atol=1e-5)


def test_quantised_values_lie_on_the_grid(latent: Latent) -> None:
    steps = (level.quantised(latent, 0.5, SPACE) - SPACE.mean) / (0.5 * SPACE.deviation)
    assert np.allclose(steps, np.round(steps), atol=1e-4)
    assert np.abs(level.quantised(latent, 0.5, SPACE) - latent).max() <= 0.2501 * SPACE.deviation.max()


def test_one_channel_is_gained_alone(latent: Latent) -> None:
    made = level.channels_gained(latent, [(2, 0.0), (99, 2.0)], SPACE)
    assert np.allclose(made[:, 2], SPACE.mean[2])
    assert np.array_equal(np.delete(made, 2, 1), np.delete(latent, 2, 1))


def test_reverse_twice_is_the_sound_itself(latent: Latent) -> None:
    time = timing.reversed_within(FRAMES)
    assert time is not None
    once = timing.map_latent(latent, time, SPACE)
    assert np.array_equal(once, latent[::-1])
    assert np.array_equal(timing.map_latent(once, time, SPACE), latent)


@pytest.mark.parametrize("factor", [0.5, 1.7, 4.0])
def test_stretching_takes_its_time_and_keeps_the_course(latent: Latent, factor: float) -> None:
    time = timing.stretched(FRAMES, factor)
    assert time is not None
    course = np.linspace(0, 1, FRAMES, dtype=np.float32)[:, None] * np.ones(CHANNELS, np.float32)
    made = timing.map_latent(course, time, SPACE)
    assert len(made) == round(FRAMES * factor)
    assert (np.diff(made[:, 0]) >= 0).all()
    assert abs(made[0, 0] - course[0, 0]) < 0.05
    assert abs(made[-1, 0] - course[-1, 0]) < 0.05


def test_a_part_can_be_stretched(latent: Latent) -> None:
    time = timing.stretched(FRAMES, 2.0, (4.0, 8.0))
    assert time is not None
    made = timing.map_latent(latent, time, SPACE)
    assert np.array_equal(made[:4], latent[:4])
    assert np.array_equal(made[-(FRAMES - 8) :], latent[8:])
    assert len(made) == FRAMES + 4


def test_shifting_leaves_silence_behind(latent: Latent) -> None:
    later, earlier = (timing.map_latent(latent, timing.shifted(FRAMES, by), SPACE) for by in (3.0, -3.0))  # type: ignore[arg-type]
    assert np.array_equal(later[3:], latent[:-3])
    assert (later[:3] == -9).all()
    assert np.array_equal(earlier[:-3], latent[3:])
    assert (earlier[-3:] == -9).all()


def test_freezing_holds_a_moment(latent: Latent) -> None:
    time = timing.frozen(FRAMES, 5.5)
    assert time is not None
    made = timing.map_latent(latent, time, SPACE)
    assert np.array_equal(made[:6], latent[:6])
    assert (made[6:] == latent[5]).all()


def test_the_pitch_follows_its_timbre_in_time() -> None:
    pitch = Pitch(40, np.linspace(1, 0, FRAMES * 8, dtype=np.float32))
    back = timing.reversed_within(FRAMES)
    longer = timing.stretched(FRAMES, 2.0)
    assert back is not None
    assert longer is not None
    assert np.allclose(timing.map_pitch(pitch, back, FRAMES, SPACE).octaves, pitch.octaves[::-1], atol=1e-6)
    slow = timing.map_pitch(pitch, longer, FRAMES, SPACE).octaves
    assert len(slow) == 2 * FRAMES * 8
    assert np.allclose(slow[::2], pitch.octaves, atol=0.01)
    assert timing.map_pitch(Pitch(40), longer, FRAMES, SPACE).octaves.size == 0


def test_a_morph_begins_at_one_sound_and_ends_at_the_other(latent: Latent) -> None:
    other = np.random.default_rng(2).standard_normal((30, CHANNELS)).astype(np.float32)
    for kind in ("linear", "spherical"):
        steps = [morph.morphed(latent, other, x, SPACE, kind) for x in (0.0, 0.001, 0.25, 0.5, 0.75, 0.999, 1.0)]  # type: ignore[arg-type]
        assert steps[0] is latent
        assert steps[-1] is other
        assert [len(step) for step in steps] == [22, 22, 24, 26, 28, 30, 30]
        assert np.allclose(steps[1], latent, atol=0.1)
        assert np.allclose(steps[-2], other, atol=0.1)


def test_a_spherical_morph_keeps_the_distance_from_the_mean(latent: Latent) -> None:
    def size(rows: Latent) -> Latent:
        return np.linalg.norm((rows - SPACE.mean) / SPACE.deviation, axis=1)

    other = SPACE.mean + SPACE.deviation * np.random.default_rng(2).standard_normal(latent.shape).astype(np.float32)
    halfway = morph.morphed(latent, other, 0.5, SPACE, "spherical")
    assert np.allclose(size(halfway), (size(latent) + size(other)) / 2, rtol=1e-3)
    assert (size(morph.morphed(latent, other, 0.5, SPACE)) <= size(halfway) + 1e-3).all()


def test_the_attack_of_one_with_the_body_of_another(latent: Latent) -> None:
    other = latent + 100
    attack = morph.morphed(latent, other, 1.0, SPACE, part="attack", split=3.0)
    body = morph.morphed(latent, other, 1.0, SPACE, part="body", split=3.0)
    assert np.allclose(attack[:3], other[:3])
    assert np.allclose(attack[3:], latent[3:])
    assert np.allclose(body[:3], latent[:3])
    assert np.allclose(body[3:], other[3:])


def test_a_longer_decay_keeps_the_attack(latent: Latent) -> None:
    longer, shorter = (axes.decayed(latent, units, SPACE) for units in (1.0, -1.0))
    assert longer is not None
    assert shorter is not None
    made = timing.map_latent(latent, longer, SPACE)
    assert abs(len(made) - 2 * FRAMES) <= 1
    assert np.array_equal(made[0], latent[0])
    made = timing.map_latent(latent, shorter, SPACE)
    assert np.array_equal(made[0], latent[0])
    assert len(made) == FRAMES
    assert (made[FRAMES // 2 + 1 :] == -9).all()  # silence


def test_how_a_sound_ends_is_kept_when_it_ends_sooner() -> None:
    space = Space(SPACE.mean, SPACE.deviation, SPACE.silence, LOUD)
    latent = rising(0)
    latent[14:, 0] = -30.0  # died away
    for units, end in ((-1.0, 9), (1.0, 24)):
        time = axes.decayed(latent, units, space)
        assert time is not None
        made = timing.map_latent(latent, time, space)
        levels = space.levels(made)
        assert levels is not None
        assert abs(int(np.flatnonzero(levels > -40)[-1]) + 1 - end) <= 1


LOUD = np.zeros(CHANNELS + 1, np.float32)
LOUD[0] = 10.0  # dB per unit of the first channel


def rising(frames: int) -> Latent:
    """Silent for four frames, then louder and louder for so many, then steady."""
    latent = np.random.default_rng(4).standard_normal((FRAMES, CHANNELS)).astype(np.float32)
    latent[:, 0] = np.clip(np.arange(FRAMES) - 4.0 - frames, -2.0, 0.0)
    latent[:4, 0] = -20.0
    return latent


def test_an_axis_goes_its_own_way_up_and_down(latent: Latent) -> None:
    axis = Axis("body", "low_ratio", "dB", 3.0, np.full(CHANNELS, 1, np.float32), np.full(CHANNELS, 3, np.float32))
    assert np.allclose(axes.moved(latent, axis, 2.0) - latent, 2.0, atol=1e-5)
    assert np.allclose(axes.moved(latent, axis, -1.0) - latent, -3.0, atol=1e-5)


def test_a_long_attack_is_scaled_in_time() -> None:
    space = Space(SPACE.mean, SPACE.deviation, level=LOUD)
    latent = rising(6)
    assert attack.rise(latent, space) == attack.Rise(4, 10)
    for units, wanted in ((1.0, FRAMES + 6), (-1.0, FRAMES - 3)):
        time = attack.attack_time(latent, units, space)
        assert time is not None
        made = timing.map_latent(latent, time, space)
        assert len(made) == wanted
        assert np.array_equal(made[:5], latent[:5])
        assert np.allclose(made[-11:], latent[-11:], atol=1e-5)


def test_a_short_attack_is_changed_at_the_onset_alone() -> None:
    rows = 2 * CHANNELS
    constant = Onset(2, np.zeros((1, rows), np.float32), np.full(1, 9, np.float32), np.ones((rows, 1), np.float32))
    space = Space(SPACE.mean, SPACE.deviation, level=LOUD, rise_up=constant)
    latent = rising(0)
    assert attack.attack_time(latent, 2.0, space) is None
    change = (attack.softened(latent, 2.5, space) - latent) / SPACE.deviation
    assert np.allclose(change[4:6], 2.5, atol=1e-4)
    assert not np.delete(change, (4, 5), 0).any()
    assert attack.softened(latent, -1.0, space) is latent


def test_a_region_is_edited_alone_and_crossfaded(latent: Latent) -> None:
    made = within(latent, latent + 1, 5.0, 12.0)
    change = (made - latent).mean(1)
    assert np.array_equal(made[:5], latent[:5])
    assert np.array_equal(made[12:], latent[12:])
    assert np.allclose(change[6:11], 1.0, atol=1e-5)
    assert 0 < change[5] < 1
    assert 0 < change[11] < 1
    assert np.array_equal(within(latent, latent + 1, 0.0, 99.0), latent + 1)


def test_principal_axes_find_what_differs() -> None:
    rng = np.random.default_rng(5)
    way = np.array([3, 0, 0, 4, 0, 0], np.float32) / 5
    places = rng.standard_normal(40)
    sounds = [SPACE.mean + SPACE.deviation * (4 * place * way + 0.1 * rng.standard_normal((9, 6))) for place in places]
    found = principal_axes([np.asarray(sound, np.float32) for sound in sounds], SPACE, count=2)
    assert found.directions.shape == (2, CHANNELS)
    assert found.shares[0] > 0.95
    assert abs(found.directions[0] @ way) / np.linalg.norm(found.directions[0]) > 0.99
    placed = [found.place(np.asarray(sound, np.float32), SPACE)[0] for sound in sounds]
    assert np.std(placed, ddof=1) == pytest.approx(1.0, abs=0.05)
    assert abs(np.corrcoef(placed, places)[0, 1]) > 0.99


def test_what_has_died_away_goes_along_no_axis() -> None:
    level = np.zeros(CHANNELS + 1, np.float32)
    level[0] = 1.0  # the first channel is the level in dB
    space = Space(SPACE.mean, SPACE.deviation, level=level)
    latent = np.zeros((4, CHANNELS), np.float32)
    latent[:, 0] = (0.0, -30.0, -50.0, -90.0)
    direction = np.zeros(CHANNELS, np.float32)
    direction[2] = 1.0
    made = along(latent, direction, 2.0, space)[:, 2] / space.deviation[2]
    assert made.tolist() == pytest.approx([2.0, 2.0, 1.0, 0.0])
    sounds = [latent + np.float32([[0, 0, n, 0, 0, 0]]) * np.float32([[1], [1], [1], [0]]) for n in range(9)]
    found = principal_axes([np.asarray(sound, np.float32) for sound in sounds], space, count=1)
    assert [found.place(np.asarray(sound, np.float32), space)[0] for sound in sounds] == pytest.approx(
        ((np.arange(9) - 4) / np.std(np.arange(9), ddof=1)).tolist(), abs=0.2
    )
