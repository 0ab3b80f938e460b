"""Setting up is one script, and doing it again takes no time."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETUP = ROOT / "packaging" / "setup.sh"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for bash; CONTRIBUTING has Windows' steps")


def setup(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SETUP), *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["system"], ["system", "everything"], ["python", "more"]])
def test_wrong_usage_is_told_and_changes_nothing(arguments: list[str]) -> None:
    done = setup(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")


def test_every_word_of_the_usage_is_understood_by_make() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    called = {line.removeprefix("\t@packaging/setup.sh ") for line in lines if line.startswith("\t@packaging")}
    assert called == {"system run", "system test", "system corpus", "python"}


@pytest.mark.skipif(not (ROOT / ".venv" / "latente-setup").exists(), reason="this .venv was made by hand")
def test_a_second_setup_takes_no_time_and_says_nothing() -> None:
    began = time.monotonic()
    done = setup("python")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert time.monotonic() - began < 5
