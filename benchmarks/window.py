"""What the window itself takes while a sound goes round: its thread's share of a core, and what it paints."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable

from benchmarks.jackd import server
from benchmarks.opened import opened
from benchmarks.report import Benchmark, Figures
from benchmarks.start import screen

PROMPT, SECONDS, NOTE = "deep sine sub bass", 2.0, 29
SETTLE_S = 3.0  # keys are decoded, pictures drawn


def measure(seconds: int) -> Figures:
    """gui_share: of a core, by the GUI thread's own clock, while a take loops; silent_share: while nothing sounds;
    paints_s: paint events of all widgets in a second of the loop; by kind on standard error."""
    with server(), screen() as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {**display, "LATENTE_HOME": home}
        with opened(PROMPT, SECONDS, NOTE) as program:
            program.tend_for(SETTLE_S)
            silent = _share(lambda: program.tend_for(seconds))
            program.loop()
            program.tend_for(SETTLE_S)
            looping = _share(lambda: program.tend_for(seconds))
            paints = _paints(lambda: program.tend_for(seconds))  # apart: counting them takes time as well
    for kind, count in paints.most_common():
        print(f"  {count / seconds:8.1f} a second: {kind}", file=sys.stderr)
    return {"gui_share": looping, "silent_share": silent, "paints_s": paints.total() / seconds}


def _share(live: Callable[[], None]) -> float:
    """CPU time of this thread per second of `live`."""
    worked, began = time.thread_time(), time.perf_counter()
    live()
    return (time.thread_time() - worked) / (time.perf_counter() - began)


def _paints(live: Callable[[], None]) -> Counter[str]:
    """Paint events by the kind of their widget."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    counted: Counter[str] = Counter()

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                counted[type(watched).__name__] += 1
            return False

    eye, app = Eye(), QApplication.instance()
    assert app is not None
    app.installEventFilter(eye)
    live()
    app.removeEventFilter(eye)
    return counted


BENCHMARK = Benchmark(
    f"The window while {SECONDS:g} s of sound go round",
    measure,
    {"gui_share": 0.08, "silent_share": 0.03},
    usual=10,
    timed=True,
)
