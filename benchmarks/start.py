"""How long until something can be done: engine imported, window seen, model ready, a sound from the cold."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Benchmark, Figures

TIMEOUT_S = 120.0
IMPORT = "import time; began = time.perf_counter(); import engine; print(time.perf_counter() - began)"


def measure(count: int) -> Figures:
    """Medians of `count` new processes each: import_engine_s, window_s, usable_s, render_cold_s."""
    with tempfile.TemporaryDirectory() as folder, screen() as extra:
        environment = os.environ | extra | {"LATENTE_HOME": folder}
        imports = [float(_output([sys.executable, "-c", IMPORT], environment)) for _ in range(count)]
        windows = [_window(environment) for _ in range(count)]
        renders = [_render(environment, Path(folder), number) for number in range(count)]
    return {
        "import_engine_s": statistics.median(imports),
        "window_s": statistics.median(window["window_s"] for window in windows),
        "usable_s": statistics.median(window["usable_s"] for window in windows),
        "render_cold_s": statistics.median(renders),
    }


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Environment with a screen to draw on: the one there is, else a virtual one, else Qt's own without any."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield {}
        return
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield {"DISPLAY": f":{number.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


def _output(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def _window(environment: dict[str, str]) -> dict[str, float]:
    """Starts the program and closes it once it is usable; seconds since the process was asked for."""
    environment = environment | {"BENCHMARK_BEGAN": repr(time.time())}
    marks: dict[str, float] = json.loads(_output([sys.executable, "-m", "benchmarks.watched"], environment))
    return marks


def _render(environment: dict[str, str], folder: Path, number: int) -> float:
    began = time.perf_counter()
    target = folder / f"{number}.wav"
    latente = str(Path(sys.executable).with_name("latente"))
    command = [latente, "render", "warm bass", "--seconds", "2", "-o", str(target)]
    _output(command, environment)
    if not target.exists():
        raise SystemExit(f"{' '.join(command)} wrote no file")
    return time.perf_counter() - began


BENCHMARK = Benchmark(
    "Starting, medians of new processes",
    measure,
    {"import_engine_s": 0.15, "window_s": 2.0, "render_cold_s": 8.0},
)
