"""Starting the audio process: `python -m engine.audio.playerd`, or the frozen program itself with a flag."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FLAG = "--audio-process"  # a frozen program has no `-m`: it starts itself with this as its first argument
DEBUG = "LATENTE_AUDIO_DEBUG"  # set: the process's stderr is ours (JACK and ALSA are talkative, so normally it is not)


def launch(state_segment: str, device: str) -> subprocess.Popen[bytes]:
    """Start the process; commands go to its stdin. Raises OSError when it cannot be started."""
    arguments = [state_segment, device]
    if getattr(sys, "frozen", False):
        command = [sys.executable, FLAG, *arguments]
    else:
        command = [sys.executable, "-m", "engine.audio.playerd", *arguments]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get(DEBUG) else subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def run_if_asked(arguments: list[str]) -> None:
    """First thing in the program's entry point, before anything heavy is imported: when this start is the frozen
    program's audio process, be that and never return. `arguments`: sys.argv[1:]."""
    if arguments[:1] == [FLAG]:
        from engine.audio.playerd import main  # only the audio process needs it

        main(arguments[1:])


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment["JACK_NO_START_SERVER"] = "1"  # looking for devices must not start a server
    environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = "1"
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
        environment["PYTHONSAFEPATH"] = "1"  # the folder the user stands in may hold an `engine` of its own
    return environment
