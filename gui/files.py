"""Takes on their way out: as a drag, on the clipboard, in the file manager."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget


def file_urls(paths: Sequence[Path]) -> QMimeData:
    """Files as every drop target understands them: a list of file URLs and nothing else."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag_files(source: QWidget, paths: Sequence[Path], picture: QPixmap) -> None:
    """Lifts the files out of the window; returns when they are dropped. Copies only: our files stay where they are."""
    drag = QDrag(source)
    drag.setMimeData(file_urls(paths))
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(16, int(picture.height() / picture.devicePixelRatio() / 2)))
    drag.exec(Qt.DropAction.CopyAction)


def copy_files(paths: Sequence[Path]) -> None:
    """Puts the files on the clipboard, to be pasted into a folder or a DAW."""
    mime = file_urls(paths)
    urls = "\n".join(url.toString() for url in mime.urls())
    mime.setData("x-special/gnome-copied-files", QByteArray(f"copy\n{urls}".encode()))  # what Nautilus and Nemo want
    QGuiApplication.clipboard().setMimeData(mime)


def copy_paths(paths: Sequence[Path]) -> None:
    """Puts the paths on the clipboard as text."""
    QGuiApplication.clipboard().setText("\n".join(str(path) for path in paths))


def reveal(path: Path) -> None:
    """Shows the file in the system's file manager, selected where it can be. Does not wait."""
    if sys.platform == "win32":
        subprocess.Popen(["explorer", "/select,", str(path)])
    elif sys.platform == "darwin":
        subprocess.Popen(["open", "-R", str(path)])
    elif not _reveal_by_dbus(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _reveal_by_dbus(path: Path) -> bool:
    """The desktop's own way (org.freedesktop.FileManager1); False when there is no such desktop."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    name = "org.freedesktop.FileManager1"
    call = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    call.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    return bool(bus.send(call))
