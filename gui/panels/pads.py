"""Sixteen pads in the left pane, as on a drum machine: the lowest note below on the left."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from gui.drumming import GM_DRUMS, NOTES, Drumming
from gui.peaks import peaks
from gui.theme import font
from gui.widgets.menu_choice import MenuChoice, Option
from gui.widgets.pad import COLUMNS, PadView

_LISTEN_TEXT = {"shown": "while shown", "always": "always", "never": "never"}
_BOARD_PX = 440  # higher than that, pads look like doors
_GROUPS = (("none", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("hats", 16))


class PadsPanel(QWidget):
    """What lies on the pads, and what can be done with it. Emits `chosen(take_id)`: a pad's take is wanted in hand."""

    chosen = Signal(str)

    def __init__(self, drumming: Drumming) -> None:
        super().__init__()
        self._drumming = drumming
        self.pads = {note: PadView(note, drum) for note, drum in GM_DRUMS.items()}
        self._listen = MenuChoice("MIDI plays the pads")
        self._listen.chosen.connect(self._set_listen)
        self._hint = QLabel("Drag takes here from the list: rest on “Pads” for a moment while dragging.")
        self._place()
        for note, pad in self.pads.items():
            self._connect(note, pad)
        drumming.changed.connect(self._show)
        self._show_listen()

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for place, note in enumerate(NOTES):
            grid.addWidget(self.pads[note], 3 - place // 4, place % 4)
        for lines in range(4):
            grid.setRowStretch(lines, 1)
            grid.setColumnStretch(lines, 1)
        board = QWidget()
        board.setLayout(grid)
        board.setMaximumHeight(_BOARD_PX)
        label = QLabel("MIDI 36–51")
        label.setToolTip("General MIDI's drum notes, on any channel")
        for text in (label, self._hint):
            text.setProperty("tone", "quiet")
            text.setFont(font(12))
        self._hint.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(label)
        foot.addWidget(self._listen, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(10)
        column.addWidget(board, 4)
        column.addLayout(foot)
        column.addWidget(self._hint)
        column.addStretch(1)

    def _connect(self, note: int, pad: PadView) -> None:
        drumming = self._drumming
        pad.pressed.connect(lambda velocity: drumming.play(note, velocity))
        pad.released.connect(lambda: drumming.let_go(note))
        pad.takes_dropped.connect(lambda ids: drumming.lay(note, ids))
        pad.pad_dropped.connect(lambda other: drumming.swap(other, note))
        pad.clear_wanted.connect(lambda: drumming.clear(note))
        pad.menu_wanted.connect(lambda point: self.open_menu(note, point))

    def flash(self, note: int, velocity: int) -> None:
        """A MIDI note came in; its pad lights up where it was played."""
        if self._drumming.listening and note in self._drumming.pads:
            self.pads[note].flash(velocity)

    def open_menu(self, note: int, point: QPoint) -> QMenu | None:
        """What can be done with a pad; nothing with an empty one."""
        pad = self._drumming.pads.get(note)
        if pad is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show the take", lambda: self.chosen.emit(pad.take.take_id))
        menu.addSeparator()
        one_shot = menu.addAction("Plays to its end")
        one_shot.setCheckable(True)
        one_shot.setChecked(pad.choice.one_shot)
        one_shot.triggered.connect(lambda checked: self._drumming.change(note, one_shot=checked))
        chokes = menu.addMenu("Choke group")
        group = QActionGroup(chokes)
        for text, number in _GROUPS:
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(pad.choice.choke_group == number)
            action.triggered.connect(lambda _=False, number=number: self._drumming.change(note, choke_group=number))
            chokes.addAction(action)
        menu.addSeparator()
        menu.addAction("Take off the pad", lambda: self._drumming.clear(note))
        menu.popup(point)
        return menu

    def _show(self, note: int) -> None:
        pad = self._drumming.pads.get(note)
        if pad is None:
            self.pads[note].show_take("", None)
        else:
            self.pads[note].show_take(pad.take.request.prompt, peaks(pad.take.sound, COLUMNS))
        self._hint.setVisible(not self._drumming.pads)

    def _set_listen(self, listen: str) -> None:
        self._drumming.set_listen(listen)
        self._show_listen()

    def _show_listen(self) -> None:
        chosen = self._drumming.listen
        options = [Option(text, key, checked=key == chosen) for key, text in _LISTEN_TEXT.items()]
        self._listen.show_options(options)
