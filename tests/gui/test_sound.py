"""Hearing and seeing the take in hand."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.audio.status import AudioStatus
from engine.params import PARAMS
from engine.sound import Sound
from gui.panels.status import audio_text
from gui.peaks import peaks
from gui.spectrum import FLOOR_DB, row_hz, spectrogram_db
from gui.widgets.keyboard import Keyboard
from gui.widgets.knob import Knob
from gui.widgets.plot import tick_seconds
from tests.gui.conftest import Rig, wait


def sine(hz: float, seconds: float = 1.0, rate_hz: int = 44100) -> Sound:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return Sound(np.sin(2 * np.pi * hz * time_s).astype(np.float32), rate_hz)


@pytest.fixture
def playing(rig: Rig, qtbot: QtBot) -> Rig:
    """A take of a second in hand, and silence."""
    wait(qtbot, lambda: rig.player.status().state == "null")
    rig.window.prompt.line.setText("bell")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None)
    rig.window.listening.stop()
    wait(qtbot, lambda: rig.player.position_s() is None)
    rig.window.takes.list.setFocus()
    return rig


def test_space_plays_and_stops(playing: Rig, qtbot: QtBot) -> None:
    playing.window.listening.set_looping(True)
    QTest.keyClick(playing.window.takes.list, Qt.Key.Key_Space)
    wait(qtbot, lambda: playing.player.position_s() is not None)
    wait(qtbot, lambda: playing.window.keys.meter.accessibleName() != "Level: silent")
    QTest.keyClick(playing.window.takes.list, Qt.Key.Key_Space)
    wait(qtbot, lambda: playing.player.position_s() is None)


def test_a_click_in_the_waveform_plays_from_there(playing: Rig, qtbot: QtBot) -> None:
    view = playing.window.sound.waveform
    place = QPoint(int(view.x_of(0.6)), view.height() // 2)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    wait(qtbot, lambda: playing.player.position_s() is not None)
    assert (playing.player.position_s() or 1.0) >= 0.59


def test_computer_keys_play_notes_and_let_go(playing: Rig, qtbot: QtBot) -> None:
    QTest.keyPress(playing.window.takes.list, Qt.Key.Key_G)
    assert playing.window.listening.held == {55: 100}
    QTest.keyClick(playing.window.takes.list, Qt.Key.Key_X)  # an octave up; the held note stays what it was
    QTest.keyRelease(playing.window.takes.list, Qt.Key.Key_G)
    assert playing.window.listening.held == {}
    QTest.keyPress(playing.window.takes.list, Qt.Key.Key_A)
    assert list(playing.window.listening.held) == [60]
    QTest.keyRelease(playing.window.takes.list, Qt.Key.Key_A)


def test_letters_typed_into_a_field_play_nothing(playing: Rig) -> None:
    playing.window.takes.search.setFocus()
    QTest.keyClicks(playing.window.takes.search, "gas ")
    assert playing.window.listening.held == {}
    assert playing.window.takes.search.text() == "gas "


def test_every_key_of_the_keyboard_is_found_at_its_place(qtbot: QtBot) -> None:
    keyboard = Keyboard()
    qtbot.addWidget(keyboard)
    keyboard.resize(900, 96)
    heard: list[tuple[int, int]] = []
    keyboard.pressed.connect(lambda note, velocity: heard.append((note, velocity)))
    for note in (24, 25, 60, 61, 84):
        low = keyboard.key_rect(note).center() + QPointF(0, keyboard.key_rect(note).height() / 2 - 2)
        assert keyboard.note_at(low) == note
        QTest.mouseClick(keyboard, Qt.MouseButton.LeftButton, pos=low.toPoint())
    assert [note for note, _ in heard] == [24, 25, 60, 61, 84]
    assert all(110 < velocity <= 127 for _, velocity in heard)


def test_a_sine_lies_at_its_frequency_and_level() -> None:
    for hz in (60.0, 440.0, 5000.0):
        levels = spectrogram_db(sine(hz), columns=50, rows=400)
        row = int(levels[:, 25].argmax())
        assert row_hz(400)[row] == pytest.approx(hz, rel=0.03)
        assert levels[row, 25] == pytest.approx(0.0, abs=1.0)


def test_nothing_is_drawn_above_half_the_sampling_rate() -> None:
    levels = spectrogram_db(sine(1000, rate_hz=8000), columns=10, rows=200)
    assert (levels[row_hz(200) > 4000] == FLOOR_DB).all()


def test_peaks_hold_the_extremes_of_every_stretch() -> None:
    samples = np.zeros((1000, 2), np.float32)
    samples[505, 1], samples[907, 0] = 0.75, -0.5
    low, high = peaks(Sound(samples, 44100), 10)
    assert high.argmax() == 5
    assert high[5] == 0.75
    assert low.argmin() == 9
    assert low[9] == -0.5
    assert [len(side) for side in peaks(Sound(np.zeros((0, 1)), 44100), 10)] == [10, 10]


def test_the_time_axis_has_round_steps() -> None:
    assert tick_seconds(2.0, 800) == pytest.approx([0, 0.5, 1.0, 1.5, 2.0])
    assert tick_seconds(0.0, 800) == []


def test_a_knob_is_typed_turned_and_put_back(qtbot: QtBot) -> None:
    knob = Knob(PARAMS["seconds"], automatic=True)
    qtbot.addWidget(knob)
    knob.show()
    seen: list[float | None] = []
    knob.changed.connect(seen.append)
    assert knob.text() == "auto"
    QTest.keyClick(knob, Qt.Key.Key_3)
    QTest.keyClicks(knob._edit, ",5 s")
    QTest.keyClick(knob._edit, Qt.Key.Key_Return)
    assert (knob.value, knob.accessibleName()) == (3.5, "Length: 3.5 s")
    QTest.keyClick(knob, Qt.Key.Key_9)
    QTest.keyClick(knob._edit, Qt.Key.Key_Return)
    assert knob.value == 5.0, "held within range"
    QTest.keyClick(knob, Qt.Key.Key_Down)
    assert knob.value is not None
    assert knob.value < 5.0
    QTest.mouseDClick(knob, Qt.MouseButton.LeftButton, pos=QPoint(29, 15))
    assert knob.value is None
    assert seen[0] == 3.5
    assert seen[-1] is None


def test_the_status_line_says_what_the_audio_does() -> None:
    running = AudioStatus("running", "system", "JACK Audio Connection Kit", 48000, 256, 0.00533)
    assert audio_text(running) == "JACK · 48 kHz · 256 · 5.3 ms"
    assert audio_text(AudioStatus("null")) == "no audio device: silent, all else works"
    assert audio_text(AudioStatus("lost", message="The device went away.")) == "The device went away."


_OPEN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import gui.app
app = QApplication([])
def look():
    shown = [widget for widget in app.topLevelWidgets() if widget.windowTitle() == "Latente" and widget.isVisible()]
    heavy = {"torch", "transformers", "scipy", "librosa", "matplotlib", "sounddevice"} & set(sys.modules)
    print(len(shown), sorted(heavy), flush=True)
    app.closeAllWindows()
import gui.main_window
gui.main_window.MainWindow.start = lambda self: look()
sys.exit(gui.app.main())
"""


def test_the_window_is_up_before_anything_heavy_is_imported() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _OPEN], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "1 []", done.stderr
    assert done.returncode == 0
