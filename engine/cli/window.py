"""`latente` alone: opens the window."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from engine.errors import LatenteError

_NO_DISPLAY = "There is no display to open a window on. “latente render PROMPT” works without one."


def open_window(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Type a few words, hear a new one-shot sound. Without a command, the window opens."""
    if version:
        from importlib.metadata import version as installed

        print(f"latente {installed('latente')}")
        raise typer.Exit(0)
    if context.invoked_subcommand is not None:
        return
    if not has_display():
        raise LatenteError(_NO_DISPLAY)
    try:
        from gui.app import main
    except ImportError as error:
        raise LatenteError(
            f"The window cannot be opened ({error}). “latente render PROMPT” works without it."
        ) from error
    raise typer.Exit(main() or 0)


def has_display() -> bool:
    """Whether a window can appear: on Windows and macOS; elsewhere with X11, Wayland or a named Qt platform."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
