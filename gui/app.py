"""`latente` alone: builds the engine, the bridge and the window, here and nowhere else."""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from engine import settings as settings_file
from engine.audio.player import Player
from engine.library import Library
from engine.request import Generator
from engine.studio import Studio
from gui import theme
from gui.bridge import Bridge
from gui.collecting import Collector
from gui.devices import output_of
from gui.main_window import MainWindow


def load_generator(name: str, device: str = "auto") -> Generator:
    """Called in the engine thread; torch is imported here, when the window has long been up."""
    from engine import generators

    return generators.load_generator(name, device=device)


def main() -> int:
    """Opens the window, returns when it is closed. Raises LatenteError when the library cannot be opened."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Latente")
    app.setDesktopFileName("latente")
    theme.apply(app)
    collector = Collector(app)
    settings = settings_file.load()
    library = Library(settings.library_folder(), bits=settings.bits, chunks=settings.chunks)
    bridge = Bridge()
    studio = Studio(partial(load_generator, device=settings.compute), library, bridge.receive)
    player = Player(output_of(settings))
    window = MainWindow(studio, player, library, settings, bridge)

    def compute_on(device: str) -> None:
        studio.load_with(partial(load_generator, device=device))
        window.making.warm()

    window.playing.choices.compute_changed.connect(compute_on)
    window.show()
    QTimer.singleShot(0, window.start)
    try:
        return app.exec()
    finally:
        collector.stop()
        studio.close()
        bridge.close()
        player.close()
        library.close()
