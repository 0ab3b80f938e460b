"""From Generate to takes: submits requests, follows their events, cancels. One batch at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from engine.events import Event, Failed, Finished, Loading, Progress, Ready
from engine.request import Request, Source
from engine.studio import Studio
from gui.batch import Batch
from gui.bridge import Bridge


class Making(QObject):
    """Speaks to the studio for the whole window.

    progressed(share 0..1, detail), arrived(Take, is the batch's first), ended(summary), failed(line);
    model_changed(text, tint of the status dot).
    """

    progressed = Signal(float, str)
    arrived = Signal(object, bool)
    ended = Signal(str)
    failed = Signal(str)
    model_changed = Signal(str, str)

    def __init__(self, studio: Studio, bridge: Bridge, model: str) -> None:
        super().__init__()
        self._studio, self._model = studio, model
        self._batch: Batch | None = None
        bridge.happened.connect(self._receive)

    @property
    def busy(self) -> bool:
        return self._batch is not None

    def warm(self) -> None:
        """Loads the model in the engine thread, so that the first take comes quickly."""
        self._studio.warm(self._model)

    def start(self, requests: Sequence[Request], source: Source | None = None) -> None:
        """source: a sound that all of them start from."""
        self._batch = Batch(requests)
        self.progressed.emit(0.0, self._batch.detail)
        for request in requests:
            self._studio.submit(request, source)

    def cancel(self) -> None:
        """Stops all work. The window is free at once; takes that were finished stay."""
        if self._batch is None:
            return
        self._studio.cancel()
        self._batch.abandon()
        self._end()

    def _receive(self, event: Event) -> None:
        self._follow_model(event)
        batch = self._batch
        if batch is None or not batch.owns(event):
            # finished in the moment it was cancelled: it is in the library
            if isinstance(event, Finished) and event.request_id == event.take.request.request_id:
                self.arrived.emit(event.take, False)
            return
        batch.follow(event)
        if isinstance(event, Finished):
            self.arrived.emit(event.take, batch.finished == 1)
            for warning in event.warnings:
                self.failed.emit(warning)
        if isinstance(event, Failed) and len(batch.failures) == 1:
            self.failed.emit(event.message)
        if batch.done:
            self._end()
        else:
            self.progressed.emit(batch.share, batch.detail)

    def _end(self) -> None:
        batch, self._batch = self._batch, None
        if batch is not None:
            self.ended.emit(batch.summary)

    def _follow_model(self, event: Event) -> None:
        if isinstance(event, Loading):
            self.model_changed.emit(f"loading {event.what} …", "amber")
        elif isinstance(event, Ready):
            self.model_changed.emit(f"{event.model} ready", "fine")
        elif isinstance(event, (Progress, Finished)):
            self.model_changed.emit(f"{self._model} ready", "fine")
        elif isinstance(event, Failed) and not event.request_id:
            self.model_changed.emit(f"{self._model} not loaded", "trouble")
            self.failed.emit(event.message)
