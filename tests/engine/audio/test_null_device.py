"""A machine without an audio device: nothing is heard, everything else works."""

from __future__ import annotations

import time

import pytest

from engine.audio.player import Player
from engine.errors import AudioProblem
from tests.engine.audio.conftest import sine
from tests.jack import wait_until


def test_without_a_device_the_player_runs_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "latente-test-no-such-server")
    player = Player()
    player.start()
    try:
        wait_until(lambda: player.status().state != "starting", 10, "it has started")
        status = player.status()
        if status.state == "running":
            pytest.skip("this machine has an audio device beside JACK")
        assert status.state == "null"
        assert "nothing is heard" in status.message
        assert "\n" not in status.message
    finally:
        player.close()


def test_the_playhead_moves_in_real_time_and_the_meter_with_it(silent_player: Player) -> None:
    player = silent_player
    assert player.position_s() is None
    player.load("tone", sine(300, 1.0, 44_100, peak=0.5))
    player.play("tone")
    wait_until(lambda: player.position_s() is not None, 2, "it plays")
    begun, first = time.monotonic(), player.position_s()
    time.sleep(0.5)
    now, last = time.monotonic(), player.position_s()
    assert first is not None
    assert last is not None
    assert abs((last - first) - (now - begun)) < 0.06
    assert 0.4 < player.levels()[0] < 0.51
    wait_until(lambda: player.position_s() is None, 2, "it has ended")


def test_starting_returns_at_once_and_what_was_asked_before_is_done_after() -> None:
    player = Player(device="null")
    player.load("tone", sine(300, 2.0, 48_000))
    player.play("tone")
    begun = time.monotonic()
    player.start()
    assert time.monotonic() - begun < 0.05
    assert player.status().state in ("starting", "null")
    wait_until(lambda: player.voices() == 1, 10, "it plays")
    player.close()


def test_a_sound_never_loaded_is_an_error_that_names_it() -> None:
    player = Player(device="null")
    with pytest.raises(AudioProblem, match="kick"):
        player.play("kick")
    with pytest.raises(AudioProblem, match="kick"):
        player.note_on("kick", 60, 100)
    player.close()


def test_thousands_of_commands_at_once_all_arrive(silent_player: Player) -> None:
    player = silent_player
    for count in range(3_000):
        player.set_gain_db(-count % 7)
    player.set_gain_db(0)
    player.load("tone", sine(300, 1.0, 48_000, peak=0.5))
    player.play("tone", loop=True)  # goes on sounding, however late this process looks
    wait_until(lambda: player.levels()[0] > 0.45, 5, "the last of them is obeyed")


def test_velocity_zero_lets_go_of_the_note(silent_player: Player) -> None:
    silent_player.load("tone", sine(300, 3.0, 48_000, root_note=60))
    silent_player.note_on("tone", 60, 100)
    wait_until(lambda: silent_player.voices() == 1, 2, "it plays")
    silent_player.note_on("tone", 60, 0)
    wait_until(lambda: silent_player.voices() == 0, 1, "it has faded")
