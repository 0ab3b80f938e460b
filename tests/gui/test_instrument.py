"""A take is an instrument: it is decoded at every key, and how it is played belongs to it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from pytestqt.qtbot import QtBot

from engine.patch import Patch
from engine.settings import Settings
from gui.listening import usual_patch
from tests.gui.conftest import Rig, wait
from tests.gui.test_keys import take


def test_the_keys_of_a_take_are_decoded_and_shown_and_those_of_older_takes_forgotten(rig: Rig, qtbot: QtBot) -> None:
    keyboard, listening = rig.window.keys.keyboard, rig.window.listening
    rig.window.asking.knobs["seconds"].set_value(0.1)
    take(rig, qtbot, "bell")
    wait(qtbot, lambda: keyboard.zones == frozenset(range(24, 85)))
    bell = listening.take.take_id
    take(rig, qtbot, "kick", "snare", "gong")
    wait(qtbot, lambda: keyboard.zones == frozenset(range(24, 85)))
    assert bell not in listening._zones
    assert len(listening._zones) == 3
    listening.set_patch(msgspec.structs.replace(Patch(), pitch_mode="varispeed"))
    assert keyboard.zones == frozenset()


def test_how_a_take_is_played_belongs_to_it_and_survives_a_restart(
    make_rig: Callable[..., Rig], qtbot: QtBot, stored: Callable[[], Settings]
) -> None:
    first = make_rig()
    take(first, qtbot, "kick", "gong")
    panel, listening = first.window.playing.patch, first.window.listening
    gong = listening.take
    panel.playing.controls["transpose"].move_to(0.75)
    changed = panel.patch
    assert changed.transpose == 12
    assert first.window.keys.keyboard._root == round(gong.sound.root_note) - 12
    assert first.player._line is not None
    first.window.takes.list.choose(first.window.takes.model.entry(1).take_id)
    first.window._choose(first.window.takes.model.entry(1), False)
    wait(qtbot, lambda: listening.take is not gong)
    assert panel.patch == usual_patch(listening.take), "another take starts as it is usually played"
    first.window.close()
    second = make_rig(settings=stored())
    wait(qtbot, lambda: second.window.listening.take is not None)
    assert second.window.listening.take.take_id == gong.take_id
    assert second.window.playing.patch.patch == changed


def test_keys_outside_the_range_look_silent(rig: Rig, qtbot: QtBot) -> None:
    take(rig, qtbot, "bell")
    keyboard = rig.window.keys.keyboard

    def lightness(note: int) -> int:
        rect = keyboard.key_rect(note)
        return keyboard.grab().toImage().pixelColor(int(rect.center().x()) + 3, int(rect.bottom()) - 8).lightness()

    assert lightness(28) == lightness(65)
    rig.window.listening.set_patch(msgspec.structs.replace(Patch(), key_low=48))
    assert lightness(28) < lightness(65) / 1.5
