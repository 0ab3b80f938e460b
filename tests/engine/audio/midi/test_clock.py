"""Notes keep their distances, although they are only found once a block."""

from __future__ import annotations

import random

import pytest

from engine.audio.midi.clock import BlockClock, PortClock

RATE_HZ = 48_000


@pytest.mark.parametrize("frames", [128, 256, 1024])
def test_every_note_is_late_by_the_same_time(frames: int) -> None:
    rng = random.Random(frames)
    block_s = frames / RATE_HZ
    moments = sorted(rng.uniform(0, 20) for _ in range(600))
    port, blocks = PortClock(), BlockClock(RATE_HZ)
    late, at, last = [], 0, 0.0
    for number in range(round(20 / block_s)):
        now = number * block_s + rng.uniform(0, 0.001)  # the callback is called a little late
        begins = blocks.begins(frames, now)
        while at < len(moments) and moments[at] <= now:
            found = port.moment(port.heard(moments[at] - last, now))
            last = moments[at]
            late.append(found - begins + number * block_s - moments[at])
            at += 1
    late = late[100:]  # both clocks have met by then
    assert max(late) - min(late) < 0.0015


def test_a_machine_that_slept_and_times_that_make_no_sense_are_survived() -> None:
    port = PortClock()
    assert port.moment(port.heard(0.0, 10.0)) == 10.0
    assert port.moment(port.heard(0.5, 100.0)) == 100.0  # the driver's clock stood still meanwhile
    for delta in (-1.0, float("nan"), float("inf"), 1e9):
        assert port.moment(port.heard(delta, 101.0)) <= 101.0
    blocks = BlockClock(RATE_HZ)
    assert blocks.begins(256, 5.0) == 5.0
    assert blocks.begins(256, 500.0) == 500.0
