"""The program's window with a take in hand, for benchmarks that move and watch it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.audio.player import Player
    from engine.events import Event
    from engine.request import Generator
    from engine.studio import Studio
    from gui.main_window import MainWindow

PATIENCE_S = 120.0
_LOOK_MS = 1  # what is waited for may not be an event of the window


@dataclass(frozen=True)
class Opened:
    """Use from the thread that opened it."""

    window: MainWindow
    player: Player
    studio: Studio

    def tend_for(self, seconds: float) -> None:
        """The program's own event loop for so long, and nothing else in it."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """The same until something holds, which is looked at every millisecond. Ends the program when it never does."""
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        loop, ends, held = QEventLoop(), time.monotonic() + PATIENCE_S, False

        def look() -> None:
            nonlocal held
            held = holds()
            if held or time.monotonic() > ends:
                loop.quit()

        timer = QTimer(interval=_LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()
        if not held:
            raise SystemExit(f"{PATIENCE_S:.0f} s were not enough until {what}")

    def loop(self) -> None:
        """The take in hand sounds over and over."""
        self.window.listening.set_looping(True)
        self.window.listening.play()
        self.until(lambda: self.player.voices() > 0, "the sound is heard")


class Eye:
    """What a benchmark wants to know of the engine; both are called in its thread."""

    def generator(self, generator: Generator) -> Generator:
        """A model was loaded; what is returned takes its place."""
        return generator

    def event(self, event: Event) -> None:
        """On its way into the window."""


@contextmanager
def opened(prompt: str, seconds: float, note: int, eye: Eye | None = None) -> Iterator[Opened]:
    """LATENTE_HOME and a screen must be there. The take is made by the model that comes with the program."""
    from PySide6.QtWidgets import QApplication

    from engine.audio.player import Player
    from engine.library import Library
    from engine.request import Request
    from engine.settings import Settings
    from engine.studio import Studio
    from gui import theme
    from gui.app import load_generator
    from gui.bridge import Bridge
    from gui.collecting import Collector
    from gui.main_window import MainWindow

    app = QApplication([])
    theme.apply(app)
    collector = Collector(app)
    settings = Settings(variations=1, auto_play=False)
    library, bridge, seeing = Library(Path(os.environ["LATENTE_HOME"]) / "library"), Bridge(), eye or Eye()

    def receive(event: Event) -> None:
        seeing.event(event)
        bridge.receive(event)

    studio, player = Studio(lambda name: seeing.generator(load_generator(name)), library, receive), Player()
    window = MainWindow(studio, player, library, settings, bridge)
    try:
        window.show()
        window.start()
        window.making.start([Request(prompt, seconds=seconds, note=note, seed=1)])
        made = Opened(window, player, studio)
        made.until(lambda: window.listening.take is not None, "a take is made")
        yield made
    finally:
        window.close()
        collector.stop()
        for part in (studio, bridge, player, library):
            part.close()
