"""StateBlock: a page of shared memory through which the audio process shows what it does, so that looking never waits.

The program creates it, resets it before each start of the process, and otherwise only reads. Each word has one writer:
the callback writes PLAYHEAD_S to CALLBACK_WORST_S, RMS to LATE (and keeps BLOCK_FRAMES up to date), the process's main
thread all others. Words are aligned 8 bytes, so none is ever seen half-written; the texts have a version, odd while
they change.
"""

from __future__ import annotations

import math
import time
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import numpy.typing as npt

from engine.audio import memory
from engine.audio.status import STATES, AudioStatus

# words of the block, float64 each
PLAYHEAD_S = 0  # position in the sound last started, NaN when silent
PEAK_LEFT, PEAK_RIGHT = 1, 2  # linear, falling back slowly
VOICES = 3  # how many sound
UNDERFLOWS = 4  # since the program started
BLOCKS = 5  # callbacks since the program started
CALLBACK_WORST_S = 6
HEARTBEAT = 7  # counts up while the main thread lives
DONE = 8  # commands obeyed since the process started
STATE = 9  # index into STATES
RATE_HZ = 10
BLOCK_FRAMES = 11
LATENCY_S = 12
TEXT_VERSION = 13
RMS_LEFT, RMS_RIGHT = 14, 15  # linear, over about 0.3 s
LOAD = 16  # share of its time that the callback takes, smoothed
CALLBACK_WORST_CPU_S = 17  # processor time alone: what the machine does meanwhile does not count
LATE = 18  # callbacks that took longer than half a block
_WORDS = 24
_TEXT_BYTES = 256  # each of device, host API, message
_SIZE = _WORDS * 8 + 3 * _TEXT_BYTES


class StateBlock:
    """A view of the block; `words` is float64 (24,)."""

    def __init__(self, segment: SharedMemory) -> None:
        self._segment = segment
        self.words: npt.NDArray[np.float64] = np.ndarray((_WORDS,), np.float64, segment.buf)
        self._texts = np.ndarray((3, _TEXT_BYTES), np.uint8, segment.buf, offset=_WORDS * 8)

    @classmethod
    def create(cls) -> StateBlock:
        block = cls(memory.create(_SIZE))
        block.reset()
        return block

    @classmethod
    def attach(cls, name: str) -> StateBlock:
        return cls(memory.attach(name))

    @property
    def name(self) -> str:
        return self._segment.name

    def reset(self) -> None:
        """Back to "starting"; counters of the whole run are kept."""
        self.words[[PEAK_LEFT, PEAK_RIGHT, RMS_LEFT, RMS_RIGHT, VOICES, DONE, LOAD]] = 0
        self.words[PLAYHEAD_S] = math.nan
        self.write(AudioStatus("starting"))

    def write(self, status: AudioStatus) -> None:
        """Publish a status. Main thread of the audio process (or the program while no process runs)."""
        words = self.words
        version = 2 * (int(words[TEXT_VERSION]) // 2)  # even, also when a killed process left it odd
        words[TEXT_VERSION] = version + 1
        for row, text in enumerate((status.device, status.host_api, status.message)):
            encoded = text.encode()[:_TEXT_BYTES]
            self._texts[row] = 0
            self._texts[row, : len(encoded)] = np.frombuffer(encoded, np.uint8)
        words[STATE] = STATES.index(status.state)
        words[RATE_HZ], words[BLOCK_FRAMES], words[LATENCY_S] = status.rate_hz, status.block_frames, status.latency_s
        words[TEXT_VERSION] = version + 2

    def read(self) -> AudioStatus:
        """The status last published. Never waits for the writer longer than a few milliseconds."""
        words = self.words
        for _ in range(20):
            version = int(words[TEXT_VERSION])
            device, host_api, message = (bytes(row).rstrip(b"\0").decode(errors="ignore") for row in self._texts)
            state = STATES[int(words[STATE])]
            rate_hz, block_frames, latency_s = int(words[RATE_HZ]), int(words[BLOCK_FRAMES]), float(words[LATENCY_S])
            if version % 2 == 0 and version == int(words[TEXT_VERSION]):
                return AudioStatus(state, device, host_api, rate_hz, block_frames, latency_s, message)
            time.sleep(0.0002)
        return AudioStatus("lost", message="The audio process stopped while it was writing its state.")

    def close(self) -> None:
        """Let go; the block stays for others."""
        self._drop_views()
        self._segment.close()

    def discard(self) -> None:
        """Let go and delete."""
        self._drop_views()
        memory.discard(self._segment)

    def _drop_views(self) -> None:
        self.words = self.words.copy()  # a late reader sees the last values, not freed memory
        self._texts = self._texts.copy()
