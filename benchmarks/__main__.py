"""`python -m benchmarks NAME [--json] [--count N | --seconds S]`: figures, targets and what they ran beside."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import (
    backends,
    blocks,
    flood,
    fuzz,
    kill,
    notes,
    render,
    slider,
    start,
    underflows,
    voices,
    window,
    zones,
)
from benchmarks.report import Benchmark, machine, table

BENCHMARKS: dict[str, Benchmark] = {
    "start": start.BENCHMARK,
    "render": render.BENCHMARK,
    "notes": notes.BENCHMARK,
    "underflows": underflows.BENCHMARK,
    "kill": kill.BENCHMARK,
    "fuzz": fuzz.BENCHMARK,
    "slider": slider.BENCHMARK,
    "window": window.BENCHMARK,
    "zones": zones.BENCHMARK,
    "voices": voices.BENCHMARK,
    "blocks": blocks.BENCHMARK,
    "flood": flood.BENCHMARK,
    "backends": backends.BENCHMARK,
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one benchmark. 0 done, 1 when a figure misses its target, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    described = "; ".join(f"{name}: {benchmark.what}" for name, benchmark in BENCHMARKS.items())
    parser.add_argument("name", choices=sorted(BENCHMARKS), help=described)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")
    parser.add_argument("--count", type=int, help="how often each thing is done")
    parser.add_argument("--seconds", type=int, help="how long it is done, where that is what matters")
    chosen = parser.parse_args(arguments)
    benchmark = BENCHMARKS[chosen.name]
    amount, other = (chosen.seconds, chosen.count) if benchmark.timed else (chosen.count, chosen.seconds)
    if other is not None:
        parser.error(f"{chosen.name} takes --{'seconds' if benchmark.timed else 'count'}")
    if amount is not None and amount < 1:
        parser.error("the number must be at least 1")
    figures = benchmark.measure(amount or benchmark.usual)
    if chosen.json:
        print(json.dumps(figures | {"machine": machine()}))
    else:
        print(table(benchmark, figures))
    return 0 if benchmark.reached(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
