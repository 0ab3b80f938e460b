"""Any sound in: files dropped on the window become takes with sliders; takes that start from a take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import Rig, wait

ACTIONS = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
BUTTON, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(rig: Rig, *paths: Path) -> bool:
    """As a file manager does it; whether the window took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(rig.window.rect().center(), ACTIONS, mime, BUTTON, KEYS)
    QApplication.sendEvent(rig.window, enter)
    if not enter.isAccepted():
        return False
    assert rig.window.bending.bringing._frame.isVisible()
    fall = QDropEvent(QPointF(rig.window.rect().center()), ACTIONS, mime, BUTTON, KEYS)
    QApplication.sendEvent(rig.window, fall)
    assert not rig.window.bending.bringing._frame.isVisible()
    return True


@pytest.fixture
def bass(tmp_path: Path) -> Path:
    """A second of 110 Hz that fades, in stereo at 48 kHz."""
    time_s = np.arange(48000) / 48000
    tone = 0.5 * np.sin(2 * np.pi * 110 * time_s) * np.exp(-3 * time_s)
    path = tmp_path / "My bass.flac"
    soundfile.write(path, np.stack([tone, 0.8 * tone], 1), 48000)
    return path


def test_a_dropped_file_is_a_take_as_it_was_and_sliders_bend_it(rig: Rig, bass: Path, qtbot: QtBot) -> None:
    assert drop(rig, bass)
    wait(qtbot, lambda: rig.window.listening.take is not None)
    take = rig.window.listening.take
    assert take is not None
    assert take.request.prompt == "My bass"
    assert take.sound.channels == 2
    assert take.sound.root_note == pytest.approx(45, abs=0.1)
    live, editing = rig.window.bending.live, rig.window.bending.editing
    assert live.now is not None
    assert live.now.sound is take.sound, "not a sample is changed before a slider moves"
    editing.set_value("amplify", 0.5)
    wait(qtbot, lambda: live.now is not None and bool(live.now.chain.active))
    assert live.now.sound.frames == take.sound.frames
    assert rig.window.takes.model.rowCount() == 1


def test_several_files_are_opened_and_what_is_no_sound_is_named(
    rig: Rig, bass: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF" + bytes(100))
    lines: list[str] = []
    rig.window.bending.failed.connect(lines.append)
    assert drop(rig, broken, bass, bass)
    wait(qtbot, lambda: rig.window.takes.model.rowCount() == 2 and bool(lines))
    assert len(lines) == 1
    assert "broken.wav" in lines[0]
    assert rig.window.listening.take is not None


def test_folders_and_text_are_not_taken(rig: Rig, tmp_path: Path) -> None:
    assert not drop(rig, tmp_path)
    assert not drop(rig)


def test_a_take_starts_from_what_is_heard_when_that_is_wanted(rig: Rig, bass: Path, qtbot: QtBot) -> None:
    window = rig.window
    ask = window.asking.from_sound
    assert not ask.switch.isEnabled(), "without a take there is nothing to start from"
    drop(rig, bass)
    wait(qtbot, lambda: window.listening.take is not None)
    start = window.listening.take
    assert start is not None
    QTest.mouseClick(ask.switch, Qt.MouseButton.LeftButton)
    ask.strength.set_value(0.25)
    window.bending.editing.set_region((0.2, 0.6))
    window.prompt.line.setText("brassy bass")
    window.generate()
    wait(qtbot, lambda: window.takes.model.rowCount() == 2 and not window.making.busy)
    made = rig.library.open(window.takes.model.entry(0).take_id).request
    assert (made.source, made.strength, made.region) == (start.take_id, 0.25, (0.2, 0.6))
    QTest.mouseClick(ask.switch, Qt.MouseButton.LeftButton)
    window.generate()
    wait(qtbot, lambda: window.takes.model.rowCount() == 3)
    assert rig.library.open(window.takes.model.entry(0).take_id).request.source == ""
