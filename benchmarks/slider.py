"""From a slider of the window to the changed sound, and what is heard of many moves while the sound goes round.

The window itself, with the model that comes with the program, on a JACK server whose output is recorded back.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.beside import floor
from benchmarks.jack_client import JackClient
from benchmarks.jackd import BLOCK_S, PERIOD_FRAMES, RATE_HZ, server
from benchmarks.opened import Eye, Opened, opened
from benchmarks.report import Benchmark, Figures
from benchmarks.start import screen

if TYPE_CHECKING:
    from engine.audio.player import Player
    from engine.events import Event
    from engine.request import Generator
    from engine.sound import Sound

PROMPT, SECONDS, NOTE = "deep sine sub bass", 2.0, 29
Samples = np.ndarray[tuple[int], np.dtype[np.float32]]
KEYS = ("amplify", "smooth", "decay", "pitch_st", "vibrato_cents")
NEAR = 0.25  # of a slider's travel, about its rest: sounds that differ, and stay as smooth as this one
SETTLE_S = 0.05  # in which the audio process obeys nothing more: it has all of a move
EVERY_S = 0.012  # one move of a hand that does not stop
ONE_BY_ONE = 500  # moves at most that are waited for
SLOWEST = 5  # moves whose stages are told, too
CLICK = 10 ** (-60 / 20)
SILENCE = 1e-3


class Stages(Eye):
    """Of the last move: when its first decode began and ended (of what is played next, or of the whole), and when that
    left the engine; CPU time of the engine thread within it alone; how long the decode of the whole took."""

    def __init__(self) -> None:
        self.began = self.ended = self.left = self.cpu_s = self.whole_s = 0.0

    def forget(self) -> None:
        self.began = self.left = 0.0

    def generator(self, generator: Generator) -> Generator:
        def watched(decode: Callable[..., Any]) -> Callable[..., Any]:
            def done(*given: Any, **options: Any) -> Any:
                began, cpu_s = time.perf_counter(), time.thread_time()
                made = decode(*given, **options)
                ended, cpu_s = time.perf_counter(), time.thread_time() - cpu_s
                if not self.began:
                    self.began, self.ended, self.cpu_s = began, ended, cpu_s
                self.whole_s = ended - began
                return made

            return done

        generator.decode = watched(generator.decode)  # type: ignore[method-assign]
        generator.decode_part = watched(generator.decode_part)  # type: ignore[method-assign]
        return generator

    def event(self, event: Event) -> None:
        self.left = self.left or time.perf_counter()


def measure(count: int) -> Figures:
    """`count` moves, `ONE_BY_ONE` at most, each waited for: median_ms and worst_ms from the move until the next block
    plays the changed sound, that block included; whole_ms until all of it is changed and seen. Medians of where the
    time goes: move_ms, the window's own thread; queued_ms, until the engine decodes; decode_ms, of what is played next,
    and decode_cpu_ms of the engine's thread; finish_ms, until that leaves the engine; swap_ms, until the audio process
    has it. rest_ms: the decode of the whole, after that.

    Then `count` moves without waiting, with the sound looping: sounds, how many of them were heard; clicks above -60 dB
    that the sounds themselves do not have; underflows, floor: those of a client that plays silence meanwhile; growth_mb
    of memory. The server waits for late clients. Where it did not, and a period passed without asking the program for
    it, that is silent: unasked counts those, and as many silent periods are no clicks."""
    with server(patient=True), screen() as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {**display, "LATENTE_HOME": home}
        stages = Stages()
        with opened(PROMPT, SECONDS, NOTE, stages) as program:
            program.loop()
            rng = random.Random(1)
            for _ in range(5):  # caches warm up
                _move(program, rng, stages)
            moves = [_move(program, rng, stages) for _ in range(min(count, ONE_BY_ONE))]
            for move in sorted(moves, key=lambda move: move["heard_ms"])[-SLOWEST:]:
                print("A slow move:", *(f"{name} {took:.0f}" for name, took in move.items()), file=sys.stderr)
            return _medians(moves) | _unbroken(program, rng, count)


def _move(program: Opened, rng: random.Random, stages: Stages) -> Figures:
    """Milliseconds of one move, by stage."""
    live, player = program.window.bending.live, program.player
    before, obeyed = live.now, player.obeyed()
    began = time.perf_counter()
    while not live.waiting:
        stages.forget()
        began = time.perf_counter()
        _nudge(program, rng)
    moved = time.perf_counter()
    program.until(lambda: player.obeyed() > obeyed, "the move is heard")
    heard = time.perf_counter()
    program.until(lambda: live.now is not before and not live.waiting, "all of the move is seen")
    seen = time.perf_counter()
    settled = -1
    while settled != player.obeyed():
        settled = player.obeyed()
        program.tend_for(SETTLE_S)
    marks = (began, stages.began, stages.ended, stages.left, heard)
    names = ("queued_ms", "decode_ms", "finish_ms", "swap_ms")
    times = {name: 1e3 * (end - start) for name, start, end in zip(names, marks, marks[1:], strict=False)}
    whole = {"heard_ms": 1e3 * (heard - began + BLOCK_S), "whole_ms": 1e3 * (seen - began)}
    rest = {"rest_ms": 1e3 * stages.whole_s, "decode_cpu_ms": 1e3 * stages.cpu_s}
    return whole | {"move_ms": 1e3 * (moved - began)} | times | rest


def _medians(moves: Sequence[Figures]) -> Figures:
    middle = {name: statistics.median(move[name] for move in moves) for name in moves[0]}
    return {"median_ms": middle.pop("heard_ms"), "worst_ms": max(move["heard_ms"] for move in moves)} | middle


def _unbroken(program: Opened, rng: random.Random, count: int) -> Figures:
    """Moves that wait for nothing."""
    live, player = program.window.bending.live, program.player
    assert live.now is not None
    bends, sounds = [_bend(live.now.sound)], 0

    def hear(heard: Any) -> None:
        nonlocal sounds
        sounds += 1
        bends.append(max(bends.pop(), _bend(heard.sound)))

    listening = live.heard.connect(hear)
    with JackClient("Ears", round(2 * count * EVERY_S) + 30, RATE_HZ) as ears, floor() as silent:
        program.until(ears.listen_to_playback, "the sound plays")
        before_mb, missed, first, lead = _memory_mb(player), player.underflows(), ears.frame, _lead(ears, player)
        for _ in range(count):
            _nudge(program, rng)
            program.tend_for(EVERY_S)
        program.until(lambda: not live.waiting, "the last move is heard")
        underflows, growth_mb = player.underflows() - missed, _memory_mb(player) - before_mb
        unasked = _lead(ears, player) - lead
        heard = np.array(ears.heard[first : ears.frame])
    live.disconnect(listening)
    if len(heard) < count * EVERY_S * RATE_HZ or np.abs(heard).max() < SILENCE:
        raise SystemExit("What was played was not recorded.")
    return {
        "sounds": float(sounds),
        "clicks": float(_clicks(heard, max(bends), unasked)),
        "unasked": float(unasked),
        "underflows": float(underflows),
        "floor": silent.missed,
        "growth_mb": growth_mb,
    }


def _nudge(program: Opened, rng: random.Random) -> None:
    """One slider goes somewhere near its rest."""
    slider = program.window.bending.panel.sliders[rng.choice(KEYS)]
    rest = slider.spec.position(slider.spec.default)
    slider.move_to(min(1.0, max(0.0, rest + rng.uniform(-NEAR, NEAR))))


def _bend(sound: Sound) -> float:
    """How sharply the curve of a sound bends at most from frame to frame. At the server's higher rate it bends less."""
    return float(np.abs(np.diff(sound.mono(), n=2)).max())


def _lead(ears: JackClient, player: Player) -> int:
    """By how many periods the server is ahead of what the program was asked for. The two are read one after the other,
    at any moment of a period: the middle one of many readings counts."""
    leads = []
    for _ in range(101):
        leads.append(ears.frame // PERIOD_FRAMES - player.blocks())
        time.sleep(0.0007)
    return int(statistics.median(leads))


def _clicks(heard: Samples, natural: float, unasked: int) -> int:
    """Places that bend more sharply than any of the sounds that were played, by more than the limit; but for the ends
    of so many silent periods."""
    periods = heard[: len(heard) // PERIOD_FRAMES * PERIOD_FRAMES].reshape(-1, PERIOD_FRAMES)
    silent = np.flatnonzero(~periods.any(1))[: max(0, unasked)] * PERIOD_FRAMES
    places = np.flatnonzero(np.abs(np.diff(heard, n=2)) > natural + CLICK)
    edges = (silent[:, None] + np.array([-2, -1, PERIOD_FRAMES - 2, PERIOD_FRAMES - 1])).ravel()
    places = np.setdiff1d(places, edges)
    return int(np.count_nonzero(np.diff(places, prepend=-RATE_HZ) > RATE_HZ // 100))


def _memory_mb(player: Player) -> float:
    """Of this process and of the audio process."""
    total = 0.0
    for pid in (os.getpid(), player.process_id()):
        status = Path(f"/proc/{pid}/status")
        if status.exists():
            line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
            total += float(line.split()[1]) / 1024
    return total


BENCHMARK = Benchmark(
    f"Sliders of the window, {SECONDS:g} s of sound",
    measure,
    {"median_ms": 60.0, "worst_ms": 120.0, "move_ms": 4.0, "clicks": 0.0, "growth_mb": 20.0},
    usual=500,
    floors={"underflows": "floor"},
)
