"""How long the model takes for a sound when it is loaded, and how much memory the process has needed at most."""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.report import Benchmark, Figures

PROMPT = "warm bass"


def measure(count: int) -> Figures:
    """warm_s: one sound, finished, with the default steps; eight_s: eight in a row; peak_mb: of this process."""
    from engine.generators import load_generator
    from engine.render import render
    from engine.request import Generator, Request

    def one(generator: Generator, seed: int) -> float:
        began = time.perf_counter()
        request = Request(PROMPT, seconds=2.0, seed=seed)
        render(generator, request, lambda step, steps: None, lambda: False)
        return time.perf_counter() - began

    generator = load_generator("latente-1")
    one(generator, 0)  # the first one warms caches up
    return {
        "warm_s": statistics.median(one(generator, seed) for seed in range(1, count + 1)),
        "eight_s": sum(one(generator, 100 + seed) for seed in range(8)),
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    """The largest resident size of this process so far, in MB; 0 where the system doesn't tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


BENCHMARK = Benchmark(
    f"“{PROMPT}”, 2 s of sound, model loaded", measure, {"warm_s": 1.0, "eight_s": 8.0, "peak_mb": 1500.0}
)
