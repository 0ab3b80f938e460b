"""Devices come and go, and are chosen: what plays goes where it should, and the program is told."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.audio.commands import DeviceChoice
from engine.audio.device import JACK
from engine.audio.player import Player
from engine.audio.reports import DeviceLost, Devices, MidiPorts, OutputDevice
from tests.engine.audio.conftest import sine
from tests.jack import JackServer, require_jack, wait_until

LOUDSPEAKER = "jack_capture"  # a client with inputs is an output device, as PortAudio sees JACK


@contextmanager
def loudspeaker(server: JackServer, folder: Path) -> Iterator[None]:
    """Another output device, while the block lasts."""
    recorder = subprocess.Popen(
        ["jack_capture", "-c", "2", "-ns", "-dc", "-mc", str(folder / "heard.wav")],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: any(port.startswith(LOUDSPEAKER) for port in server.ports()), 5, "it is plugged in")
        yield
    finally:
        recorder.terminate()
        recorder.wait(5)


def test_a_chosen_device_that_is_missing_is_played_on_when_it_comes(
    jack_server: JackServer, player: Player, tmp_path: Path
) -> None:
    player.use_device(DeviceChoice(LOUDSPEAKER, JACK))
    wait_until(lambda: LOUDSPEAKER in player.status().message, 5, "the choice is answered")
    assert player.status().device == "system"
    assert player.status().state == "running"
    with loudspeaker(jack_server, tmp_path):
        wait_until(lambda: player.status().device == LOUDSPEAKER, 10, "it plays there")
        assert player.status().message == ""
        player.use_device(DeviceChoice())
        wait_until(lambda: player.status().device == "system", 5, "it plays on the default device again")


def test_what_sounds_is_not_cut_off_by_a_device_that_comes(
    jack_server: JackServer, player: Player, tmp_path: Path
) -> None:
    player.use_device(DeviceChoice(LOUDSPEAKER, JACK))
    wait_until(lambda: LOUDSPEAKER in player.status().message, 5, "the choice is answered")
    player.load("tone", sine(300, 1.0, 48_000))
    player.play("tone", loop=True)
    wait_until(lambda: player.voices() == 1, 3, "it plays")
    with loudspeaker(jack_server, tmp_path):
        time.sleep(4.5)  # longer than from one look to the next
        assert player.status().device == "system"
        assert player.voices() == 1
        player.stop()
        wait_until(lambda: player.status().device == LOUDSPEAKER, 10, "it plays there once it is silent")


def test_devices_are_listed_anew_on_request_while_the_sound_goes_on(
    jack_server: JackServer, player: Player, tmp_path: Path
) -> None:
    player.load("tone", sine(300, 1.0, 48_000))
    player.play("tone", loop=True)
    wait_until(lambda: player.voices() == 1, 3, "it plays")
    player.reports()
    with loudspeaker(jack_server, tmp_path):
        player.refresh_devices()
        told = []
        wait_until(lambda: bool(told.extend(player.reports())) or any(map(is_devices, told)), 10, "they are listed")
    devices = next(report for report in told if isinstance(report, Devices))
    assert {device.name for device in devices.outputs} >= {"system", LOUDSPEAKER}
    assert [device.name for device in devices.outputs if device.default] == ["system"]
    system = next(device for device in devices.outputs if device.name == "system")
    assert system == OutputDevice("system", JACK, 2, 48_000, True)
    assert any(isinstance(report, MidiPorts) for report in told)
    assert player.voices() == 1
    assert player.status().state == "running"


def is_devices(report: object) -> bool:
    return isinstance(report, Devices)


def test_a_lost_device_is_reported_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_jack()
    server = JackServer(tmp_path)
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
    server.start()
    player = Player()
    player.start()
    try:
        wait_until(lambda: player.status().state == "running", 10, "it runs")
        server.stop()
        told = []
        wait_until(lambda: bool(told.extend(player.reports())) or DeviceLost("system") in told, 5, "the loss is told")
        server.start()
        wait_until(lambda: player.status().state == "running", 12, "the device is found again")
        wait_until(
            lambda: (
                bool(told.extend(player.reports()))
                or any(
                    isinstance(report, MidiPorts) and report.virtual
                    for report in told[told.index(DeviceLost("system")) :]
                )
            ),
            5,
            "other programs can play into it again",
        )
    finally:
        player.close()
        server.stop()


def test_the_null_device_is_chosen_and_left(jack_server: JackServer, player: Player) -> None:
    player.use_device(DeviceChoice("null"))
    wait_until(lambda: player.status().state == "null", 5, "it plays to nobody")
    assert "nothing is heard" in player.status().message
    player.load("tone", sine(300, 0.3, 48_000, peak=0.5))
    player.use_device(DeviceChoice())
    wait_until(lambda: player.status().state == "running", 5, "it plays on the server")
    with jack_server.recording() as recording:
        player.play("tone")
        wait_until(lambda: player.voices() > 0, 2, "it plays")
        wait_until(lambda: player.voices() == 0, 2, "it ends")
    assert abs(np.abs(recording.samples).max() - 0.5) < 0.01


def test_status_tells_latency_load_and_level(player: Player) -> None:
    status = player.status()
    assert status.block_frames == 256
    assert 256 / 48_000 <= status.latency_s < 0.1  # the block, and what the driver adds
    wait_until(lambda: 0 < player.cpu_load() < 1, 3, "the load is measured")
    player.load("tone", sine(300, 3.0, 48_000, peak=0.5))
    player.play("tone")
    wait_until(lambda: all(abs(level - 0.5 / 2**0.5) < 0.03 for level in player.rms()), 3, "the level is measured")
