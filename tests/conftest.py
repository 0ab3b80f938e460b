"""What every test gets: user folders of its own, and on request a machine without a network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offline import sitecustomize as offline


@pytest.fixture(autouse=True)
def latente_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """User data, settings and library live below this folder, in this process and in its children."""
    home = tmp_path / "latente-home"
    monkeypatch.setenv("LATENTE_HOME", str(home))
    return home


@pytest.fixture
def no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuses every socket but AF_UNIX here and in Python children; afterwards fails if anything tried to open one."""
    log = tmp_path / "network-attempts.txt"
    here = str(Path(__file__).parent / "offline")
    monkeypatch.setenv("OFFLINE_LOG", str(log))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")])))
    monkeypatch.setattr(socket, "socket", offline.LocalSocket)
    monkeypatch.setattr(socket, "getaddrinfo", offline.lookup)
    yield
    attempts = log.read_text("utf-8") if log.exists() else ""
    assert not attempts, f"something wanted the network:\n{attempts}"
