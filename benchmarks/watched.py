"""The program itself with an eye on it: prints when its window was seen and when its model was ready, then closes it.

Run by `benchmarks.start`. A watcher thread waits for Qt's application to be; all else happens in the GUI thread.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from engine.events import Event, Failed, Ready
from gui.bridge import Bridge

BEGAN = float(os.environ["BENCHMARK_BEGAN"])
marks: dict[str, float] = {}


def mark(name: str) -> None:
    """Notes the first time that something happens."""
    marks.setdefault(name, time.time() - BEGAN)


class WatchedBridge(Bridge):
    """Lets every event through and notes when the model is ready."""

    def receive(self, event: Event) -> None:
        if isinstance(event, Ready):
            mark("usable_s")
        if isinstance(event, Failed):
            print(event.message, file=sys.stderr)
            os._exit(1)
        super().receive(event)


def look(application: QApplication, timer: QTimer) -> None:
    """Notes a window that is on the screen; closes it when there is nothing left to wait for."""
    handles = [widget.windowHandle() for widget in application.topLevelWidgets() if widget.isVisible()]
    if any(handle is not None and handle.isExposed() for handle in handles):
        mark("window_s")
    if {"window_s", "usable_s"} <= marks.keys():
        timer.stop()
        application.closeAllWindows()


def watch() -> None:
    """Waits for the application, then looks every few milliseconds, in its thread."""
    application = QApplication.instance()
    while not isinstance(application, QApplication):
        time.sleep(0.002)
        application = QApplication.instance()

    def begin() -> None:
        timer = QTimer(application)
        timer.timeout.connect(lambda: look(application, timer))
        timer.start(5)

    QTimer.singleShot(0, application, begin)


def main() -> None:
    import gui.app

    gui.app.Bridge = WatchedBridge  # type: ignore[attr-defined, misc]
    threading.Thread(target=watch, daemon=True).start()
    try:
        gui.app.main()
    except SystemExit as end:
        if end.code:
            raise
    print(json.dumps(marks))


if __name__ == "__main__":
    main()
