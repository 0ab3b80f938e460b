"""Takes that are dropped on slots: each is a version of the take in hand, heard, morphed to and undone like any."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.latent.chain import Chain
from engine.latent.space import Space
from engine.request import Take
from tests.gui.conftest import Rig, wait
from tests.gui.hand import drag_along, drop, needs_a_hand, passes_alone, still
from tests.gui.test_keys import take
from tests.gui.test_sliders import settled


def others(rig: Rig, qtbot: QtBot, *words: str) -> list[Take]:
    """Takes of these words, each on a note of its own; the first one in hand."""
    take(rig, qtbot, *(f"{word} in {note}" for word, note in zip(words, ("A3", "C4", "E4", "G4"), strict=False)))
    made = [rig.library.open(rig.window.takes.model.entry(row).take_id) for row in range(len(words))][::-1]
    choose(rig, qtbot, made[0])
    return made


def choose(rig: Rig, qtbot: QtBot, wanted: Take) -> None:
    rig.window._choose_by_id(wanted.take_id)

    def held() -> bool:
        """As the library keeps it, in half precision: just made, it was in hand as it was made."""
        in_hand = rig.window.listening.take, rig.window.bending.editing.take
        return all(one is not None and np.array_equal(one.latent, wanted.latent) for one in in_hand)

    wait(qtbot, held)


def lay(rig: Rig, put: object, place: int, *takes: Take) -> bool:
    """Dropped from the list."""
    listed, bar = rig.window.takes.list, rig.window.sound.slots
    listed.clearSelection()
    for one in takes:
        listed.selectionModel().select(
            listed.model().index(rig.window.takes.model.row_of(one.take_id), 0),
            listed.selectionModel().SelectionFlag.Select,
        )
    return drop(listed, bar, put, bar.cell(place).center())  # type: ignore[arg-type]


def test_a_take_on_a_slot_is_heard_there_and_one_step_takes_it_back(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell, horn = others(rig, qtbot, "bell", "horn")
    editing = rig.window.bending.editing
    assert lay(rig, monkeypatch.setattr, 2, horn)
    wait(qtbot, lambda: editing.slots.chains[2] is not None)
    assert settled(rig, qtbot).sound.root_note == bell.sound.root_note, "the slot in hand is heard as it was"
    assert "slot C" in rig.window.status.message
    editing.choose_slot(2)
    heard = settled(rig, qtbot)
    np.testing.assert_allclose(heard.latent, horn.latent, atol=1e-6)
    assert heard.pitch.root_note == horn.pitch.root_note
    editing.undo()
    editing.undo()
    assert editing.slots.chains == (Chain(), None, None, None)
    assert not editing.group.canUndo()


def test_a_take_comes_with_its_own_edits(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    bell, horn = others(rig, qtbot, "bell", "horn")
    editing = rig.window.bending.editing
    choose(rig, qtbot, horn)
    editing.set_value("stretch", 1.5)
    editing.set_value("pitch_st", 5.0)
    bent = settled(rig, qtbot)
    choose(rig, qtbot, bell)
    assert lay(rig, monkeypatch.setattr, 0, horn)
    wait(qtbot, lambda: bool(editing.chain.edits))
    heard = settled(rig, qtbot)
    kept, _ = bent.chain.apply(horn.latent, horn.pitch, Space.plain(horn.latent.shape[1]))  # bent: maybe as it was made
    np.testing.assert_allclose(heard.latent, kept, atol=1e-6)
    np.testing.assert_allclose(bent.latent, kept, atol=1e-4)  # in half precision
    assert heard.pitch.root_note == bent.pitch.root_note
    editing.set_value("stretch", 1.0)
    np.testing.assert_allclose(settled(rig, qtbot).latent, horn.latent, atol=1e-6)


def test_from_slot_to_slot_one_take_goes_over_into_another(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell, horn = others(rig, qtbot, "bell", "horn")
    editing = rig.window.bending.editing
    assert lay(rig, monkeypatch.setattr, 1, horn)
    wait(qtbot, lambda: editing.slots.chains[1] is not None)
    half = 1e-4  # the library keeps latents in half precision, a take in hand may be as it was made
    for share, root in ((0.25, bell.pitch.root_note), (0.75, horn.pitch.root_note)):
        editing.morph(1, share)
        heard = settled(rig, qtbot)
        np.testing.assert_allclose(heard.latent, bell.latent + share * (horn.latent - bell.latent), atol=half)
        assert heard.pitch.root_note == root, "a note cannot be in between"


def test_several_takes_lie_side_by_side_and_the_one_in_hand_leaves_what_is_heard(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bell, horn, flute = others(rig, qtbot, "bell", "horn", "flute")
    editing = rig.window.bending.editing
    editing.set_value("noise", 0.5)
    assert lay(rig, monkeypatch.setattr, 2, flute, horn)
    wait(qtbot, lambda: editing.slots.chains[3] is not None)
    assert [chain.sources for chain in editing.slots.chains[2:] if chain] == [{flute.take_id}, {horn.take_id}]
    assert drop(
        rig.window.take_it.tile, rig.window.sound.slots, monkeypatch.setattr, rig.window.sound.slots.cell(1).center()
    )
    wait(qtbot, lambda: editing.slots.chains[1] is not None)
    assert editing.slots.chains[1] == editing.chain
    assert not lay(rig, monkeypatch.setattr, 1), "nothing was dragged"


def test_a_take_of_another_model_is_refused_with_a_word(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bell, horn = others(rig, qtbot, "bell", "horn")
    strange = rig.library.add(horn.request, horn.sound, horn.latent[:, :5], horn.pitch, 0.0)
    rig.window.takes.arrive(strange)
    said: list[str] = []
    rig.window.bending.said.connect(said.append)
    assert lay(rig, monkeypatch.setattr, 1, strange)
    wait(qtbot, lambda: any("another model" in line for line in said))
    assert rig.window.bending.editing.slots.chains[1] is None


@needs_a_hand
def test_a_hand_drags_a_take_from_the_list_to_a_slot() -> None:
    passes_alone(__file__)


def hand_drags_a_take_from_the_list_to_a_slot(rig: Rig, qtbot: QtBot) -> None:
    rig.window.move(20, 40)
    bell, horn = others(rig, qtbot, "bell", "horn")
    still(rig.window, qtbot)
    listed, bar = rig.window.takes.list, rig.window.sound.slots
    row = listed.visualRect(listed.model().index(rig.window.takes.model.row_of(horn.take_id), 0))
    start = listed.viewport().mapToGlobal(row.center())
    drag_along(qtbot, start, bar.mapToGlobal(bar.cell(3).center().toPoint()))
    editing = rig.window.bending.editing
    wait(qtbot, lambda: editing.slots.chains[3] is not None)
    assert editing.take is not None
    assert editing.take.take_id == bell.take_id, "what is dragged is not taken in hand"
    assert listed.dragged_takes() == [bell.take_id]
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    wait(qtbot, lambda: editing.take is not None and editing.take.take_id == horn.take_id)
