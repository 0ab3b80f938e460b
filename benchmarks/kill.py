"""The audio process is killed while it plays, again and again: what comes back, and how soon."""

from __future__ import annotations

import os
import signal
import sys
import time

from benchmarks.jack_client import JackClient
from benchmarks.jackd import RATE_HZ, server
from benchmarks.report import Benchmark, Figures
from benchmarks.tones import ROOT_NOTE, cents_off, tone, wait
from engine.audio.player import Player

WITHIN_S = 3.0
_HELD_S = 0.4
_KEYS = 8  # sounds loaded, each with a patch of its own


def measure(count: int) -> Figures:
    """kills; corrupt: how often what came back was not what had been set (sounds, patches, route, volume); lost: how
    often nothing came back within 3 s; recovery_worst_s: the longest that took."""
    from engine.patch import Patch

    corrupt = lost = 0
    took = [0.0]
    with server(patient=True), JackClient("Listener", 30 + 12 * count, RATE_HZ) as listener:
        player = Player()
        player.start()
        try:
            for number in range(_KEYS):
                player.load(f"tone {number}", tone(3.0, RATE_HZ))
                player.set_patch(
                    f"tone {number}",
                    Patch(pitch_mode="varispeed", transpose=number, release_s=0.01, velocity_level=0.0),
                )
            player.set_gain_db(-6.0)
            for kill in range(count):
                armed = kill % _KEYS
                player.arm(f"tone {armed}")
                player.note_on(None, ROOT_NOTE, 127)
                wait(lambda: player.voices() > 0, 10, "it plays")
                time.sleep(0.2)
                process = player.process_id()
                assert process is not None
                os.kill(process, signal.SIGKILL)
                began = time.perf_counter()
                while time.perf_counter() - began < 4 * WITHIN_S:
                    if player.process_id() not in (None, process) and _sounds(player):
                        break
                took.append(time.perf_counter() - began)
                if took[-1] > WITHIN_S:
                    lost += 1
                if not any(_right(player, listener, ROOT_NOTE + armed) for _ in range(3)):  # a missed period passes
                    corrupt += 1
                print(f"kill {kill + 1}: back after {took[-1]:.2f} s", file=sys.stderr)
        finally:
            player.close()
    return {"kills": float(count), "corrupt": float(corrupt), "lost": float(lost), "recovery_worst_s": max(took)}


def _sounds(player: Player) -> bool:
    """Whether a note asked for now is heard within a moment."""
    player.note_on(None, ROOT_NOTE, 127)
    began = time.perf_counter()
    while time.perf_counter() - began < 0.05:
        if player.voices():
            return True
        time.sleep(0.002)
    return False


def _right(player: Player, listener: JackClient, note: int) -> bool:
    """Whether the armed sound comes as it was set: at its pitch, at half its level."""
    player.stop()
    wait(lambda: player.voices() == 0, 5, "it is silent")
    wait(listener.listen_to_playback, 5, "it plays on the server")
    player.note_on(None, ROOT_NOTE, 127)
    wait(lambda: player.voices() > 0, 5, "it plays")
    time.sleep(0.1)
    begun = listener.frame
    time.sleep(_HELD_S)
    heard = listener.heard[begun : listener.frame]
    player.stop()
    wait(lambda: player.voices() == 0, 5, "it is silent")
    return 0.2 < abs(heard).max() < 0.3 and cents_off(heard, note, RATE_HZ) < 1.0


BENCHMARK = Benchmark(
    f"The audio process killed while it plays, back within {WITHIN_S:g} s",
    measure,
    {"corrupt": 0, "lost": 0, "recovery_worst_s": WITHIN_S},
    usual=8,
)
