"""The page of the user's own axes: empty at first, then what the library differs in, and undone like any slider."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.latent.edit import OWN
from engine.owned import FEWEST
from gui.panels.own_page import OwnPage
from tests.gui.conftest import Rig, wait
from tests.gui.test_keys import take
from tests.gui.test_sliders import settled, slider


def page(rig: Rig) -> OwnPage:
    return rig.window.bending.panel.own


def turn_to_it(rig: Rig) -> None:
    panel = rig.window.bending.panel
    button = panel.rail.button(panel.pages.indexOf(panel.own))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def told(rig: Rig) -> list[str]:
    """What stands beside the sliders, a line for each axis."""
    return [" ".join(label.text() for label in row) for row in page(rig).rows if not row[0].isHidden()]


@pytest.fixture
def full(rig: Rig, qtbot: QtBot) -> Rig:
    """As many takes as it needs."""
    take(rig, qtbot, *(f"bell {number}" for number in range(FEWEST)))
    return rig


def test_too_few_sounds_are_told(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "bell", "kick")
    turn_to_it(rig)
    wait(qtbot, lambda: "there are 2" in page(rig).told.text())
    assert page(rig).told.isVisible()
    assert not any(slider(rig, key).isEnabled() for key in OWN)
    assert told(rig) == []


def test_an_own_axis_is_moved_heard_and_undone(full: Rig, qtbot: QtBot) -> None:
    turn_to_it(full)
    wait(qtbot, lambda: slider(full, "own1").isEnabled())
    assert not page(full).told.isVisible()
    assert "% bell " in told(full)[0]
    assert "→ bell " in told(full)[0]
    before = settled(full, qtbot).sound
    slider(full, "own1").move_to(0.8)
    after = settled(full, qtbot)
    assert not np.allclose(after.sound.samples, before.samples, atol=1e-3)
    assert [edit.kind for edit in after.chain.active] == ["own1"]
    full.window.bending.editing.undo()
    assert np.array_equal(settled(full, qtbot).sound.samples, before.samples)


def hold(rig: Rig, qtbot: QtBot, take_id: str) -> None:
    """A take as the library has it."""
    before = rig.window.bending.editing.take
    rig.window.takes.list.choose(take_id)
    rig.window.takes.chosen.emit(rig.window.takes.list.selected()[0], False)
    wait(qtbot, lambda: rig.window.bending.editing.take not in (None, before))
    assert rig.window.bending.editing.take.take_id == take_id


def test_a_sound_keeps_its_direction_when_the_library_grows(full: Rig, qtbot: QtBot) -> None:
    turn_to_it(full)
    hold(full, qtbot, full.window.takes.model.entry(3).take_id)
    wait(qtbot, lambda: slider(full, "own1").isEnabled())
    slider(full, "own1").move_to(0.8)
    bent = settled(full, qtbot)
    lines = told(full)
    held = full.window.bending.editing.own["own1"]
    take(full, qtbot, "a wholly other kick", "and a hat")
    wait(qtbot, lambda: told(full) != lines)
    assert full.window.bending.editing.own["own1"] != held
    hold(full, qtbot, bent.take.take_id)
    assert np.array_equal(settled(full, qtbot).sound.samples, bent.sound.samples)
    assert full.window.bending.editing.chain.edits[0].points == held


def test_dice_throw_what_is_known(full: Rig, qtbot: QtBot) -> None:
    turn_to_it(full)
    wait(qtbot, lambda: slider(full, "own1").isEnabled())
    full.window.bending.panel.tools.thrown.emit(1.0)
    thrown = {edit.kind for edit in full.window.bending.editing.chain.active}
    assert thrown == {key for key in OWN if slider(full, key).isEnabled()}


def test_another_take_in_the_place_of_one_is_noticed(full: Rig, qtbot: QtBot) -> None:
    turn_to_it(full)
    wait(qtbot, lambda: slider(full, "own1").isEnabled())
    lines = told(full)
    full.library.remove(full.window.takes.model.entry(3).take_id)
    take(full, qtbot, "a wholly other kick")
    wait(qtbot, lambda: told(full) != lines)
