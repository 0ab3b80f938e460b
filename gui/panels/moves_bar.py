"""Under the latent sliders: recording what knobs do, what was recorded, making a take of it; the list of edits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.latent.chain import Chain
from gui.icons import icon
from gui.theme import font
from gui.widgets.edits_list import EditsList
from gui.widgets.label import ElidedLabel

_HEIGHT_PX = 22


class MovesBar(QWidget):
    """Emits `armed` with whether turns of knobs shall be recorded, `bounce_wanted` and `clear_wanted`."""

    armed = Signal(bool)
    bounce_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.record = _chip("Record moves", "Record what knobs do while the sound plays; each loop adds to it (Ctrl+M)")
        self.record.setCheckable(True)
        self.record.setIcon(icon("record", "quiet", "amber"))
        self.record.setIconSize(QSize(11, 11))
        self.told = ElidedLabel()
        self.told.setProperty("tone", "quiet")
        self.told.setFont(font(11))
        self.bounce = _chip("Bounce", "Make a take of its own of the sound with its moves (Ctrl+Shift+M)")
        self.clear = _chip("Clear moves", "Knobs stand still again, where their sliders are")
        self.edits = _chip("Edits", "All edits in their order: move them, pass them by, remove them")
        self.list = EditsList(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.record)
        row.addWidget(self.told, 1)
        row.addWidget(self.bounce)
        row.addWidget(self.clear)
        row.addWidget(self.edits)
        self.setFixedHeight(_HEIGHT_PX)
        self.record.clicked.connect(self.armed)
        self.bounce.clicked.connect(self.bounce_wanted)
        self.clear.clicked.connect(self.clear_wanted)
        self.edits.clicked.connect(lambda: self.list.open_above(self.edits.mapToGlobal(QPoint(self.edits.width(), -4))))
        self.show_moves((), 0, armed=False, able=False, heard=False)

    def show_chain(self, chain: Chain) -> None:
        """The edits of the slot in hand."""
        count = len(chain.edits)
        self.edits.setVisible(count > 0)
        self.edits.setText("1 edit" if count == 1 else f"{count} edits")
        self.list.show_chain(chain)
        if not count:
            self.list.hide()

    def show_moves(self, names: Sequence[str], passes: int, *, armed: bool, able: bool, heard: bool) -> None:
        """names: of the knobs that have moves. able: whether there is something to edit. heard: whether it is heard
        edited."""
        self.record.setEnabled(able)
        self.record.setChecked(armed)
        for button in (self.bounce, self.clear):
            button.setVisible(bool(names))
        self.bounce.setEnabled(able and heard)
        count = f" · {passes} {'pass' if passes == 1 else 'passes'}" if names and passes else ""
        hint = "turn knobs while the sound plays or loops" if armed else ""
        self.told.set_text(f"{', '.join(names)}{count}" if names else hint)


def _chip(text: str, help_text: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setProperty("shape", "overlay")
    chip.setFont(font(11))
    chip.setFixedHeight(_HEIGHT_PX)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setAccessibleName(text)
    chip.setToolTip(help_text)
    return chip
