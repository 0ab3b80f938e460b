"""Bending the take in hand: what is moved is heard, undone, compared, kept; and comes back with the take."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.params import PARAMS
from gui.live import Heard
from gui.widgets.slider import Slider
from tests.gui.conftest import Rig, wait


@pytest.fixture
def bending(rig: Rig, qtbot: QtBot) -> Rig:
    """A take of a second in hand."""
    rig.window.prompt.line.setText("bell")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)
    return rig


def settled(rig: Rig, qtbot: QtBot) -> Heard:
    """What is heard once everything asked for is decoded."""
    live = rig.window.bending.live
    wait(qtbot, lambda: live.now is not None and not live.waiting and live.now.chain.active == expected(rig))
    assert live.now is not None
    return live.now


def expected(rig: Rig) -> tuple[object, ...]:
    return rig.window.bending.editing.slots.heard.active


def slider(rig: Rig, key: str) -> Slider:
    return rig.window.bending.panel.sliders[key]


def drag(slider: Slider, to: float) -> None:
    """By the thumb, in steps, as a hand does."""
    start, goal = slider.thumb(slider.position).center(), slider.thumb(to).center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(slider, (start + (goal - start) * share).toPoint())
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=goal.toPoint())


def test_a_dragged_slider_is_heard_seen_and_undone_in_one_step(bending: Rig, qtbot: QtBot) -> None:
    take = bending.window.listening.take
    assert take is not None
    drag(slider(bending, "amplify"), 0.9)
    heard = settled(bending, qtbot)
    assert PARAMS["amplify"].position(heard.chain.value("amplify")) == pytest.approx(0.9, abs=0.02)
    assert not np.array_equal(heard.sound.samples, take.sound.samples)
    QTest.keyClick(bending.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert settled(bending, qtbot).sound is take.sound, "the take itself, not a sample changed"
    assert slider(bending, "amplify").value == 1.0
    assert not bending.window.bending.editing.group.canUndo()
