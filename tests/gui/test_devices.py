"""Audio and MIDI settings: what is chosen holds at once, is remembered, and what is not there is said calmly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.audio.commands import DeviceChoice, MidiChoice
from engine.audio.reports import DeviceLost, Devices, MidiPorts, OutputDevice
from engine.settings import Settings
from gui.devices import output_of, output_options, port_options
from tests.gui.conftest import Rig, wait
from tests.gui.test_keys import tell

_DEVICES = Devices((
    OutputDevice("Speakers", "ALSA", 2, 44100, True),
    OutputDevice("system", "JACK Audio Connection Kit", 2, 48000, False),
    OutputDevice("Speakers", "Windows WASAPI", 2, 48000, False),
))  # fmt: skip


def test_outputs_are_listed_under_their_host_and_a_missing_one_stays_chosen() -> None:
    listed = output_options(_DEVICES, DeviceChoice("Speakers", "ALSA"))
    assert [(option.text, option.group) for option in listed if option.checked] == [("Speakers", "ALSA")]
    assert [option.group for option in listed] == ["", "ALSA", "JACK Audio Connection Kit", "Windows WASAPI", "Silence"]
    gone = output_options(_DEVICES, DeviceChoice("Headphones", "ALSA"))
    assert [option.text for option in gone if option.checked] == ["Headphones (not connected)"]
    ports = port_options(MidiPorts(("Keys",), ("Keys",)), MidiChoice(("Keys", "Pads")))
    assert [(option.text, option.checked) for option in ports] == [
        ("All inputs", False), ("Keys", True), ("Pads (not connected)", True)
    ]  # fmt: skip


def test_choices_hold_at_once_and_after_a_restart(
    make_rig: Callable[..., Rig], qtbot: QtBot, stored: Callable[[], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig()
    told: list[DeviceChoice | MidiChoice] = []
    monkeypatch.setattr(rig.player, "use_device", told.append)
    monkeypatch.setattr(rig.player, "use_midi", told.append)
    monkeypatch.setattr(rig.player, "refresh_devices", lambda: None)  # this machine has others
    tell(rig, _DEVICES, MidiPorts(("Keys", "Pads"), ("Keys", "Pads")))
    QTest.keyClick(rig.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    panel = rig.window.playing.settings
    assert panel.isVisible()
    wait(qtbot, lambda: len(panel.output.options) == 5)
    panel.output.chosen.emit(("system", "JACK Audio Connection Kit"))
    panel.block.chosen.emit(128)
    panel.ports.chosen.emit("Pads")
    panel.channel.chosen.emit(10)
    computed: list[str] = []
    rig.window.playing.choices.compute_changed.connect(computed.append)
    assert panel.compute.shown == "automatic: the fastest"
    panel.compute.chosen.emit("cpu")
    panel.compute.chosen.emit("cpu")
    assert (computed, panel.compute.shown) == (["cpu"], "CPU")
    assert told == [
        DeviceChoice("system", "JACK Audio Connection Kit"),
        DeviceChoice("system", "JACK Audio Connection Kit", 0, 128),
        MidiChoice(("Keys",)),
        MidiChoice(("Keys",), 10),
    ]
    assert (panel.output.shown, panel.block.shown, panel.ports.shown) == ("system", "128 frames", "Keys")
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    wait(qtbot, lambda: stored().midi_channel == 10)
    rig.window.close()
    kept = stored()
    assert output_of(kept) == told[1]
    assert (kept.midi_ports, kept.midi_channel, kept.mpe, kept.compute) == (("Keys",), 10, False, "cpu")


def test_the_panel_lies_inside_the_window_and_leaves_the_keys_free(rig: Rig, qtbot: QtBot) -> None:
    for size in ((1100, 700), (1440, 900)):
        rig.window.resize(*size)
        qtbot.wait(50)
        rig.window.status.audio.click()
        panel = rig.window.playing.settings
        assert panel.isVisible()
        assert rig.window.rect().contains(panel.geometry())
        assert panel.geometry().bottom() < rig.window.keys.mapTo(rig.window, rig.window.keys.rect().topLeft()).y()
        rig.window.status.audio.click()
        assert not panel.isVisible()


def test_a_test_tone_is_heard(rig: Rig, qtbot: QtBot) -> None:
    wait(qtbot, lambda: rig.player.status().state == "null")
    rig.window.playing.settings.tone.click()
    wait(qtbot, lambda: max(rig.player.levels()) > 0.1)


def test_a_lost_device_is_said_in_one_line(rig: Rig, qtbot: QtBot) -> None:
    tell(rig, DeviceLost("Scarlett 2i2"))
    wait(qtbot, lambda: "Scarlett 2i2" in rig.window.status.message)
