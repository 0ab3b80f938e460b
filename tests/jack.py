"""A JACK server without a sound card, so that tests hear what the program really plays.

Use the fixture `jack_server` (import it into a conftest, or name this module in the root conftest's `pytest_plugins`).
It is one server per test module, and JACK_DEFAULT_SERVER points to it: whatever plays in the test plays there.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

PROGRAMS = ("jackd", "jack_capture", "jack_lsp")
ROOT = Path(__file__).parents[1]
RATE_HZ = 48_000
PERIOD_FRAMES = 256
_numbers = itertools.count()


def wait_until(holds: Callable[[], bool], timeout_s: float, what: str) -> float:
    """Seconds until `holds()`; fails the test after `timeout_s`."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > timeout_s:
            pytest.fail(f"waited {timeout_s} s in vain until {what}")
        time.sleep(0.01)
    return time.monotonic() - begun


@dataclass
class Recording:
    """What reached the server's outputs: float32 (frames, 2) at RATE_HZ, filled when the recording ends."""

    samples: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))


class JackServer:
    """jackd with the dummy driver on a private name. Real-time scheduling where it is allowed.

    The server is synchronous: it waits for its clients to the end of a period instead of going on without them, so that
    a machine that stands still for a moment makes it late, but never makes a gap in what is played and recorded.
    """

    def __init__(self, folder: Path, rate_hz: int = RATE_HZ) -> None:
        self.name = f"latente-test-{os.getpid()}-{next(_numbers)}"
        self.rate_hz = rate_hz
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}

    def start(self) -> None:
        for scheduling in (("-R", "-P", "60"), ("-r",)):
            driver = ("-d", "dummy", "-r", str(self.rate_hz), "-p", str(PERIOD_FRAMES), "-C", "2", "-P", "2")
            self._process = subprocess.Popen(
                ["jackd", "-n", self.name, "-S", *scheduling, *driver],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._comes_up():
                return
            self.stop()
        raise RuntimeError("jackd does not start, neither in real time nor without")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def ports(self) -> list[str]:
        """Lines of `jack_lsp -c`: ports, and indented below each what it is connected to.

        Empty when the tool hangs, as it now and then does while another client comes or goes: who waits asks again.
        """
        try:
            answer = subprocess.run(
                ["jack_lsp", "-c"], env=self.environment, capture_output=True, text=True, timeout=2, check=False
            )
        except subprocess.TimeoutExpired:
            return []
        return answer.stdout.splitlines()

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record what is heard inside the block. Something must be playing (silence will do) when it begins."""
        path = self._folder / f"recording-{next(_numbers)}.npy"
        recording = Recording()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.recorder", str(path)],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert any(line == b"recording\n" for line in process.stdout), "the recorder did not start"
            yield recording
            time.sleep(0.05)
        finally:
            process.stdin.close()
            process.wait(20)
            process.stdout.close()
        recording.samples = np.load(path)
        path.unlink()

    def _comes_up(self) -> bool:
        for _ in range(100):
            if self._process is None or self._process.poll() is not None:
                return False
            if any(line.startswith("system:playback") for line in self.ports()):
                return True
            time.sleep(0.03)
        return False


def require_jack() -> None:
    """Skip the test where JACK is not installed (`make test` installs it)."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: apt install --no-install-recommends jackd2 jack-capture")


@pytest.fixture(scope="module")
def jack_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JackServer]:
    require_jack()
    server = JackServer(tmp_path_factory.mktemp("jack"))
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", server.name)
        yield server
    server.stop()
