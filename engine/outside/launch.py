"""Starting the decode child: `python -m engine.outside.child`, or the frozen program itself with a flag."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FLAG = "--decode-child"  # a frozen program has no `-m`: it starts itself with this as its first argument


def launch(path: Path, seconds: float) -> subprocess.Popen[bytes]:
    """Start the child that opens `path`; what it found comes from its stdout. Raises OSError when it cannot be
    started, ValueError when no program can be given such a name."""
    start = [FLAG] if getattr(sys, "frozen", False) else ["-m", "engine.outside.child"]
    return subprocess.Popen(
        [sys.executable, *start, str(path), repr(seconds)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def run_if_asked(arguments: list[str]) -> None:
    """First thing in the program's entry point, before anything heavy is imported: when this start is the frozen
    program's decode child, be that and never return. `arguments`: sys.argv[1:]."""
    if arguments[:1] == [FLAG]:
        from engine.outside.child import main  # only the child needs it

        sys.exit(main(arguments[1:]))


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = "1"  # threads want memory each
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
        environment["PYTHONSAFEPATH"] = "1"  # the folder the user stands in may hold an `engine` of its own
    return environment
