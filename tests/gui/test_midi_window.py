"""From a MIDI keyboard to the screen and the speaker: over a JACK server and JACK MIDI, through the real process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.audio.player import Player
from engine.settings import Settings
from gui import theme
from tests.fakes import ToneGenerator
from tests.gui.conftest import Rig, wait
from tests.gui.test_keys import take
from tests.jack import JackServer, jack_server
from tests.midi import Keyboard, plugged_in

__all__ = ["jack_server"]


@pytest.fixture
def loud(jack_server: JackServer, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Rig]:
    """The program on a JACK server, with a take in hand."""
    theme.apply(qapp)
    rig = Rig(tmp_path / "library", ToneGenerator(), Settings(variations=1), Player())
    with qtbot.waitExposed(rig.window, timeout=20_000):
        rig.window.show()
    rig.window.start()
    wait(qtbot, lambda: rig.player.status().state == "running")
    take(rig, qtbot, "bell")
    yield rig
    rig.close()
    rig.player.close()


@pytest.fixture
def keyboard(loud: Rig, qtbot: QtBot) -> Iterator[Keyboard]:
    with plugged_in("Launchkey") as keyboard:
        wait(qtbot, lambda: loud.window.keys.midi_button.line == "MIDI · Launchkey")
        yield keyboard


def test_a_midi_note_is_heard_at_once_lights_its_key_and_goes_out(
    loud: Rig, keyboard: Keyboard, jack_server: JackServer, qtbot: QtBot
) -> None:
    keys = loud.window.keys.keyboard
    wait(qtbot, lambda: loud.player.voices() == 0)
    with jack_server.recording() as recording:
        keyboard.press(60, 100)
        wait(qtbot, lambda: keys.held == {60})
        qtbot.wait(200)
        keyboard.let_go(60)
        wait(qtbot, lambda: keys.held == frozenset())
    assert np.abs(recording.samples).max() > 0.01
    keyboard.send(0xC0, 5)
    wait(qtbot, lambda: "take 6" in loud.window.status.message)


def test_a_pad_that_is_shown_is_played_by_its_drum_note(loud: Rig, keyboard: Keyboard, qtbot: QtBot) -> None:
    drumming, panel = loud.window.playing.drumming, loud.window.playing.pads
    drumming.lay(38, [loud.window.takes.model.entry(0).take_id])
    loud.window.left.show_page(1)
    wait(qtbot, lambda: bool(drumming.pads))
    qtbot.wait(200)

    def struck() -> bool:  # again and again: a drum is soon over
        keyboard.press(38, 120, channel=10)
        keyboard.let_go(38, channel=10)
        qtbot.wait(50)
        return panel.pads[38].flashing and loud.player.voices() > 0

    wait(qtbot, struck)


def test_an_audio_process_that_dies_leaves_no_key_lit_and_is_played_again(
    loud: Rig, keyboard: Keyboard, qtbot: QtBot
) -> None:
    keyboard.press(60, 100)
    wait(qtbot, lambda: loud.window.keys.keyboard.held == {60})
    os.kill(loud.player.process_id() or 0, signal.SIGKILL)
    wait(qtbot, lambda: loud.window.keys.keyboard.held == frozenset())
    wait(qtbot, lambda: loud.player.status().state == "running")
    wait(qtbot, lambda: loud.window.keys.midi_button.line == "MIDI · Launchkey")

    def heard() -> bool:
        keyboard.press(64, 100)
        return loud.window.keys.keyboard.held == {64} and loud.player.voices() > 0

    wait(qtbot, heard)
    loud.window.playing.panic()


def test_two_hundred_notes_at_once_leave_the_window_free(loud: Rig, keyboard: Keyboard, qtbot: QtBot) -> None:
    for note in [*range(28, 128), *range(28, 128)]:
        keyboard.press(note, 64)
        keyboard.let_go(note)
    keyboard.press(61)
    wait(qtbot, lambda: loud.window.keys.keyboard.held == {61})
    loud.window.playing.panic()
    assert loud.window.keys.keyboard.held == frozenset()
    wait(qtbot, lambda: loud.player.voices() == 0)
