"""The list of takes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.request import Request
from gui.widgets.takes_model import PEAKS
from tests.fakes import ToneGenerator
from tests.gui.conftest import Rig, wait


def make(rig: Rig, qtbot: QtBot, *prompts: str) -> None:
    for prompt in prompts:
        before = rig.window.takes.model.rowCount()
        rig.window.prompt.line.setText(prompt)
        rig.window.generate()
        wait(qtbot, lambda before=before: rig.window.takes.model.rowCount() == before + 1)
        wait(qtbot, lambda: not rig.window.making.busy)


def shown(rig: Rig) -> list[str]:
    model = rig.window.takes.model
    return [model.entry(row).prompt for row in range(model.rowCount())]


def in_hand(rig: Rig) -> str:
    take = rig.window.listening.take
    return take.request.prompt if take else ""


def test_the_newest_take_is_on_top_and_in_hand(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick", "snare")
    assert shown(rig) == ["snare", "kick"]
    assert in_hand(rig) == "snare"
    assert [entry.prompt for entry in rig.window.takes.list.selected()] == ["snare"]


def test_going_to_a_take_plays_it(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick", "snare")
    wait(qtbot, lambda: rig.player.status().state == "null")
    rig.window.listening.stop()
    wait(qtbot, lambda: rig.player.position_s() is None)
    QTest.keyClick(rig.window.takes.list, Qt.Key.Key_Down)
    wait(qtbot, lambda: in_hand(rig) == "kick")
    wait(qtbot, lambda: (rig.player.position_s() or 0) > 0.02)
    assert rig.window.sound.play.accessibleName() in ("Play", "Stop")
    wait(qtbot, lambda: rig.window.sound.play.accessibleName() == "Stop")


def test_a_new_take_is_chosen_alone_whatever_key_is_held(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick")
    QTest.keyPress(rig.window, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier
    make(rig, qtbot, "snare")
    QTest.keyRelease(rig.window, Qt.Key.Key_Shift)
    assert [entry.prompt for entry in rig.window.takes.list.selected()] == ["snare"]


def test_search_narrows_the_list_as_one_types(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "dusty kick", "glassy bell", "dusty snare")
    QTest.keyClicks(rig.window.takes.search, "dust")
    wait(qtbot, lambda: shown(rig) == ["dusty snare", "dusty kick"])
    rig.window.takes.search.setText("nothing like it")
    wait(qtbot, lambda: shown(rig) == [])
    rig.window.takes.search.clear()
    wait(qtbot, lambda: len(shown(rig)) == 3)


def test_a_star_is_kept(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick")
    view = rig.window.takes.list
    row = view.visualRect(view.model().index(0, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.star_rect(row).center())
    wait(qtbot, lambda: rig.window.takes.model.entry(0).starred)
    assert [entry.prompt for entry in rig.library.entries(starred=True)] == ["kick"]


def test_removing_moves_the_file_to_the_trash_and_says_so(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick", "snare")
    path = rig.window.takes.model.entry(0).path
    rig.window.takes.remove_selected()
    wait(qtbot, lambda: shown(rig) == ["kick"])
    assert not path.exists()
    assert (rig.library.trash / path.name).exists()
    assert "trash" in rig.window.status.message
    wait(qtbot, lambda: in_hand(rig) == "kick")
    rig.window.takes.remove_selected()
    wait(qtbot, lambda: shown(rig) == [] and in_hand(rig) == "")


def test_copy_puts_the_file_or_its_path_on_the_clipboard(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick")
    path = rig.window.takes.model.entry(0).path
    rig.window.takes.copy_file()
    clipboard = QGuiApplication.clipboard()
    assert [Path(url.toLocalFile()) for url in clipboard.mimeData().urls()] == [path]
    rig.window.takes.copy_path()
    assert clipboard.text() == str(path)


def test_use_again_brings_words_seed_and_values_back(rig: Rig, qtbot: QtBot) -> None:
    rig.window.asking.note.setText("C2")
    rig.window.asking.knobs["velocity"].set_value(64)
    make(rig, qtbot, "warm bass")
    seed = rig.window.takes.model.entry(0).seed
    rig.window.asking.reset()
    rig.window.prompt.line.setText("something else")
    rig.window.this_take.reuse.click()
    assert rig.window.prompt.line.text() == "warm bass"
    assert rig.window.asking.fields()["note"] == 36
    assert rig.window.asking.fields()["velocity"] == 64
    assert rig.window.prompt.seed.next_seeds(1) == [seed]


def test_rows_get_their_waveforms_from_the_files(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick")
    model = rig.window.takes.model
    kept = model.index(0).data(PEAKS)
    model._peaks.clear()
    wait(qtbot, lambda: model.index(0).data(PEAKS) is not None)
    assert abs(model.index(0).data(PEAKS)[1] - kept[1]).max() < 1e-4


def test_the_menu_of_a_take_shows_its_seed(rig: Rig, qtbot: QtBot) -> None:
    make(rig, qtbot, "kick")
    rig.window.takes._open_menu(QPoint(20, 20))
    menu = QGuiApplication.instance().activePopupWidget()  # type: ignore[union-attr]
    texts = [action.text() for action in menu.actions()]
    menu.close()
    assert texts[0] == f"Seed {rig.window.takes.model.entry(0).seed}"
    assert {"Reveal in file manager", "Copy file", "Copy path", "Move to trash"} <= set(texts)


def test_a_take_that_comes_while_the_library_is_being_read_is_not_lost(rig: Rig, qtbot: QtBot) -> None:
    panel = rig.window.takes
    panel.refresh()
    rig.bridge._disk.submit(int).result()  # the library has answered, but the window has not heard it yet
    tone = ToneGenerator().generate(Request("late kick"), lambda _step, _steps: None, lambda: False)
    panel.arrive(rig.library.add(Request("late kick"), tone.sound, tone.latent, tone.pitch, 0.1))
    qtbot.wait(200)
    wait(qtbot, lambda: shown(rig) == ["late kick"])
