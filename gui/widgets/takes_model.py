"""The takes as a list shows them, with their miniature waveforms."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal

from engine.library import Entry
from engine.pitch import note_name
from gui.files import file_urls
from gui.peaks import Floats

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
PEAKS = Qt.ItemDataRole.UserRole + 1
ARRIVED = Qt.ItemDataRole.UserRole + 2  # time.monotonic() of its arrival, 0 for what was there before


def facts(entry: Entry) -> str:
    """`F#4 · 2.5 s`."""
    note = "–" if entry.note is None else note_name(entry.note)
    digits = 2 if entry.seconds < 1 else 1
    return f"{note} · {entry.seconds:.{digits}f} s"


class TakesModel(QAbstractListModel):
    """Newest first. Asks for peaks it has not got by `peaks_wanted`, once for each entry."""

    peaks_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._peaks: dict[str, tuple[Floats, Floats]] = {}
        self._asked: set[str] = set()
        self._arrived: dict[str, float] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.prompt
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.prompt}, {facts(entry)}{', starred' if entry.starred else ''}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.prompt}\n{facts(entry)} · seed {entry.seed}"
        if role == ENTRY:
            return entry
        if role == PEAKS:
            return self._peaks_of(entry)
        if role == ARRIVED:
            return self._arrived.get(entry.take_id, 0.0)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return file_urls([self._entries[index.row()].path for index in indexes])

    def entry(self, row: int) -> Entry:
        return self._entries[row]

    def row_of(self, take_id: str) -> int:
        """Where a take is; -1 when it is not listed."""
        return next((row for row, entry in enumerate(self._entries) if entry.take_id == take_id), -1)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """These and no others."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def append(self, entries: Sequence[Entry]) -> None:
        """Older ones, below."""
        known = {entry.take_id for entry in self._entries}
        fresh = [entry for entry in entries if entry.take_id not in known]
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(fresh) - 1)
            self._entries.extend(fresh)
            self.endInsertRows()

    def arrive(self, entry: Entry) -> None:
        """A new take, on top."""
        if self.row_of(entry.take_id) >= 0:
            return
        self._arrived = {entry.take_id: time.monotonic()} | self._arrived
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._entries.insert(0, entry)
        self.endInsertRows()

    def leave(self, take_id: str) -> None:
        row = self.row_of(take_id)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._entries[row]
            self.endRemoveRows()

    def set_star(self, take_id: str, starred: bool) -> None:
        row = self.row_of(take_id)
        if row >= 0:
            self._entries[row] = replace(self._entries[row], starred=starred)
            self._touch(row)

    def set_peaks(self, take_id: str, peaks: tuple[Floats, Floats]) -> None:
        self._peaks[take_id] = peaks
        row = self.row_of(take_id)
        if row >= 0:
            self._touch(row)

    def _touch(self, row: int) -> None:
        self.dataChanged.emit(self.index(row), self.index(row))

    def _peaks_of(self, entry: Entry) -> tuple[Floats, Floats] | None:
        known = self._peaks.get(entry.take_id)
        if known is None and entry.take_id not in self._asked:
            self._asked.add(entry.take_id)
            self.peaks_wanted.emit(entry)
        return known
