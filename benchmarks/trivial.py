"""A client that plays silence: what it misses, the machine missed. Says when it plays; when its input ends, how often
it ran out of samples."""

from __future__ import annotations

import os
import sys
import time
from typing import Any


def main() -> None:
    sys.setswitchinterval(0.0005)
    lines = open(os.dup(1), "w", encoding="utf-8")  # noqa: SIM115 - until the end
    os.dup2(2, 1)  # JACK prints to standard output
    import sounddevice

    missed = 0

    def callback(out: Any, frames: int, times: Any, flags: Any) -> None:
        nonlocal missed
        missed += bool(flags.output_underflow)
        out.fill(0)

    device = next(
        api["default_output_device"] for api in sounddevice.query_hostapis() if api["name"].startswith("JACK")
    )
    with sounddevice.OutputStream(device=device, channels=2, latency="low", callback=callback):
        time.sleep(1.0)
        missed = 0
        print("playing", file=lines, flush=True)
        sys.stdin.read()
    print(missed, file=lines, flush=True)


if __name__ == "__main__":
    main()
