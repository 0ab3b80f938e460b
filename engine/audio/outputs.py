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
NewRender = Callable[[int], Render]  # for a rate in Hz; the one made before is not called any more

NULL_RATE_HZ = 48_000
_NULL_BLOCK = 512
_SILENT_S = 1.5  # a device that asks for nothing for so long is gone
_SMOOTHING = 0.02  # of the load, per block


class Output(Protocol):
    """Something that calls a Render again and again from a thread of its own until closed. latency_s: what a note
    waits at most until it is heard, from the block in which it is found: that block, and the device's own."""

    rate_hz: int
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

    def __init__(self, device: Device, new_render: NewRender, words: npt.NDArray[np.float64]) -> None:
        """`problem`: what the device refused, in one line. Raises AudioProblem when it does not open at all."""
        self._words = words
        self._blocks_seen = words[state.BLOCKS]
        self._moved_s = time.monotonic()
        self.problem = ""
        self.rate_hz = device.rate_hz
        error = self._open(device, new_render)
        if error is not None and device.own_rate_hz not in (0, device.rate_hz):
            self.rate_hz = device.own_rate_hz
            error = self._open(device, new_render)
            self.problem = f"“{device.name}” does not play at {device.rate_hz} Hz, so it plays at {self.rate_hz} Hz."
        if error is not None:
            raise AudioProblem(f"The audio device “{device.name}” does not open: {_reason(error)}.") from error
        self.block_frames = self._first_block() or int(self._stream.blocksize)
        self.latency_s = float(self._stream.latency) + self.block_frames / self.rate_hz

    def _open(self, device: Device, new_render: NewRender) -> Exception | None:
        """Open and start the stream; returns what went wrong."""
        sd = portaudio()
        self._words[state.BLOCK_FRAMES] = 0
        try:
            self._stream = sd.OutputStream(
                device=device.index,
                samplerate=self.rate_hz,
                channels=device.channels,
                dtype="float32",
                blocksize=device.block_frames,
                latency=device.latency,
                callback=_callback(new_render(self.rate_hz), self._words, self.rate_hz),
            )
            self._stream.start()
        except sd.PortAudioError as error:
            return Exception(*error.args)
        return None

    def _first_block(self) -> int:
        """Frames of the first block, which is asked for at once: where the device chooses, nothing else tells."""
        patience_s = time.monotonic() + 0.2
        while not self._words[state.BLOCK_FRAMES] and time.monotonic() < patience_s:
            time.sleep(0.002)
        return int(self._words[state.BLOCK_FRAMES])

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

    def __init__(self, new_render: NewRender, rate_hz: int = NULL_RATE_HZ) -> None:
        self.rate_hz = rate_hz
        self.block_frames = _NULL_BLOCK
        self.latency_s = self._period_s = _NULL_BLOCK / rate_hz
        self._render = new_render(rate_hz)
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


def _callback(render: Render, words: npt.NDArray[np.float64], rate_hz: int) -> Callable[..., None]:
    """What PortAudio calls: it renders, and writes down how that went."""
    clock, processor = time.perf_counter, time.thread_time

    def callback(out: npt.NDArray[np.float32], frames: int, times: Any, flags: Any) -> None:
        begun, used = clock(), processor()
        words[state.BLOCK_FRAMES] = frames
        if flags.output_underflow:
            words[state.UNDERFLOWS] += 1
        render(out)
        spent = clock() - begun
        if spent > words[state.CALLBACK_WORST_S]:
            words[state.CALLBACK_WORST_S] = spent
        words[state.LATE] += spent > 0.5 * frames / rate_hz
        used = processor() - used
        if used > words[state.CALLBACK_WORST_CPU_S]:
            words[state.CALLBACK_WORST_CPU_S] = used
        words[state.LOAD] += (spent * rate_hz / frames - words[state.LOAD]) * _SMOOTHING

    return callback


def _reason(error: Exception) -> str:
    """PortAudio's own words without its error number."""
    text = str(error.args[0]) if error.args else str(error)
    return text.removeprefix("Error opening OutputStream: ").split(" [")[0].rstrip(".") or "no reason given"
