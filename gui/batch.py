"""What became of one press of Generate: which events belong to it, how far it is, what to say of it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from engine.events import CancelledEvent, Event, Failed, Finished, Loading, Progress
from engine.request import Request


class Batch:
    """Follows its requests to their ends. Belongs to the GUI thread."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self.requests = tuple(requests)
        self._ids = {request.request_id for request in requests}
        self._open = set(self._ids)
        self._step, self._steps = 0, 1
        self._loading = ""
        self._started = time.perf_counter()
        self._wall_s = 0.0
        self.finished = 0
        self.failures: list[str] = []
        self.cancelled = 0

    def owns(self, event: Event) -> bool:
        """False for what came late from earlier work: panels drop it."""
        return event.request_id in self._ids

    @property
    def done(self) -> bool:
        return not self._open

    def follow(self, event: Event) -> None:
        """Takes in one of its own events."""
        if isinstance(event, Loading):
            self._loading = event.what
        elif isinstance(event, Progress):
            self._loading = ""
            self._step, self._steps = event.step, max(1, event.steps)
        elif isinstance(event, (Finished, Failed, CancelledEvent)) and event.request_id in self._open:
            self._open.discard(event.request_id)
            self._step, self._loading = 0, ""
            self._wall_s = time.perf_counter() - self._started
            self.finished += isinstance(event, Finished)
            self.cancelled += isinstance(event, CancelledEvent)
            if isinstance(event, Failed):
                self.failures.append(event.message)

    def abandon(self) -> None:
        """The user stopped it: nothing more is awaited, and what still comes is late."""
        self.cancelled += len(self._open)
        self._open.clear()
        self._ids = set()

    @property
    def share(self) -> float:
        """How much of the work is done, 0..1."""
        total = len(self.requests)
        return min(1.0, (total - len(self._open) + min(1.0, self._step / self._steps)) / total)

    @property
    def detail(self) -> str:
        """One short line for the button."""
        if self._loading:
            return f"loading {self._loading}"
        total = len(self.requests)
        step = f"step {self._step}/{self._steps}" if self._step else "starting"
        return step if total == 1 else f"{min(total, total - len(self._open) + 1)} of {total} · {step}"

    @property
    def summary(self) -> str:
        """One short line for the status line."""
        takes = "1 take" if self.finished == 1 else f"{self.finished} takes"
        if self.cancelled:
            return f"cancelled, {takes} kept" if self.finished else "cancelled"
        return f"{takes} in {self._wall_s:.2f} s" if self.finished else ""
