"""`python -m tests.recorder FILE`: a JACK client that records what the server's sound card gets, until its input ends.

It says a line when it records. FILE then holds float32 (frames, 2) as NumPy writes it. Its own silent output is
connected to the sound card as well: a synchronous server waits for the clients its card depends on, and only for those.
"""

from __future__ import annotations

import ctypes
import sys

import numpy as np

from benchmarks.jack_client import AUDIO, INPUT, NO_START_SERVER, OUTPUT, Process, library

SECONDS = 60  # more than any test listens
RATE_HZ = 48_000


def main(path: str) -> None:
    jack = library()
    client = jack.jack_client_open(b"recorder", NO_START_SERVER, None)
    if not client:
        raise SystemExit("There is no JACK server.")
    inputs = [jack.jack_port_register(client, name, AUDIO, INPUT, 0) for name in (b"in_1", b"in_2")]
    output = jack.jack_port_register(client, b"out", AUDIO, OUTPUT, 0)
    heard = np.zeros((2, SECONDS * RATE_HZ), np.float32)
    recorded = 0

    def process(frames: int, _: int | None) -> int:
        nonlocal recorded
        ctypes.memset(jack.jack_port_get_buffer(output, frames), 0, 4 * frames)
        if recorded + frames <= heard.shape[1]:
            for side, port in enumerate(inputs):
                source = jack.jack_port_get_buffer(port, frames)
                ctypes.memmove(heard[side, recorded:].ctypes.data, source, 4 * frames)
            recorded += frames
        return 0

    callback = Process(process)
    jack.jack_set_process_callback(client, callback, None)
    jack.jack_activate(client)
    for playback, port in zip((b"system:playback_1", b"system:playback_2"), inputs, strict=True):
        sources = jack.jack_port_get_all_connections(client, jack.jack_port_by_name(client, playback))
        for source in sources or ():
            if source is None:
                break
            jack.jack_connect(client, source, jack.jack_port_name(port))
    jack.jack_connect(client, jack.jack_port_name(output), b"system:playback_1")
    print("recording", flush=True)
    sys.stdin.read()
    jack.jack_deactivate(client)
    jack.jack_client_close(client)
    np.save(path, heard[:, :recorded].T)


if __name__ == "__main__":
    main(sys.argv[1])
