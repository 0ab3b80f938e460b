"""What a sound's edits can be told beyond their sliders: order, switches, channels, other noise, another pitch."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.latent.steps import gain, singing
from gui.editing import Editing
from gui.widgets.edits_list import EditsList
from gui.widgets.heatmap import HeatMap
from tests.gui.conftest import Rig, wait
from tests.gui.hand import drag_along, needs_a_hand, passes_alone, still
from tests.gui.test_sliders import bending, settled, slider

__all__ = ["bending"]


def editing(rig: Rig) -> Editing:
    return rig.window.bending.editing


def kinds(rig: Rig) -> list[str]:
    return [edit.kind for edit in editing(rig).chain.edits]


def opened(rig: Rig) -> EditsList:
    bar = rig.window.bending.panel.moves
    QTest.mouseClick(bar.edits, Qt.MouseButton.LeftButton)
    assert bar.list.isVisible()
    return bar.list


@pytest.fixture
def edited(bending: Rig, qtbot: QtBot) -> Rig:
    """Three edits."""
    assert not bending.window.bending.panel.moves.edits.isVisible(), "nothing to list"
    for key, position in (("amplify", 0.6), ("noise", 0.3), ("pitch_st", 0.7)):
        slider(bending, key).move_to(position)
    settled(bending, qtbot)
    return bending


def choose(menu: QMenu, text: str) -> None:
    """An entry of a menu or of what opens from it."""
    for action in menu.actions():
        if action.text() == text:
            action.trigger()
            return
        if action.menu() is not None:
            choose(action.menu(), text)


def test_edits_are_listed_in_their_order_and_put_into_another(edited: Rig, qtbot: QtBot) -> None:
    assert edited.window.bending.panel.moves.edits.text() == "3 edits"
    shown = opened(edited)
    assert [shown.item(row).text().split()[0] for row in range(3)] == ["Amplify", "Noise", "Transpose"]
    shown.model().moveRow(QModelIndex(), 2, QModelIndex(), 0)  # what a drag does
    assert kinds(edited) == ["transpose", "amplify", "noise"]
    shown.setCurrentRow(0)
    QTest.keyClick(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert kinds(edited) == ["amplify", "transpose", "noise"]
    assert shown.currentRow() == 1, "the row in hand stays in hand"
    editing(edited).undo()
    editing(edited).undo()
    assert kinds(edited) == ["amplify", "noise", "transpose"]
    assert [shown.item(row).text().split()[0] for row in range(3)] == ["Amplify", "Noise", "Transpose"]


def test_an_edit_is_passed_by_and_removed(edited: Rig, qtbot: QtBot) -> None:
    before = settled(edited, qtbot).sound.samples
    shown = opened(edited)
    shown.item(0).setCheckState(Qt.CheckState.Unchecked)
    without = settled(edited, qtbot).sound.samples
    assert not np.array_equal(without, before)
    shown.item(0).setCheckState(Qt.CheckState.Checked)
    assert np.array_equal(settled(edited, qtbot).sound.samples, before)
    shown.setCurrentRow(0)
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert kinds(edited) == ["noise", "transpose"]
    assert np.array_equal(settled(edited, qtbot).sound.samples, without)
    for _ in range(2):
        QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert not shown.isVisible()


@needs_a_hand
def test_a_hand_drags_an_edit_to_another_place() -> None:
    passes_alone(__file__)


def hand_drags_an_edit_to_another_place(edited: Rig, qtbot: QtBot) -> None:
    edited.window.move(20, 40)
    still(edited.window, qtbot)
    shown = opened(edited)
    qtbot.wait(300)
    rows = [shown.visualRect(shown.model().index(row, 0)) for row in range(3)]
    grip = QPoint(rows[2].center())
    above_all = QPoint(rows[0].center().x(), rows[0].top() + 1)
    drag_along(qtbot, *(shown.viewport().mapToGlobal(place) for place in (grip, above_all)))
    wait(qtbot, lambda: kinds(edited) == ["transpose", "amplify", "noise"])
    assert shown.isVisible()


def test_the_wheel_over_the_picture_gains_a_channel(bending: Rig, qtbot: QtBot) -> None:
    bending.window.resize(1440, 900)
    heat = bending.window.bending.panel.map
    wait(qtbot, lambda: heat.isVisible() and heat._values.size > 0)
    before = settled(bending, qtbot).sound.samples
    channels = heat._values.shape[1]
    place = QPoint(heat.width() // 2, round((2 + 0.5) * heat.height() / channels))
    for _ in range(5):
        turn(heat, place)
    assert gain(editing(bending).chain, 2) == pytest.approx(1.5)
    assert not np.array_equal(settled(bending, qtbot).sound.samples, before)
    QTest.mouseClick(heat, Qt.MouseButton.MiddleButton, pos=place)
    assert kinds(bending) == []
    assert np.array_equal(settled(bending, qtbot).sound.samples, before)


def turn(heat: HeatMap, place: QPoint) -> None:
    event = QWheelEvent(
        QPointF(place), heat.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(heat, event)


def test_noise_is_thrown_anew_and_set_by_how_far_it_lies_under_the_latent(bending: Rig, qtbot: QtBot) -> None:
    noise = slider(bending, "noise")
    choose(noise.menu(), "12 dB")
    wait(qtbot, lambda: noise.value > 0)
    louder = noise.value
    choose(noise.menu(), "24 dB")
    wait(qtbot, lambda: noise.value == pytest.approx(louder * 10 ** (-12 / 20), rel=1e-3))
    noise.move_to(0.5)  # in a latent that stands still, as this one does, 24 dB below it is next to nothing
    one = settled(bending, qtbot).sound.samples
    choose(noise.menu(), "Other noise")
    other = settled(bending, qtbot).sound.samples
    assert not np.array_equal(one, other)


def test_smoothing_keeps_the_average_or_the_most(bending: Rig, qtbot: QtBot) -> None:
    slider(bending, "noise").move_to(0.5)
    slider(bending, "smooth").move_to(0.3)
    average = settled(bending, qtbot).sound.samples
    choose(slider(bending, "smooth").menu(), "Keep the max")
    most = settled(bending, qtbot).sound.samples
    assert not np.array_equal(average, most)
    choose(slider(bending, "smooth").menu(), "Keep the average")
    assert np.array_equal(settled(bending, qtbot).sound.samples, average)


def test_a_take_has_the_pitch_of_the_one_that_it_goes_into(bending: Rig, qtbot: QtBot) -> None:
    bell = bending.window.listening.take
    assert bell is not None
    bending.window.prompt.line.setText("a bass in C2")
    bending.window.generate()
    wait(qtbot, lambda: bending.window.takes.model.rowCount() == 2 and not bending.window.making.busy)
    wait(qtbot, lambda: editing(bending).take is not None and editing(bending).take.take_id != bell.take_id)
    page = bending.window.bending.panel.morph
    assert not page.singing.isEnabled()
    editing(bending).set_source(bell.take_id)
    assert page.singing.isEnabled()
    page.singing._move(2.0)
    assert singing(editing(bending).chain) == "its note"
    assert settled(bending, qtbot).pitch.root_note == bell.pitch.root_note
    editing(bending).clear_source()
    assert kinds(bending) == []
    assert page.singing.value == 0
