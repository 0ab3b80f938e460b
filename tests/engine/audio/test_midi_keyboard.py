"""A MIDI keyboard plays what is armed: over a JACK server and JACK MIDI, recorded back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.audio.commands import DeviceChoice, MidiChoice
from engine.audio.player import Player
from engine.audio.reports import ControlMoved, MidiPorts, NotePlayed, ProgramChosen, Report
from engine.patch import Patch
from tests.engine.audio.conftest import sine
from tests.engine.audio.test_playback import TRIES, Heard, cents, frequency_hz
from tests.jack import JackServer, wait_until
from tests.midi import Keyboard, plugged_in

HELD_S = 0.6  # more than is looked at: a machine that stands still takes some of it away
VARISPEED = Patch(pitch_mode="varispeed", release_s=0.05)


class Ear:
    """Keeps what a player has reported."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self.heard: list[Report] = []

    def hears(self, report: Report) -> bool:
        self.heard += self._player.reports()
        return report in self.heard

    def connected(self) -> tuple[str, ...]:
        self.heard += self._player.reports()
        told = [report.connected for report in self.heard if isinstance(report, MidiPorts)]
        return told[-1] if told else ()


@pytest.fixture
def ear(player: Player) -> Ear:
    return Ear(player)


@pytest.fixture
def keyboard(player: Player, ear: Ear) -> Iterator[Keyboard]:
    with plugged_in("Keys") as keyboard:
        wait_until(lambda: ear.connected() == ("Keys:out",), 5, "the keyboard is listened to")
        yield keyboard


def arm(player: Player, hz: float = 220.0, seconds: float = 3.0, patch: Patch = VARISPEED) -> None:
    player.load("tone", sine(hz, seconds, 48_000, root_note=57))
    player.set_patch("tone", patch)
    player.arm("tone")
    settle(player)


def settle(player: Player) -> None:
    """Wait until what was asked of the player has been done: a note asked for after it is heard, and ended."""
    player.note_on("tone", 57, 1)
    wait_until(lambda: player.voices() > 0, 3, "it plays")
    player.stop()
    wait_until(lambda: player.voices() == 0, 3, "it is silent")


def record(server: JackServer, player: Player, play: Callable[[], None]) -> Heard:
    """What is heard of `play`, (frames,), from its first sample on; again when the machine stood still meanwhile."""
    heard = np.zeros(0, np.float32)
    for _ in range(TRIES):
        underflows = player.underflows()
        with server.recording() as recording:
            play()
            wait_until(lambda: player.voices() == 0, 5, "it is silent again")
        sounding = np.flatnonzero(np.abs(recording.samples[:, 0]) > 1e-5)
        assert len(sounding), "nothing was heard"
        heard = recording.samples[sounding[0] : sounding[-1] + 1, 0]
        if player.underflows() == underflows:
            break
    return heard


def test_a_note_sent_is_heard_in_tune_and_told(
    jack_server: JackServer, player: Player, ear: Ear, keyboard: Keyboard
) -> None:
    arm(player)

    def play() -> None:
        keyboard.press(69)
        time.sleep(HELD_S)
        keyboard.let_go(69)

    heard = record(jack_server, player, play)
    assert abs(cents(frequency_hz(heard[2_000:12_000], 440, 48_000), 440)) < 1
    assert 0.25 < len(heard) / 48_000 < HELD_S + 0.3
    wait_until(lambda: ear.hears(NotePlayed("Keys:out", 1, 69, 0)), 1, "the end of the note is told")
    assert ear.hears(NotePlayed("Keys:out", 1, 69, 127))


def test_a_note_sounds_soon_after_it_was_sent(player: Player, keyboard: Keyboard) -> None:
    arm(player)
    late = []
    for _ in range(15):
        begun = time.perf_counter()
        keyboard.press(69)
        while not player.voices():
            time.sleep(0.0002)
            assert time.perf_counter() - begun < 1
        late.append(time.perf_counter() - begun)
        keyboard.let_go(69)
        wait_until(lambda: player.voices() == 0, 2, "it is silent again")
    assert np.median(late) < 0.025  # 256 frames are 5.3 ms; the rest is a busy machine's


def test_bend_pedal_and_program_change_arrive(
    jack_server: JackServer, player: Player, ear: Ear, keyboard: Keyboard
) -> None:
    arm(player)

    def play() -> None:
        keyboard.bend(16_383)
        keyboard.turn(64, 127)
        keyboard.press(57)
        wait_until(lambda: player.voices() == 1, 2, "it plays")
        keyboard.let_go(57)  # the pedal holds it
        time.sleep(HELD_S)
        assert player.voices() == 1
        keyboard.turn(64, 0)
        keyboard.send(0xC0, 12)

    heard = record(jack_server, player, play)
    assert len(heard) > 0.25 * 48_000
    hz = 220 * 2 ** (2 / 12)
    assert abs(cents(frequency_hz(heard[2_000:12_000], hz, 48_000), hz)) < 1
    for report in (
        ProgramChosen("Keys:out", 1, 12),
        ControlMoved("Keys:out", 1, 128, 16_383),
        ControlMoved("Keys:out", 1, 64, 0),
    ):
        wait_until(lambda report=report: ear.hears(report), 1, f"{report} is told")  # type: ignore[misc]


def test_a_keyboard_pulled_out_lets_go_and_plays_again_when_it_is_back(player: Player, ear: Ear) -> None:
    arm(player, seconds=20)
    for _ in range(2):
        with plugged_in("Stage") as keyboard:
            wait_until(lambda: ear.connected() == ("Stage:out",), 5, "it is listened to")
            keyboard.press(60)
            wait_until(lambda: player.voices() == 1, 2, "it plays")
        wait_until(lambda: ear.connected() == (), 5, "it has gone")
        wait_until(lambda: player.voices() == 0, 2, "its note has ended")


def test_several_keyboards_play_at_once_and_one_can_be_chosen(player: Player, ear: Ear) -> None:
    arm(player, seconds=20)
    with plugged_in("Left") as left, plugged_in("Right") as right:
        wait_until(lambda: set(ear.connected()) == {"Left:out", "Right:out"}, 5, "both are listened to")
        left.press(60)
        right.press(64)
        wait_until(lambda: player.voices() == 2, 2, "both play")
        player.use_midi(MidiChoice(ports=("Right:out",)))
        wait_until(lambda: player.voices() == 1, 2, "the note of the other has ended")
        left.press(62)
        right.press(67)
        wait_until(lambda: player.voices() == 2, 2, "the chosen one plays")
        time.sleep(0.1)
        assert player.voices() == 2
        player.use_midi(MidiChoice(channel=5))
        wait_until(lambda: len(ear.connected()) == 2, 3, "all are listened to")
        settle(player)
        left.press(60, channel=4)
        left.press(62, channel=5)
        wait_until(lambda: player.voices() == 1, 2, "the chosen channel plays")
        time.sleep(0.1)
        assert player.voices() == 1


def test_pads_come_before_the_armed_sound(jack_server: JackServer, player: Player, keyboard: Keyboard) -> None:
    arm(player)
    player.load("pad", sine(1_000, 0.3, 48_000, root_note=36))
    player.set_patch("pad", Patch(pitch_mode="varispeed", play_mode="one-shot"))
    player.set_pads({36: "pad"})
    settle(player)
    heard = record(jack_server, player, lambda: (keyboard.press(36), time.sleep(0.1))[0])
    assert abs(cents(frequency_hz(heard[2_000:10_000], 1_000, 48_000), 1_000)) < 1


def test_a_killed_process_knows_patch_route_and_keyboard_again(
    jack_server: JackServer, player: Player, ear: Ear, keyboard: Keyboard
) -> None:
    arm(player, patch=Patch(pitch_mode="varispeed", transpose=12, release_s=0.05))
    player.use_midi(MidiChoice(channel=2))
    settle(player)
    pid = player.process_id()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    begun = time.monotonic()
    wait_until(lambda: player.status().state == "lost", 2, "the loss is told")
    ear.heard.clear()
    wait_until(lambda: ear.connected() == ("Keys:out",), 5, "the keyboard is listened to again")
    assert time.monotonic() - begun < 4

    def play() -> None:
        keyboard.press(57, channel=1)
        keyboard.press(57, channel=2)
        time.sleep(HELD_S)
        keyboard.let_go(57, channel=2)

    heard = record(jack_server, player, play)
    assert abs(cents(frequency_hz(heard[2_000:12_000], 440, 48_000), 440)) < 1
    assert np.abs(heard).max() < 0.55  # one of the two notes


def test_a_change_of_device_keeps_everything(jack_server: JackServer, player: Player, keyboard: Keyboard) -> None:
    arm(player)
    player.use_device(DeviceChoice("null"))
    wait_until(lambda: player.status().state == "null", 5, "it plays to nobody")
    keyboard.press(57)
    wait_until(lambda: player.voices() == 1, 2, "a key plays")
    keyboard.let_go(57)
    player.use_device(DeviceChoice(rate_hz=44_100))
    wait_until(lambda: player.status().state == "running", 5, "it plays on the server")
    assert "48000" in player.status().message  # the server's own rate, and nothing else

    def play() -> None:
        keyboard.press(57)
        time.sleep(HELD_S)
        keyboard.let_go(57)

    heard = record(jack_server, player, play)
    assert abs(cents(frequency_hz(heard[2_000:12_000], 220, 48_000), 220)) < 1
