"""Garbage is collected in the GUI thread only.

Python collects cycles in whichever thread happens to allocate. A cycle may hold Qt objects, and a Qt object that dies
in another thread than its own takes the program with it, sooner or later. So the automatic collector is switched off
and the GUI thread does its work, when the event loop has nothing better to do.

A look at everything takes a tenth of a second and more once the model's library is loaded: two hundred thousand objects
that stay until the end. So what outlived such a look is not looked at again.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 250
_SLOW_S = 0.02  # a frame of the picture


class Collector(QObject):
    """Takes over from Python's collector until `stop`. Make it in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collects the oldest generation that is due, as Python would."""
        counts = gc.get_count()
        due = [generation for generation in range(3) if counts[generation] > self._thresholds[generation]]
        if due and due[0] == 0:
            began = time.perf_counter()
            gc.collect(max(due))
            if max(due) == 2 and time.perf_counter() - began > _SLOW_S:
                gc.freeze()

    def stop(self) -> None:
        """Python collects again."""
        self._timer.stop()
        gc.enable()
