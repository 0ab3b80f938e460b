"""The pencil over the spectrogram: what the hand draws is sung, at the place of the picture where it was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.dsp.finish import finish
from engine.latent.chain import Chain
from engine.pitch import Pitch, note_hz
from engine.request import Take
from engine.shape import Shape
from gui.widgets.pitch_line import PitchLine
from gui.widgets.pitch_stroke import Stroke
from tests.fakes import ToneGenerator
from tests.fundamental import cents_off
from tests.gui.conftest import Rig, wait
from tests.gui.test_sliders import settled

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def drawing(rig: Rig, qtbot: QtBot) -> Rig:
    """A second of A3 in hand, and the pencil."""
    rig.window.resize(1400, 900)
    rig.window.prompt.line.setText("bell in A3")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)
    QTest.mouseClick(line_of(rig).pencil, LEFT)
    started(rig, qtbot)
    return rig


def started(rig: Rig, qtbot: QtBot) -> None:
    """Waits until it is known where the take in hand begins."""
    take = rig.window.listening.take
    assert take is not None
    wait(qtbot, lambda: take.take_id in rig.window.bending.drawing._starts)


def line_of(rig: Rig) -> PitchLine:
    return rig.window.bending.drawing.line


def send(line: PitchLine, kind: QEvent.Type, place: QPointF, keys: Qt.KeyboardModifier) -> None:
    moved = kind == QEvent.Type.MouseMove
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    button = Qt.MouseButton.NoButton if moved else LEFT
    QApplication.sendEvent(line, QMouseEvent(kind, place, line.mapToGlobal(place), button, held, keys))


def stroke(
    rig: Rig, points: Sequence[tuple[float, float]], keys: Qt.KeyboardModifier = NONE, *, let_go: bool = True
) -> None:
    """(seconds of the picture, note), as a hand with these keys held draws them."""
    line = line_of(rig)
    places = [QPointF(line.x_at(seconds), line._view.y_of(note_hz(note))) for seconds, note in points]
    send(line, QEvent.Type.MouseButtonPress, places[0], keys)
    for place in places[1:]:
        send(line, QEvent.Type.MouseMove, place, keys)
        QApplication.processEvents()
    if let_go:
        send(line, QEvent.Type.MouseButtonRelease, places[-1], keys)


def curve(rig: Rig, seconds: float) -> float:
    """The note that the curve over the picture shows."""
    shown = line_of(rig)._shown.heard
    assert shown is not None
    note = shown.at(seconds)
    assert note is not None
    return note


def sung(rig: Rig, qtbot: QtBot, moments: Sequence[float], notes: Sequence[float]) -> float:
    """How far, in cents, what is heard is from these notes at these moments of the picture, at the worst."""
    sound = settled(rig, qtbot).sound
    mono = sound.mono().astype(np.float64)
    return max(cents_off(mono, sound.rate_hz, at, note_hz(note)) for at, note in zip(moments, notes, strict=True))


ARCH = [(0.15 + 0.5 * k / 40, 57 + 6 * np.sin(np.pi * k / 40)) for k in range(41)]
MOMENTS = (0.22, 0.3, 0.4, 0.5, 0.58)


def arch(seconds: float) -> float:
    return float(57 + 6 * np.sin(np.pi * (seconds - 0.15) / 0.5))


def test_what_is_drawn_is_sung_within_ten_cents_and_undone_in_one_step(drawing: Rig, qtbot: QtBot) -> None:
    editing, take = drawing.window.bending.editing, drawing.window.listening.take
    assert take is not None
    stroke(drawing, ARCH)
    assert [edit.kind for edit in editing.chain.edits] == ["draw"]
    settled(drawing, qtbot)  # the curve that is shown is the one that is heard
    assert sung(drawing, qtbot, MOMENTS, [curve(drawing, at) for at in MOMENTS]) < 10
    assert [curve(drawing, at) for at in MOMENTS] == pytest.approx([arch(at) for at in MOMENTS], abs=0.35)
    assert sung(drawing, qtbot, [0.05, 0.9], [57, 57]) < 10, "before and after it is as it was"
    stroke(drawing, [(0.3, 50.0), (0.5, 50.0)])
    editing.undo()
    assert settled(drawing, qtbot).chain.edits == editing.chain.edits
    assert curve(drawing, 0.4) == pytest.approx(63, abs=0.4), "each stroke is a step"
    QTest.keyClick(drawing.window, Qt.Key.Key_Z, CTRL)
    assert settled(drawing, qtbot).sound is take.sound
    assert not editing.group.canUndo()


def test_the_sound_follows_while_the_hand_still_draws(drawing: Rig, qtbot: QtBot) -> None:
    stroke(drawing, ARCH, let_go=False)
    editing = drawing.window.bending.editing
    heard = settled(drawing, qtbot)
    assert heard.altered
    for _ in range(3):
        editing._rest.timeout.emit()  # a hand that pauses is still on the same stroke
    send(line_of(drawing), QEvent.Type.MouseMove, QPointF(line_of(drawing).x_at(0.8), 60), NONE)
    assert line_of(drawing).held
    send(line_of(drawing), QEvent.Type.MouseButtonRelease, QPointF(line_of(drawing).x_at(0.8), 60), NONE)
    assert editing.group.activeStack().count() == 1


def test_escape_takes_the_stroke_back_as_if_it_never_was(drawing: Rig, qtbot: QtBot) -> None:
    take = drawing.window.listening.take
    assert take is not None
    stroke(drawing, ARCH, let_go=False)
    assert drawing.window.bending.editing.chain.edits
    QTest.keyClick(line_of(drawing), Qt.Key.Key_Escape)
    send(line_of(drawing), QEvent.Type.MouseMove, QPointF(500, 60), NONE)
    send(line_of(drawing), QEvent.Type.MouseButtonRelease, QPointF(500, 60), NONE)
    assert settled(drawing, qtbot).sound is take.sound
    assert drawing.window.bending.editing.group.activeStack().count() == 0


def test_shift_draws_semitones_and_the_pointer_says_which(drawing: Rig, qtbot: QtBot) -> None:
    stroke(drawing, ARCH, SHIFT, let_go=False)
    assert line_of(drawing).readout() == "A3   220.0 Hz"
    send(line_of(drawing), QEvent.Type.MouseButtonRelease, QPointF(line_of(drawing).x_at(0.65), 100), SHIFT)
    drawn = settled(drawing, qtbot).chain.edits[0].points
    assert {round(height, 3) for _, height in drawn} >= {0, 2, 4, 6}
    between = [height for _, height in drawn if abs(height - round(height)) > 1e-3]
    assert len(between) <= 14, "only where it goes over from one to the next"
    line = line_of(drawing)
    QTest.mouseMove(line, QPointF(300, line._view.y_of(note_hz(62.3))).toPoint())
    wait(qtbot, lambda: line.readout().startswith(("D4", "D#4", "C#4")))  # the pointer's way goes through the screen
    assert " ct" in line.readout()


def test_control_draws_finely_from_the_curve(drawing: Rig, qtbot: QtBot) -> None:
    stroke(drawing, [(0.2, 70.0), (0.4, 75.0), (0.6, 70.0)], CTRL)
    settled(drawing, qtbot)
    assert curve(drawing, 0.4) == pytest.approx(57.5, abs=0.15), "a tenth of the way, wherever the hand began"
    assert curve(drawing, 0.22) == pytest.approx(57.0, abs=0.15)


def test_a_double_click_takes_back_a_line_and_the_menu_all_of_them(drawing: Rig, qtbot: QtBot) -> None:
    line, editing = line_of(drawing), drawing.window.bending.editing
    for first in (0.1, 0.4, 0.7):
        stroke(drawing, [(first, 60.0), (first + 0.1, 64.0)])
    assert len(editing.chain.edits) == 3
    QTest.mouseDClick(line, LEFT, pos=QPointF(line.x_at(0.45), 50).toPoint())
    assert [min(edit.points)[0] for edit in editing.chain.edits] == pytest.approx([0.1, 0.7], abs=0.01)
    menu = drawing.window.bending.drawing.menu(0.45)
    assert [action.isEnabled() for action in menu.actions()] == [False, True]
    menu.actions()[1].trigger()
    assert editing.chain == Chain()
    editing.undo()
    assert len(editing.chain.edits) == 2


def test_a_click_plays_from_there_and_draws_nothing(drawing: Rig) -> None:
    sought: list[float] = []
    line = line_of(drawing)
    line._view.sought.connect(sought.append)
    QTest.mouseClick(line, LEFT, pos=QPointF(line.x_at(0.5), 60).toPoint())
    assert sought == [pytest.approx(0.5, abs=0.01)]
    assert drawing.window.bending.editing.chain == Chain()


def test_a_sound_without_pitch_says_so(drawing: Rig, qtbot: QtBot) -> None:
    window = drawing.window
    take = window.listening.take
    assert take is not None
    hat = drawing.library.add(take.request, replace(take.sound, root_note=None), take.latent, Pitch(None), 0.0)
    hold(drawing, qtbot, hat)
    said: list[str] = []
    window.bending.said.connect(said.append)
    stroke(drawing, ARCH)
    assert "No pitch" in line_of(drawing)._shown.word
    assert any("No pitch" in words for words in said)
    assert window.bending.editing.chain == Chain()


def hold(rig: Rig, qtbot: QtBot, take: Take) -> None:
    rig.window._choose_by_id(take.take_id)
    wait(qtbot, lambda: rig.window.listening.take is not None and rig.window.listening.take.take_id == take.take_id)
    wait(qtbot, lambda: not rig.window.bending.live.waiting)


def test_silence_that_was_cut_off_before_a_sound_does_not_move_the_line(drawing: Rig, qtbot: QtBot) -> None:
    """The latent of this take is silent for three frames, the sound is not."""
    take = drawing.window.listening.take
    assert take is not None
    latent = take.latent.copy()
    latent[:3] = 0.0
    sound = finish(ToneGenerator().decode(latent, [take.pitch], take.request.seed)[0])
    late = drawing.library.add(take.request, sound, latent, take.pitch, 0.0)
    hold(drawing, qtbot, late)
    started(drawing, qtbot)
    assert drawing.window.bending.drawing._starts[late.take_id] == pytest.approx(0.235, abs=0.03)
    stroke(drawing, ARCH)
    settled(drawing, qtbot)
    assert sung(drawing, qtbot, MOMENTS, [curve(drawing, at) for at in MOMENTS]) < 10
    assert curve(drawing, 0.4) == pytest.approx(arch(0.4), abs=0.3)


def test_over_a_sound_that_runs_backwards_the_line_is_where_it_was_drawn(drawing: Rig, qtbot: QtBot) -> None:
    live, slope = drawing.window.bending.live, [(0.2 + 0.4 * k / 40, 57 + k / 5) for k in range(41)]
    drawing.window.bending.shaping.set_shape(Shape(reverse="on"), "reverse")
    wait(qtbot, lambda: live.now is not None and live.now.shaped is not None)
    stroke(drawing, slope)
    wait(qtbot, lambda: live.now is not None and bool(live.now.chain.edits) and not live.waiting)
    moments = [0.28, 0.4, 0.52]
    assert sung(drawing, qtbot, moments, [curve(drawing, at) for at in moments]) < 10
    assert [curve(drawing, at) for at in moments] == pytest.approx([57 + (at - 0.2) * 20 for at in moments], abs=0.35)


def test_pages_that_bend_the_pitch_show_its_curve_without_taking_the_mouse(rig: Rig, qtbot: QtBot) -> None:
    rig.window.prompt.line.setText("bell in A3")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)
    line, panel = line_of(rig), rig.window.bending.panel
    assert not line.isVisible()
    QTest.mouseClick(panel.rail.button(1), LEFT)
    assert line.isVisible()
    assert line.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    panel.sliders["pitch_st"].move_to(0.75)
    settled(rig, qtbot)
    assert curve(rig, 0.5) == pytest.approx(57 + panel.sliders["pitch_st"].value, abs=0.01)
    assert line._shown.before is not None
    assert line._shown.before.at(0.5) == pytest.approx(57)
    QTest.mouseClick(panel.rail.button(0), LEFT)
    assert not line.isVisible()


def test_the_pencil_is_taken_up_by_keys_and_a_playhead_does_not_paint_the_curve_anew(
    drawing: Rig, qtbot: QtBot
) -> None:
    line = line_of(drawing)
    drawing.window.activateWindow()
    QTest.keyClick(drawing.window, Qt.Key.Key_E, CTRL)
    wait(qtbot, lambda: not line.pencil.isChecked())
    line.pencil.setFocus()
    QTest.keyClick(line.pencil, Qt.Key.Key_Space)
    assert line.pencil.isChecked()
    line.grab()
    picture = line._picture
    assert picture is not None
    for step in range(20):
        line._view.set_playhead(step / 40)
        qtbot.wait(5)
    assert line._picture is picture


def test_a_hand_that_steps_by_pixels_is_smoothed_and_ends_stay() -> None:
    free, snapped = Stroke(0, 57.0), Stroke(0, 57.0)
    for x in range(100):
        free.to(x, 57 + (x // 25) * 0.5, False)
        snapped.to(x, 57 + (x // 25) * 0.9, True)
    notes = np.array([note for _, note in free.line()])
    assert np.abs(np.diff(notes)).max() < 0.12
    assert (notes[0], notes[-1]) == (57.0, 58.5)
    assert {note for _, note in snapped.line()} == {57.0, 58.0, 59.0, 60.0}


def test_a_hand_that_goes_back_draws_anew() -> None:
    drawn = Stroke(10, 60.0)
    drawn.to(60, 60.0, True)
    drawn.to(30, 62.0, True)
    heights = dict(drawn.line())
    assert (heights[20.0], heights[30.0], len(heights)) == (60.0, 62.0, 51)
