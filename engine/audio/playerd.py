"""The audio process: owns the device, its callback and the voices. It imports neither torch nor Qt.

Three threads: the device's callback (`Mixer.render`), which only takes from a Ring and writes words of the state block;
a reader that turns standard input into a queue; and the main thread, which obeys commands, watches the device and owns
the sounds. The process ends when its input ends; if the program died without saying goodbye it deletes the program's
shared memory too.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import BinaryIO, NoReturn

from engine.audio import device, state
from engine.audio.commands import Command, Gain, Load, NoteOff, NoteOn, Play, Quit, Stop, Unload, decode
from engine.audio.mixer import Action, Drop, MasterGain, Mixer, Release
from engine.audio.outputs import NULL_RATE_HZ, NullOutput, Output, PortAudioOutput
from engine.audio.playable import Playable
from engine.audio.ring import Ring
from engine.audio.sounds import Loaded, Sounds
from engine.audio.state import StateBlock
from engine.audio.status import AudioStatus, State
from engine.audio.voice import Start
from engine.errors import AudioProblem

NULL_DEVICE = "null"  # asked for by name: play to nobody
_TICK_S = 0.05
_LOOK_AGAIN_S: dict[State, float] = {"lost": 1.0, "null": 5.0}
_FADE_IN_S = 0.002  # when playback begins inside a sound
_FULL_VELOCITY = 127


class AudioProcess:
    """Obeys commands until told to quit. `wanted`: device name, NULL_DEVICE, or "" for the default."""

    def __init__(self, block: StateBlock, wanted: str) -> None:
        self._block = block
        self._wanted = wanted
        self._gain = 1.0
        self._sounds = Sounds(NULL_RATE_HZ)
        self._status = AudioStatus("starting")
        self._output: Output | None = None
        self._looked_s = self._ticked_s = 0.0
        self._connect(rescan=False)

    # the device

    def _connect(self, rescan: bool) -> None:
        """Play on the best device there is; where there is none, to nobody."""
        self._looked_s = time.monotonic()
        try:
            if self._wanted == NULL_DEVICE:
                raise AudioProblem("The null device is chosen: nothing is heard.")
            self._play_on(device.find(self._wanted or None, rescan))
        except AudioProblem as problem:
            if self._output is None:
                self._play_to_nobody(str(problem))

    def _play_on(self, found: device.Device) -> None:
        self._close_output()
        mixer = self._new_mixer(found.rate_hz)
        output = self._output = PortAudioOutput(found, mixer.render, self._block.words)
        self._publish(
            AudioStatus("running", found.name, found.host_api, found.rate_hz, output.block_frames, output.latency_s)
        )

    def _play_to_nobody(self, message: str) -> None:
        mixer = self._new_mixer(NULL_RATE_HZ)
        output = self._output = NullOutput(mixer.render)
        lost = self._status.state == "lost"
        self._publish(
            AudioStatus(
                "lost" if lost else "null",
                rate_hz=NULL_RATE_HZ,
                block_frames=output.block_frames,
                latency_s=output.latency_s,
                message=self._status.message if lost else message,
            )
        )

    def _new_mixer(self, rate_hz: int) -> Mixer:
        self._actions: Ring[Action] = Ring()
        self._mixer = Mixer(rate_hz, self._actions, self._block.words, self._gain)
        self._rate_hz = rate_hz
        self._sounds.prepare_all(rate_hz)
        return self._mixer

    def _close_output(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None

    def _publish(self, status: AudioStatus) -> None:
        self._status = status
        self._block.write(status)

    def tend(self) -> None:
        """What is done between commands: heartbeat, freeing memory, watching the device."""
        now = time.monotonic()
        if now - self._ticked_s < _TICK_S / 2:
            return
        self._ticked_s = now
        self._block.words[state.HEARTBEAT] += 1
        self._sounds.let_go(self._needed)
        status = self._status
        if status.state == "running" and self._output is not None and not self._output.alive():
            self._publish(
                AudioStatus("lost", message=f"The audio device “{status.device}” is gone. Looking for another.")
            )
            self._close_output()
            self._connect(rescan=True)
        elif status.state in _LOOK_AGAIN_S and self._wanted != NULL_DEVICE:
            due = now - self._looked_s > _LOOK_AGAIN_S[status.state]
            if due and not self._block.words[state.VOICES]:  # a changed device ends what sounds
                self._connect(rescan=True)

    def _needed(self, playable: Playable) -> bool:
        return not self._actions.empty or self._mixer.plays(playable)

    # commands

    def obey(self, command: Command) -> None:
        match command:
            case NoteOn() | Play():
                self._start(command)
            case NoteOff(note):
                self._actions.put(Release(note))
            case Stop():
                self._actions.put(Release(None))
            case Gain(gain):
                self._gain = gain
                self._actions.put(MasterGain(gain))
            case Load():
                with suppress(FileNotFoundError):  # deleted from outside: this sound stays silent
                    self._drop(self._sounds.load(command))
            case Unload(key):
                self._drop(self._sounds.unload(key))

    def _drop(self, left: Loaded | None) -> None:
        if left is not None:
            self._actions.put(Drop(left.playable))

    def _start(self, command: Play | NoteOn) -> None:
        loaded = self._sounds.get(command.key)
        if loaded is None:
            return
        playable = loaded.playable
        if isinstance(command, Play):
            whole = (0, max(playable.frames - 1, 0))
            position = command.start_frame * playable.start_scale
            fade_in = int(_FADE_IN_S * self._rate_hz) if command.start_frame else 0
            loop = (playable.loop or whole) if command.loop else None
            step = playable.step
            if step == 1.0:
                position = round(position)
            self._actions.put(Start(playable, position, step, 1.0, fade_in, loop, None))
            return
        step = playable.step * 2.0 ** ((command.note - playable.root_note) / 12)
        gain = (command.velocity / _FULL_VELOCITY) ** 2  # as SoundFont 2 and General MIDI have it: 40 dB per decade
        self._actions.put(Start(playable, 0.0, step, gain, 0, playable.loop, command.note))

    def close(self, program_died: bool) -> None:
        self._close_output()
        if program_died:
            self._sounds.discard()
            self._block.discard()


def serve(process: AudioProcess, block: StateBlock, lines: BinaryIO) -> bool:
    """Obey until Quit (True) or until the input ends or the program dies (False)."""
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(lines, inbox), name="commands", daemon=True)
    reader.start()
    parent = os.getppid()
    while os.getppid() == parent:  # a forked child of the program may hold our input open after its death
        try:
            line = inbox.get(timeout=_TICK_S)
        except queue.Empty:
            process.tend()
            continue
        if not line:
            return False
        command = decode(line)
        if isinstance(command, Quit):
            return True
        process.obey(command)
        block.words[state.DONE] += 1
        process.tend()
    return False


def _read(lines: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    for line in iter(lines.readline, b""):
        inbox.put(line)
    inbox.put(b"")


def main(arguments: list[str]) -> NoReturn:
    """`playerd STATE_SEGMENT [DEVICE]`, commands on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the program, which then ends us
    sys.setswitchinterval(0.0005)  # the callback waits no longer than this for the interpreter
    block = StateBlock.attach(arguments[0])
    code = 1
    try:
        process = AudioProcess(block, arguments[1] if len(arguments) > 1 else "")
        gc.freeze()
        gc.disable()  # next to nothing here makes cycles, and a collection would hold up the callback
        with open(0, "rb", closefd=False) as commands:
            said_goodbye = serve(process, block, commands)
        process.close(program_died=not said_goodbye)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # an orderly exit would wait for the reader, which waits for input


if __name__ == "__main__":
    main(sys.argv[1:])
