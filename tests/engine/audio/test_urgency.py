"""Threads the callback may have to wait for are served before programs that only compute."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from engine.audio.player import Player
from engine.audio.urgency import hurry
from tests.jack import JackServer, wait_until


def raised(thread: int) -> bool:
    """Whether a thread comes before those that ask for nothing. thread: as the system numbers it."""
    policy = os.sched_getscheduler(thread) & ~os.SCHED_RESET_ON_FORK
    return policy in (os.SCHED_RR, os.SCHED_FIFO) or os.getpriority(os.PRIO_PROCESS, thread) < 0


def may_raise() -> bool:
    """Whether the system lets a thread of ours come first; tried on a thread that ends."""
    allowed = []

    def attempt() -> None:
        hurry()
        allowed.append(raised(0))

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return allowed[0]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the scheduler of Linux")
def test_a_hurry_raises_its_own_thread_alone_and_never_fails() -> None:
    may_raise()
    assert not raised(0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the scheduler of Linux")
def test_the_audio_process_hurries(jack_server: JackServer, player: Player) -> None:
    if not may_raise():
        pytest.skip("needs the right to real-time priority or to a negative nice value")
    wait_until(lambda: player.process_id() is not None, 5, "the audio process runs")
    process = player.process_id()
    assert process is not None
    wait_until(lambda: raised(process), 5, "its main thread is raised")
