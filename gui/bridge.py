"""Where the engine's threads meet the GUI thread: the only subscriber to engine events, and the only place of the
window where the engine's errors are caught and become one line of text.

Owns two worker threads, `window-disk` for what the window wants from the library and `window-pictures` for what takes
longer to compute, so that going to the next take never waits for a picture. Results come back into the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import LatenteError
from engine.events import Event

T = TypeVar("T")


class Bridge(QObject):
    """`happened` carries every engine event, `trouble` one line for the user; both arrive in the GUI thread."""

    happened = Signal(object)
    trouble = Signal(str)
    _done = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="window-disk")
        self._pictures = ThreadPoolExecutor(max_workers=1, thread_name_prefix="window-pictures")
        self._closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def receive(self, event: Event) -> None:
        """Given to `Studio` as its `emit`: may be called in any thread."""
        if not self._closed:
            self.happened.emit(event)

    def run(self, work: Callable[[], T], then: Callable[[T], Any]) -> None:
        """Does `work` in the disk's thread, in order, and calls `then` with its result in the GUI thread."""
        if not self._closed:
            self._disk.submit(self._work, work, then)

    def draw(self, work: Callable[[], T], then: Callable[[T], Any]) -> None:
        """The same in the pictures' thread."""
        if not self._closed:
            self._pictures.submit(self._work, work, then)

    def attempt(self, work: Callable[[], T]) -> T | None:
        """`work()` here and now; None and a line of trouble when the engine refuses."""
        try:
            return work()
        except LatenteError as error:
            self.trouble.emit(str(error))
            return None

    def close(self) -> None:
        """No more deliveries; waits for the jobs in hand, drops the rest."""
        self._closed = True
        for worker in (self._disk, self._pictures):
            worker.shutdown(wait=True, cancel_futures=True)

    def _work(self, work: Callable[[], T], then: Callable[[T], Any]) -> None:
        try:
            result = work()
        except (LatenteError, OSError) as error:
            if not self._closed:
                self.trouble.emit(str(error))
            return
        if not self._closed:
            self._done.emit(then, result)

    def _deliver(self, then: Callable[[Any], Any], result: Any) -> None:
        if not self._closed:
            then(result)
