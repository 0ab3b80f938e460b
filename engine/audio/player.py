"""Player: how the program plays sounds. It talks to the audio process and never blocks its caller.

Every method only puts something in a queue or reads shared memory. The player's own thread writes to the process's
pipe, fills shared memory, and starts the process again, with all its sounds, when it dies.
"""

from __future__ import annotations

import contextlib
import math
import queue
import subprocess
import threading
import time
from dataclasses import dataclass, replace

from engine.audio import memory, state
from engine.audio.commands import Command, Gain, NoteOff, NoteOn, Play, Quit, Stop, Unload, encode
from engine.audio.launch import launch
from engine.audio.state import StateBlock
from engine.audio.status import AudioStatus
from engine.audio.uploads import Uploads
from engine.errors import AudioProblem
from engine.sound import Sound

_TICK_S = 0.05
_AHEAD = 256  # commands sent before the process has obeyed them; the pipe holds many more
_HUNG_S = 5.0  # without a heartbeat for so long, the process is ended and started again
_START_S = 20.0  # what a first start may take: a cold disk
_QUIT_S = 2.0
_LONGEST_PAUSE_S = 10.0  # between restarts of a process that keeps dying


@dataclass(frozen=True, eq=False)
class _Sound:
    """A sound on its way into shared memory."""

    key: str
    sound: Sound


class Player:
    """device: name of an output device, "null" for none at all, None for the default one.

    Use from one thread (the GUI's). What only looks (`status`, `position_s`, `levels` …) suits a 60 Hz timer.
    """

    def __init__(self, device: str | None = None) -> None:
        self._device = device or ""
        self._queue: queue.SimpleQueue[_Sound | Command | None] = queue.SimpleQueue()
        self._keys: set[str] = set()
        self._block: StateBlock | None = None
        self._thread: threading.Thread | None = None
        self._line: _Line | None = None
        self._closed = False

    def start(self) -> None:
        """Start the audio process in the background. Commands given before it is up are obeyed when it is."""
        if self._thread is not None or self._closed:
            return
        self._block = StateBlock.create()
        self._line = _Line(self._block, self._device, self._queue)
        self._thread = threading.Thread(target=self._line.run, name="player", daemon=True)
        self._thread.start()

    def status(self) -> AudioStatus:
        if self._closed:
            return AudioStatus("lost", message="Audio is closed.")
        if self._block is None or self._line is None:
            return AudioStatus("starting")
        status = self._block.read()
        if self._line.trouble:
            return replace(status, state="lost", message=self._line.trouble)
        return replace(status, message=self._line.shortage) if self._line.shortage else status

    def load(self, key: str, sound: Sound) -> None:
        """Make a sound ready to play; a key that is already loaded gets this sound instead. Two channels at most."""
        self._keys.add(key)
        self._put(_Sound(key, sound))

    def unload(self, key: str) -> None:
        """Forget a sound; if it is playing it fades out. An unknown key is fine."""
        self._keys.discard(key)
        self._put(Unload(key))

    def play(self, key: str, start_frame: int = 0, loop: bool = False) -> None:
        """Play a loaded sound at its own pitch from a frame, over whatever else is sounding. `loop`: go round its
        loop, or round the whole where it has none, until stopped. Raises AudioProblem for a key that is not loaded."""
        self._check(key)
        self._put(Play(key, max(0, int(start_frame)), bool(loop)))

    def note_on(self, key: str, note: float, velocity: int) -> None:
        """Play a loaded sound transposed to a MIDI note (varispeed from its root note; 60 for one without pitch),
        loudness by velocity 1..127 (0 means note off). Raises AudioProblem for a key that is not loaded."""
        if velocity <= 0:
            self.note_off(note)
            return
        self._check(key)
        self._put(NoteOn(key, float(note), min(int(velocity), 127)))

    def note_off(self, note: float) -> None:
        self._put(NoteOff(float(note)))

    def stop(self) -> None:
        """Fade out everything, within 10 ms."""
        self._put(Stop())

    def set_gain_db(self, gain_db: float) -> None:
        """Master volume; -inf for silence."""
        self._put(Gain(10 ** (gain_db / 20)))

    def position_s(self) -> float | None:
        """Where in its sound the voice started last is, in seconds of that sound; None when silent."""
        position = self._word(state.PLAYHEAD_S)
        return None if math.isnan(position) else position

    def levels(self) -> tuple[float, float]:
        """Peak left and right, linear 0..1, falling 24 dB a second."""
        return max(0.0, self._word(state.PEAK_LEFT, 0.0)), max(0.0, self._word(state.PEAK_RIGHT, 0.0))

    def voices(self) -> int:
        """How many voices are sounding."""
        return int(self._word(state.VOICES, 0.0))

    def underflows(self) -> int:
        """How often the device ran out of samples since `start`."""
        return int(self._word(state.UNDERFLOWS, 0.0))

    def process_id(self) -> int | None:
        """Of the audio process; None while there is none."""
        return self._line.process_id() if self._line is not None and not self._closed else None

    def callback_worst_s(self) -> float:
        """The longest the audio callback took since `start`."""
        return self._word(state.CALLBACK_WORST_S, 0.0)

    def close(self) -> None:
        """End the audio process and delete all shared memory; waits for that, usually some 50 ms and 3 s at most."""
        if self._closed:
            return
        self._closed = True
        if self._thread is None or self._block is None or self._line is None:
            return
        self._line.closing = True
        self._queue.put(None)
        self._thread.join()
        self._block.discard()

    def _put(self, item: _Sound | Command) -> None:
        if not self._closed:
            self._queue.put(item)

    def _check(self, key: str) -> None:
        if key not in self._keys:
            raise AudioProblem(f"No sound “{key}” is loaded in the player.")

    def _word(self, index: int, default: float = math.nan) -> float:
        if self._closed or self._block is None:
            return default
        return float(self._block.words[index])


class _Line:
    """The player's thread: the line to the audio process, and its keeper."""

    def __init__(self, block: StateBlock, device: str, inbox: queue.SimpleQueue[_Sound | Command | None]) -> None:
        self.closing = False  # set by the caller's thread: wait for nobody any more
        self.trouble = ""  # one line while there is no process; read by the caller's thread
        self.shortage = ""  # one line while a sound did not fit into memory
        self._block = block
        self._device = device
        self._inbox = inbox
        self._uploads = Uploads()
        self._gain = Gain(1.0)
        self._process: subprocess.Popen[bytes] | None = None
        self._sent = 0
        self._deaths = 0
        self._heartbeat = 0.0
        self._heard_s = self._ticked_s = self._restart_s = 0.0

    def run(self) -> None:
        memory.sweep()
        self._launch()
        while True:
            self._tend()
            try:
                item = self._inbox.get(timeout=_TICK_S)
            except queue.Empty:
                continue
            if item is None:
                break
            self._take(item)
        self._close()

    def process_id(self) -> int | None:
        """Of the audio process; any thread may ask."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def _take(self, item: _Sound | Command) -> None:
        if isinstance(item, _Sound):
            try:
                item = self._uploads.add(item.key, item.sound, self._sent + 1)
            except OSError:
                self.shortage = "Memory is full, so the sound loaded last cannot be heard."
                return
            self.shortage = ""
        elif isinstance(item, Unload):
            self._uploads.remove(item.key, self._sent + 1)
        elif isinstance(item, Gain):
            self._gain = item
        self._send(item)

    # the process

    def _launch(self) -> None:
        self._block.reset()
        self._sent = 0
        self._heard_s = time.monotonic()
        try:
            self._process = launch(self._block.name, self._device)
        except OSError as error:
            self._died(f"The audio process does not start: {error.strerror or error}.")
            return
        self._send(self._gain)
        for upload in self._uploads.held.values():
            self._send(upload.command)

    def _send(self, command: Command) -> None:
        """Write one command, at most _AHEAD before the process: the pipe never fills, so writing never blocks. What
        was under way when the process died is lost, but sounds and gain, which it is told again."""
        process = self._process
        while process is not None and process is self._process and self._behind() and not self.closing:
            time.sleep(0.005)
            self._tend()
        if process is None or process is not self._process or process.stdin is None or self._behind():
            return
        self._sent += 1
        with contextlib.suppress(OSError):  # it died; _tend sees to it
            process.stdin.write(encode(command))
            process.stdin.flush()

    def _behind(self) -> bool:
        """Whether the process has yet to obey so much that the pipe might fill up."""
        return bool(self._sent - self._block.words[state.DONE] >= _AHEAD)

    def _tend(self) -> None:
        """See that the process lives, restart it when it does not, delete memory it has let go of."""
        now = time.monotonic()
        if now - self._ticked_s < _TICK_S / 2:
            return
        self._ticked_s = now
        if self._process is None:
            if now >= self._restart_s:
                self._launch()
            return
        beat = float(self._block.words[state.HEARTBEAT])
        if beat != self._heartbeat:
            self._heartbeat, self._heard_s, self.trouble = beat, now, ""
            self._deaths = 0 if now - self._restart_s > 2 * _LONGEST_PAUSE_S else self._deaths
        if self._process.poll() is not None:
            self._died("The audio process stopped. It is being started again.")
        elif now - self._heard_s > (_START_S if self._block.read().state == "starting" else _HUNG_S):
            self._died("The audio process did not answer. It is being started again.")
        else:
            self._uploads.settle(self._block.words[state.DONE])

    def _died(self, trouble: str) -> None:
        """Bury the process and plan the next: at once the first time, then after ever longer pauses."""
        self.trouble = trouble
        self._bury(0.0)
        self._uploads.settle(math.inf)
        self._block.reset()
        pause = 0.0 if self._deaths == 0 else min(0.25 * 2**self._deaths, _LONGEST_PAUSE_S)
        self._restart_s = time.monotonic() + pause
        self._deaths += 1

    def _bury(self, patience_s: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _close(self) -> None:
        self._send(Quit())
        self._bury(0.0 if self._behind() else _QUIT_S)
        self._uploads.discard()
