"""Finishing the take in hand: cut, fades, loop and effects are seen, heard, undone, kept, and leave with the file."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.audiofile import read_audio
from engine.dsp.shaping import apply
from engine.patch import Patch
from engine.request import Take
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound
from gui.live import Heard
from gui.widgets.waveform import WaveformView
from tests.gui.conftest import Rig, wait


@pytest.fixture
def finishing(rig: Rig, qtbot: QtBot) -> Rig:
    """A take of a second in hand."""
    rig.window.prompt.line.setText("bell")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)
    return rig


def in_hand(rig: Rig) -> Take:
    take = rig.window.listening.take
    assert take is not None
    return take


def heard(rig: Rig, qtbot: QtBot) -> Heard:
    """What is heard once it is shaped."""
    live, shaping = rig.window.bending.live, rig.window.bending.shaping
    wait(qtbot, lambda: live.now is not None and not live.waiting and live.now.shape == shaping.shape)
    assert live.now is not None
    return live.now


def drag_mark(wave: WaveformView, name: str, to_s: float) -> None:
    """In steps, as a hand does."""
    start = wave.mark_box(name).center()
    goal = QPointF(wave.x_of(to_s), start.y())
    QTest.mousePress(wave, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(wave, (start + (goal - start) * share).toPoint())
    QTest.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=goal.toPoint())


def test_a_dragged_cut_lands_on_a_zero_crossing_and_is_one_step(finishing: Rig, qtbot: QtBot) -> None:
    window, take = finishing.window, in_hand(finishing)
    wave, shaping = window.sound.waveform, window.bending.shaping
    drag_mark(wave, "first", 0.25)
    drag_mark(wave, "last", 0.75)
    now = heard(finishing, qtbot)
    first, last = shaping.span
    assert (first, last) == (pytest.approx(0.25, abs=0.02), pytest.approx(0.75, abs=0.02))
    frame, mono = round(first * take.sound.rate_hz), take.sound.mono()
    assert (mono[frame] > 0) != (mono[frame - 1] > 0)
    assert np.array_equal(now.sound.samples, apply(shaping.shape, take.sound).samples)
    assert wave._seconds == pytest.approx(take.sound.seconds), "what was cut off can still be seen, and had back"
    window.bending.editing.undo()
    assert shaping.span[1] == take.sound.seconds
    window.bending.editing.undo()
    assert heard(finishing, qtbot).sound is take.sound, "the take itself, not a sample changed"
    assert not window.bending.editing.group.canUndo()


def test_marks_leave_seeking_and_choosing_a_part_alone(finishing: Rig, qtbot: QtBot) -> None:
    window = finishing.window
    wave = window.sound.waveform
    window.bending.shaping.keep_between(0.2, 0.8)
    heard(finishing, qtbot)
    middle = QPoint(round(wave.x_of(0.2)), wave.height() // 2)
    with qtbot.waitSignal(window.sound.sought) as sought:
        QTest.mouseClick(wave, Qt.MouseButton.LeftButton, pos=middle + QPoint(round(wave.x_of(0.3) - wave.x_of(0)), 0))
    assert sought.args == [pytest.approx(0.3, abs=0.02)], "in the seconds of what is heard"
    QTest.mousePress(wave, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(wave, QPoint(round(wave.x_of(0.5)), middle.y()))
    QTest.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=QPoint(round(wave.x_of(0.5)), middle.y()))
    assert window.bending.editing.region == (pytest.approx(0.2, abs=0.02), pytest.approx(0.5, abs=0.02))
    assert window.bending.shaping.span == (pytest.approx(0.2, abs=0.02), pytest.approx(0.8, abs=0.02))


def test_backwards_the_picture_turns_and_the_chosen_part_with_it(finishing: Rig, qtbot: QtBot) -> None:
    window, take = finishing.window, in_hand(finishing)
    window.bending.editing.set_region((0.1, 0.3))
    window.bending.finish.targets()["shape.reverse"].move_to(1.0)
    now = heard(finishing, qtbot)
    assert np.array_equal(now.sound.samples, take.sound.samples[::-1])
    assert window.sound.waveform.region == (pytest.approx(0.7), pytest.approx(0.9))
    drag_mark(window.sound.waveform, "first", 0.9)
    assert window.bending.shaping.span[0] == pytest.approx(0.1, abs=0.02), "its start is on the right"


def test_fades_are_dragged_and_knobs_follow(finishing: Rig, qtbot: QtBot) -> None:
    window = finishing.window
    drag_mark(window.sound.waveform, "fade_in", 0.2)
    now, knob = heard(finishing, qtbot), window.bending.finish.targets()["shape.fade_in_s"]
    assert knob.value == pytest.approx(0.2, abs=0.02)
    assert now.sound.samples[0] == 0.0
    wave = window.sound.waveform
    QTest.mouseDClick(wave, Qt.MouseButton.LeftButton, pos=wave.mark_box("fade_in").center().toPoint())
    assert window.bending.shaping.shape == UNSHAPED


def test_a_loop_is_found_told_dragged_and_moves_along_with_the_cut(finishing: Rig, qtbot: QtBot) -> None:
    window, take = finishing.window, in_hand(finishing)
    with qtbot.waitSignal(window.bending.marking.said, timeout=30_000) as said:
        window.sound.find_loop.click()
    patch = window.listening.patch_of(take)
    assert patch.loop_s is not None
    assert patch.play_mode == "loop"
    assert all(word in said.args[0] for word in (f"{patch.loop_s[0]:.3f}", "crossfade 20 ms", "seam"))
    first, last = patch.loop_s
    window.bending.shaping.keep_between(first / 2, take.sound.seconds)
    cut = heard(finishing, qtbot).timeline.offset_s
    assert cut > 0
    assert window.listening.patch_of(take).loop_s == (pytest.approx(first - cut), pytest.approx(last - cut))
    window.bending.editing.undo()
    assert window.listening.patch_of(take).loop_s == (pytest.approx(first), pytest.approx(last))
    heard(finishing, qtbot)
    drag_mark(window.sound.waveform, "loop_last", 0.9)
    loop = window.listening.patch_of(take).loop_s
    assert loop is not None
    assert loop[1] == pytest.approx(0.9, abs=0.02)


def test_the_shape_comes_after_the_edits_and_comes_back_with_the_take(finishing: Rig, qtbot: QtBot) -> None:
    window, take = finishing.window, in_hand(finishing)
    window.bending.editing.set_value("amplify", 0.5)
    window.bending.finish.targets()["shape.crush_bits"].move_to(0.2)
    live = window.bending.live
    wait(qtbot, lambda: bool(live.now and live.now.chain.active and not live.waiting and live.now.shape != UNSHAPED))
    assert live.now is not None
    made, shape = live._made, window.bending.shaping.shape
    assert made is not None
    assert np.array_equal(live.now.sound.samples, apply(shape, made.sound).samples)
    wait(qtbot, lambda: finishing.library.open(take.take_id).shape == shape)


def test_what_leaves_and_what_is_kept_is_what_is_heard(finishing: Rig, qtbot: QtBot) -> None:
    window = finishing.window
    window.bending.shaping.set_shape(Shape(trim_s=(0.1, 0.6), normalise="peak", normalise_db=-6.0), "test")
    now = heard(finishing, qtbot)
    given: list[Sound] = []
    window.bending.give_file(lambda path: given.append(read_audio(path)))
    wait(qtbot, lambda: bool(given))
    np.testing.assert_allclose(given[0].samples, now.sound.samples, atol=1e-4)
    with qtbot.waitSignal(window.bending.arrived, timeout=30_000) as arrived:
        window.bending.keep()
    kept = arrived.args[0]
    np.testing.assert_allclose(kept.sound.samples, now.sound.samples, atol=1e-4)
    assert kept.latent.size > 0, "its sliders work"
    assert kept.request.prompt == "bell"


def test_a_cut_that_leaves_nothing_is_refused_in_one_line(finishing: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(finishing.window.bending.said) as said:
        finishing.window.bending.finish.cut.kept.emit(0.5, 0.5)
    assert "10 ms" in said.args[0]
    assert finishing.window.bending.shaping.shape == UNSHAPED


def test_a_loop_of_the_patch_leaves_in_the_file(finishing: Rig, qtbot: QtBot) -> None:
    """Samplers read it from the smpl chunk; they do not crossfade, so the seam is smooth in the samples already."""
    window, take = finishing.window, in_hand(finishing)
    tile, rate = window.take_it.tile, take.sound.rate_hz
    own = tile.toolTip()
    mono = take.sound.mono()
    first, end = round(0.3 * rate), round(0.55 * rate)
    end += int(np.abs(mono[end - 1 : end + rate // 50 - 1] - mono[first]).argmax())  # where the seam would click most
    window.listening.set_patch(Patch(play_mode="loop", loop_s=(first / rate, end / rate), loop_fade_s=0.02))
    assert tile.toolTip() != own
    QTest.mousePress(tile, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: tile._written)
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton)
    assert tile._path is not None
    given = read_audio(tile._path)
    last = end - 1
    assert given.loop == (first, last)
    fade = round(0.02 * rate)
    np.testing.assert_allclose(given.samples[: last - fade], take.sound.samples[: last - fade], atol=1e-4)
    round_it = np.concatenate([given.mono()[last - 200 : last + 1], given.mono()[first : first + 200]])
    plain = np.concatenate([mono[last - 200 : last + 1], mono[first : first + 200]])
    assert np.abs(np.diff(round_it)).max() < 0.5 * np.abs(np.diff(plain)).max(), "no click at the seam"
    window.bending.editing.set_value("pitch_st", 4.0)
    wait(qtbot, lambda: bool(window.bending.live.now and window.bending.live.now.chain.active))
    edited: list[Sound] = []
    window.bending.give_file(lambda path: edited.append(read_audio(path)))
    wait(qtbot, lambda: bool(edited))
    assert (edited[0].loop, edited[0].root_note) == ((first, last), 61)
    window.bending.editing.undo()
    window.listening.set_patch(Patch(play_mode="gated", loop_s=(0.3001, 0.5507)))
    assert tile.toolTip() == own, "without going round, the take's own file is what is heard"


def test_the_chosen_part_is_looped_from_the_menu(finishing: Rig, qtbot: QtBot) -> None:
    window, take = finishing.window, in_hand(finishing)
    window.bending.editing.set_region((0.25, 0.5))
    menu = window.bending.marking.menu()
    next(action for action in menu.actions() if action.text() == "Loop the chosen part").trigger()
    patch = window.listening.patch_of(take)
    assert (patch.play_mode, patch.loop_s) == ("loop", (0.25, 0.5))
