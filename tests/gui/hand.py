"""A hand on a real pointer, by xdotool, and what it drops where no pointer is needed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.drop_target import DropTarget
from tests.gui.conftest import wait

needs_a_hand = pytest.mark.skipif(
    not shutil.which("xdotool") or not shutil.which("Xvfb"), reason="needs Xvfb and xdotool"
)


def passes_alone(file: str, count: int = 1) -> None:
    """Runs the `count` functions `hand_…` of a test file in a process of its own, as the program has one: Qt's X11
    drags do not outlive the windows of earlier tests."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "python_functions=hand_*", file]
    child = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stdout[-3000:]
    assert f"{count} passed" in child.stdout


def still(window: QWidget, qtbot: QtBot) -> None:
    """Waits until the window manager has put the window where it stays."""
    before = None
    while before != (before := window.mapToGlobal(QPoint(0, 0))):
        qtbot.wait(400)


def drag_along(qtbot: QtBot, *places: QPoint) -> None:
    """Presses at the first place of the screen, rests at each that follows, lets go at the last. By a thread of its
    own, because this process tends its window, in an event loop of the drag's, meanwhile."""
    hand = threading.Thread(target=_drag, args=places)
    hand.start()
    wait(qtbot, lambda: not hand.is_alive())


def _drag(start: QPoint, *others: QPoint) -> None:
    words: list[object] = ["mousemove", start.x(), start.y(), "sleep", 0.3, "mousedown", 1, "sleep", 0.3]
    begin = start
    for end in others:
        for part in range(1, 9):
            point = begin + (end - begin) * (part / 8)
            words += ["mousemove", point.x(), point.y(), "sleep", 0.1]
        words += ["sleep", 1.0]
        begin = end
    subprocess.run(["xdotool", *map(str, words), "mouseup", "1"], check=True)


def drop(source: QWidget, target: DropTarget, put: Callable[..., None], place: QPointF | None = None) -> bool:
    """What Qt tells a target when something of the window's own is dropped on it; whether it took it.
    put: `monkeypatch.setattr`."""
    place = QPointF(5, 5) if place is None else place
    given = QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, *given)
    dropped = QDropEvent(place, Qt.DropAction.CopyAction, *given)
    for event in (entered, dropped):
        put(event, "source", lambda: source)
    target.dragEnterEvent(entered)
    if entered.isAccepted():
        target.dropEvent(dropped)
    return entered.isAccepted()
