"""From a MIDI note to its sound, and how well in tune every key is: over JACK and JACK MIDI, in the server's frames."""

from __future__ import annotations

import random
import statistics
import time
from itertools import cycle, islice

import numpy as np

from benchmarks.jack_client import JackClient
from benchmarks.jackd import BLOCK_S, PERIOD_FRAMES, RATE_HZ, server
from benchmarks.report import Benchmark, Figures
from benchmarks.tones import ROOT_NOTE, cents_off, tone, wait
from engine.audio.player import Player

KEYS = range(ROOT_NOTE - 24, ROOT_NOTE + 25)
HELD_S, PAUSE_S = 0.25, 0.1
PEAK = 0.5
_TRIES = 4


def measure(count: int) -> Figures:
    """`count` notes, key after key, at random moments. median_ms, worst_ms: from the frame at which the note is in the
    server's graph to the first frame of its sound; cents_worst: of all keys."""
    from engine.audio.reports import MidiPorts
    from engine.patch import Patch

    notes = list(islice(cycle(KEYS), count))
    seconds = round(count * (HELD_S + PAUSE_S) * 3) + 30
    with server(), JackClient("Keys", seconds, RATE_HZ) as keys:
        player = Player()
        player.start()
        try:
            told: list[str] = []

            def connected() -> bool:
                for report in player.reports():
                    told.extend(report.connected if isinstance(report, MidiPorts) else ())
                return "Keys:out" in told

            wait(connected, 15, "the audio process listens to the keyboard")
            wait(keys.listen_to_playback, 5, "the audio process plays")
            player.load("tone", tone(3.0, RATE_HZ, PEAK))
            player.set_patch("tone", Patch(pitch_mode="varispeed", release_s=0.01, velocity_level=0.0))
            player.arm("tone")
            player.note_on("tone", ROOT_NOTE, 1)  # heard: all of this has been done
            wait(lambda: player.voices() > 0, 5, "a first note is heard")
            player.stop()
            wait(lambda: player.voices() == 0, 5, "it is silent")
            played = [_play(player, keys, note) for note in notes]
            time.sleep(0.2)
        finally:
            player.close()
        late = [_late_ms(keys, first) for tries in played for first in tries]
        cents = [_cents(keys, note, tries[-1]) for note, tries in zip(notes, played, strict=True)]
    return {
        "median_ms": statistics.median(late),
        "worst_ms": max(late),
        "block_ms": 1000 * BLOCK_S,
        "cents_worst": max(cents),
    }


def _play(player: Player, keys: JackClient, note: int) -> list[int]:
    """A note at a random frame of a random period, held and let go; again where the machine missed a period, which
    bends its pitch. Returns where each try stands in the log of messages sent."""
    tries: list[int] = []
    while len(tries) < _TRIES:
        missed = player.underflows()
        tries.append(len(keys.sent))
        keys.send(bytes((0x90, note, 127)), random.randrange(PERIOD_FRAMES))
        time.sleep(HELD_S + random.random() * BLOCK_S)
        keys.send(bytes((0x80, note, 0)))
        time.sleep(PAUSE_S)
        if player.underflows() == missed:
            break
    return tries


def _late_ms(keys: JackClient, first: int) -> float:
    """From a note, by its place in the log, to its sound; infinite where none was heard."""
    begun, ended = keys.sent[first : first + 2]
    loud = np.flatnonzero(np.abs(keys.heard[begun : ended + round(PAUSE_S * RATE_HZ / 2)]) > 0.2 * PEAK)
    return 1000 * int(loud[0]) / RATE_HZ if len(loud) else float("inf")


def _cents(keys: JackClient, note: int, first: int) -> float:
    begun, ended = keys.sent[first : first + 2]
    return cents_off(keys.heard[begun + 1_500 : ended - 500], note, RATE_HZ)


BENCHMARK = Benchmark(
    f"Notes by JACK MIDI, {PERIOD_FRAMES} frames at {RATE_HZ} Hz",
    measure,
    {"median_ms": 1000 * BLOCK_S + 1, "worst_ms": 2000 * BLOCK_S, "cents_worst": 1.0},
    usual=len(KEYS),
)
