"""The shelf of presets: browse, search, see what one is, render it; put the take in hand on it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from engine.presets.preset import CATEGORIES, NAME_LIMIT, Category, Preset
from engine.presets.shelf import Kept, Shelf
from engine.shape import UNSHAPED
from gui.icons import icon
from gui.theme import font
from gui.widgets.menu_choice import MenuChoice, Option
from gui.widgets.presets_list import PresetsList


class PresetsPanel(QWidget):
    """Emits `wanted(Preset)` to be rendered, `save_wanted(name, category)` for the take in hand, `remove_wanted(Kept)`.
    `naming` asks for a category that fits: answer with `offer_category`."""

    wanted = Signal(object)
    save_wanted = Signal(str, str)
    remove_wanted = Signal(object)
    naming = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shelf: Shelf | None = None
        self._category: Category | None = None
        self._new_category: Category = CATEGORIES[0]
        self.search = QLineEdit(clearButtonEnabled=True)
        self.categories, self.list = MenuChoice("Category"), PresetsList()
        self.about = QLabel()
        self.render_button = _chip("Render", "Make a take of this preset (Enter, or a double click)")
        self.save_button = _chip(
            "Save as preset …", "Put how the take in hand was asked, edited and shaped on the shelf"
        )
        self.name = _NameLine()
        self.new_category = MenuChoice("Category of the new preset")
        self._place()
        self._connect()
        self.show_saving(False)
        self.show_able(False)
        self._choose_category(None)

    def _place(self) -> None:
        self.search.setPlaceholderText("Search presets")
        self.search.setAccessibleName("Search presets")
        self.search.setFixedHeight(30)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.about.setProperty("tone", "quiet")
        self.about.setFont(font(12))
        self.about.setWordWrap(True)
        self.about.setMinimumHeight(2 * self.about.fontMetrics().lineSpacing())
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        head, foot, buttons = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for part in (self.search, self.categories):
            head.addWidget(part)
        buttons.setSpacing(6)
        buttons.addWidget(self.render_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        foot.addWidget(self.about)
        foot.addLayout(buttons)
        foot.addWidget(self.name)
        foot.addWidget(self.new_category)
        for inset in (head, foot):
            inset.setContentsMargins(8, 0, 8, 0)
            inset.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self.refresh())
        self.search.returnPressed.connect(self.list.setFocus)
        self.categories.chosen.connect(self._choose_category)
        self.new_category.chosen.connect(self.offer_category)
        self.list.shown.connect(self._show_about)
        self.list.wanted.connect(lambda kept: self.wanted.emit(kept.preset))
        self.render_button.clicked.connect(self._render)
        self.save_button.clicked.connect(lambda: self.show_saving(True))
        self.name.returnPressed.connect(self._save)
        self.name.left.connect(lambda: self.show_saving(False))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self._remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    # -- what is shown

    def show_shelf(self, shelf: Shelf) -> None:
        """What was read."""
        self._shelf = shelf
        self.refresh()

    def refresh(self) -> None:
        """Shows what stands on the shelf and is looked for."""
        if self._shelf is not None:
            found = self._shelf.search(self.search.text(), self._category)
            self.list.show_presets(found)
            if not found:
                self.about.setText("No preset has these words." if self.search.text().strip() else "Nothing here yet.")

    def show_able(self, able: bool) -> None:
        """Whether there is a take to save."""
        self.save_button.setEnabled(able)
        if not able:
            self.show_saving(False)

    def show_saving(self, saving: bool) -> None:
        """The line for a name, in place of the buttons."""
        for part, shown in (
            (self.name, saving), (self.new_category, saving), (self.render_button, not saving),
            (self.save_button, not saving), (self.about, not saving),
        ):  # fmt: skip
            part.setVisible(shown)
        if saving:
            self.name.clear()
            self.naming.emit()
            self.name.setFocus()

    def offer_category(self, category: Category) -> None:
        """Where the new preset will stand."""
        self._new_category = category
        self.new_category.show_options([Option(one, one, checked=one == category) for one in CATEGORIES])

    def _choose_category(self, category: Category | None) -> None:
        self._category = category
        every = Option("all categories", None, checked=category is None)
        self.categories.show_options([every, *(Option(one, one, checked=one == category) for one in CATEGORIES)])
        self.refresh()

    def _show_about(self, kept: Kept | None) -> None:
        self.render_button.setEnabled(kept is not None)
        self.about.setText("" if kept is None else what_it_is(kept.preset))

    # -- what can be done

    def _render(self) -> None:
        if self.list.kept is not None:
            self.wanted.emit(self.list.kept.preset)

    def _save(self) -> None:
        if self.name.text().strip():
            self.save_wanted.emit(self.name.text().strip(), self._new_category)

    def _remove(self) -> None:
        if self.list.kept is not None:
            self.remove_wanted.emit(self.list.kept)

    def _open_menu(self, point: QPoint) -> None:
        kept = self.list.kept
        if kept is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Render", self._render)
        menu.addAction("Move to trash", self._remove).setEnabled(kept.mine)
        menu.popup(self.list.viewport().mapToGlobal(point))


class _NameLine(QLineEdit):
    """Emits `left` on Escape."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Name, then Enter")
        self.setAccessibleName("Name of the new preset")
        self.setMaxLength(NAME_LIMIT)
        self.setFixedHeight(30)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def what_it_is(preset: Preset) -> str:
    """Its words, and what is done to the sound they make."""
    asked = preset.request
    note = "" if asked.note == "" else str(asked.note)
    facts = [note, "" if asked.seconds is None else f"{asked.seconds:g} s"]
    edits = len(preset.edits)
    facts.append(f"{edits} latent edit{'s' if edits > 1 else ''}" if edits else "")
    facts.append("finished" if preset.shape != UNSHAPED else "")
    return "\n".join(filter(None, (f"“{asked.prompt}”", " · ".join(filter(None, facts)))))


def _chip(text: str, help_text: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setProperty("shape", "chip")
    chip.setFont(font(12))
    chip.setFixedHeight(24)
    chip.setToolTip(help_text)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
