"""Moves of knobs within a sound: their definition, where they are heard, how passes are laid over each other."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.edited import Original, decoded
from engine.errors import BadRequest
from engine.latent.axes import DIRECTIONS
from engine.latent.blend import blended
from engine.latent.chain import MOST_MOVES, Chain, chain_from, chain_json, movable, plain, read_chain
from engine.latent.edit import KINDS, Edit, Moves
from engine.latent.moves import Overdub
from engine.latent.space import FRAME_HZ, POINT_HZ, Axis, Space
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent
from tests.fakes import PARTIALS, ToneGenerator

CHANNELS, FRAMES = 8, 22
ONE = np.ones(CHANNELS, np.float32)
SPACE = Space(0 * ONE, ONE, axes={key: Axis(key, key, "units", 1.0, ONE, ONE) for key in DIRECTIONS})
PITCH = Pitch(45.0, np.linspace(0.5, 0, FRAMES * 8, dtype=np.float32))
OTHER = {"other": (np.full((FRAMES + 6, CHANNELS), 3.0, np.float32), PITCH)}
MIDDLES = (np.arange(FRAMES) + 0.5) / FRAME_HZ


@pytest.fixture
def latent() -> Latent:
    return np.random.default_rng(0).standard_normal((FRAMES, CHANNELS)).astype(np.float32)


def moving(key: str, *moves: tuple[float, float]) -> Edit:
    """The edit that has this parameter, with moves and whatever else it needs."""
    kind = next(kind for kind in KINDS.values() if key in kind.keys)
    points = ((0.0, 2.0), (1.0, 0.5)) if kind.points else ()
    return Edit(kind=kind.key, moves=moves, source="other" if kind.source else "", points=points)


def applied(latent: Latent, *edits: Edit) -> tuple[Latent, Pitch]:
    return Chain(edits=edits).apply(latent, PITCH, SPACE, OTHER)


MOVABLE = [kind.keys[0] for kind in KINDS.values() if kind.moving]


@pytest.mark.parametrize("key", MOVABLE)
def test_a_knob_that_moves_nowhere_is_one_that_stands_there_bit_for_bit(key: str, latent: Latent) -> None:
    value = PARAMS[key].at(0.9)
    edit = moving(key, (0.2, value), (1.1, value))
    chain, still = Chain(edits=(edit,)), Chain(edits=(edit.standing(value),))
    (made, pitch), (wanted, sung) = (one.apply(latent, PITCH, SPACE, OTHER) for one in (chain, still))
    np.testing.assert_array_equal(made, wanted)
    np.testing.assert_array_equal(pitch.hz(500), sung.hz(500))
    assert pitch.root_note == sung.root_note
    assert not np.array_equal(made, latent) or not np.array_equal(pitch.hz(500), PITCH.hz(500)), "it does something"


@pytest.mark.parametrize("key", MOVABLE)
def test_every_moment_is_what_the_edit_makes_with_the_value_of_that_moment(key: str, latent: Latent) -> None:
    spec = PARAMS[key]
    low, high = spec.at(0.1), spec.at(0.9)
    edit = moving(key, (0.5, low), (1.5, high))
    made, pitch = applied(latent, edit)
    for frame, moment in enumerate((np.arange(len(made)) + 0.5) / FRAME_HZ):
        value = float(np.interp(moment, (0.5, 1.5), (low, high)))
        wanted, _ = applied(latent, edit.standing(round(value) if spec.counted else value))
        np.testing.assert_array_equal(made[frame], wanted[frame])
    for point in range(0, len(pitch.octaves), 9):
        value = float(np.interp(point / POINT_HZ, (0.5, 1.5), (low, high)))
        _, sung = applied(latent, edit.standing(round(value) if spec.counted else value))
        assert pitch.hz(point + 1)[-1] == pytest.approx(sung.hz(point + 1)[-1], rel=1e-5)


def test_moves_that_do_nothing_give_the_very_same_latent(latent: Latent) -> None:
    for chain in (
        Chain().moving("amplify", ((0.0, 1.0), (1.0, 1.0))),
        Chain().having("amplify", 2.0).moving("amplify", ((0.5, 1.0),)),
        Chain(edits=(Edit(kind="noise", moves=((0.0, 1.0),), enabled=False),)),
    ):
        assert chain.active == ()
        made, pitch = chain.apply(latent, PITCH, SPACE)
        assert made is latent
        assert pitch is PITCH
    assert Chain().moving("amplify", ((0.0, 1.0), (1.0, 1.5))).active


def test_a_step_of_the_level_is_heard_where_it_was_made() -> None:
    """Amplify moves about the mean; where that is silence, it is the level."""
    latent = np.full((FRAMES, PARTIALS), 0.01, np.float32)
    space = Space(np.zeros(PARTIALS, np.float32), np.ones(PARTIALS, np.float32), frame_hz=FRAME_HZ)
    chain = Chain().moving("amplify", ((1.0, 1.0), (1.005, 3.0)))
    original = Original((latent,), Pitch(57.0), FRAMES / FRAME_HZ)
    plainly, moved = (decoded(ToneGenerator().decode, original, one, space) for one in (Chain(), chain))
    gain = np.sqrt(moved.samples[:, 0] ** 2 + 1e-12) / np.sqrt(plainly.samples[:, 0] ** 2 + 1e-12)
    loud = np.abs(plainly.samples[:, 0]) > 1e-4
    seconds = np.arange(len(gain)) / moved.rate_hz
    assert gain[loud & (seconds < 1.0 - 2 / FRAME_HZ)] == pytest.approx(1.0, abs=1e-3)
    assert gain[loud & (seconds > 1.0 + 2 / FRAME_HZ) & (seconds < 1.9)] == pytest.approx(3.0, abs=1e-2)


def test_a_slide_of_the_note_follows_the_knob_and_not_the_latents_frames(latent: Latent) -> None:
    chain = Chain().moving("pitch_st", ((0.5, 0.0), (0.505, 7.0), (1.0, 7.0), (2.0, -5.0)))
    _, pitch = chain.apply(latent, Pitch(57.0), SPACE)
    hz = pitch.hz(200)
    semitones = 12 * np.log2(hz / 220.0)
    moments = np.arange(200) / POINT_HZ
    wanted = np.interp(moments, (0.5, 0.505, 1.0, 2.0), (0.0, 7.0, 7.0, -5.0))
    assert semitones[:172] == pytest.approx(wanted[:172], abs=1e-3)
    sharp = (moments > 0.48) & (moments < 0.53)
    assert np.abs(np.diff(semitones[sharp])).max() > 5.0, "a jump stays a jump"


def test_what_has_no_pitch_keeps_having_none(latent: Latent) -> None:
    silent = Pitch(None)
    assert Chain().moving("pitch_st", ((0.0, 0.0), (1.0, 12.0))).apply(latent, silent, SPACE)[1] is silent


def test_moves_are_counted_in_the_sound_that_is_heard(latent: Latent) -> None:
    """Twice as long, backwards: what was recorded at 3 s of it is heard at 3 s of it."""
    flat = np.ones((FRAMES, CHANNELS), np.float32)
    chain = Chain().moving("amplify", ((3.0, 1.0), (3.01, 2.0))).having("stretch", 2.0)
    made, _ = chain.apply(flat, PITCH, SPACE)
    frames = (np.arange(len(made)) + 0.5) / FRAME_HZ
    assert made[frames < 2.8] == pytest.approx(1.0)
    assert made[frames > 3.2] == pytest.approx(2.0)
    back, _ = chain.plus(Edit(kind="reverse")).apply(flat, PITCH, SPACE)
    assert back[frames < 2.8] == pytest.approx(1.0)
    assert back[frames > 3.2] == pytest.approx(2.0)


def test_moves_in_a_part_leave_the_rest_alone(latent: Latent) -> None:
    part = (0.5, 1.2)
    chain = Chain().moving("amplify", ((0.0, 3.0), (2.0, 2.0)), part)
    assert (chain.moves("amplify"), len(chain.moves("amplify", part))) == ((), 2)
    made, _ = chain.apply(latent, PITCH, SPACE)
    outside = (MIDDLES < part[0]) | (MIDDLES > part[1])
    np.testing.assert_array_equal(made[outside], latent[outside])
    assert np.abs(made[~outside] - latent[~outside]).min(axis=1).max() > 0


def test_a_morph_that_moves_ends_when_the_sound_then_in_force_does(latent: Latent) -> None:
    long = FRAMES + 6
    there, _ = applied(latent, moving("morph", (0.0, 0.0), (1.0, 1.0)))
    back, _ = applied(latent, moving("morph", (0.0, 1.0), (1.0, 0.0)))
    assert (len(there), len(back)) == (long, FRAMES)
    np.testing.assert_array_equal(there[-6:], OTHER["other"][0][-6:])
    np.testing.assert_array_equal(back[-6:], latent[-6:])


def test_edits_with_moves_travel_as_text() -> None:
    chain = Chain().having("noise", 0.3).moving("amplify", ((0.0, 1.0), (0.5, 2.0)), (0.5, 1.0))
    assert read_chain(chain_json(chain)) == chain == chain_from(plain(chain))
    assert chain.moved_keys == ("amplify",)
    assert chain.still.moved_keys == ()
    assert "moves" not in chain_json(Chain().having("noise", 0.3))


HOSTILE: list[tuple[object, str]] = [
    ([[0.5, 1.0], [0.5, 2.0]], "later than"),
    ([[1.0, 1.0], [0.5, 2.0]], "later than"),
    ([[-0.1, 1.0]], "later than"),
    ([[601.0, 1.0]], "later than"),
    ([[0.0, 3.1]], "between 0 and 3"),
    ([[0.0, -1e300]], "between 0 and 3"),
    ([[0.0, 1.0, 2.0]], "length 2"),
    ([[0.0, "loud"]], "float"),
    ([[0.0, None]], "float"),
    ("0.5", "array"),
    ([[n / 10, 1.0] for n in range(4097)], "at most 4096 moves"),
]


@pytest.mark.parametrize(("moves", "word"), HOSTILE)
def test_moves_of_any_origin_are_refused_with_one_line(moves: object, word: str) -> None:
    text = json.dumps({"edits": [{"kind": "amplify", "moves": moves}]})
    with pytest.raises(BadRequest, match=word) as refused:
        read_chain(text)
    assert "\n" not in str(refused.value)


def test_no_number_is_refused_that_is_none() -> None:
    for pair in ((float("nan"), 1.0), (float("inf"), 1.0), (0.0, float("nan")), (0.0, float("inf"))):
        with pytest.raises(BadRequest):
            Edit(kind="amplify", moves=(pair,))


def test_too_many_moves_together_are_refused() -> None:
    moves = tuple((n / 10, 2.0) for n in range(3000))
    chain = Chain().moving("amplify", moves).moving("body", moves)
    with pytest.raises(BadRequest, match=f"at most {MOST_MOVES} moves"):
        chain.moving("warmth", moves)


def test_what_concerns_time_or_the_whole_sound_cannot_move() -> None:
    assert set(MOVABLE) == {key for kind in KINDS.values() for key in kind.keys if movable(key)}
    for key in ("stretch", "shift_s", "freeze_s", "attack", "decay", "formant_st", "drop_s", "noise_seed"):
        assert not movable(key)
        with pytest.raises(BadRequest, match="cannot move"):
            Chain().moving(key, ((0.0, PARAMS[key].at(0.5)),))
    with pytest.raises(BadRequest, match="Reverse cannot move"):
        Edit(kind="reverse", moves=((0.0, 1.0),))


def test_whole_numbers_stay_whole(latent: Latent) -> None:
    with pytest.raises(BadRequest, match="whole number"):
        Edit(kind="smooth", moves=((0.0, 1.5),))
    made, _ = applied(latent, moving("smooth", (0.0, 1), (2.0, 32)))
    assert np.isfinite(made).all()


def test_between_two_slots_moves_change_over_in_the_middle() -> None:
    moves: Moves = ((0.0, 1.0), (1.0, 2.0))
    some, none = Chain().moving("amplify", moves), Chain().having("amplify", 1.5)
    assert blended(some, none, 0.4).moves("amplify") == moves
    assert blended(some, none, 0.6).moves("amplify") == ()
    assert blended(some, Chain(), 0.6).moves("amplify") == ()
    assert blended(Chain(), some, 0.6).moves("amplify") == moves


# -- passes


def heard(moves: Moves, moment: float) -> float:
    return float(np.interp(moment, *np.asarray(moves).T))


def test_the_first_pass_begins_where_the_slider_stood() -> None:
    take = Overdub(((0.0, 1.0),)).turned(0.5, 1.2).turned(0.51, 1.4).turned(1.0, 3.0)
    assert [heard(take.moves, at) for at in (0.0, 0.49, 0.51, 0.99, 1.0, 5.0)] == pytest.approx([1, 1, 1.4, 1.4, 3, 3])
    assert Overdub(()).moves == ()
    assert Overdub(((0.0, 1.0),)).turned(0.0, 2.0).moves == ((0.0, 2.0),)


def test_a_later_pass_replaces_from_its_first_turn_on() -> None:
    first: Moves = ((0.0, 1.0), (0.5, 2.0), (1.5, 3.0))
    second = Overdub(first).turned(1.0, 0.5).turned(1.01, 0.4)
    assert [heard(second.moves, at) for at in (0.25, 0.99, 1.01, 1.5)] == pytest.approx([1.5, 2.49, 0.4, 0.4])


def test_a_sound_that_is_heard_from_its_end_is_recorded_from_there() -> None:
    first: Moves = ((0.0, 1.0), (0.5, 2.0), (1.5, 3.0))
    second = Overdub(first, backwards=True).turned(1.0, 0.5).turned(0.8, 0.4)
    assert [heard(second.moves, at) for at in (1.5, 1.01, 0.99, 0.81, 0.79, 0.0)] == pytest.approx(
        [3.0, 2.51, 0.5, 0.5, 0.4, 0.4]
    )


def test_a_wild_hand_stays_within_what_an_edit_takes() -> None:
    rng = np.random.default_rng(1)
    take = Overdub(((0.0, 1.0),))
    for moment in np.sort(rng.uniform(0, 30, 6000)):
        take = take.turned(float(moment), float(rng.uniform(0, 3)))
    assert len(take.moves) <= 4096
    Edit(kind="amplify", moves=take.moves)
