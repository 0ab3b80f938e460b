"""Line: the player's thread. It writes to the audio process, fills shared memory, and starts the process again, with
everything it had been told, when it dies."""

from __future__ import annotations

import contextlib
import math
import queue
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import IO

import msgspec

from engine.audio import memory, reports, state
from engine.audio.commands import Command, DeviceChoice, DropZones, Quit, Unload, encode
from engine.audio.launch import launch
from engine.audio.remembered import Remembered
from engine.audio.reports import Report
from engine.audio.state import StateBlock
from engine.audio.uploads import Uploads
from engine.sound import Sound

_TICK_S = 0.05
_AHEAD = 256  # commands sent before the process has obeyed them; the pipe holds many more
_HUNG_S = 5.0  # without a heartbeat for so long, the process is ended and started again
_START_S = 20.0  # what a first start may take: a cold disk
_QUIT_S = 2.0
_HEALTHY_S = 0.25  # a process that lived for so long after it came up is started again at once
_LONGEST_PAUSE_S = 10.0  # between restarts of a process that keeps dying
_REPORTS = 4096  # kept for a program that does not look; then the oldest go


@dataclass(frozen=True, eq=False)
class NewSound:
    """A sound on its way into shared memory. zone: None for the take itself, else the note it was decoded at. changed:
    as in `Load`."""

    key: str
    sound: Sound
    zone: int | None = None
    changed: tuple[int, int] | None = None


class Line:
    """The line to the audio process, and its keeper. `run` is the thread."""

    def __init__(
        self, block: StateBlock, device: DeviceChoice, inbox: queue.SimpleQueue[NewSound | Command | None]
    ) -> None:
        self.closing = False  # set by the caller's thread: wait for nobody any more
        self.trouble = ""  # one line while there is no process; read by the caller's thread
        self.shortage = ""  # one line while a sound did not fit into memory
        self.reports: deque[Report] = deque(maxlen=_REPORTS)
        self._block = block
        self._inbox = inbox
        self._uploads = Uploads()
        self._remembered = Remembered(device)
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._sent = 0
        self._deaths = 0
        self._heartbeat = 0.0
        self._heard_s = self._ticked_s = self._restart_s = 0.0
        self._came_up_s = math.inf

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

    def _take(self, item: NewSound | Command) -> None:
        if isinstance(item, NewSound):
            try:
                item = self._uploads.add(item.key, item.sound, self._sent + 1, item.zone, item.changed)
            except OSError:
                self.shortage = "Memory is full, so the sound loaded last cannot be heard."
                return
            self.shortage = ""
        elif isinstance(item, Unload):
            self._uploads.remove(item.key, self._sent + 1)
        elif isinstance(item, DropZones):
            self._uploads.remove_zones(item.key, self._sent + 1)
        self._remembered.note(item)
        self._send(item)

    # the process

    def _launch(self) -> None:
        self._block.reset()
        self._sent = 0
        self._heard_s, self._came_up_s = time.monotonic(), math.inf
        try:
            process = self._process = launch(self._block.name, self._remembered.device)
        except OSError as error:
            self._died(f"The audio process does not start: {error.strerror or error}.")
            return
        if process.stdout is not None:
            self._listener = threading.Thread(
                target=_listen, args=(process.stdout, self.reports), name="audio reports", daemon=True
            )
            self._listener.start()
        for command in [*self._uploads.commands(), *self._remembered.commands()]:
            if self._process is process:  # it may die and be replaced while we wait for it to follow
                self._send(command)

    def _send(self, command: Command) -> None:
        """Write one command, at most _AHEAD before the process: the pipe never fills, so writing never blocks. What
        was under way when the process died is lost, but what `_launch` tells it again."""
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
        came_up = self._came_up_s == math.inf and self._block.read().state != "starting"
        if beat != self._heartbeat or came_up:
            self._heartbeat, self._heard_s, self.trouble = beat, now, ""
            self._came_up_s = min(self._came_up_s, now)
            self._deaths = 0 if now - self._came_up_s > _HEALTHY_S else self._deaths
        if self._process.poll() is not None:
            self._died("The audio process stopped. It is being started again.")
        elif now - self._heard_s > (_START_S if self._came_up_s == math.inf else _HUNG_S):
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
        if self._listener is not None:
            self._listener.join(_QUIT_S)  # its pipe has ended with the process

    def _close(self) -> None:
        self._send(Quit())
        self._bury(0.0 if self._behind() else _QUIT_S)
        self._uploads.discard()


def _listen(lines: IO[bytes], into: deque[Report]) -> None:
    """A thread for each process, as long as it lives: what it says is kept until the program looks."""
    with lines, contextlib.suppress(OSError):
        for line in lines:
            with contextlib.suppress(msgspec.DecodeError):  # torn by its death
                into.append(reports.decode(line))
