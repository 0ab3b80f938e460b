"""The cut network is really cut: otherwise the tests that rely on it would promise nothing."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    return tmp_path / "network-attempts.txt"


def test_a_socket_to_the_outside_is_refused_and_noted(no_network: None, attempts: Path) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9))
    with pytest.raises(ConnectionRefusedError):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    assert len(attempts.read_text().splitlines()) == 2
    attempts.unlink()


def test_a_child_process_is_cut_off_too(no_network: None, attempts: Path) -> None:
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert child.returncode != 0
    assert "the network is cut" in child.stderr
    assert attempts.read_text()
    attempts.unlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no AF_UNIX")
def test_processes_of_one_machine_can_still_talk(no_network: None) -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        one.sendall(b"ping")
        assert other.recv(4) == b"ping"


def test_user_folders_are_the_tests_own(latente_home: Path) -> None:
    from engine import paths

    assert paths.library_folder().is_relative_to(latente_home)
    assert paths.user_config().is_relative_to(latente_home)
