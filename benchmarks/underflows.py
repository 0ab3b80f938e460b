"""Sixteen voices while sounds are generated and a window repaints: what the device misses, and what is heard of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.beside import first_line, floor, running
from benchmarks.jackd import BLOCK_S, PERIOD_FRAMES, RATE_HZ, server
from benchmarks.report import Benchmark, Figures
from benchmarks.start import screen
from benchmarks.tones import ROOT_NOTE, hertz, tone, wait

VOICES = range(ROOT_NOTE - 8, ROOT_NOTE + 8)
PEAK = 0.05  # of a voice
TIMEOUT_S = 120.0
GENERATE = """
from engine.generators import load_generator
from engine.render import render
from engine.request import Request
generator, seed = load_generator("latente-1"), 0
while True:
    render(generator, Request("warm bass", seconds=2.0, seed=seed), lambda step, steps: None, lambda: False)
    seed += 1
    print(seed, flush=True)
"""


def measure(seconds: int) -> Figures:
    """underflows of the audio process, floor: those of a client that plays silence, on the same server in the same
    time; breaks in what was recorded back; late, floor_late: callbacks of both that took longer than half a block;
    callback_worst_ms of the audio process, floor_worst_ms: of that client, whose callback only watches the clock;
    callback_worst_cpu_ms, floor_worst_cpu_ms: the same in processor time; load: the mean share of a block; stolen_s:
    processor time that a virtual machine's host gave to others meanwhile, as far as Linux is told of it."""
    with server(), screen() as display, tempfile.TemporaryDirectory() as folder:
        os.environ |= display
        with running([sys.executable, "-c", GENERATE]) as generation:
            first_line(generation)
            with floor() as silent:
                before = _stolen_s()
                figures, recorded = _play(seconds, Path(folder) / "heard.wav")
                stolen = _stolen_s() - before
        return figures | {
            "stolen_s": stolen,
            "floor": silent.missed,
            "floor_late": silent.late,
            "floor_worst_ms": silent.longest_ms,
            "floor_worst_cpu_ms": silent.most_cpu_ms,
            "breaks": float(breaks(recorded)),
        }


def _stolen_s() -> float:
    """Of all processors, since the machine started (proc(5), /proc/stat)."""
    return float(Path("/proc/stat").read_text(encoding="ascii").split(maxsplit=9)[8]) / os.sysconf("SC_CLK_TCK")


def _play(seconds: int, path: Path) -> tuple[Figures, Path]:
    from benchmarks.painting import painted
    from engine.audio.player import Player
    from engine.patch import Patch

    player = Player()
    player.start()
    try:
        wait(lambda: player.status().state == "running", 15, "the audio process plays")
        player.load("tone", tone(2.5, RATE_HZ, PEAK, loop=True))
        player.set_patch("tone", Patch(pitch_mode="varispeed", play_mode="loop", velocity_level=0.0, loop_fade_s=0.0))
        for note in VOICES:
            player.note_on("tone", note, 127)
        wait(lambda: player.voices() == len(VOICES), 10, "all voices sound")
        time.sleep(1.0)  # a start has underflows of its own, in every program
        before, late = player.underflows(), player.late()
        print(f"The longest callback of the start: {1000 * player.callback_worst_s():.2f} ms", file=sys.stderr)
        with _recording(path):
            player.forget_worst()
            load = painted(player, seconds)
        assert player.voices() == len(VOICES), "voices have ended"
        return {
            "underflows": float(player.underflows() - before),
            "late": float(player.late() - late),
            "callback_worst_ms": 1000 * player.callback_worst_s(),
            "callback_worst_cpu_ms": 1000 * player.callback_worst_cpu_s(),
            "load": load,
        }, path
    finally:
        player.close()


def breaks(path: Path) -> int:
    """Places in a recording where the curve of the tones bends more sharply than they can."""
    steepest = sum(PEAK * (2 * np.pi * hertz(note) / RATE_HZ) ** 2 for note in VOICES)
    found, last, at = 0, -RATE_HZ, 0
    for block in soundfile.blocks(path, 1 << 20, overlap=2, dtype="float32", always_2d=True):
        for place in at + np.flatnonzero(np.abs(np.diff(block[:, 0], n=2)) > 3 * steepest):
            found += place - last > PERIOD_FRAMES
            last = int(place)
        at += len(block) - 2
    return found


@contextmanager
def _recording(path: Path) -> Iterator[None]:
    """What the sound card gets, as long as this lasts."""
    command = ["jack_capture", "-dc", "-ns", "-c", "2", "-b", "FLOAT", "-f", "wav", str(path)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        time.sleep(1.0)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        missed = re.search(rb"encountered (\d+) jack x-runs", said)
        if missed is not None:
            print(f"The recorder itself missed {missed[1].decode()} periods.", file=sys.stderr)


BENCHMARK = Benchmark(
    f"{len(VOICES)} voices, generation beside them, a window at 60 Hz",
    measure,
    {"callback_worst_ms": 1000 * BLOCK_S / 2},
    usual=30,
    timed=True,
    floors={"underflows": "floor", "breaks": "floor"},  # a period that the server misses breaks everybody's curve
)
