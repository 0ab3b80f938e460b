"""Cuts the network: refuses every socket but local ones, and notes the attempt in the file that OFFLINE_LOG names.

Python imports a module of this name at start-up, so a folder on PYTHONPATH is enough to cut off a child process.
"""

import os
import socket


def _refuse(family: int, what: str) -> None:
    if family == getattr(socket, "AF_UNIX", None):
        return
    log = os.environ.get("OFFLINE_LOG")
    if log:
        with open(log, "a", encoding="utf-8") as lines:
            lines.write(f"{what} in process {os.getpid()}\n")
    raise ConnectionRefusedError(f"the network is cut: {what}")


class LocalSocket(socket.socket):
    """A socket that can only be opened on this machine's own files."""

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        if fileno is None:
            _refuse(socket.AF_INET if family == -1 else family, f"socket of family {family}")
        super().__init__(family, type, proto, fileno)


def lookup(host: object, *_: object, **__: object) -> list[object]:
    """In place of getaddrinfo."""
    _refuse(-1, f"address of {host!r}")
    return []


if os.environ.get("OFFLINE_LOG"):
    socket.socket = LocalSocket  # type: ignore[misc]
    socket.getaddrinfo = lookup  # type: ignore[assignment]
