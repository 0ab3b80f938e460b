"""A JACK server to play on: the one there is, else one of our own without a sound card."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

PERIOD_FRAMES = 256
RATE_HZ = 48_000
BLOCK_S = PERIOD_FRAMES / RATE_HZ


@contextmanager
def server(patient: bool = False) -> Iterator[None]:
    """JACK_DEFAULT_SERVER names a running server as long as this lasts. Real-time scheduling where it is allowed.
    patient: one of our own waits for clients that are late, so that what is recorded has no holes of the machine's.
    Ends the program with one line when there is none and jackd is not installed."""
    if os.environ.get("JACK_DEFAULT_SERVER") and _answers():
        yield
        return
    missing = [program for program in ("jackd", "jack_lsp", "jack_capture") if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"{', '.join(missing)}: not installed. On Debian and Ubuntu: apt install jackd2 jack-capture.")
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = f"latente-benchmark-{os.getpid()}"
    os.environ["JACK_NO_START_SERVER"] = "1"
    process = _start(patient)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        os.environ.pop("JACK_DEFAULT_SERVER")
        if before is not None:
            os.environ["JACK_DEFAULT_SERVER"] = before


def _start(patient: bool) -> subprocess.Popen[bytes]:
    for scheduling in (("-R", "-P", "60"), ("-r",)):
        driver = ("-d", "dummy", "-r", str(RATE_HZ), "-p", str(PERIOD_FRAMES), "-C", "2", "-P", "2")
        process = subprocess.Popen(
            ["jackd", "-n", os.environ["JACK_DEFAULT_SERVER"], *["-S"] * patient, *scheduling, *driver],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if process.poll() is not None:
                break
            if _answers():
                return process
            time.sleep(0.05)
        process.kill()
        process.wait()
    raise SystemExit("jackd does not start, neither in real time nor without.")


def _answers() -> bool:
    try:
        return subprocess.run(["jack_lsp"], capture_output=True, timeout=2, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
