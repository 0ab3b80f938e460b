"""Where the mix goes: a device through PortAudio, or a clock that plays to nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.audio import state
from engine.audio.device import Device, portaudio
from engine.errors import AudioProblem

Render = Callable[[npt.NDArray[np.float32]], None]

NULL_RATE_HZ = 48_000
_NULL_BLOCK = 512
_SILENT_S = 1.5  # a device that asks for nothing for so long is gone


class Output(Protocol):
    """Something that calls `render` again and again from a thread of its own until closed."""

    block_frames: int
    latency_s: float

    def alive(self) -> bool:
        """False once the device is gone. Ask a few times a second."""
        ...

    def close(self) -> None:
        """No render call runs or follows after this."""
        ...


class PortAudioOutput:
    """A stream on a device. The callback runs in PortAudio's thread (JACK's real-time thread there)."""

    def __init__(self, device: Device, render: Render, words: npt.NDArray[np.float64]) -> None:
        """Raises AudioProblem when the device does not open."""
        sd = portaudio()
        self._words = words
        self._blocks_seen = words[state.BLOCKS]
        self._moved_s = time.monotonic()
        clock = time.perf_counter

        def callback(out: npt.NDArray[np.float32], frames: int, times: Any, flags: Any) -> None:
            begun = clock()
            words[state.BLOCK_FRAMES] = frames
            if flags.output_underflow:
                words[state.UNDERFLOWS] += 1
            render(out)
            spent = clock() - begun
            if spent > words[state.CALLBACK_WORST_S]:
                words[state.CALLBACK_WORST_S] = spent

        try:
            self._stream = sd.OutputStream(
                device=device.index,
                samplerate=device.rate_hz,
                channels=device.channels,
                dtype="float32",
                blocksize=0,  # as the device likes it
                latency=device.latency,
                callback=callback,
            )
            self._stream.start()
        except sd.PortAudioError as error:
            raise AudioProblem(f"The audio device “{device.name}” does not open: {_reason(error)}.") from error
        self.latency_s = float(self._stream.latency)
        self.block_frames = int(self._stream.blocksize)

    def alive(self) -> bool:
        blocks, now = self._words[state.BLOCKS], time.monotonic()
        if blocks != self._blocks_seen:
            self._blocks_seen, self._moved_s = blocks, now
        try:
            return bool(self._stream.active) and now - self._moved_s < _SILENT_S
        except portaudio().PortAudioError:
            return False

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class NullOutput:
    """Renders on a timer, so that playhead and meters move where there is no device. Owns a thread."""

    def __init__(self, render: Render, rate_hz: int = NULL_RATE_HZ) -> None:
        self.block_frames = _NULL_BLOCK
        self.latency_s = _NULL_BLOCK / rate_hz
        self._render = render
        self._period_s = _NULL_BLOCK / rate_hz
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="null device", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        block = np.zeros((_NULL_BLOCK, 2), np.float32)
        due = time.monotonic()
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            self._render(block)
            due = max(due + self._period_s, time.monotonic() - 0.1)  # after a long sleep: go on, don't catch up

    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()


def _reason(error: Exception) -> str:
    """PortAudio's own words without its error number."""
    text = str(error.args[0]) if error.args else str(error)
    return text.removeprefix("Error opening OutputStream: ").split(" [")[0].rstrip(".") or "no reason given"
