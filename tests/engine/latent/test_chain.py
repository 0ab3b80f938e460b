"""Chains: what they do to latent and pitch, how they travel, what they refuse."""

from __future__ import annotations

import json
import time
import tomllib

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.latent.axes import DIRECTIONS
from engine.latent.chain import Chain, chain_from, chain_json, plain, read_chain
from engine.latent.edit import KINDS, Edit
from engine.latent.space import POINT_HZ, Axis, Onset, Space
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent

CHANNELS, FRAMES = 64, 22
ONE = np.ones(CHANNELS, np.float32)
LOUD = np.eye(1, CHANNELS + 1, dtype=np.float32)[0] * 10  # the first channel says how loud it is
RISE = Onset(1, np.zeros((1, CHANNELS), np.float32), np.ones(1, np.float32), np.ones((CHANNELS, 1), np.float32))
SPACE = Space(
    np.zeros(CHANNELS, np.float32), np.ones(CHANNELS, np.float32),
    level=LOUD, rise_up=RISE, rise_down=RISE,
    axes={key: Axis(key, key, "units", 1.0, ONE, ONE) for key in DIRECTIONS},
)  # fmt: skip
PITCH = Pitch(45.0)


@pytest.fixture
def latent() -> Latent:
    return np.random.default_rng(0).standard_normal((FRAMES, CHANNELS)).astype(np.float32)


def test_without_active_edits_latent_and_pitch_are_the_very_same(latent: Latent) -> None:
    idle = [Edit(kind=kind.key) for kind in KINDS.values() if kind.key != "reverse"]
    off = [Edit(kind="reverse", enabled=False), Edit(kind="amplify", values={"amplify": 2.0}, enabled=False)]
    for chain in (Chain(), Chain(edits=(*idle, *off)), Chain(edits=(Edit(kind="reverse"),), bypassed=True)):
        made, pitch = chain.apply(latent, PITCH, SPACE)
        assert made is latent
        assert pitch is PITCH


def test_every_kind_of_edit_changes_something(latent: Latent) -> None:
    given = {"noise": {"noise": 0.5}, "morph": {"morph": 0.5}, "stretch": {"stretch": 2.0}, "smooth": {"smooth": 4}}
    curve = Pitch(45.0, np.linspace(0.5, 0, FRAMES * 8, dtype=np.float32))
    for kind in KINDS.values():
        values: dict[str, float | str] = dict(given.get(kind.key, {}))
        if kind.keys and not values and kind.key != "sing":
            spec = PARAMS[kind.keys[0]]
            values = {spec.key: spec.at(0.6) if spec.default != spec.at(0.6) else spec.at(0.8)}
        if kind.key == "freeze":
            values = {"freeze_s": 0.5}
        points = ((0.0, 2.0), (1.0, 0.5)) if kind.points else ()
        edit = Edit(kind=kind.key, values=values, source="other" if kind.source else "", points=points)
        assert not edit.idle, kind.key
        made, pitch = Chain(edits=(edit,)).apply(latent, curve, SPACE, {"other": (latent[::-1].copy(), Pitch(50.0))})
        assert np.isfinite(made).all()
        if kind.pitch:
            assert made is latent
            assert not np.array_equal(pitch.hz(400), curve.hz(400)) or pitch.formant_st != 0, kind.key
        else:
            assert not np.array_equal(made, latent), kind.key


def test_edits_happen_in_their_order(latent: Latent) -> None:
    louder, noise = Edit(kind="amplify", values={"amplify": 2.0}), Edit(kind="noise", values={"noise": 0.5})
    chain = Chain(edits=(louder, noise))
    first, _ = chain.apply(latent, PITCH, SPACE)
    second, _ = chain.moved(0, 1).apply(latent, PITCH, SPACE)
    assert not np.allclose(first, second)
    assert chain.moved(0, 1).moved(1, 0) == chain
    assert np.array_equal(chain.without(1).apply(latent, PITCH, SPACE)[0], 2 * latent)


def test_a_slider_finds_its_edit_or_adds_it() -> None:
    chain = Chain().having("amplify", 1.5).having("vibrato_rate_hz", 3.0).having("amplify", 0.5)
    assert [edit.kind for edit in chain.edits] == ["amplify", "vibrato"]
    assert (chain.value("amplify"), chain.value("vibrato_rate_hz"), chain.value("vibrato_cents")) == (0.5, 3.0, 0.0)
    part = Chain(edits=(Edit(kind="amplify", values={"amplify": 3.0}, region_s=(0.5, 1.0)),))
    assert part.value("amplify") == 1.0
    with pytest.raises(BadRequest, match="between 0 and 3"):
        chain.having("amplify", 3.1)


def test_a_region_leaves_the_rest_alone(latent: Latent) -> None:
    edits = tuple(
        Edit(kind=kind, values=values, region_s=(0.5, 1.2))  # type: ignore[arg-type]
        for kind, values in (("amplify", {"amplify": 2.0}), ("noise", {"noise": 1.0}), ("reverse", {}))
    )
    for edit in edits:
        made, _ = Chain(edits=(edit,)).apply(latent, PITCH, SPACE)
        assert np.array_equal(made[:5], latent[:5])
        assert np.array_equal(made[13:], latent[13:])
        assert not np.allclose(made[7:11], latent[7:11])


def semitones(pitch: Pitch, seconds: float) -> float:
    """How far above A2 the pitch lies after so many seconds."""
    return float(12 * np.log2(pitch.hz(round(6 * POINT_HZ))[round(seconds * POINT_HZ)] / 110.0))


def test_the_pitch_curve_is_edited_apart_from_the_timbre(latent: Latent) -> None:
    def sung(**values: float) -> Pitch:
        chain = Chain()
        for key, value in values.items():
            chain = chain.having(key, value)
        made, pitch = chain.apply(latent, PITCH, SPACE)
        assert made is latent
        return pitch

    assert semitones(sung(pitch_st=7.0), 1.0) == pytest.approx(7.0, abs=1e-3)
    glide = sung(glide_from_st=-12.0, glide_time_s=0.5)
    assert [semitones(glide, at) for at in (0.0, 0.25, 0.6)] == pytest.approx([-12, -6, 0], abs=0.2)
    drop = sung(drop_st=24.0, drop_s=0.2, drop_bend=0.5)
    assert semitones(drop, 0.0) == pytest.approx(24.0, abs=1e-3)
    assert 0 < semitones(drop, 0.1) < 12
    assert [semitones(drop, at) for at in (0.25, 2.0)] == pytest.approx([0, 0], abs=1e-3)
    swing = sung(vibrato_cents=50.0, vibrato_rate_hz=5.0, vibrato_delay_s=0.3)
    assert semitones(swing, 0.29) == pytest.approx(0.0, abs=1e-3)
    later = [semitones(swing, 0.8 + n / POINT_HZ) for n in range(35)]
    assert (max(later), min(later)) == pytest.approx((0.5, -0.5), abs=0.03)


def test_a_drawn_line_is_sung(latent: Latent) -> None:
    line = Edit(kind="draw", points=((1.0, 12.0), (0.5, 0.0)))
    _, pitch = Chain(edits=(line,)).apply(latent, PITCH, SPACE)
    assert [semitones(pitch, at) for at in (0.2, 0.75, 1.0, 1.5)] == pytest.approx([0, 6, 12, 0], abs=0.15)
    _, flat = Chain(edits=(line, Edit(kind="pitch-movement", values={"pitch_movement": 0.0}))).apply(
        latent, PITCH, SPACE
    )
    assert semitones(flat, 0.75) == pytest.approx(0.0, abs=1e-3)


def test_the_timbre_of_one_on_the_pitch_of_another(latent: Latent) -> None:
    others = {"lead": (latent, Pitch(57.0, np.full(10, 0.5, np.float32)))}
    for note, wanted in (("other", 18.0), ("own", 6.0)):
        edit = Edit(kind="sing", values={"pitch_note": note}, source="lead")
        made, pitch = Chain(edits=(edit,)).apply(latent, PITCH, SPACE, others)
        assert made is latent
        assert semitones(pitch, 1.0) == pytest.approx(wanted, abs=1e-3)


def test_what_has_no_pitch_gets_none_by_editing(latent: Latent) -> None:
    chain = Chain().having("pitch_st", 5.0).having("drop_st", 12.0).having("vibrato_cents", 50.0)
    assert chain.apply(latent, Pitch(None), SPACE)[1].root_note is None


def test_a_missing_sound_is_one_clear_line(latent: Latent) -> None:
    chain = Chain(edits=(Edit(kind="morph", values={"morph": 0.5}, source="gone"),))
    assert chain.sources == {"gone"}
    with pytest.raises(BadRequest, match="gone"):
        chain.apply(latent, PITCH, SPACE)


def test_a_chain_travels_as_json_and_as_toml() -> None:
    chain = Chain(
        edits=(
            Edit(kind="smooth", values={"smooth": 4, "smooth_kind": "max"}, region_s=(0.25, 1.0)),
            Edit(kind="morph", values={"morph": 0.5}, source="take-1", enabled=False),
            Edit(kind="draw", points=((0.0, 1.0), (1.0, -2.0))),
        )
    )
    assert read_chain(chain_json(chain)) == chain
    assert chain_from(plain(chain)) == chain
    toml = """
        [[edits]]
        kind = "smooth"
        region_s = [0.25, 1.0]
        values = { smooth = 4, smooth_kind = "max" }
    """
    assert chain_from(tomllib.loads(toml)).edits == chain.edits[:1]


HOSTILE = [
    "", "null", "[]", "{", '{"edits": 3}', '{"version": 2}', '{"edits": [{"kind": "explode"}]}', '{"more": 1}',
    '{"edits": [{"kind": "amplify", "values": {"amplify": 99}}]}',
    '{"edits": [{"kind": "amplify", "values": {"amplify": "loud"}}]}',
    '{"edits": [{"kind": "amplify", "values": {"noise": 0.1}}]}',
    '{"edits": [{"kind": "smooth", "values": {"smooth": 2.5}}]}',
    '{"edits": [{"kind": "smooth", "values": {"smooth_kind": 1}}]}',
    '{"edits": [{"kind": "amplify", "region_s": [2, 1]}]}',
    '{"edits": [{"kind": "decay", "region_s": [0, 1]}]}',
    '{"edits": [{"kind": "amplify", "source": "other"}]}',
    '{"edits": [{"kind": "amplify", "points": [[0, 1]]}]}',
    '{"edits": [{"kind": "draw", "points": [[0, 1e9]]}]}',
    '{"edits": [{"kind": "draw", "points": [[0, 1, 2]]}]}',
    json.dumps({"edits": [{"kind": "amplify"}] * 65}),
    json.dumps({"edits": [{"kind": "x" * 100_000}]}),
    "[" * 100_000, "{" + '"a":{' * 5000, '{"edits": [{"kind": "noise", "values": {"noise": NaN}}]}',
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: data[:40])
def test_hostile_edits_are_refused_with_one_line(data: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_chain(data)
    assert len(str(refused.value)) < 400
    assert "\n" not in str(refused.value)


def test_a_chain_of_everything_takes_a_moment(latent: Latent) -> None:
    chain = Chain()
    for key, value in {
        "amplify": 1.4, "noise": 0.2, "smooth": 3, "brightness": 1.0, "attack": 1.0, "decay": 0.1, "body": -1.0,
        "quantise": 0.2, "stretch": 1.1, "pitch_st": 3.0, "drop_st": 12.0, "vibrato_cents": 20.0,
    }.items():  # fmt: skip
        chain = chain.having(key, value)
    took = []
    for _ in range(20):
        start = time.perf_counter()
        chain.apply(latent, PITCH, SPACE)
        took.append(time.perf_counter() - start)
    assert min(took) < 2e-3


def test_a_chord_stays_one(latent: Latent) -> None:
    chord = Pitch(45.0, np.linspace(0.1, 0, FRAMES * 8, dtype=np.float32), chord=(0, 4, 7))
    chain = Chain(edits=(Edit(kind="reverse"), Edit(kind="draw", points=((0.1, 1.0), (0.3, 0.0)))))
    for key, value in {"stretch": 2.0, "pitch_st": 3.0, "drop_st": 12.0, "pitch_movement": 0.5}.items():
        chain = chain.having(key, value)
    assert chain.apply(latent, chord, SPACE)[1].chord == (0, 4, 7)
