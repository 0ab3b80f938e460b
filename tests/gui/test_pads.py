"""Sixteen pads: takes are laid on them, played, moved, and remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.audio.reports import NotePlayed
from engine.settings import Settings
from gui.drumming import NOTES
from tests.gui.conftest import Rig, wait
from tests.gui.hand import drag_along, drop, needs_a_hand, passes_alone, still
from tests.gui.test_keys import take, tell


def on_pads(rig: Rig) -> dict[int, str]:
    return {note: pad.take.request.prompt for note, pad in rig.window.playing.drumming.pads.items()}


def test_takes_are_dropped_on_pads_replaced_swapped_and_taken_off(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(rig, qtbot, "kick", "snare", "hat")
    pads, listed = rig.window.playing.pads.pads, rig.window.takes.list
    listed.choose(rig.window.takes.model.entry(2).take_id)
    assert drop(listed, pads[36], monkeypatch.setattr)
    wait(qtbot, lambda: on_pads(rig) == {36: "kick"})
    listed.selectAll()
    assert drop(listed, pads[36], monkeypatch.setattr)
    wait(qtbot, lambda: on_pads(rig) == {36: "hat", 37: "snare", 38: "kick"})
    assert drop(rig.window.take_it.tile, pads[37], monkeypatch.setattr)
    wait(qtbot, lambda: on_pads(rig)[37] == "hat")
    assert drop(pads[38], pads[42], monkeypatch.setattr)
    wait(qtbot, lambda: on_pads(rig) == {36: "hat", 37: "hat", 42: "kick"})
    assert rig.window.playing.drumming.pads[42].choice.choke_group, "on a hat's pad it chokes the other hats"
    assert drop(pads[36], pads[42], monkeypatch.setattr)
    assert on_pads(rig) == {36: "kick", 37: "hat", 42: "hat"}
    assert rig.window.playing.drumming.pads[36].choice.choke_group == 0
    assert pads[36].name == "kick"
    pads[36].clear_wanted.emit()
    assert (on_pads(rig), pads[36].name) == ({37: "hat", 42: "hat"}, "")


def test_a_take_of_the_menu_goes_to_the_first_free_pad(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "kick")
    for _ in range(2):
        rig.window.takes.pad_wanted.emit(rig.window.takes.list.dragged_takes())
    wait(qtbot, lambda: on_pads(rig) == {36: "kick", 37: "kick"})
    assert "C#2" in rig.window.status.message


def test_a_pad_is_heard_by_click_at_the_take_s_own_pitch(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "kick")
    rig.window.left.show_page(1)
    drumming, pad = rig.window.playing.drumming, rig.window.playing.pads.pads[40]
    drumming.lay(40, [rig.window.takes.model.entry(0).take_id])
    wait(qtbot, lambda: bool(drumming.pads))
    wait(qtbot, lambda: rig.player.status().state == "null" and rig.player.voices() == 0)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, pad.height() - 4))
    assert pad.flashing
    wait(qtbot, lambda: rig.player.voices() > 0)
    patch = drumming._patch(drumming.pads[40])
    assert (patch.root_note, patch.pitch_mode, patch.play_mode) == (40, "varispeed", "one-shot")
    drumming.change(40, one_shot=False)
    assert drumming._patch(drumming.pads[40]).play_mode == "gated"


def test_midi_plays_the_pads_while_they_are_shown(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "kick")
    drumming, panel = rig.window.playing.drumming, rig.window.playing.pads
    drumming.lay(36, [rig.window.takes.model.entry(0).take_id])
    wait(qtbot, lambda: bool(drumming.pads))
    routes = []
    for page in (0, 1):
        rig.window.left.show_page(page)
        routes.append(rig.player._route.pads)
    assert routes == [{}, {36: "pad 36"}]
    tell(rig, NotePlayed("Drums", 10, 36, 100), NotePlayed("Drums", 10, 37, 100))
    wait(qtbot, lambda: panel.pads[36].flashing)
    assert not panel.pads[37].flashing, "an empty pad plays nothing"
    drumming.set_listen("never")
    assert rig.player._route.pads == {}
    rig.window.left.show_page(0)
    drumming.set_listen("always")
    assert rig.player._route.pads == {36: "pad 36"}


def test_pads_are_as_they_were_after_a_restart_and_a_deleted_take_leaves_its_pad_empty(
    make_rig: Callable[..., Rig], qtbot: QtBot, stored: Callable[[], Settings]
) -> None:
    first = make_rig()
    take(first, qtbot, "kick", "snare", "hat")
    ids = first.window.takes.list.takes
    first.window.playing.drumming.lay(36, [ids.entry(row).take_id for row in range(3)])
    wait(qtbot, lambda: len(on_pads(first)) == 3)
    first.window.playing.drumming.change(37, one_shot=False, choke_group=3)
    removed = ids.entry(0).take_id
    first.window.close()
    first.library.remove(removed)
    second = make_rig(settings=stored())
    wait(qtbot, lambda: on_pads(second) == {37: "snare", 38: "kick"})
    choice = second.window.playing.drumming.pads[37].choice
    assert (choice.one_shot, choice.choke_group) == (False, 3)
    assert second.window.status.message == ""
    wait(qtbot, lambda: second.window.takes.model.row_of(choice.take_id) >= 0)
    second.window.takes.list.choose(choice.take_id)
    second.window.takes.remove_selected()
    wait(qtbot, lambda: on_pads(second) == {38: "kick"})


def test_a_take_removed_on_its_way_to_a_pad_never_gets_there(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "kick", "snare")
    drumming, listed = rig.window.playing.drumming, rig.window.takes.model
    snare, kick = (listed.entry(row).take_id for row in range(2))
    drumming.lay(36, [kick])
    wait(qtbot, lambda: on_pads(rig) == {36: "kick"})
    drumming.lay(36, [snare, snare, kick])
    drumming.forget(snare)
    wait(qtbot, lambda: 38 in on_pads(rig))
    assert on_pads(rig) == {36: "kick", 38: "kick"}
    assert [choice.note for choice in drumming.kept()["pads"]] == [36, 38]


def test_a_drag_that_rests_on_the_tab_opens_the_pads(rig: Rig, qtbot: QtBot) -> None:
    tab = rig.window.left._group.button(1)
    event = QDragEnterEvent(
        QPoint(3, 3), Qt.DropAction.CopyAction, QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(tab, event)
    wait(qtbot, lambda: rig.window.left.page == 1)


@needs_a_hand
def test_a_hand_drags_a_take_from_the_list_over_the_tab_to_a_pad() -> None:
    """In a process of its own, as the program has one: Qt's X11 drags do not outlive the windows of earlier tests."""
    passes_alone(__file__)


def hand_drags_a_take_from_the_list_over_the_tab_to_a_pad(rig: Rig, qtbot: QtBot) -> None:
    rig.window.move(20, 40)
    take(rig, qtbot, "kick")
    still(rig.window, qtbot)
    tab, pad = rig.window.left._group.button(1), rig.window.playing.pads.pads[44]
    rig.window.left.show_page(1)
    qtbot.wait(100)
    goal = pad.mapToGlobal(pad.rect().center())
    rig.window.left.show_page(0)
    qtbot.wait(100)
    listed = rig.window.takes.list
    start = listed.viewport().mapToGlobal(listed.visualRect(listed.model().index(0, 0)).center())
    over = tab.mapToGlobal(tab.rect().center())
    drag_along(qtbot, start, over, goal)
    wait(qtbot, lambda: on_pads(rig) == {44: "kick"})


def test_the_lowest_pad_lies_below_on_the_left(rig: Rig, qtbot: QtBot) -> None:
    rig.window.left.show_page(1)
    pads = rig.window.playing.pads.pads
    qtbot.wait(50)
    order = sorted(NOTES, key=lambda note: (-pads[note].y(), pads[note].x()))
    assert order == list(NOTES)
