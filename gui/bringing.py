"""Sounds from outside: files that are dropped on the window become takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from engine.events import Event, Failed, Finished
from engine.studio import Studio
from gui.bridge import Bridge
from gui.widgets.drop_frame import DropFrame

MOST_FILES = 64  # at once


class Bringing(QObject):
    """Sees what is dragged over the window and takes files; drags from within the window are left alone.

    Emits `entered` when a drag of files begins, `arrived(Take, is the first of those dropped)`, `said` and `failed`
    with lines for the status.
    """

    entered = Signal()
    arrived = Signal(object, bool)
    said = Signal(str)
    failed = Signal(str)

    def __init__(self, window: QWidget, area: QWidget, studio: Studio, bridge: Bridge, model: str) -> None:
        """area: where the window shows that it takes them."""
        super().__init__(window)
        self._studio, self._model, self._area = studio, model, area
        self._frame = DropFrame(window)
        self._asked: set[str] = set()
        self._kept: set[str] = set()  # of those asked, what was made here
        self._first = False  # whether the first of a drop is still to come
        bridge.happened.connect(self._receive)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent):  # entering, too
            if event.source() is not None or not dropped_files(event.mimeData()):
                return False
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.DragEnter:
                self.entered.emit()
                self._frame.show_over(self._area)
            return True
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self._frame.hide()
        if isinstance(event, QDropEvent) and event.source() is None:
            self.bring(dropped_files(event.mimeData()))
            event.acceptProposedAction()
            return True
        return False

    def bring(self, paths: Sequence[Path]) -> None:
        """Opens files in the background, each of them, whatever happens to the others."""
        if len(paths) > MOST_FILES:
            self.failed.emit(f"{len(paths)} files at once are too many; the first {MOST_FILES} are opened.")
        chosen = list(paths)[:MOST_FILES]
        self._first = bool(chosen)
        self._asked |= {self._studio.bring(path, self._model) for path in chosen}
        if chosen:
            self.said.emit(f"opening {chosen[0].name} …" if len(chosen) == 1 else f"opening {len(chosen)} sounds …")

    def keep(self, path: Path) -> None:
        """A file that was just made here becomes a take, with a latent of its own."""
        request_id = self._studio.bring(path, self._model)
        self._asked.add(request_id)
        self._kept.add(request_id)

    def _receive(self, event: Event) -> None:
        if event.request_id not in self._asked:
            return
        if isinstance(event, Finished) and event.request_id in self._kept:
            self.arrived.emit(event.take, False)
            self.said.emit("kept as a take of its own")
        elif isinstance(event, Finished):
            self.arrived.emit(event.take, self._first)
            self._first = False
            for warning in event.warnings:
                self.failed.emit(warning)
            if not event.warnings:
                self.said.emit(f"opened {event.take.request.source}")
        elif isinstance(event, Failed):
            self.failed.emit(event.message)
        else:
            return  # the model is loaded first
        self._asked.discard(event.request_id)
        self._kept.discard(event.request_id)


def dropped_files(mime: QMimeData) -> list[Path]:
    """The files of a drop: local ones, no folders."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if not path.is_dir()]
