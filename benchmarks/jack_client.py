"""A JACK client that sends MIDI and records, both counted in the server's own frames. libjack through ctypes."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
from collections import deque
from types import TracebackType

import numpy as np
import numpy.typing as npt

AUDIO, MIDI = b"32 bit float mono audio", b"8 bit raw midi"
INPUT, OUTPUT = 1, 2
NO_START_SERVER = 1
Process = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)


def library() -> ctypes.CDLL:
    """libjack, with the types of what is used of it. Raises SystemExit where it is not installed."""
    name = ctypes.util.find_library("jack")
    if name is None:
        raise SystemExit("libjack is not installed. On Debian and Ubuntu: apt install libjack-jackd2-0.")
    library = ctypes.CDLL(name)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32
    for function, result, arguments in (
        ("jack_client_open", pointer, [text, ctypes.c_int, pointer]),
        ("jack_port_register", pointer, [pointer, text, text, ctypes.c_ulong, ctypes.c_ulong]),
        ("jack_set_process_callback", ctypes.c_int, [pointer, Process, pointer]),
        ("jack_activate", ctypes.c_int, [pointer]),
        ("jack_deactivate", ctypes.c_int, [pointer]),
        ("jack_client_close", ctypes.c_int, [pointer]),
        ("jack_connect", ctypes.c_int, [pointer, text, text]),
        ("jack_port_name", text, [pointer]),
        ("jack_port_by_name", pointer, [pointer, text]),
        ("jack_port_get_all_connections", ctypes.POINTER(text), [pointer, pointer]),
        ("jack_free", None, [pointer]),
        ("jack_port_get_buffer", pointer, [pointer, number]),
        ("jack_last_frame_time", number, [pointer]),
        ("jack_midi_clear_buffer", None, [pointer]),
        ("jack_midi_event_write", ctypes.c_int, [pointer, number, text, ctypes.c_size_t]),
    ):
        entry = getattr(library, function)
        entry.restype, entry.argtypes = result, arguments
    return library


class JackClient:
    """Its MIDI output is NAME:out; its audio input records, from `heard[0]` on, every frame the server has counted
    since `first_frame`. JACK's thread only fills arrays and takes from deques."""

    def __init__(self, name: str, seconds: int, rate_hz: int) -> None:
        """Raises SystemExit when there is no server."""
        self._jack = library()
        self._client = self._jack.jack_client_open(name.encode(), NO_START_SERVER, None)
        if not self._client:
            raise SystemExit("There is no JACK server.")
        self._out = self._jack.jack_port_register(self._client, b"out", MIDI, OUTPUT, 0)
        self._in = self._jack.jack_port_register(self._client, b"in", AUDIO, INPUT, 0)
        # written to now, so that the system gives the memory now: recording is no growth of what is measured
        self.heard: npt.NDArray[np.float32] = np.full(seconds * rate_hz, 0, np.float32)
        self.sent: list[int] = []  # frames at which messages were put into the graph, counted like `heard`
        self.frame = 0  # recorded so far
        self._first = -1
        self._waiting: deque[tuple[bytes, int]] = deque()
        self._callback = Process(self._process)  # kept: JACK only has its address
        self._jack.jack_set_process_callback(self._client, self._callback, None)
        self._jack.jack_activate(self._client)

    def __enter__(self) -> JackClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._jack.jack_deactivate(self._client)
        self._jack.jack_client_close(self._client)

    def send(self, message: bytes, offset: int = 0) -> None:
        """Put a message into the next period, at a frame of it."""
        self._waiting.append((message, offset))

    def listen_to_playback(self) -> bool:
        """Record what goes to the first output of the sound card; False while nothing does."""
        jack = self._jack
        playback = jack.jack_port_by_name(self._client, b"system:playback_1")
        names = jack.jack_port_get_all_connections(self._client, playback)
        if not names:
            return False
        done = jack.jack_connect(self._client, names[0], jack.jack_port_name(self._in))
        jack.jack_free(names)
        return done in (0, errno.EEXIST)  # asked again, it is connected already

    def _process(self, frames: int, _: int | None) -> int:
        jack = self._jack
        now = int(jack.jack_last_frame_time(self._client))
        if self._first < 0:
            self._first = now
        at = now - self._first
        midi = jack.jack_port_get_buffer(self._out, frames)
        jack.jack_midi_clear_buffer(midi)
        if self._waiting:
            message, offset = self._waiting.popleft()
            jack.jack_midi_event_write(midi, offset, message, len(message))
            self.sent.append(at + offset)
        if at + frames <= len(self.heard):
            source = jack.jack_port_get_buffer(self._in, frames)
            ctypes.memmove(self.heard[at:].ctypes.data, source, 4 * frames)
            self.frame = at + frames
        return 0
