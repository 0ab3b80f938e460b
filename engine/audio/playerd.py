"""The audio process: owns the device, its callback, the voices and MIDI. It imports neither torch nor Qt.

Three threads: the device's callback (`Mixer.render`), which only takes from a Ring and from the MIDI ports, and writes
words of the state block; a reader that turns standard input into a queue; and the main thread, which obeys commands,
watches devices and ports, owns the sounds and writes reports to standard output. The process ends when its input ends;
if the program died without saying goodbye it deletes the program's shared memory too.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
import traceback
from collections import deque
from contextlib import suppress
from typing import BinaryIO, NoReturn

import msgspec

from engine.audio import state
from engine.audio.commands import Command, DeviceChoice, Quit, decode
from engine.audio.launch import private_stdout
from engine.audio.process import AudioProcess
from engine.audio.state import StateBlock
from engine.audio.urgency import hurry


def serve(process: AudioProcess, block: StateBlock, lines: BinaryIO) -> bool:
    """Obey until Quit (True) or until the input ends or the program dies (False)."""
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(lines, inbox), name="commands", daemon=True)
    reader.start()
    parent = os.getppid()
    waiting: deque[Command] = deque()
    ended = False
    while os.getppid() == parent:  # a forked child of the program may hold our input open after its death
        with suppress(queue.Empty):
            line = inbox.get(timeout=0 if waiting or ended else process.pause_s)
            while line:
                waiting.append(decode(line))
                line = inbox.get_nowait()
            ended = True
        if waiting:
            command = waiting.popleft()
            if isinstance(command, Quit):
                return True
            if not process.superseded(command, waiting):
                process.obey(command)
            block.words[state.DONE] += 1
        elif ended:
            return False
        process.tend()
    return False


def _read(lines: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    hurry()
    for line in iter(lines.readline, b""):
        inbox.put(line)
    inbox.put(b"")


def main(arguments: list[str]) -> NoReturn:
    """`playerd STATE_SEGMENT [DEVICE_CHOICE]`, the choice as JSON; commands on standard input, reports on output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the program, which then ends us
    sys.setswitchinterval(0.0005)  # the callback waits no longer than this for the interpreter
    block = StateBlock.attach(arguments[0])
    code = 1
    try:
        device = msgspec.json.decode(arguments[1], type=DeviceChoice) if len(arguments) > 1 else DeviceChoice()
        process = AudioProcess(block, device, private_stdout().write)
        hurry()
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
