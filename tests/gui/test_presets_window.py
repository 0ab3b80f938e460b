"""Presets in the window: found, rendered with all they do, made of what is in hand, removed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import paths
from engine.presets.shelf import Shelf
from tests.gui.conftest import Rig, wait


def names(rig: Rig) -> list[str]:
    items = rig.window.shelving.panel.list
    rows = (items.item(row) for row in range(items.count()))
    return [row.text() for row in rows if row.flags() != Qt.ItemFlag.NoItemFlags]


def ready(rig: Rig, qtbot: QtBot) -> None:
    rig.window.left.show_page(2)
    wait(qtbot, lambda: len(names(rig)) >= 40)


def render(rig: Rig, qtbot: QtBot, name: str) -> None:
    panel = rig.window.shelving.panel
    panel.list.choose(name)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)


def test_a_preset_is_found_shown_and_rendered_with_all_it_does(rig: Rig, qtbot: QtBot) -> None:
    ready(rig, qtbot)
    window, panel = rig.window, rig.window.shelving.panel
    QTest.keyClicks(panel.search, "ahh")
    assert 0 < len(names(rig)) < 5
    panel.list.choose("Ahh Choir")
    assert "choir aahs" in panel.about.text()
    render(rig, qtbot, "Ahh Choir")
    preset = Shelf().find("Ahh Choir").preset
    take = window.listening.take
    assert take is not None
    assert (window.prompt.line.text(), window.asking.note.text()) == ("choir aahs", "C4")
    assert window.bending.shaping.shape == preset.shape
    assert window.listening.patch_of(take) == preset.patch
    live = window.bending.live
    wait(qtbot, lambda: live.now is not None and live.now.shape == preset.shape)
    wait(qtbot, lambda: rig.library.open(take.take_id).patch == preset.patch)
    assert rig.library.open(take.take_id).shape == preset.shape


def test_the_take_in_hand_becomes_a_preset_that_makes_it_again_and_can_be_removed(rig: Rig, qtbot: QtBot) -> None:
    ready(rig, qtbot)
    window, panel = rig.window, rig.window.shelving.panel
    assert not panel.save_button.isEnabled()
    window.prompt.line.setText("dusty kick")
    window.generate()
    wait(qtbot, lambda: window.listening.take is not None and not window.making.busy)
    window.bending.editing.set_value("amplify", 1.5)
    window.bending.shaping.set_number("drive_type", 1)
    panel.save_button.click()
    QTest.keyClicks(panel.name, "My Kick")
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    wait(qtbot, lambda: "My Kick" in names(rig))
    kept = Shelf().find("My Kick")
    assert (kept.mine, kept.preset.category, kept.preset.shape.drive_type) == (True, "kicks", "soft")
    assert kept.preset.chain.value("amplify") == 1.5
    first = window.listening.take
    render(rig, qtbot, "My Kick")
    wait(qtbot, lambda: window.listening.take is not first)
    assert window.listening.take is not None
    assert first is not None
    assert window.listening.take.request == first.request
    assert window.bending.editing.value("amplify") == 1.5
    panel.list.choose("My Kick")
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    wait(qtbot, lambda: "My Kick" not in names(rig))
    assert [path.stem for path in (paths.user_presets() / "trash").iterdir()] == [kept.path.stem]


def test_what_comes_with_the_program_stays_and_says_so(rig: Rig, qtbot: QtBot) -> None:
    ready(rig, qtbot)
    panel = rig.window.shelving.panel
    panel.list.choose("Ahh Choir")
    panel.list.setFocus()
    with qtbot.waitSignal(rig.window.shelving.said) as said:
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert "comes with the program" in said.args[0]
    assert "Ahh Choir" in names(rig)
