"""Playing at the foot of the window: computer keys, mouse, bend; what MIDI does is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.audio.reports import ControlMoved, MidiPorts, NotePlayed, ProgramChosen, Report
from engine.settings import Settings
from gui.computer_keys import LAYOUTS, ComputerKeys, usual_layout
from gui.widgets.keyboard import Keyboard
from gui.widgets.midi_button import ports_text
from gui.widgets.strip import Strip
from tests.gui.conftest import Rig, wait


def press(keys: ComputerKeys, sign: str) -> bool:
    return keys.key_down(_event(QEvent.Type.KeyPress, sign))


def let_go(keys: ComputerKeys, sign: str) -> bool:
    return keys.key_up(_event(QEvent.Type.KeyRelease, sign))


def _event(kind: QEvent.Type, sign: str) -> QKeyEvent:
    return QKeyEvent(kind, ord(sign), Qt.KeyboardModifier.NoModifier, sign)


def tell(rig: Rig, *reports: Report) -> None:
    """As if the audio process had said it."""
    assert rig.player._line is not None
    rig.player._line.reports.extend(reports)


def take(rig: Rig, qtbot: QtBot, *words: str) -> None:
    for word in words:
        rig.window.prompt.line.setText(word)
        rig.window.generate()
        wait(qtbot, lambda: not rig.window.making.busy)
    wait(qtbot, lambda: rig.window.listening.take is not None)
    rig.window.listening.stop()
    rig.window.takes.list.setFocus()


@pytest.mark.parametrize(
    ("layout", "white", "black"),
    [("QWERTY", "ASDFGHJK", "WETYU"), ("QWERTZ", "ASDFGHJK", "WETZU"), ("AZERTY", "QSDFGHJK", "ZETYU")],
)
def test_the_same_places_play_the_same_notes_on_every_layout(layout: str, white: str, black: str) -> None:
    keys = ComputerKeys(layout, octave=3)
    heard: list[int] = []
    keys.note_on.connect(lambda note, _velocity: heard.append(note))
    assert all(press(keys, sign) for sign in white + black)
    assert heard == [48, 50, 52, 53, 55, 57, 59, 60, 49, 51, 54, 56, 58]
    assert set(keys.letters().values()) >= set(white + black)


def test_the_layout_is_at_first_the_usual_one_of_the_language() -> None:
    names = {
        "de_DE": "QWERTZ",
        "fr_CH": "QWERTZ",
        "fr_FR": "AZERTY",
        "nl_BE": "AZERTY",
        "fr_CA": "QWERTY",
        "en_US": "QWERTY",
    }
    assert {name: usual_layout(QLocale(name)) for name in names} == names
    assert ComputerKeys("nonsense").layout in LAYOUTS


def test_a_key_ends_the_note_it_began_whatever_octave_and_layout_came_between() -> None:
    keys = ComputerKeys("QWERTY", octave=3)
    sounding: list[int] = []
    keys.note_on.connect(lambda note, _velocity: sounding.append(note))
    keys.note_off.connect(sounding.remove)
    for sign in "AX":
        press(keys, sign)
    press(keys, "S")
    assert sounding == [48, 62]
    let_go(keys, "A")
    assert sounding == [62]
    keys.set_layout("AZERTY")
    assert sounding == []
    assert not let_go(keys, "S")


def test_v_plays_harder_and_c_softer() -> None:
    keys = ComputerKeys("QWERTZ", velocity=100)
    heard: list[int] = []
    keys.note_on.connect(lambda _note, velocity: heard.append(velocity))
    for sign in "AVVVSCCCCD":
        press(keys, sign)
    assert heard == [100, 127, 87]


def test_a_note_lasts_until_its_last_finger_leaves(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "bell")
    keys, keyboard = rig.window.takes.list, rig.window.keys.keyboard
    QTest.keyPress(keys, Qt.Key.Key_A)
    low_c = keyboard.key_rect(48).center().toPoint() + QPoint(0, 30)
    QTest.mousePress(keyboard, Qt.MouseButton.LeftButton, pos=low_c)
    QTest.keyRelease(keys, Qt.Key.Key_A)
    assert list(rig.window.listening.held) == [48]
    QTest.mouseRelease(keyboard, Qt.MouseButton.LeftButton, pos=low_c)
    assert rig.window.listening.held == {}


def test_nothing_stays_down_when_the_window_loses_the_keys(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "bell")
    QTest.keyPress(rig.window.takes.list, Qt.Key.Key_A)
    rig.window.keys.midi_button.click()
    wait(qtbot, lambda: rig.window.listening.held == {})
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    QTest.keyPress(rig.window.takes.list, Qt.Key.Key_S)
    assert rig.window.listening.held == {50: 100}
    rig.window.clearFocus()
    QApplication.sendEvent(rig.window, QEvent(QEvent.Type.WindowDeactivate))
    rig.window.keys.let_go()
    assert rig.window.listening.held == {}


def test_drawing_across_the_keys_plays_one_after_the_other(qtbot: QtBot) -> None:
    keyboard = Keyboard()
    qtbot.addWidget(keyboard)
    keyboard.resize(1000, 92)
    heard: list[tuple[str, int]] = []
    keyboard.pressed.connect(lambda note, velocity: heard.append(("on", note)))
    keyboard.released.connect(lambda note: heard.append(("off", note)))
    start, end = (QPoint(int(keyboard.key_rect(note).center().x()), 85) for note in (60, 64))
    QTest.mousePress(keyboard, Qt.MouseButton.LeftButton, pos=start)
    for x in range(start.x(), end.x() + 1, 3):
        move = QPointF(x, 85)
        event = _mouse_move(keyboard, move)
        QApplication.sendEvent(keyboard, event)
    QTest.mouseRelease(keyboard, Qt.MouseButton.LeftButton, pos=end)
    assert heard == [("on", 60), ("off", 60), ("on", 62), ("off", 62), ("on", 64), ("off", 64)]


def _mouse_move(widget: Keyboard, at: QPointF) -> QEvent:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), Qt.MouseButton.NoButton, left, none)


def test_the_higher_on_the_key_the_softer(qtbot: QtBot) -> None:
    keyboard = Keyboard()
    qtbot.addWidget(keyboard)
    keyboard.resize(1000, 92)
    heard: list[int] = []
    keyboard.pressed.connect(lambda _note, velocity: heard.append(velocity))
    x = int(keyboard.key_rect(62).center().x())
    for y in (60, 75, 90):
        QTest.mouseClick(keyboard, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert heard == sorted(heard)
    assert heard[-1] > 120
    assert heard[0] < 100


def test_bend_springs_back_and_modulation_stays(qtbot: QtBot) -> None:
    bend, wheel = Strip("Pitch bend", "bend", centred=True), Strip("Modulation", "mod", centred=False)
    for strip, after in ((bend, 0.0), (wheel, 1.0)):
        qtbot.addWidget(strip)
        strip.resize(24, 92)
        seen: list[float] = []
        strip.moved.connect(seen.append)
        QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(12, 1))
        QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(12, 1))
        assert seen[0] == 1.0
        assert strip.value == after


def test_what_midi_plays_is_lit_and_goes_out(rig: Rig, qtbot: QtBot) -> None:
    keyboard = rig.window.keys.keyboard
    tell(
        rig,
        *(NotePlayed("Keys", 1, note, 90) for note in range(20, 120)),
        *(NotePlayed("Keys", 1, note, 0) for note in range(20, 118)),
    )
    wait(qtbot, lambda: keyboard.held == {118, 119})
    assert rig.window.keys.midi_button._lit
    tell(rig, NotePlayed("Keys", 2, 118, 5), NotePlayed("Keys", 1, 118, 0), NotePlayed("Keys", 1, 119, 0))
    wait(qtbot, lambda: keyboard.held == {118})
    rig.window.playing.panic()
    assert keyboard.held == frozenset()


def test_keys_of_an_unplugged_keyboard_go_out(rig: Rig, qtbot: QtBot) -> None:
    tell(rig, MidiPorts(("Keys:out",), ("Keys:out",)), NotePlayed("Keys:out", 1, 60, 90))
    wait(qtbot, lambda: rig.window.keys.keyboard.held == {60})
    assert rig.window.keys.midi_button.line == "MIDI · Keys"
    tell(rig, MidiPorts((), (), problem="No keyboard."))
    wait(qtbot, lambda: rig.window.keys.keyboard.held == frozenset())
    assert rig.window.keys.midi_button.line == "No MIDI input"
    assert rig.window.status.message == "No keyboard."


def test_ports_are_named_as_people_name_them() -> None:
    for port in (
        "Launchkey 37:Launchkey 37 MIDI 1 20:0",
        "a2j:Launchkey 37 [20] (capture): Launchkey 37 MIDI 1",
        "Launchkey 37",
    ):
        assert ports_text(MidiPorts((port,), (port,))) == "MIDI · Launchkey 37"
    assert ports_text(MidiPorts(("a", "b"), ("a", "b"))) == "MIDI · 2 ports"


def test_wheels_of_midi_move_the_strips(rig: Rig, qtbot: QtBot) -> None:
    tell(rig, ControlMoved("Keys", 1, 128, 16383), ControlMoved("Keys", 1, 1, 127))
    wait(qtbot, lambda: rig.window.keys.bend.value > 0.99 and rig.window.keys.wheel.value == 1.0)
    rig.window.listening.stop()
    assert (rig.window.keys.bend.value, rig.window.keys.wheel.value) == (0.0, 0.0), "a stop forgets them"


def test_a_program_change_takes_that_take_of_the_list_in_hand(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "kick", "snare", "gong")
    tell(rig, ProgramChosen("Keys", 1, 2))
    wait(qtbot, lambda: rig.window.listening.take.request.prompt == "kick")
    assert [entry.prompt for entry in rig.window.takes.list.selected()] == ["kick"]
    assert "kick" in rig.window.status.message
    tell(rig, ProgramChosen("Keys", 1, 77))
    wait(qtbot, lambda: "take 78" in rig.window.status.message)


def test_escape_twice_stops_every_sound(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "bell")
    rig.window.listening.set_looping(True)
    rig.window.listening.play()
    QTest.keyPress(rig.window.takes.list, Qt.Key.Key_A)
    wait(qtbot, lambda: rig.player.position_s() is not None)
    for _ in range(2):
        QTest.keyClick(rig.window.takes.list, Qt.Key.Key_Escape)
    wait(qtbot, lambda: rig.player.position_s() is None and rig.player.voices() == 0)
    assert rig.window.listening.held == {}


def test_octave_velocity_and_layout_survive_a_restart(
    make_rig: Callable[..., Rig], qtbot: QtBot, stored: Callable[[], Settings]
) -> None:
    first = make_rig()
    first.window.takes.list.setFocus()
    first.window.playing.choose_layout("AZERTY")
    QTest.keyClicks(first.window.takes.list, "xxc")
    first.window.close()
    kept = stored()
    assert (kept.keyboard_layout, kept.key_octave, kept.key_velocity) == ("AZERTY", 5, 90)
    second = make_rig(settings=kept)
    assert second.window.keys.computer.octave_keys() == ("W", "X")
