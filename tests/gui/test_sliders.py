"""Bending the take in hand: what is moved is heard, undone, compared, kept; and comes back with the take."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.audio.reports import ControlMoved
from engine.audiofile import read_audio
from engine.latent.chain import Chain
from engine.params import PARAMS
from engine.sound import Sound
from gui.live import Heard
from gui.widgets.slider import Slider
from tests.fakes import ToneGenerator
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


def test_what_is_played_next_is_loaded_first_where_decoding_takes_long(
    bending: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[tuple[Sound, tuple[int, int] | None]] = []
    load, decode = bending.player.load, ToneGenerator.decode

    def watched(key: str, sound: Sound, changed: tuple[int, int] | None = None) -> None:
        loads.append((sound, changed))
        load(key, sound, changed)

    def long(*given: Any) -> list[Sound]:
        time.sleep(0.05)
        return decode(*given)

    monkeypatch.setattr(bending.player, "load", watched)
    monkeypatch.setattr(ToneGenerator, "decode", long)
    for position in (0.7, 0.9):  # how long it takes is known from the second on
        slider(bending, "amplify").move_to(position)
        heard = settled(bending, qtbot)
    assert [changed is None for _, changed in loads[-2:]] == [False, True]
    assert loads[-1][0] is heard.sound
    (early, changed), before = loads[-2], loads[-3][0]
    assert changed is not None
    first, last = changed
    assert np.array_equal(early.samples[last:], before.samples[last:])
    assert not np.array_equal(early.samples[first:last], before.samples[first:last])


def test_a_slider_is_typed_turned_reset_and_walked(bending: Rig, qtbot: QtBot) -> None:
    noise = slider(bending, "noise")
    noise.setFocus()
    QTest.keyClick(noise, Qt.Key.Key_Return)
    QTest.keyClicks(noise._edit, "0,35")
    QTest.keyClick(noise._edit, Qt.Key.Key_Return)
    assert (noise.value, noise.accessibleName()) == (0.35, "Noise: 0.35")
    QTest.keyClick(noise, Qt.Key.Key_Up)
    assert noise.value == pytest.approx(0.37)
    QTest.keyClick(noise, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert noise.value == pytest.approx(0.374)
    QTest.mouseDClick(noise, Qt.MouseButton.LeftButton, pos=noise.thumb(noise.position).center().toPoint())
    assert noise.value == 0.0
    editing = bending.window.bending.editing
    assert editing.chain.value("noise") == 0.0
    bending.window.takes.list.setFocus()


def test_shift_makes_a_drag_fine_and_a_ghost_shows_where_it_was(bending: Rig, qtbot: QtBot) -> None:
    bright = slider(bending, "brightness")
    middle = bright.thumb(0.5).center().toPoint()
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(bright, Qt.MouseButton.LeftButton, pos=middle)
    for dy in (10, 20):
        where = QPointF(middle - QPoint(0, dy))
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, bright.mapToGlobal(where), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, shift,
        )  # fmt: skip
        QApplication.sendEvent(bright, event)
    assert 0 < bright.position - 0.5 < 0.1
    assert bright._ghost == 0.5
    QTest.mouseRelease(bright, Qt.MouseButton.LeftButton)


def test_what_is_held_merges_and_what_is_let_go_does_not(bending: Rig, qtbot: QtBot) -> None:
    editing = bending.window.bending.editing
    drag(slider(bending, "noise"), 0.5)
    drag(slider(bending, "noise"), 0.8)
    drag(slider(bending, "amplify"), 0.1)
    editing.undo()
    editing.undo()
    assert editing.chain.value("noise") == pytest.approx(0.5, abs=0.02)
    editing.redo()
    assert editing.chain.value("noise") == pytest.approx(0.8, abs=0.02)


def test_a_thousand_steps_back_restore_the_exact_samples_and_a_thousand_forward(bending: Rig, qtbot: QtBot) -> None:
    editing, take = bending.window.bending.editing, bending.window.listening.take
    assert take is not None
    rng = np.random.default_rng(3)
    keys = ("amplify", "noise", "smooth", "quantise", "stretch", "decay")
    for _ in range(500):
        key = keys[int(rng.integers(len(keys)))]
        editing.set_value(key, PARAMS[key].at(float(rng.random())))
        editing.settle()
    middle = settled(bending, qtbot)
    for _ in range(500):
        key = keys[int(rng.integers(len(keys)))]
        editing.set_value(key, PARAMS[key].at(float(rng.random())))
        editing.settle()
    last = settled(bending, qtbot)
    for _ in range(editing.group.activeStack().count() // 2):
        editing.undo()
    live = bending.window.bending.live
    live._cache.clear()
    count = editing.group.activeStack().count()
    while editing.group.canUndo():
        editing.undo()
    assert settled(bending, qtbot).sound is take.sound
    assert count > 950
    for chain, wanted in ((middle.chain, middle.sound), (last.chain, last.sound)):
        while editing.slots.heard != chain:
            editing.redo()
        np.testing.assert_array_equal(settled(bending, qtbot).sound.samples, wanted.samples)
    assert not editing.group.canRedo()


def test_dice_leave_locked_sliders_alone(bending: Rig) -> None:
    noise, panel = slider(bending, "noise"), bending.window.bending.panel
    noise.set_locked(True)
    panel.tools.dice.set_percent(100)
    QTest.mouseClick(panel.tools.dice, Qt.MouseButton.LeftButton)
    chain = bending.window.bending.editing.chain
    assert chain.value("noise") == 0.0
    assert chain.value("amplify") != 1.0
    assert chain.value("pitch_st") == 0.0, "another page is left alone, too"
    bending.window.bending.editing.undo()
    assert bending.window.bending.editing.chain == Chain(), "one throw is one step"


def test_slots_hold_versions_that_are_heard_by_a_click(bending: Rig, qtbot: QtBot) -> None:
    bar = bending.window.sound.slots
    drag(slider(bending, "noise"), 0.6)
    click = lambda place: QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.cell(place).center().toPoint())  # noqa: E731
    first = settled(bending, qtbot).sound
    click(1)
    assert slider(bending, "noise").value == pytest.approx(0.6, abs=0.02), "a free slot begins with what is heard"
    drag(slider(bending, "noise"), 0.1)
    second = settled(bending, qtbot).sound
    click(0)
    assert settled(bending, qtbot).sound is first
    click(1)
    assert settled(bending, qtbot).sound is second


def test_the_original_is_heard_by_a_key_and_moving_a_slider_comes_back(bending: Rig, qtbot: QtBot) -> None:
    take = bending.window.listening.take
    assert take is not None
    drag(slider(bending, "noise"), 0.6)
    QTest.keyClick(bending.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert settled(bending, qtbot).sound is take.sound
    assert slider(bending, "noise").value == pytest.approx(0.6, abs=0.02)
    drag(slider(bending, "noise"), 0.7)
    assert settled(bending, qtbot).chain.value("noise") == pytest.approx(0.7, abs=0.02)


def test_a_part_of_the_sound_is_chosen_by_dragging_and_edited_alone(bending: Rig, qtbot: QtBot) -> None:
    view, editing = bending.window.sound.waveform, bending.window.bending.editing
    first, last = (QPoint(int(view.x_of(at)), 40) for at in (0.3, 0.7))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(view, first + (last - first) * share)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)
    assert editing.region == pytest.approx((0.3, 0.7), abs=0.01)
    assert not slider(bending, "decay").isEnabled(), "a decay is the whole sound's"
    drag(slider(bending, "amplify"), 0.9)
    heard = settled(bending, qtbot)
    assert [edit.region_s for edit in heard.chain.edits] == [editing.region]
    changed = np.flatnonzero(np.abs(heard.latent - heard.take.latent).max(axis=1))
    assert 0 < changed.min() <= changed.max() < len(heard.latent) - 1
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert editing.region is None
    assert slider(bending, "amplify").value == 1.0, "the whole is as it was"


def test_edits_come_back_with_the_take_and_after_the_next_start(
    make_rig: Callable[..., Rig], bending: Rig, qtbot: QtBot
) -> None:
    drag(slider(bending, "noise"), 0.6)
    before = settled(bending, qtbot)
    bending.window.close()
    again = make_rig()
    wait(qtbot, lambda: again.window.takes.model.rowCount() == 1)
    again.window._choose(again.window.takes.model.entry(0), False)
    wait(qtbot, lambda: again.window.listening.take is not None)
    heard = settled(again, qtbot)
    assert heard.chain == before.chain
    np.testing.assert_allclose(heard.sound.samples, before.sound.samples, atol=2e-3)


def test_what_is_kept_is_a_take_of_its_own_that_sounds_the_same(bending: Rig, qtbot: QtBot) -> None:
    drag(slider(bending, "amplify"), 0.1)
    heard = settled(bending, qtbot)
    QTest.keyClick(bending.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: bending.window.takes.model.rowCount() == 2)
    kept = bending.library.open(bending.window.takes.model.entry(0).take_id)
    gain = kept.sound.peak / heard.sound.peak
    np.testing.assert_allclose(kept.sound.samples, heard.sound.samples * gain, atol=1e-4)
    np.testing.assert_allclose(kept.latent, heard.latent, atol=2e-3)
    assert kept.edits == ""


def test_the_tile_gives_away_what_is_heard(bending: Rig, qtbot: QtBot) -> None:
    drag(slider(bending, "amplify"), 0.1)
    heard = settled(bending, qtbot)
    QTest.mouseClick(bending.window.take_it._chips[2], Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: QGuiApplication.clipboard().text().endswith(".wav"))
    path = Path(QGuiApplication.clipboard().text())
    assert path.parent == bending.library.edited
    given = read_audio(path)
    gain = given.peak / heard.sound.peak
    np.testing.assert_allclose(given.samples, heard.sound.samples * gain, atol=1e-4)
    bending.window.bending.editing.undo()
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(bending.window.take_it._chips[2], Qt.MouseButton.LeftButton)
    assert Path(QGuiApplication.clipboard().text()).parent == bending.library.sounds


def test_a_learnt_controller_moves_the_slider_and_the_sound(bending: Rig, qtbot: QtBot) -> None:
    learning, noise = bending.window.playing.learning, slider(bending, "noise")
    learning.learn("latent.noise")
    for value in range(40, 60):
        learning.moved(ControlMoved("Knobs", 1, 21, value))
    assert noise.midi.text == "CC 21"
    for value in (0, *range(0, 127, 3), 127):
        learning.moved(ControlMoved("Knobs", 1, 21, value))
    wait(qtbot, lambda: noise.value == 1.0)
    assert settled(bending, qtbot).chain.value("noise") == 1.0


def test_a_take_that_is_dropped_in_the_well_is_morphed_into(bending: Rig, qtbot: QtBot) -> None:
    bending.window.prompt.line.setText("other bell")
    bending.window.generate()
    wait(qtbot, lambda: bending.window.takes.model.rowCount() == 2 and not bending.window.making.busy)
    other = bending.library.open(bending.window.takes.model.entry(1).take_id)
    take = bending.window.listening.take
    assert take is not None
    page = bending.window.bending.panel.morph
    assert not page.controls["morph"].isEnabled()
    page.well.dropped.emit(other.take_id)
    wait(qtbot, lambda: settled(bending, qtbot).chain.sources == {other.take_id})
    assert page.well.accessibleName() == "Morphs into: bell"
    heard = settled(bending, qtbot)
    np.testing.assert_allclose(heard.latent, (take.latent + other.latent) / 2, atol=1e-3)
    page.controls["morph"].move_to(1.0)
    np.testing.assert_allclose(settled(bending, qtbot).latent, other.latent, atol=1e-3)
    page.well.cleared.emit()
    assert settled(bending, qtbot).sound is take.sound


def test_between_two_slots_what_is_heard_lies_between_them(bending: Rig, qtbot: QtBot) -> None:
    editing, page = bending.window.bending.editing, bending.window.bending.panel.morph
    editing.set_value("amplify", 2.0)
    editing.choose_slot(1)
    editing.set_value("amplify", 1.0)
    editing.choose_slot(0)
    assert page.towards.text() == "A → B"
    page.slots.move_to(0.25)
    assert settled(bending, qtbot).chain.value("amplify") == pytest.approx(1.75)
    assert slider(bending, "amplify").value == pytest.approx(1.75)
    page.slots.move_to(0.0)
    assert settled(bending, qtbot).chain.value("amplify") == 2.0


def test_knobs_of_how_it_is_played_are_undone_among_the_sliders(bending: Rig, qtbot: QtBot) -> None:
    window = bending.window
    knobs = window.playing.patch.knobs()
    drag(slider(bending, "noise"), 0.5)
    for place in (0.3, 0.6, 0.9):
        knobs["patch.release_s"].move_to(place)
    knobs["patch.tune_cents"].move_to(1.0)
    before = window.listening.patch_of(window.listening.take)
    window.bending.editing.undo()
    window.bending.editing.undo()
    patch = window.listening.patch_of(window.listening.take)
    assert (patch.release_s, patch.tune_cents) == (0.08, 0.0), "the moves of one knob are one step"
    assert slider(bending, "noise").value != 0.0
    window.bending.editing.undo()
    assert slider(bending, "noise").value == 0.0
    for _ in range(3):
        window.bending.editing.redo()
    assert window.listening.patch_of(window.listening.take) == before


def test_outside_the_chosen_part_not_a_sample_changes(bending: Rig, qtbot: QtBot) -> None:
    editing, take = bending.window.bending.editing, bending.window.listening.take
    assert take is not None
    editing.set_region((0.3, 0.7))
    editing.set_value("amplify", 2.0)
    heard = settled(bending, qtbot).sound
    rate = take.sound.rate_hz
    first, last = round(0.3 * rate), round(0.7 * rate)
    changed = np.flatnonzero((heard.samples != take.sound.samples).any(axis=1))
    assert first <= changed.min() < changed.max() <= last
    assert len(changed) > 0.5 * (last - first)
