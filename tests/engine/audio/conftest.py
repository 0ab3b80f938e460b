"""Fixtures for tests that listen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine.audio.player import Player
from engine.sound import Sound
from tests.jack import JackServer, jack_server, wait_until

__all__ = ["jack_server"]


@pytest.fixture
def player(jack_server: JackServer) -> Iterator[Player]:
    """A player that is playing (silence) on the JACK server."""
    player = Player()
    player.start()
    wait_until(lambda: player.status().state == "running", 10, "the player runs")
    yield player
    player.close()


@pytest.fixture
def silent_player() -> Iterator[Player]:
    """A player on the null device."""
    player = Player(device="null")
    player.start()
    wait_until(lambda: player.status().state == "null", 10, "the null device runs")
    yield player
    player.close()


@pytest.fixture
def noise() -> Sound:
    """Half a second of stereo noise at 48 kHz, both sides different, ends faded."""
    rng = np.random.default_rng(3)
    samples = rng.uniform(-0.8, 0.8, (24_000, 2)).astype(np.float32)
    fade = np.minimum(1, np.minimum(np.arange(24_000), np.arange(24_000)[::-1]) / 240)
    return Sound(samples * fade[:, None].astype(np.float32), 48_000)


def sine(hz: float, seconds: float, rate_hz: int, peak: float = 0.5, root_note: float | None = None) -> Sound:
    """A mono sine with 10 ms fades."""
    count = np.arange(round(seconds * rate_hz))
    fade = np.minimum(1, np.minimum(count, count[::-1]) / (0.01 * rate_hz))
    return Sound((peak * fade * np.sin(2 * np.pi * hz / rate_hz * count)).astype(np.float32), rate_hz, root_note)
