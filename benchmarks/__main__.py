"""`python -m benchmarks NAME [--json] [--count N]`: prints figures, their targets and what they ran beside."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import render, start
from benchmarks.report import Benchmark, machine, table

BENCHMARKS: dict[str, Benchmark] = {"start": start.BENCHMARK, "render": render.BENCHMARK}


def main(arguments: list[str] | None = None) -> int:
    """Runs one benchmark. 0 done, 1 when a figure misses its target, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    described = "; ".join(f"{name}: {benchmark.what}" for name, benchmark in BENCHMARKS.items())
    parser.add_argument("name", choices=sorted(BENCHMARKS), help=described)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")
    parser.add_argument("--count", type=int, default=5, help="how often each thing is done; medians are given")
    chosen = parser.parse_args(arguments)
    if chosen.count < 1:
        parser.error("--count must be at least 1")
    benchmark = BENCHMARKS[chosen.name]
    figures = benchmark.measure(chosen.count)
    if chosen.json:
        print(json.dumps(figures | {"machine": machine()}))
    else:
        print(table(benchmark, figures))
    return 0 if benchmark.reached(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
