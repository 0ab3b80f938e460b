"""Which device is chosen, and how the parts talk."""

from __future__ import annotations

import threading
import time
from typing import Any

import msgspec
import pytest

from engine.audio import commands
from engine.audio.commands import DeviceChoice, Load, NoteOn, Play, decode, encode
from engine.audio.device import JACK, Device
from engine.audio.device import choose as ranked
from engine.audio.ring import Ring
from engine.audio.state import StateBlock
from engine.audio.status import AudioStatus
from engine.errors import AudioProblem


def api(name: str, default: int) -> dict[str, Any]:
    return {"name": name, "default_output_device": default}


def device(name: str, hostapi: int, outputs: int = 2) -> dict[str, Any]:
    return {"name": name, "hostapi": hostapi, "max_output_channels": outputs, "default_samplerate": 44_100.0}


def choose(
    apis: list[dict[str, Any]], devices: list[dict[str, Any]], wanted: str | None, environment: dict[str, str]
) -> Device:
    return ranked(apis, devices, DeviceChoice(wanted), environment)[0]


APIS = [api("ALSA", 1), api(JACK, 2)]
DEVICES = [device("microphone", 0, outputs=0), device("speakers", 0), device("system", 1), device("headset", 0, 1)]


def test_the_systems_default_device_is_chosen() -> None:
    found = choose(APIS, DEVICES, None, {})
    assert (found.name, found.host_api, found.rate_hz, found.channels) == ("speakers", "ALSA", 44_100, 2)


def test_jack_is_chosen_when_a_server_is_named() -> None:
    found = choose(APIS, DEVICES, None, {"JACK_DEFAULT_SERVER": "studio"})
    assert (found.name, found.latency) == ("system", "low")


def test_jack_is_chosen_when_nothing_else_plays() -> None:
    assert choose([api("ALSA", -1), api(JACK, 0)], [device("system", 1)], None, {}).host_api == JACK


def test_a_device_asked_for_by_name_wins_and_a_missing_one_falls_back() -> None:
    found = choose(APIS, DEVICES, "headset", {"JACK_DEFAULT_SERVER": "studio"})
    assert (found.name, found.channels) == ("headset", 1)
    assert choose(APIS, DEVICES, "unplugged", {}).name == "speakers"


def test_an_output_is_found_where_the_system_names_no_default() -> None:
    assert choose([api("ALSA", -1)], DEVICES[:2], None, {}).name == "speakers"


def test_no_output_at_all_is_told_in_one_line() -> None:
    with pytest.raises(AudioProblem, match="nothing is heard"):
        choose([api("ALSA", -1)], DEVICES[:1], None, {})


@pytest.mark.parametrize(
    "command",
    [
        Load("kick “1”\n", "latente_1_ab", 2, 48_000, 44_100, 35.2, (1, 9)),
        Play("a", 3, True),
        NoteOn("a", 60.5, 100),
        commands.Unload("a"),
        commands.NoteOff(60),
        commands.Stop(),
        commands.Gain(0.5),
        commands.Quit(),
    ],
)
def test_a_command_arrives_as_it_was_sent_in_one_line(command: commands.Command) -> None:
    line = encode(command)
    assert line.count(b"\n") == 1
    assert decode(line) == command


def test_what_is_no_command_is_refused() -> None:
    for line in (b"{}", b'{"type":"explode"}', b'{"type":"play","key":1}', b"\xff"):
        with pytest.raises(msgspec.DecodeError):
            decode(line)


def test_a_ring_keeps_order_between_two_threads_and_says_when_it_is_full() -> None:
    ring: Ring[int] = Ring(8)
    got: list[int] = []

    def take() -> None:
        while len(got) < 5_000:
            item = ring.get()
            if item is None:
                time.sleep(0)
            else:
                got.append(item)

    thread = threading.Thread(target=take)
    thread.start()
    for number in range(5_000):
        while not ring.put(number):
            time.sleep(0)
    thread.join()
    assert got == list(range(5_000))
    assert ring.empty
    assert all(ring.put(number) for number in range(8))
    assert not ring.put(8)


def test_a_status_is_read_by_another_as_it_was_written_however_long() -> None:
    mine = StateBlock.create()
    theirs = StateBlock.attach(mine.name)
    status = AudioStatus("running", "Lautsprecher “Küche”", JACK, 48_000, 256, 0.0053, "")
    theirs.write(status)
    assert mine.read() == status
    theirs.write(AudioStatus("null", message="é" * 500))
    assert set(mine.read().message) == {"é"}
    theirs.close()
    mine.discard()
    assert mine.read().state == "null"  # a late look is no crash
