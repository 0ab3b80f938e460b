"""The prompt line and what stands around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.params import SEED_LIMIT
from engine.settings import Settings
from engine.text.reading import read_prompt
from gui.understood import chips
from gui.widgets.prompt_line import PromptLine
from gui.widgets.seed import Seed
from tests.gui.conftest import Rig, wait


def test_up_recalls_earlier_prompts_and_down_brings_the_draft_back(qtbot: QtBot) -> None:
    line = PromptLine(("warm bass", "glassy bell"))
    qtbot.addWidget(line)
    QTest.keyClicks(line, "dus")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(line, key)
        seen.append(line.text())
    assert seen == ["glassy bell", "warm bass", "warm bass", "glassy bell", "dus", "dus"]


def test_history_volume_and_variations_survive_a_restart(
    make_rig: Callable[..., Rig], qtbot: QtBot, stored: Callable[[], Settings]
) -> None:
    first = make_rig()
    QTest.keyClicks(first.window.prompt.line, "soft felt piano")
    QTest.keyClick(first.window.prompt.line, Qt.Key.Key_Return)
    wait(qtbot, lambda: first.window.takes.model.rowCount() == 1)
    first.window.keys.volume.set_value(-12.0)
    first.window.prompt.count.set_value(8)
    first.window.resize(1200, 800)
    qtbot.wait(100)
    first.window.close()
    second = make_rig(settings=stored())
    QTest.keyClick(second.window.prompt.line, Qt.Key.Key_Up)
    assert second.window.prompt.line.text() == "soft felt piano"
    assert second.window.keys.volume.value == -12.0
    assert second.window.prompt.count.value == 8
    assert second.window.width() == 1200
    wait(qtbot, lambda: second.window.takes.model.rowCount() == 1)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("mono flute with deep vibrato", ["flute", "vibrato 50 ct", "mono"]),
        ("wide violin, no vibrato", ["bowed string", "static", "no vibrato", "120 % wide"]),
    ],
)
def test_chips_tell_width_and_vibrato(prompt: str, said: list[str]) -> None:
    assert [chip.text for chip in chips(read_prompt(prompt))] == said


def test_chips_say_what_was_understood(rig: Rig, qtbot: QtBot) -> None:
    QTest.keyClicks(rig.window.prompt.line, "glassy bell in F#4, 2 s")
    chips = rig.window.prompt.chips
    wait(qtbot, lambda: "F#4" in chips.accessibleName())
    assert chips.accessibleName() == "Understood: bell, glassy, F#4, 2.0 s"
    rig.window.prompt.line.clear()
    wait(qtbot, lambda: not chips.isVisible())


def test_an_unlocked_seed_is_fresh_each_time_and_a_locked_one_counts_on(qtbot: QtBot) -> None:
    seed = Seed()
    qtbot.addWidget(seed)
    assert seed.next_seeds(1) != seed.next_seeds(1)
    seed.lock_at(SEED_LIMIT - 1)
    assert seed.next_seeds(3) == [SEED_LIMIT - 1, 0, 1]
    assert seed.next_seeds(1) == [SEED_LIMIT - 1]


def test_an_example_of_the_first_start_is_played_at_once(rig: Rig, qtbot: QtBot) -> None:
    rig.window.sound.example_chosen.emit("warm analog bass")
    wait(qtbot, lambda: rig.window.takes.model.rowCount() == 1)
    assert rig.window.prompt.line.text() == "warm analog bass"
