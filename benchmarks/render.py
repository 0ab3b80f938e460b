"""How long the model takes for a sound when it is loaded, and how much memory the process has needed at most."""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.beside import running
from benchmarks.report import Benchmark, Figures

PROMPT = "warm bass"
BUSY = "while True: sum(range(10_000))"


def measure(count: int) -> Figures:
    """warm_s: one sound, finished, with the default steps; eight_s: eight variations, as the program makes them: one
    alone, then a few together (median); beside_s: one, while another program keeps a core busy, as a DAW may;
    peak_mb: of this process."""
    from engine.generators import load_generator
    from engine.render import TOGETHER, render_many
    from engine.request import Generator, Request

    def some(generator: Generator, first: int, number: int) -> float:
        began = time.perf_counter()
        requests = [Request(PROMPT, seconds=2.0, seed=first + seed) for seed in range(number)]
        render_many(generator, requests, lambda step, steps: None, lambda: False)
        return time.perf_counter() - began

    def eight(generator: Generator, first: int) -> float:
        groups = [(at, min(TOGETHER, 8 - at)) for at in (0, *range(1, 8, TOGETHER))]
        return sum(some(generator, first + at, number if at else 1) for at, number in groups)

    generator = load_generator("latente-1")
    eight(generator, 0)  # the first ones warm caches up
    warm_s = statistics.median(some(generator, seed, 1) for seed in range(1, count + 1))
    eight_s = statistics.median(eight(generator, 100 * at) for at in range(1, 4))
    with running([sys.executable, "-c", BUSY]):
        some(generator, 0, 1)
        beside_s = statistics.median(some(generator, seed, 1) for seed in range(1, count + 1))
    return {"warm_s": warm_s, "eight_s": eight_s, "beside_s": beside_s, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """The largest resident size of this process so far, in MB; 0 where the system doesn't tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


BENCHMARK = Benchmark(
    f"“{PROMPT}”, 2 s of sound, model loaded",
    measure,
    {"warm_s": 0.3, "eight_s": 1.2, "beside_s": 0.5, "peak_mb": 1000.0},
)
