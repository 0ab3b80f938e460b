"""What takes are dropped on: accepts drags from within the window, and knows where one would fall."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


@runtime_checkable
class TakeSource(Protocol):
    """A widget out of which takes are dragged."""

    def dragged_takes(self) -> list[str]:
        """Their ids."""
        ...


def takes_of(source: object) -> list[str]:
    """Ids of the takes that are dragged out of `source`; none for anything else."""
    return source.dragged_takes() if isinstance(source, TakeSource) else []


class DropTarget(QWidget):
    """Accepts what `wants` says and hands it to `receive`. over: where a drag is that could be dropped, else None."""

    def __init__(self) -> None:
        super().__init__()
        self.over: QPointF | None = None
        self.setAcceptDrops(True)

    def wants(self, source: object) -> bool:
        """Whether something that is dragged out of `source` can be dropped here."""
        return bool(takes_of(source))

    def receive(self, source: object, place: QPointF) -> None:
        """What came out of `source` was dropped at `place`."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._follow(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._follow(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self._hover(None)
        if self.wants(event.source()):
            self.receive(event.source(), event.position())
            event.acceptProposedAction()

    def _follow(self, event: QDragMoveEvent) -> None:
        if self.wants(event.source()):
            self._hover(event.position())
            event.acceptProposedAction()
        else:
            event.ignore()

    def _hover(self, place: QPointF | None) -> None:
        self.over = place
        self.update()
