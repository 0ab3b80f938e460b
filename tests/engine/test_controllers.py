"""A knob of the hardware moves what it was learnt for, in the way that it sends, and never makes it jump."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine import controllers
from engine.controllers import Binding, ControllerMap, Learnt, Move, Place, Refused, reserved

PORT = "Launchkey 37:Launchkey 37 MIDI 1 24:0"


class Desk:
    """Targets on a screen and one controller; `turn` sends values and moves what moves."""

    def __init__(self, binding: Binding | None = None, step: float = 0.0, **places: float) -> None:
        self.places = dict(places)
        self.step = step
        self.map = ControllerMap({PORT: [binding]} if binding else {})

    def where(self, target: str) -> Place | None:
        return Place(self.places[target], self.step) if target in self.places else None

    def turn(self, *values: int, number: int = 21, channel: int = 1, port: str = PORT) -> list[object]:
        outcomes: list[object] = []
        for value in values:
            outcome = self.map.moved(port, channel, number, value, self.where)
            if isinstance(outcome, Move) and outcome.position is not None:
                self.places[outcome.target] = outcome.position
            outcomes.append(outcome)
        return outcomes

    def fine(self, *values: int, number: int = 21) -> list[float]:
        seen = []
        for value in values:
            self.turn(value >> 7, number=number)
            seen.append(self.places["a"])
            self.turn(value & 127, number=number + 32)
            seen.append(self.places["a"])
        return seen

    def learn(self, target: str, *values: int, number: int = 21, **more: int) -> Learnt:
        self.map.learn(target)
        found = [outcome for outcome in self.turn(*values, number=number, **more) if isinstance(outcome, Learnt)]
        assert len(found) == 1, "learnt once"
        return found[0]


def bound(**fields: object) -> Binding:
    return Binding(**({"number": 21, "target": "a", "takeover": False} | fields))  # type: ignore[arg-type]


# -- the way from hardware to target


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, (0.0, 64 / 127, 1.0)),
        ({"low": 0.2, "high": 0.6}, (0.2, 0.2 + 0.4 * 64 / 127, 0.6)),
        ({"low": 1.0, "high": 0.0}, (1.0, 63 / 127, 0.0)),
        ({"bow": "exponential"}, (0.0, 0.185, 1.0)),
        ({"bow": "logarithmic"}, (0.0, 0.7875, 1.0)),
    ],
)
def test_range_and_curve_shape_the_travel(fields: dict[str, object], at: tuple[float, float, float]) -> None:
    desk = Desk(bound(**fields), a=0.5)
    for value, expected in zip((0, 64, 127), at, strict=True):
        desk.turn(value)
        assert desk.places["a"] == pytest.approx(expected, abs=1e-3 if "bow" in fields else 1e-9)


def test_a_14_bit_controller_is_smooth_and_never_steps_back() -> None:
    desk = Desk(bound(kind="fine"), a=0.0)
    up = desk.fine(*range(1000, 1400, 7))
    assert all(a <= b for a, b in pairwise(up)), "between the halves of a number nothing jumps back"
    assert desk.places["a"] == pytest.approx(1399 / 16383, abs=8 / 16383)
    down = desk.fine(*range(1399, 1000, -7))
    assert all(a >= b for a, b in pairwise(down))


@pytest.mark.parametrize(("kind", "up", "down"), [("twos", 3, 125), ("signed", 3, 67), ("offset", 67, 61)])
def test_encoders_move_by_what_they_turn(kind: str, up: int, down: int) -> None:
    desk = Desk(bound(kind=kind, takeover=True), a=0.5)
    desk.turn(up)
    assert desk.places["a"] == pytest.approx(0.5 + 3 / 128)
    desk.turn(down, down)
    assert desk.places["a"] == pytest.approx(0.5 - 3 / 128)
    desk.turn(*[down] * 100)
    assert desk.places["a"] == 0.0
    turned = Desk(bound(kind=kind, low=1.0, high=0.0), a=0.5)
    turned.turn(up)
    assert turned.places["a"] < 0.5


def test_an_encoder_walks_through_few_choices_without_sticking() -> None:
    desk = Desk(bound(kind="twos"), step=1 / 3, a=0.0)
    seen = []
    for _ in range(12):
        desk.turn(1)
        desk.places["a"] = round(desk.places["a"] * 3) / 3  # the target snaps
        seen.append(round(desk.places["a"] * 3))
    assert sorted(set(seen)) == [0, 1, 2, 3]
    assert seen[-1] == 3


# -- soft takeover


def test_hardware_moves_nothing_until_it_has_passed_the_value() -> None:
    desk = Desk(bound(takeover=True), a=0.5)
    waiting = desk.turn(10, 30, 50)
    assert desk.places["a"] == 0.5
    assert waiting[-1] == Move("a", None, 50 / 127)
    desk.turn(90)  # so fast that no message lies near: passed all the same
    assert desk.places["a"] == 90 / 127
    desk.turn(20)
    assert desk.places["a"] == 20 / 127, "once picked up it is followed"


def test_what_was_moved_on_the_screen_is_picked_up_again() -> None:
    desk = Desk(bound(takeover=True), a=0.5)
    desk.turn(60, 64, 80)
    assert desk.places["a"] == 80 / 127
    desk.places["a"] = 0.1
    desk.map.let_go("a")
    desk.turn(81, 70)
    assert desk.places["a"] == 0.1
    desk.turn(13)
    assert desk.places["a"] == 13 / 127


def test_a_value_outside_the_range_is_picked_up_at_its_end() -> None:
    desk = Desk(bound(takeover=True, high=0.5), a=0.9)
    desk.turn(30, 120)
    assert desk.places["a"] == 0.9
    desk.turn(127, 100)
    assert desk.places["a"] == pytest.approx(0.5 * 100 / 127)


def test_two_controllers_of_one_target_pick_it_up_from_each_other() -> None:
    desk = Desk(a=0.0)
    for port in ("One", "Two"):
        desk.map.bind(port, bound(takeover=True))
    desk.turn(0, 40, port="One")
    assert desk.turn(100, port="Two") == [Move("a", None, 100 / 127)]
    desk.turn(30, port="Two")
    assert desk.turn(41, port="One")[0] == Move("a", None, 41 / 127)


# -- learning


def test_the_controller_that_moves_clearly_is_learnt_not_the_one_that_wavers() -> None:
    desk = Desk(a=0.5)
    desk.map.learn("a")
    for value in range(40, 47):
        assert desk.turn(value & 1, number=30) == [None]
        assert desk.turn(value, number=21, channel=3) == [None]
    learnt = desk.turn(48, number=21, channel=3)[0]
    assert isinstance(learnt, Learnt)
    assert learnt.port == "Launchkey 37:Launchkey 37 MIDI 1", "found again whatever number the system gives it"
    assert (learnt.binding.number, learnt.binding.channel, learnt.binding.kind) == (21, 3, "absolute")
    assert desk.map.learning is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 127], "absolute"),  # a button
        ([127, 120, 100], "absolute"),
        ([3, 4, 5, 6, 7, 8, 9, 10, 11], "absolute"),  # a slow knob, low down
        ([1, 1, 1], "twos"),
        ([127, 127, 127], "twos"),
        ([1, 127, 127, 1, 1], "twos"),
        ([1, 65, 65, 1, 1], "signed"),
        ([65, 65, 65], "offset"),
        ([63, 63, 62, 62], "offset"),
    ],
)
def test_learning_tells_knobs_from_encoders(values: list[int], kind: str) -> None:
    assert Desk(a=0.5).learn("a", *values).binding.kind == kind


def test_an_encoder_that_was_ambiguous_is_understood_when_it_turns_back() -> None:
    desk = Desk(a=0.5)
    assert desk.learn("a", 65, 65, 65).binding.kind == "offset"  # or a sign bit, turning down
    before = desk.map.revision
    desk.turn(1)
    assert desk.map.bindings(PORT)[0].kind == "signed"
    assert desk.map.revision > before, "worth saving"
    desk.turn(65)
    assert desk.places["a"] == pytest.approx(0.5)


def test_learning_hears_both_halves_of_a_14_bit_controller() -> None:
    desk = Desk(a=0.5)
    desk.map.learn("a")
    for value in range(5000, 8000, 100):
        desk.turn(value >> 7, number=7)
        desk.turn(value & 127, number=39)
    assert [(b.number, b.kind) for b in desk.map.bindings(PORT)] == [(7, "fine")]


def test_a_button_pressed_once_is_learnt_when_it_was_heard_before() -> None:
    desk = Desk(a=0.5)
    desk.turn(0)
    desk.map.learn("a")
    desk.turn(90)
    assert desk.map.bindings(PORT)[0].number == 21


def test_a_controller_moves_one_target_and_says_what_it_moved_before() -> None:
    desk = Desk(a=0.5, b=0.5)
    desk.learn("a", 0, 30)
    learnt = desk.learn("b", 40, 80)
    assert learnt.before == ("a",)
    assert desk.map.of("a") == ()
    assert desk.learn("b", 0, 50, number=22).before == ()
    assert [b.number for b in desk.map.bindings(PORT)] == [22], "nor do two knobs of one device move the same"


@pytest.mark.parametrize("number", [0, 32, 6, 38, 64, 88, 98, 99, 100, 101, 120, 123, 127])
def test_reserved_controllers_are_refused_with_a_word_said_once(number: int) -> None:
    desk = Desk(a=0.5)
    desk.map.learn("a")
    said = [outcome for outcome in desk.turn(0, 127, 0, 127, number=number) if outcome is not None]
    assert said == [Refused(reserved(number))]
    assert str(number) in reserved(number)
    assert desk.map.learning == "a", "the next one may do"
    with pytest.raises(ValueError, match=str(number)):
        bound(number=number)


def test_the_mod_wheel_is_allowed_with_a_word() -> None:
    assert "vibrato" in Desk(a=0.5).learn("a", 0, 40, 80, number=1).word


def test_channels_are_kept_apart_unless_any_will_do() -> None:
    desk = Desk(bound(channel=2), a=0.5)
    desk.turn(127, channel=1)
    assert desk.places["a"] == 0.5
    desk.map.change("a", channel=None)
    desk.turn(127, channel=1)
    assert desk.places["a"] == 1.0


def test_what_is_no_controller_and_what_has_no_target_is_ignored() -> None:
    desk = Desk(bound(target="gone"), a=0.5)
    assert desk.turn(50) == [None]
    assert desk.turn(9000, number=128) == [None]
    desk.map.learn("a")
    assert desk.turn(0, 16383, number=128) == [None, None]


def test_what_was_just_learnt_is_picked_up_from_where_the_hardware_stands() -> None:
    desk = Desk(a=0.5)
    desk.learn("a", 0, 40)
    desk.turn(120)
    assert desk.places["a"] == 120 / 127


# -- kept


def test_what_was_learnt_comes_back_and_each_controller_has_its_file(tmp_path: Path) -> None:
    desk = Desk(a=0.5)
    desk.learn("a", 0, 30)
    desk.map.change("a", low=0.9, high=0.1, bow="logarithmic", takeover=False)
    desk.map.bind("Ünsafe/../nämé", bound(number=70, kind="offset"))
    desk.map.bind("Ünsafe-..-nämé", bound(number=71))
    controllers.save({port: desk.map.bindings(port) for port in desk.map.ports()}, tmp_path)
    assert len(list((tmp_path / "controllers").iterdir())) == 3
    again, words = controllers.load(tmp_path)
    assert words == ()
    assert {port: again.bindings(port) for port in again.ports()} == {
        port: desk.map.bindings(port) for port in desk.map.ports()
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"controller": "x", "bindings": [{"number": 21',
        '{"controller": "x", "bindings": [{"number": 64, "target": "a"}]}',
        '{"controller": "x", "bindings": [{"number": -1, "target": "a"}]}',
        '{"controller": "x", "bindings": [{"number": 40, "target": "a", "kind": "fine"}]}',
        '{"controller": "x", "bindings": [{"number": 21, "target": "a", "high": 1e400}]}',
        '{"controller": "x", "bindings": [{"number": 21, "target": "a", "low": NaN}]}',
        '{"controller": "x", "bindings": [{"number": 21, "target": "a", "channel": 17}]}',
        '{"controller": "x", "bindings": [{"number": 21, "target": "' + "a" * 999 + '"}]}',
        '{"controller": "x", "bindings": [' + ",".join(['{"number": 21, "target": "a"}'] * 3000) + "]}",
        "[" * 100_000,
        "\udcff",
        " " * 300_000,
    ],
)
def test_a_damaged_or_hostile_file_is_set_aside_and_the_others_are_read(tmp_path: Path, text: str) -> None:
    controllers.save({"good": (bound(),)}, tmp_path)
    bad = tmp_path / "controllers" / "bad.json"
    bad.write_bytes(text.encode("utf-8", "surrogateescape"))
    found, words = controllers.load(tmp_path)
    assert found.ports() == ("good",)
    assert words == ("What was learnt in bad.json cannot be read; the file was set aside.",)
    assert bad.with_name("bad.json.damaged").exists()
    assert controllers.load(tmp_path)[1] == ()
