"""Turns of knobs while the sound loops: recorded with their moment, seen, undone, bounced to a take of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.audio.player import Player
from engine.latent.chain import Chain
from engine.latent.edit import Moves
from engine.pitch import Pitch
from engine.request import Generated, Latent, Request, Source, Take
from engine.settings import Settings
from engine.sound import Sound
from gui import theme
from gui.editing import Editing
from gui.panels.moves_bar import MovesBar
from gui.widgets.slider import Slider
from tests.fakes import FRAME_HZ, ToneGenerator
from tests.gui.conftest import Rig, wait
from tests.jack import JackServer, jack_server
from tests.midi import plugged_in

__all__ = ["jack_server"]
SECONDS = 2.0


class Flute(ToneGenerator):
    """A tone of two seconds that is loud in its first half and soft in its second: amplifying makes the difference
    larger, and 0 takes it away. Its latent is its level, and nothing else changes that."""

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        made = super().generate(replace(request, seconds=SECONDS), on_step, cancelled, source)
        latent = np.array(made.latent)
        latent[len(latent) // 2 :] *= 0.25
        return Generated(self.decode(latent, [made.pitch], request.seed)[0], latent, made.pitch, made.understood)

    def _tone(self, latent: Latent, pitch: Pitch) -> Sound:
        time_s = np.arange(round(len(latent) / FRAME_HZ * self.rate_hz)) / self.rate_hz
        loud = np.interp(time_s, (np.arange(len(latent)) + 0.5) / FRAME_HZ, latent.sum(axis=1))
        samples = (loud * np.sin(2 * np.pi * 220 * time_s)).astype(np.float32)
        return Sound(samples, self.rate_hz, pitch.root_note)


def level(sound: Sound, moment_s: float) -> float:
    """Of a tenth of a second around it."""
    first, last = (round((moment_s + beside) * sound.rate_hz) for beside in (-0.05, 0.05))
    return float(np.sqrt(np.mean(np.square(sound.mono()[first:last]))))


def opened(folder: Path, player: Player, qtbot: QtBot) -> Rig:
    rig = Rig(folder, Flute(), Settings(variations=1), player)
    with qtbot.waitExposed(rig.window, timeout=20_000):
        rig.window.show()
    rig.window.start()
    wait(qtbot, lambda: rig.player.status().state in ("running", "null"))
    rig.window.prompt.line.setText("flute")
    rig.window.generate()
    wait(qtbot, lambda: rig.window.listening.take is not None and not rig.window.making.busy)
    rig.window.sound.loop.click()
    rig.window.listening.play()
    wait(qtbot, lambda: rig.player.position_s() is not None)
    return rig


@pytest.fixture
def looping(qtbot: QtBot, qapp: QApplication, tmp_path: Path, player: Player) -> Iterator[Rig]:
    """A take that goes round and round."""
    theme.apply(qapp)
    rig = opened(tmp_path / "library", player, qtbot)
    yield rig
    rig.close()


def bar(rig: Rig) -> MovesBar:
    return rig.window.bending.panel.moves


def slider(rig: Rig, key: str = "amplify") -> Slider:
    return rig.window.bending.panel.sliders[key]


def arm(rig: Rig) -> None:
    bar(rig).record.setFocus()
    QTest.keyClick(bar(rig).record, Qt.Key.Key_Space)
    assert rig.window.bending.recording.armed


def reach(rig: Rig, qtbot: QtBot, first_s: float, last_s: float) -> None:
    """Until the playhead is there; a machine that is late waits for the next time round."""
    wait(qtbot, lambda: first_s <= (rig.player.position_s() or -1.0) <= last_s)


def next_pass(rig: Rig, qtbot: QtBot) -> None:
    reach(rig, qtbot, 1.2, 2.0)
    reach(rig, qtbot, 0.05, 0.7)


def moves(rig: Rig, key: str = "amplify") -> Moves:
    return rig.window.bending.editing.chain.moves(key)


def undo(rig: Rig) -> None:
    QTest.keyClick(rig.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_turn_is_recorded_where_it_was_made_heard_there_and_undone_as_one_step(looping: Rig, qtbot: QtBot) -> None:
    before = slider(looping).value
    arm(looping)
    next_pass(looping, qtbot)
    assert bar(looping).told.text() == "turn knobs while the sound plays or loops"
    for step in range(5):
        slider(looping).move_to((5 - step) / 15)
        qtbot.wait(20)
    recorded = moves(looping)
    assert recorded[0][1] == before, "until then it stood where it was"
    turned = [moment for moment, value in recorded if value != before]
    assert 0.05 <= turned[0] <= turned[-1] <= 1.5
    assert recorded[-1][1] == slider(looping).value == pytest.approx(0.2)
    assert bar(looping).told.text() == "amplify · 1 pass"
    assert slider(looping).accessibleName() == "Amplify: 0.2 ×"
    undo(looping)
    assert moves(looping) == ()
    assert slider(looping).value == before
    assert bar(looping).told.text() == "turn knobs while the sound plays or loops"
    looping.window.bending.editing.redo()
    assert moves(looping) == recorded
    assert bar(looping).told.text() == "amplify · 1 pass"


def test_each_pass_lays_its_knobs_over_what_was_there(looping: Rig, qtbot: QtBot) -> None:
    arm(looping)
    next_pass(looping, qtbot)
    slider(looping).move_to(0.9)
    first = moves(looping)
    next_pass(looping, qtbot)
    slider(looping, "noise").move_to(0.5)
    assert moves(looping) == first, "the other knob plays on as it was recorded"
    assert moves(looping, "noise")[-1][1] == 0.5
    assert bar(looping).told.text() == "amplify, noise · 2 passes"
    undo(looping)
    assert (moves(looping), moves(looping, "noise")) == (first, ())
    undo(looping)
    assert looping.window.bending.editing.chain == Chain()


def test_what_is_recorded_is_followed_on_the_screen_and_by_the_hand_only_after_clearing(
    looping: Rig, qtbot: QtBot
) -> None:
    knob, editing = slider(looping), looping.window.bending.editing
    editing.set_moves("amplify", 1.0, ((0.5, 0.0), (1.5, 3.0)), 99)
    reach(looping, qtbot, 0.1, 0.4)
    wait(qtbot, lambda: knob._moves_at is not None and knob._moves_at < 0.05)
    reach(looping, qtbot, 1.55, 1.95)
    wait(qtbot, lambda: knob._moves_at is not None and knob._moves_at > 0.95)
    knob.move_to(0.1)
    assert knob.value == 1.0
    assert "follows its recorded moves" in looping.window.status.message
    bar(looping).clear.setFocus()
    QTest.keyClick(bar(looping).clear, Qt.Key.Key_Space)
    assert moves(looping) == ()
    knob.move_to(0.1)
    assert knob.value == pytest.approx(0.3)
    assert bar(looping).clear.isHidden()


def test_dice_leave_moves_alone_and_reset_does_not(qapp: QApplication, tmp_path: Path) -> None:
    request = Request("flute")
    generated = Flute().generate(request, lambda *_: None, lambda: False)
    editing = Editing()
    editing.hold(
        Take("0", request, generated.sound, generated.latent, generated.pitch, tmp_path, 0.0, datetime.now(UTC))
    )
    some: Moves = ((0.5, 0.0), (1.5, 3.0))
    editing.set_moves("amplify", 1.0, some, 99)
    editing.throw(("amplify", "noise"), 1.0)
    assert (editing.chain.value("amplify"), editing.chain.moves("amplify")) == (1.0, some)
    assert editing.chain.value("noise") != 0.0
    editing.reset(("amplify", "noise"))
    assert editing.chain.active == ()


def test_what_is_not_recorded_is_set(looping: Rig, qtbot: QtBot) -> None:
    """Turned without arming, one for the whole sound, turned in silence; and the next take is not armed."""
    slider(looping).move_to(0.8)
    assert moves(looping) == ()
    arm(looping)
    slider(looping, "stretch").move_to(0.6)
    chain = looping.window.bending.editing.chain
    assert chain.moved_keys == ()
    assert chain.value("stretch") > 1.0
    assert "one for the whole sound" in looping.window.status.message
    looping.window.listening.stop()
    wait(qtbot, lambda: looping.player.position_s() is None)
    slider(looping).move_to(0.2)
    assert moves(looping) == ()
    assert slider(looping).value == pytest.approx(0.6)
    looping.window.generate()
    wait(qtbot, lambda: looping.window.takes.model.rowCount() == 2)
    wait(qtbot, lambda: not looping.window.bending.recording.armed)
    assert not bar(looping).record.isChecked()


def test_moves_come_back_with_the_take_and_its_shape_goes_with_the_bounce(looping: Rig, qtbot: QtBot) -> None:
    bending = looping.window.bending
    bending.editing.set_moves("amplify", 1.0, ((0.5, 1.0), (0.6, 0.0)), 99)
    bending.shaping.set_number("fade_out_s", 0.3)
    shape = bending.shaping.shape
    QTest.keyClick(bar(looping).bounce, Qt.Key.Key_Space)
    wait(qtbot, lambda: looping.window.takes.model.rowCount() == 2)
    entry = looping.window.takes.model.entry(0)
    take = looping.library.open(entry.take_id)
    assert (entry.prompt, take.edits, take.shape) == ("flute (bounced)", "", shape)
    bending.live.keep(now=True)
    first = looping.window.takes.model.entry(1).take_id
    wait(qtbot, lambda: '"moves":[[0.5,1.0],[0.6,0.0]]' in looping.library.open(first).edits)


@pytest.fixture
def loud(jack_server: JackServer, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Rig]:
    """The same on a JACK server."""
    theme.apply(qapp)
    player = Player()
    rig = opened(tmp_path / "library", player, qtbot)
    yield rig
    rig.close()
    player.close()


def test_a_controller_turned_while_it_loops_is_bounced_to_a_take_whose_level_follows(loud: Rig, qtbot: QtBot) -> None:
    window = loud.window
    window.playing.learning.learn("latent.amplify")
    with plugged_in("Knobs") as hardware:
        wait(qtbot, lambda: window.keys.midi_button.line == "MIDI · Knobs")

        def learnt() -> bool:
            for value in (30, 36, 42, 48):
                hardware.turn(21, value)
            return slider(loud).midi.text == "CC 21"

        wait(qtbot, learnt)
        arm(loud)

        def turn(value: int) -> None:
            hardware.turn(21, value)
            wait(qtbot, lambda: slider(loud).position == pytest.approx(value / 127, abs=0.01))

        def recorded() -> bool:
            """Up in the first half, to nothing in the second; again when the machine was late."""
            reach(loud, qtbot, 0.0, 0.3)
            turn(127)
            if not 0.0 <= (loud.player.position_s() or 9.0) < 0.8:
                return False
            reach(loud, qtbot, 0.8, 1.2)
            turn(0)
            raised = [at for at, value in moves(loud) if value == 3.0]
            late = not raised or raised[0] > 0.4 or not 0.7 < raised[-1] < 1.4
            return not late and moves(loud)[-1][1] == 0.0

        assert any(recorded() for _ in range(10))
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait(qtbot, lambda: window.takes.model.rowCount() == 2)
    take = loud.library.open(window.takes.model.entry(0).take_id)
    original = loud.library.open(window.takes.model.entry(1).take_id)
    assert take.request.prompt == "flute (bounced)"
    up = min(at for at, value in moves(loud) if value == 3.0)
    down = max(at for at, value in moves(loud) if value == 3.0)
    loud_s, soft_s = (up + down) / 2, (down + SECONDS) / 2
    ratio, before = (level(one, loud_s) / level(one, soft_s) for one in (take.sound, original.sound))
    assert before == pytest.approx(4.0, rel=0.05)
    assert ratio == pytest.approx(2.8, rel=0.05), "three times as far above the mean, and then at it"
