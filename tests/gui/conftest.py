"""A real window on a real X server, with a real library and a real audio process; only the model is a plain tone."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import settings as settings_file
from engine.audio.player import Player
from engine.library import Library
from engine.settings import Settings
from engine.studio import Studio
from gui import theme
from gui.bridge import Bridge
from gui.main_window import MainWindow
from tests.fakes import ToneGenerator


@pytest.fixture(scope="session")
def display() -> Iterator[bool]:
    """An X server with a window manager, for this test process alone. False where there is none: Qt draws offscreen."""
    if shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        yield False
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with open(reading) as pipe:
        number = pipe.readline().strip()
    os.environ["DISPLAY"] = f":{number}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for _ in range(200 if shutil.which("xdotool") else 0):  # only a window manager can tell the desktop
        if subprocess.run(["xdotool", "get_desktop"], capture_output=True, check=False).returncode == 0:
            break
        time.sleep(0.05)
    yield True
    app = QApplication.instance()
    if app is not None:
        app.shutdown()  # while the server is there: xcb ends the process otherwise
    for process in (manager, server):
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def qapp_args(display: bool) -> list[str]:
    """Puts the X server before the application."""
    return ["latente"]


@pytest.fixture(scope="session")
def _frozen() -> None:
    """What was imported is not looked at again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collected(_frozen: None) -> Iterator[None]:
    """As in the program (`gui.collecting`): no other thread takes windows of earlier tests apart while Qt uses them."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def wait(qtbot: QtBot, true: Callable[[], bool]) -> None:
    """Tends the window until `true()`; patient, because tests may run beside heavy work."""
    qtbot.waitUntil(true, timeout=30_000)


class Rig:
    """The program as `gui.app` builds it, with `generator` for a model and a player that is never heard."""

    def __init__(self, folder: Path, generator: ToneGenerator, settings: Settings, player: Player) -> None:
        self.library = Library(folder)
        self.bridge = Bridge()
        self.studio = Studio(lambda _name: generator, self.library, self.bridge.receive)
        self.player = player
        self.window = MainWindow(self.studio, self.player, self.library, settings, self.bridge)

    def files(self) -> list[Path]:
        return sorted(self.library.sounds.iterdir())

    def close(self) -> None:
        self.window.close()
        self.studio.close()
        self.bridge.close()
        self.player.stop()
        self.library.close()
        self.window.deleteLater()


@pytest.fixture(scope="session")
def player() -> Iterator[Player]:
    """A real audio process without a device: nothing is heard, but time passes as if. One for all tests."""
    made = Player("null")
    made.start()
    yield made
    made.close()


@pytest.fixture
def make_rig(qtbot: QtBot, qapp: QApplication, tmp_path: Path, player: Player) -> Iterator[Callable[..., Rig]]:
    """Opens programs: `make_rig(step_s=0.05, settings=...)`; all share one library folder, as starts do."""
    theme.apply(qapp)
    rigs: list[Rig] = []

    def make(step_s: float = 0.0, settings: Settings | None = None) -> Rig:
        rig = Rig(tmp_path / "library", ToneGenerator(step_s), settings or Settings(variations=1), player)
        rigs.append(rig)
        with qtbot.waitExposed(rig.window, timeout=20_000):
            rig.window.show()
        rig.window.start()
        rig.window.activateWindow()
        return rig

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()


@pytest.fixture
def stored() -> Callable[[], Settings]:
    """What the next start would find."""
    return settings_file.load
