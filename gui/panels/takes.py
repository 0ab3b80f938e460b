"""Takes: search, list, and what can be done with them. The library is asked through the bridge, off the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from engine.audiofile import read_audio
from engine.library import Entry, Library
from engine.request import Take
from gui.bridge import Bridge
from gui.files import copy_files, copy_paths, reveal
from gui.icons import icon
from gui.peaks import peaks
from gui.theme import SIDE_PX
from gui.widgets.takes_list import TakesList
from gui.widgets.takes_model import TakesModel
from gui.widgets.thumbnail import COLUMNS

_PAGE = 200  # takes fetched at a time
_SEARCH_AFTER_MS = 150


class TakesPanel(QWidget):
    """Emits `chosen(Entry, hear)`, `reuse_wanted(Entry)`, `removed(take_id)`, `pad_wanted(ids)`, `said(line)` for the
    status line."""

    chosen = Signal(object, bool)
    reuse_wanted = Signal(object)
    removed = Signal(str)
    pad_wanted = Signal(list)
    said = Signal(str)

    def __init__(self, library: Library, bridge: Bridge) -> None:
        super().__init__()
        self._library, self._bridge = library, bridge
        self._query = ""
        self._arrivals = 0
        self._complete = False  # whether the library has no older ones
        self.model = TakesModel()
        self.list = TakesList(self.model)
        self.search = QLineEdit(clearButtonEnabled=True)
        self._place()
        self._rest = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._rest.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.search.returnPressed.connect(self.list.setFocus)
        self.model.peaks_wanted.connect(self._measure)
        self.list.heard.connect(lambda entry: self.chosen.emit(entry, True))
        self.list.starred.connect(self.toggle_star)
        self.list.verticalScrollBar().valueChanged.connect(self._fetch_at_end)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self._actions = self._make_actions()

    def _place(self) -> None:
        self.search.setPlaceholderText("Search takes")
        self.search.setAccessibleName("Search takes")
        self.search.setFixedHeight(30)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._hint = QLabel()
        self._hint.setProperty("tone", "quiet")
        self._hint.setWordWrap(True)
        self._hint.hide()
        inset = QVBoxLayout()
        inset.setContentsMargins(8, 0, 8, 0)
        inset.setSpacing(8)
        for part in (self.search, self._hint):
            inset.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(8)
        column.addLayout(inset)
        column.addWidget(self.list, 1)

    # -- what is listed

    def refresh(self) -> None:
        """Asks the library again, from the top."""
        query, arrivals = self.search.text().strip(), self._arrivals

        def show(found: list[Entry]) -> None:
            if arrivals != self._arrivals:
                self.refresh()  # a take came meanwhile: it may not be among those found
            elif query == self.search.text().strip():
                self._show(query, found)

        self._bridge.run(lambda: self._library.entries(_PAGE, query), show)

    def arrive(self, take: Take) -> None:
        """A new take, on top; while searching, only if it is found."""
        self._arrivals += 1
        if self.search.text().strip():
            self.refresh()
            return
        request, sound = take.request, take.sound
        note = None if sound.root_note is None else round(sound.root_note)
        self.model.set_peaks(take.take_id, peaks(sound, COLUMNS))
        entry = Entry(
            take.take_id, request.prompt, note, sound.seconds, request.seed, take.path, take.starred, take.created
        )
        self.model.arrive(entry)
        self._hint.hide()

    def _show(self, query: str, found: list[Entry]) -> None:
        chosen = [entry.take_id for entry in self.list.selected()]
        self._query, self._complete = query, len(found) < _PAGE
        self.model.show_entries(found)
        self._hint.setText(f"No take has “{query}” in it." if query else "")
        self._hint.setVisible(bool(query and not found))
        if chosen:
            self.list.choose(chosen[0])
        elif not query:
            self._choose_row(0)

    def _fetch_at_end(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._complete or value < bar.maximum() - bar.pageStep():
            return
        self._complete = True  # until the answer says otherwise
        query, offset = self._query, self.model.rowCount()

        def add(found: list[Entry]) -> None:
            if query == self._query:
                self._complete = len(found) < _PAGE
                self.model.append(found)

        self._bridge.run(lambda: self._library.entries(_PAGE, query, offset=offset), add)

    def _measure(self, entry: Entry) -> None:
        self._bridge.run(
            lambda: peaks(read_audio(entry.path), COLUMNS), lambda made: self.model.set_peaks(entry.take_id, made)
        )

    def _choose_row(self, row: int) -> None:
        """Shows the take at `row`, or the last one, without hearing it."""
        if self.model.rowCount():
            entry = self.model.entry(min(row, self.model.rowCount() - 1))
            self.list.choose(entry.take_id)
            self.chosen.emit(entry, False)

    # -- what can be done

    def toggle_star(self, entry: Entry) -> None:
        starred = not entry.starred
        self._bridge.run(
            lambda: self._library.star(entry.take_id, starred), lambda _: self.model.set_star(entry.take_id, starred)
        )

    def remove_selected(self) -> None:
        """To the library's trash folder, where the files stay."""
        entries = self.list.selected()
        if not entries:
            return
        row = self.model.row_of(entries[0].take_id)

        def gone(_: object) -> None:
            for entry in entries:
                self.model.leave(entry.take_id)
                self.removed.emit(entry.take_id)
            what = f"“{entries[0].prompt[:40]}”" if len(entries) == 1 else f"{len(entries)} takes"
            self.said.emit(f"{what} moved to the trash folder of the library; nothing is deleted")
            self._choose_row(row)

        def remove() -> None:
            for entry in entries:
                self._library.remove(entry.take_id)

        self._bridge.run(remove, gone)

    def copy_file(self) -> None:
        entries = self.list.selected()
        if entries:
            copy_files([entry.path for entry in entries])
            self.said.emit("file copied" if len(entries) == 1 else f"{len(entries)} files copied")

    def copy_path(self) -> None:
        entries = self.list.selected()
        if entries:
            copy_paths([entry.path for entry in entries])
            self.said.emit("path copied" if len(entries) == 1 else f"{len(entries)} paths copied")

    def reveal_selected(self) -> None:
        entries = self.list.selected()
        if entries:
            reveal(entries[0].path)

    def _reuse(self) -> None:
        entries = self.list.selected()
        if entries:
            self.reuse_wanted.emit(entries[0])

    def _star_selected(self) -> None:
        for entry in self.list.selected():
            self.toggle_star(entry)

    def _make_actions(self) -> list[QAction | None]:
        """In the order of the menu; None is a line. Their keys work while the list has the focus."""
        rows = (
            ("Reveal in file manager", "Ctrl+R", self.reveal_selected),
            ("Copy file", "Ctrl+C", self.copy_file),
            ("Copy path", "Ctrl+Shift+C", self.copy_path),
            None,
            ("Put on a free pad", "Ctrl+P", lambda: self.pad_wanted.emit(self.list.dragged_takes())),
            ("Use words and seed again", "Ctrl+U", self._reuse),
            ("Star", "Ctrl+D", self._star_selected),
            None,
            ("Move to trash", "Del", self.remove_selected),
        )
        made: list[QAction | None] = []
        for row in rows:
            if row is None:
                made.append(None)
                continue
            text, keys, work = row
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setShortcutVisibleInContextMenu(True)
            action.triggered.connect(work)
            self.list.addAction(action)
            made.append(action)
        return made

    def _open_menu(self, point: QPoint) -> None:
        entries = self.list.selected()
        if not entries:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about = menu.addAction(f"Seed {entries[0].seed}" if len(entries) == 1 else f"{len(entries)} takes")
        about.setEnabled(False)
        for action in self._actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        menu.popup(self.list.viewport().mapToGlobal(point))

    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, 600)
