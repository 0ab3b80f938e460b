"""A second program with a window to drop files on: what a folder or a DAW's track is to the window under test.

Prints a JSON line with the middle of its window when it can be dropped on, one when files are held above it, and one
with their paths when they were let go.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel


class DropTarget(QLabel):
    def __init__(self) -> None:
        super().__init__("drop here")
        self.setAcceptDrops(True)
        self.setGeometry(1220, 120, 300, 300)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            say({"entered": True})

    def dropEvent(self, event: QDropEvent) -> None:
        say({"paths": [url.toLocalFile() for url in event.mimeData().urls()], "action": event.dropAction().name})
        event.acceptProposedAction()


def say(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    app = QApplication(sys.argv)
    target = DropTarget()
    target.show()

    def ready() -> None:
        middle = target.mapToGlobal(target.rect().center())
        say({"x": middle.x(), "y": middle.y()})

    QTimer.singleShot(700, ready)  # by then the window manager has put it where it stays
    app.exec()


if __name__ == "__main__":
    main()
