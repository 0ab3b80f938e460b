"""A controller is moved, the knob on the screen follows; right click, move, done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.audio.reports import ControlMoved
from engine.patch import Patch
from gui import theme
from gui.bridge import Bridge
from gui.learning import Learning
from gui.panels.patch import PatchPanel
from tests.gui.conftest import wait

PORT = "Launchkey 37:Launchkey 37 MIDI 1 24:0"


class Desk:
    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.bridge, self.panel, self.qtbot = Bridge(), PatchPanel(), qtbot
        qtbot.addWidget(self.panel)
        self.panel.show_patch(Patch())
        self.knobs = self.panel.knobs()
        self.learning = Learning(self.bridge, folder)
        self.learning.add_all(self.knobs)
        self.said: list[str] = []
        self.learning.said.connect(self.said.append)
        wait(qtbot, lambda: self.learning.ready)

    def turn(self, *values: int, number: int = 21, channel: int = 1, port: str = PORT) -> None:
        for value in values:
            self.learning.moved(ControlMoved(port, channel, number, value))

    def settle(self) -> None:
        """Until the next frame has passed and the disk has done what it was given."""
        QTest.qWait(40)
        done: list[bool] = []
        self.bridge.run(lambda: True, done.append)
        wait(self.qtbot, lambda: bool(done))

    def action(self, target: str, *names: str) -> None:
        """Chooses in the menu that a right click opens."""
        menu = self.knobs[target].menu()
        for name in names:
            action = next(action for action in menu.actions() if action.text().startswith(name))
            below = action.menu()
            if below is None:
                action.trigger()
            else:
                assert isinstance(below, QMenu)
                menu = below


@pytest.fixture
def make_desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[], Desk]]:
    theme.apply(qapp)
    desks: list[Desk] = []

    def make() -> Desk:
        desks.append(Desk(tmp_path, qtbot))
        return desks[-1]

    yield make
    for desk in desks:
        desk.bridge.close()


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


def test_learn_move_done_and_remembered(desk: Desk, make_desk: Callable[[], Desk]) -> None:
    knob = desk.knobs["patch.cutoff_hz"]
    patches: list[Patch] = []
    desk.panel.changed.connect(patches.append)
    desk.action("patch.cutoff_hz", "Learn MIDI")
    assert knob.midi.learning
    assert knob.midi.text == "move it"
    desk.turn(10, 40)
    assert not knob.midi.learning
    assert knob.midi.text == "CC 21"
    assert "CC 21 of Launchkey 37" in knob.toolTip()
    assert desk.said[-1] == "CC 21 of Launchkey 37 moves cutoff."
    desk.turn(120)  # from below its value to above it: picked up
    desk.settle()
    assert patches[-1].cutoff_hz == pytest.approx(knob.spec.at(120 / 127))
    again = make_desk()
    assert again.knobs["patch.cutoff_hz"].midi.text == "CC 21"


def test_many_messages_in_a_frame_are_one_movement(desk: Desk) -> None:
    desk.learning.learn("patch.resonance")
    desk.turn(0, 60)
    patches: list[Patch] = []
    desk.panel.changed.connect(patches.append)
    desk.turn(*range(60, 0, -1), *range(127))
    desk.settle()
    assert len(patches) <= 2
    assert patches[-1].resonance == pytest.approx(100 * 126 / 127)


def test_waiting_hardware_is_shown_and_a_hand_on_the_screen_makes_it_wait_again(desk: Desk) -> None:
    knob = desk.knobs["patch.resonance"]
    desk.learning.learn("patch.resonance")
    desk.turn(127, 90)
    desk.turn(80)
    assert knob.midi.ghost == pytest.approx(80 / 127)
    desk.turn(12, 20)
    desk.settle()
    assert knob.midi.ghost is None
    assert knob.value == pytest.approx(100 * 20 / 127)
    QTest.keyClick(knob, Qt.Key.Key_End)
    desk.turn(30)
    desk.settle()
    assert knob.value == 100, "nothing jumps"
    desk.panel.show_patch(Patch(resonance=50))  # another take
    desk.turn(31)
    desk.settle()
    assert knob.value == 50
    assert knob.midi.ghost == pytest.approx(31 / 127)
    desk.action("patch.resonance", "Soft takeover")
    desk.turn(32)
    desk.settle()
    assert knob.value == pytest.approx(100 * 32 / 127)


def test_range_curve_kind_and_channel_are_in_the_menu(desk: Desk) -> None:
    target = "patch.transpose"
    desk.learning.learn(target)
    desk.turn(0, 40, channel=5)
    desk.action(target, "Soft takeover")
    desk.knobs[target].set_value(12)
    desk.action(target, "Range", "End at 12 st")
    desk.turn(127, channel=5)
    desk.settle()
    assert desk.knobs[target].value == 12
    desk.action(target, "Range", "Invert")
    desk.turn(127, channel=5)
    desk.settle()
    assert desk.knobs[target].value == -24
    desk.action(target, "Curve", "Exponential")
    desk.turn(64, channel=5)
    desk.settle()
    assert desk.knobs[target].value == pytest.approx(12 - 36 * 0.185, abs=1)
    desk.turn(0, channel=1)
    desk.settle()
    assert desk.knobs[target].value != 12, "of channel 5 alone"
    desk.action(target, "Any MIDI channel")
    desk.turn(0, channel=1)
    desk.settle()
    assert desk.knobs[target].value == 12
    desk.action(target, "Hardware", "Encoder: 65 up")
    desk.turn(*[65] * 3)
    desk.settle()
    assert desk.knobs[target].value == 11, "still turned round"
    assert [b.kind for b in desk.learning.map.bindings(PORT)] == ["offset"]


def test_a_choice_follows_a_button_and_an_encoder(desk: Desk) -> None:
    choice = desk.knobs["patch.play_mode"]
    desk.learning.learn("patch.play_mode")
    desk.turn(127, 0)
    desk.turn(127)
    desk.settle()
    assert desk.panel.patch is not None
    assert desk.panel.patch.play_mode == "loop"
    desk.learning.learn("patch.play_mode")
    desk.turn(1, 1, 1, number=30)
    assert choice.midi.text == "CC 30"
    desk.turn(*[127] * 8, number=30)
    desk.settle()
    assert desk.panel.patch.play_mode == "one-shot"


def test_a_controller_that_moves_over_says_so_on_both_knobs(desk: Desk) -> None:
    desk.learning.learn("patch.cutoff_hz")
    desk.turn(0, 50)
    desk.learning.learn("patch.resonance")
    desk.turn(60, 90)
    assert desk.said[-1] == "CC 21 of Launchkey 37 moves resonance, no longer cutoff."
    assert desk.knobs["patch.cutoff_hz"].midi.text == ""
    desk.action("patch.resonance", "Forget CC 21")
    assert desk.knobs["patch.resonance"].midi.text == ""
    assert desk.said[-1] == "No controller moves resonance any more."


def test_a_reserved_controller_is_refused_and_learning_goes_on_until_escape(desk: Desk) -> None:
    knob = desk.knobs["patch.cutoff_hz"]
    desk.learning.learn("patch.cutoff_hz")
    desk.turn(127, 0, 127, number=64)
    assert [line for line in desk.said if "sustain" in line] == [
        "CC 64 is the sustain pedal and holds notes. Choose another controller."
    ]
    desk.learning.learn("patch.resonance")
    assert not knob.midi.learning, "one at a time"
    QTest.keyClick(desk.knobs["patch.resonance"], Qt.Key.Key_Escape)
    assert desk.learning.target is None
    desk.turn(0, 127)
    assert desk.learning.map.bindings(PORT) == ()


def test_without_a_take_hardware_moves_nothing(desk: Desk) -> None:
    desk.learning.learn("patch.cutoff_hz")
    desk.turn(0, 127)
    desk.panel.show_patch(None)
    desk.turn(60)
    desk.settle()
    assert desk.knobs["patch.cutoff_hz"].at_rest


def test_a_damaged_file_is_said_and_learning_works_on(tmp_path: Path, make_desk: Callable[[], Desk]) -> None:
    (tmp_path / "controllers").mkdir()
    (tmp_path / "controllers" / "old.json").write_text("{")
    desk = make_desk()
    assert desk.said == ["What was learnt in old.json cannot be read; the file was set aside."]
    desk.learning.learn("patch.cutoff_hz")
    desk.turn(0, 127)
    desk.settle()
    assert len(list((tmp_path / "controllers").glob("*.json"))) == 1


def test_the_menu_opens_from_the_keyboard_where_the_knob_is(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.resize(236, 800)
    with qtbot.waitExposed(desk.panel):
        desk.panel.show()
    knob = desk.knobs["patch.cutoff_hz"]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(-9, -9), QPoint(-9, -9))
    QApplication.sendEvent(knob, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Reset to 4 kHz",
        "Type a value …",
        "Learn MIDI",
    ]
    QTest.keyClick(menu, Qt.Key.Key_Escape)
