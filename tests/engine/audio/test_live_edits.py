"""A sound that is edited while it sounds goes on sounding, and memory does not grow."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from engine.audio import memory
from engine.audio.player import Player
from engine.patch import Patch
from tests.engine.audio.conftest import sine
from tests.jack import JackServer, wait_until


def mapped(pid: int) -> int:
    """How many of the program's segments a process has mapped."""
    return Path(f"/proc/{pid}/maps").read_text().count(f"{memory.PREFIX}{os.getpid()}_")


def test_edits_twenty_times_a_second_are_heard_without_a_gap(jack_server: JackServer, player: Player) -> None:
    edits = [sine(200, 2.0, 44_100, peak=0.5 if number % 2 else 0.3, root_note=60) for number in range(30)]
    player.load("edited", edits[1])
    player.set_patch("edited", Patch(pitch_mode="varispeed"))
    with jack_server.recording() as recording:
        player.note_on("edited", 60, 127)
        wait_until(lambda: player.voices() > 0, 3, "it plays")
        for edit in edits:
            player.load("edited", edit)
            time.sleep(0.05)
        player.note_off(60)
        wait_until(lambda: player.voices() == 0, 3, "it is silent again")
    heard = recording.samples[:, 0]
    sounding = np.flatnonzero(np.abs(heard) > 0.02)
    middle = heard[sounding[0] + 2_000 : sounding[0] + 40_000]  # a machine that stands still hears less than was played
    level = np.sqrt(np.convolve(middle**2, np.ones(480) / 480, mode="valid"))
    assert level.min() > 0.15  # 0.21 is the softer one's
    assert level.max() > 0.32
    assert np.abs(np.diff(middle, n=2)).max() < 3e-3  # a click of 1 % would do
    pid = player.process_id()
    assert pid is not None
    wait_until(lambda: mapped(pid) == 2, 3, "what was replaced is let go of")  # the state block, and the last edit


def test_of_a_sound_that_changes_in_part_that_part_changes(jack_server: JackServer, player: Player) -> None:
    """At its own pitch and at another, where another copy of it is read."""
    before = sine(200, 2.0, 44_100, root_note=60)
    softer = np.interp(np.arange(before.frames) / 44_100, [0.8, 0.85, 1.15, 1.2], [1, 0.25, 0.25, 1])
    after = before.with_samples(before.samples * softer[:, None].astype(np.float32))
    for note, speed in ((60, 1.0), (67, 2 ** (7 / 12))):
        player.load("edited", before)
        player.set_patch("edited", Patch(pitch_mode="varispeed", velocity_level=0.0))
        with jack_server.recording() as recording:
            player.note_on("edited", note, 127)
            wait_until(lambda: player.voices() > 0, 3, "it plays")
            player.load("edited", after, (round(0.8 * 44_100), round(1.2 * 44_100)))
            wait_until(lambda: player.voices() == 0, 5, "it has ended")
        heard = recording.samples[:, 0]
        level = np.sqrt(2 * np.convolve(heard**2, np.ones(2400) / 2400, mode="same"))
        soft = np.flatnonzero((level > 0.08) & (level < 0.18))
        loud = np.flatnonzero(level > 0.4)
        inside = soft[(soft > loud[0]) & (soft < loud[-1])]
        assert len(inside) / 48_000 == pytest.approx(0.3 / speed, abs=0.08)
        assert len(loud) / 48_000 == pytest.approx(1.6 / speed, abs=0.2)
        first = np.flatnonzero(np.abs(heard) > 0.02)[0]
        curve = np.abs(np.diff(heard[first + 600 : loud[-1]], n=2))
        assert curve.max() < 1.2 * 0.5 * (2 * np.pi * 200 * speed / 48_000) ** 2 + 1e-3


def test_a_take_and_its_zones_come_and_go_with_their_memory(silent_player: Player) -> None:
    player = silent_player
    player.load("take", sine(220, 0.5, 48_000, root_note=57))
    for note in range(36, 97, 2):
        player.load_zone("take", note, sine(220, 0.5, 48_000))
    pid = player.process_id()
    assert pid is not None
    wait_until(lambda: mapped(pid) == 2 + 31, 5, "all zones are there")
    player.note_on("take", 60, 100)
    wait_until(lambda: player.voices() == 1, 2, "a zone plays")
    player.drop_zones("take")
    wait_until(lambda: mapped(pid) <= 3, 3, "the zones have gone")
    assert player.voices() == 1  # what sounds goes on as the take itself
    player.unload("take")
    wait_until(lambda: player.voices() == 0 and mapped(pid) == 1, 3, "everything has gone")
    player.load_zone("take", 60, sine(220, 0.5, 48_000))  # one that comes too late
    player.load("other", sine(220, 0.5, 48_000))
    wait_until(lambda: mapped(pid) == 2, 3, "only the other is there")


def test_edits_faster_than_they_can_be_prepared_end_with_the_last(silent_player: Player) -> None:
    player = silent_player
    player.load("edited", sine(200, 2.0, 44_100, peak=0.1, root_note=60))
    player.set_patch("edited", Patch(pitch_mode="varispeed", play_mode="loop"))
    player.note_on("edited", 60, 127)
    for number in range(60):
        player.load("edited", sine(200, 2.0, 44_100, peak=0.1 + number / 150, root_note=60))
    wait_until(lambda: player.levels()[0] > 0.45, 5, "the last one sounds")
    wait_until(lambda: player.voices() == 1, 1, "all others have faded")
    pid = player.process_id()
    assert pid is not None
    wait_until(lambda: mapped(pid) == 2, 3, "all others are let go of")
