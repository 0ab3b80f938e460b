"""A client that plays silence: what it misses, the machine missed. Its callback only watches the clock, for as long as
the voices take: where the clock jumps, the machine stood still.

Says when it plays; when its input ends, how often it ran out of samples, how many of its callbacks took longer than
half a block, how long the longest was, and the most that the system counted as processor time of one, in ms: a host
that lends the processor to others in between counts that time, too.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from benchmarks.jackd import BLOCK_S

WATCHED_S = 0.001  # about what sixteen voices take


def main() -> None:
    sys.setswitchinterval(0.0005)
    lines = open(os.dup(1), "w", encoding="utf-8")  # noqa: SIM115 - until the end
    os.dup2(2, 1)  # JACK prints to standard output
    import sounddevice

    clock, processor = time.perf_counter, time.thread_time
    missed, late, longest_s, most_s = 0, 0, 0.0, 0.0

    def callback(out: Any, frames: int, times: Any, flags: Any) -> None:
        nonlocal missed, late, longest_s, most_s
        begun, used = clock(), processor()
        missed += bool(flags.output_underflow)
        out.fill(0)
        while clock() - begun < WATCHED_S:
            pass
        spent = clock() - begun
        late += spent > BLOCK_S / 2
        longest_s = max(longest_s, spent)
        most_s = max(most_s, processor() - used)

    device = next(
        api["default_output_device"] for api in sounddevice.query_hostapis() if api["name"].startswith("JACK")
    )
    with sounddevice.OutputStream(device=device, channels=2, latency="low", callback=callback):
        time.sleep(1.0)
        missed, late, longest_s, most_s = 0, 0, 0.0, 0.0
        print("playing", file=lines, flush=True)
        sys.stdin.read()
    print(missed, late, 1000 * longest_s, 1000 * most_s, file=lines, flush=True)


if __name__ == "__main__":
    main()
