"""What a benchmark is, what it ran beside, and how its figures are shown."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Figures = dict[str, float]


@dataclass(frozen=True)
class Benchmark:
    """measure(amount) -> figures by name; amount: how often, or for how many seconds where it is `timed`.

    targets: the largest value that will do, by the same names. floors: figures that must not exceed another one, which
    was taken in the same run.
    """

    what: str
    measure: Callable[[int], Figures]
    targets: Figures
    usual: int = 5
    timed: bool = False
    floors: Mapping[str, str] = field(default_factory=dict)

    def target(self, name: str, figures: Figures) -> float | None:
        """The largest value of a figure that will do, None where any will."""
        return figures[self.floors[name]] if name in self.floors else self.targets.get(name)

    def reached(self, figures: Figures) -> bool:
        """Whether every figure that has a target keeps it."""
        wanted = {name: self.target(name, figures) for name in figures}
        return all(target is None or figures[name] <= target for name, target in wanted.items())


def machine() -> dict[str, str | float]:
    """Processor, cores, load of the last minute, Python: a figure means nothing without them."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "load_before": round(load, 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def table(benchmark: Benchmark, figures: Figures) -> str:
    """Name, figure, target and whether it was reached, one a line; then the machine."""
    lines = [benchmark.what, ""]
    for name, value in figures.items():
        target = benchmark.target(name, figures)
        verdict = "" if target is None else f"  target ≤ {target:g}  {'reached' if value <= target else 'MISSED'}"
        lines.append(f"  {name:<18} {value:>9.3f}{verdict}")
    lines += ["", "  " + ", ".join(f"{key} {value}" for key, value in machine().items())]
    return "\n".join(lines)
