"""The way out: a take is dragged into a window of another program, with a real pointer."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from engine.audiofile import read_audio
from tests.gui.conftest import Rig
from tests.gui.hand import passes_alone, still

TARGET = Path(__file__).parent.parent / "drop_target.py"
_PATIENCE_S = 30
pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("Xvfb", "openbox", "xdotool")), reason="needs Xvfb, openbox and xdotool"
)


class Target:
    """The other program, and the lines it prints."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, str(TARGET)], stdout=subprocess.PIPE, text=True)
        self.lines: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next_line(self, qtbot: QtBot) -> dict[str, object]:
        qtbot.waitUntil(lambda: not self.lines.empty(), timeout=_PATIENCE_S * 1000)
        return self.lines.get()


@pytest.fixture
def target(display: bool) -> Iterator[Target]:
    made = Target()
    yield made
    made.process.terminate()
    made.process.wait()
    if made.process.stdout is not None:
        made.process.stdout.close()


def xdotool(*words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], check=True)


def drag(start: QPoint, end: QPoint, target: Target) -> None:
    """What a hand does: press, move, let go once the other window shows that it noticed. Runs in a thread of its own,
    because this process tends its window, in an event loop of the drag's, meanwhile."""
    xdotool("mousemove", start.x(), start.y(), "sleep", 0.3, "mousedown", 1, "sleep", 0.3)
    for part in range(1, 9):
        point = start + (end - start) * (part / 8)
        xdotool("mousemove", point.x(), point.y(), "sleep", 0.1)
    for nudge in range(5 * _PATIENCE_S):
        if not target.lines.empty():
            break
        xdotool("mousemove", end.x() + nudge % 2, end.y(), "sleep", 0.2)
    xdotool("sleep", 0.3, "mouseup", 1)


def test_a_take_dragged_to_another_program_arrives_as_a_readable_file() -> None:
    passes_alone(__file__, 2)


@pytest.mark.parametrize("source", ["list", "tile"])
def hand_drags_a_take_to_another_program_where_it_arrives_as_a_readable_file(
    rig: Rig, target: Target, qtbot: QtBot, source: str
) -> None:
    rig.window.resize(1100, 700)
    rig.window.move(20, 40)
    rig.window.prompt.line.setText("808 with a glide: 50%")
    rig.window.generate()
    qtbot.waitUntil(lambda: rig.window.takes.model.rowCount() == 1)
    place = target.next_line(qtbot)
    still(rig.window, qtbot)
    if source == "list":
        view = rig.window.takes.list
        start = view.viewport().mapToGlobal(view.visualRect(view.model().index(0, 0)).center())
    else:
        tile = rig.window.take_it.tile
        start = tile.mapToGlobal(tile.rect().center())
    end = QPoint(int(str(place["x"])), int(str(place["y"])))
    hand = threading.Thread(target=drag, args=(start, end, target))
    hand.start()
    qtbot.waitUntil(lambda: not hand.is_alive(), timeout=2 * _PATIENCE_S * 1000)
    assert target.next_line(qtbot) == {"entered": True}
    dropped = target.next_line(qtbot)
    entry = rig.window.takes.model.entry(0)
    assert dropped == {"paths": [str(entry.path)], "action": "CopyAction"}
    assert read_audio(Path(str(entry.path))).frames == 44100
    assert entry.path.exists(), "a copy goes out; the library keeps its file"
