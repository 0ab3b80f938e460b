"""Starting the audio process: `python -m engine.audio.playerd`, or the frozen program itself with a flag. The same for
the short-lived process that only lists devices."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from engine.audio.commands import DeviceChoice

FLAG = "--audio-process"  # a frozen program has no `-m`: it starts itself with this as its first argument
SCAN_FLAG = "--audio-devices"
DEBUG = "LATENTE_AUDIO_DEBUG"  # set: the process's stderr is ours (JACK and ALSA are talkative, so normally it is not)


def launch(state_segment: str, device: DeviceChoice) -> subprocess.Popen[bytes]:
    """Start the process; commands go to its stdin, reports come from its stdout. Raises OSError when it cannot be
    started."""
    arguments = [state_segment, msgspec.json.encode(device).decode()]
    return _start(FLAG, "engine.audio.playerd", arguments, subprocess.PIPE)


def launch_scan() -> subprocess.Popen[bytes]:
    """Start a process that writes `Devices` to its stdout and ends. PortAudio lists devices once, when it starts: this
    looks anew without a stop of what plays. Raises OSError when it cannot be started."""
    return _start(SCAN_FLAG, "engine.audio.scan", [], subprocess.DEVNULL)


def run_if_asked(arguments: list[str]) -> None:
    """First thing in the program's entry point, before anything heavy is imported: when this start is the frozen
    program's audio process, be that and never return. `arguments`: sys.argv[1:]."""
    if arguments[:1] == [FLAG]:
        from engine.audio.playerd import main  # only the audio process needs it

        main(arguments[1:])
    if arguments[:1] == [SCAN_FLAG]:
        from engine.audio.scan import main as scan

        scan()


def private_stdout() -> BinaryIO:
    """Standard output for us alone, unbuffered. Libraries that print (JACK does) then print to stderr."""
    ours = os.dup(1)
    os.dup2(2, 1)
    return open(ours, "wb", buffering=0)


def _start(flag: str, module: str, arguments: list[str], stdin: int) -> subprocess.Popen[bytes]:
    start = [flag] if getattr(sys, "frozen", False) else ["-m", module]
    return subprocess.Popen(
        [sys.executable, *start, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get(DEBUG) else subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment["JACK_NO_START_SERVER"] = "1"  # looking for devices must not start a server
    environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = "1"
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
        environment["PYTHONSAFEPATH"] = "1"  # the folder the user stands in may hold an `engine` of its own
    return environment
