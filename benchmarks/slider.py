"""From a slider of the window to the changed sound, and what is heard of many moves while the sound goes round.

The window itself, with the model that comes with the program, on a JACK server whose output is recorded back.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.jack_client import JackClient
from benchmarks.jackd import BLOCK_S, RATE_HZ, server
from benchmarks.report import Benchmark, Figures
from benchmarks.start import screen

if TYPE_CHECKING:
    from engine.audio.player import Player
    from engine.sound import Sound
    from gui.main_window import MainWindow

PROMPT, SECONDS, NOTE = "deep sine sub bass", 2.0, 29
KEYS = ("amplify", "smooth", "decay", "pitch_st", "vibrato_cents")
NEAR = 0.25  # of a slider's travel, about its rest: sounds that differ, and stay as smooth as this one
EVERY_S = 0.012  # one move of a hand that does not stop
CLICK = 10 ** (-60 / 20)
PATIENCE_S = 120.0


def measure(count: int) -> Figures:
    """`count` moves one by one, median_ms and worst_ms: from the move until the next block plays the changed sound,
    that block included; gui_ms: what a move keeps the window from doing else. Then `count` moves without waiting, with
    the sound looping: clicks above -60 dB that the sound itself does not have, underflows, growth_mb of memory."""
    with server(), screen() as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {**display, "LATENTE_HOME": home}
        with JackClient("Ears", round(count * EVERY_S) + 30, RATE_HZ) as ears, _opened() as (window, player, tend):
            window.listening.set_looping(True)
            window.listening.play()
            _until(tend, ears.listen_to_playback, "the sound plays")
            _until(tend, lambda: player.voices() > 0, "the sound is heard")
            rng = random.Random(1)
            for _ in range(5):  # caches warm up
                _move(window, player, tend, rng)
            times = [_move(window, player, tend, rng) for _ in range(count)]
            bends: list[float] = []
            window.bending.live.heard.connect(lambda heard: bends.append(_bend(heard.sound)))
            before_mb, missed, first = _memory_mb(player), player.underflows(), ears.frame
            for _ in range(count):
                _nudge(window, rng)
                ends = time.perf_counter() + EVERY_S
                while time.perf_counter() < ends:
                    tend()
            _until(tend, lambda: not window.bending.live.waiting, "the last move is heard")
            heard = np.array(ears.heard[first : ears.frame])
            figures = {
                "median_ms": 1e3 * statistics.median(total for total, _ in times),
                "worst_ms": 1e3 * max(total for total, _ in times),
                "gui_ms": 1e3 * statistics.median(own for _, own in times),
                "clicks": float(_clicks(heard, max(bends))),
                "underflows": float(player.underflows() - missed),
                "growth_mb": _memory_mb(player) - before_mb,
            }
    return figures


@contextmanager
def _opened() -> Iterator[tuple[MainWindow, Player, Callable[[], None]]]:
    """The window with a take in hand, its player, and what tends it."""
    from PySide6.QtWidgets import QApplication

    from engine.audio.player import Player
    from engine.library import Library
    from engine.request import Request
    from engine.settings import Settings
    from engine.studio import Studio
    from gui import theme
    from gui.app import load_generator
    from gui.bridge import Bridge
    from gui.main_window import MainWindow

    app = QApplication([])
    theme.apply(app)
    settings = Settings(variations=1, auto_play=False)
    library, bridge = Library(Path(os.environ["LATENTE_HOME"]) / "library"), Bridge()
    studio, player = Studio(load_generator, library, bridge.receive), Player()
    window = MainWindow(studio, player, library, settings, bridge)
    try:
        window.show()
        window.start()
        window.making.start([Request(PROMPT, seconds=SECONDS, note=NOTE, seed=1)])
        _until(app.processEvents, lambda: window.listening.take is not None, "a take is made")

        def tend() -> None:
            """As an event loop does it: between events others have the interpreter."""
            app.processEvents()
            time.sleep(0.0005)

        yield window, player, tend
    finally:
        window.close()
        for part in (studio, bridge, player, library):
            part.close()


def _nudge(window: MainWindow, rng: random.Random) -> None:
    """One slider goes somewhere near its rest."""
    slider = window.bending.panel.sliders[rng.choice(KEYS)]
    rest = slider.spec.position(slider.spec.default)
    slider.move_to(min(1.0, max(0.0, rest + rng.uniform(-NEAR, NEAR))))


def _move(window: MainWindow, player: Player, tend: Callable[[], None], rng: random.Random) -> tuple[float, float]:
    """Seconds from a move to its sound, and of the window's own thread within the move."""
    live, before = window.bending.live, window.bending.live.now
    obeyed = player.obeyed()
    began = time.perf_counter()
    while not live.waiting:
        began = time.perf_counter()
        _nudge(window, rng)
    own = time.perf_counter() - began
    _until(tend, lambda: live.now is not before and player.obeyed() > obeyed, "the move is heard")
    return time.perf_counter() - began + BLOCK_S, own


def _until(tend: Callable[[], None], holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > ends:
            raise SystemExit(f"{PATIENCE_S:.0f} s were not enough until {what}")
        tend()


def _bend(sound: Sound) -> float:
    """How sharply the curve of a sound bends at most from frame to frame, at the server's rate."""
    from engine.dsp.resample import resample

    return float(np.abs(np.diff(resample(sound, RATE_HZ).mono(), n=2)).max())


def _clicks(heard: np.ndarray[tuple[int], np.dtype[np.float32]], natural: float) -> int:
    """Places that bend more sharply than any of the sounds that were played, by more than the limit."""
    places = np.flatnonzero(np.abs(np.diff(heard, n=2)) > natural + CLICK)
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
    {"median_ms": 60.0, "worst_ms": 120.0, "gui_ms": 4.0, "clicks": 0.0, "underflows": 0.0, "growth_mb": 20.0},
    usual=500,
)
