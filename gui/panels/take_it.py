"""What the take in hand is, and the way out of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton

from engine.request import Take
from engine.sound import Sound
from gui.files import copy_files, copy_paths, reveal
from gui.theme import font
from gui.widgets.card import Card, head_button
from gui.widgets.drag_tile import DragTile
from gui.widgets.label import ElidedLabel


class ThisTake(Card):
    """How the take came about. Emits `reuse_wanted` with it."""

    reuse_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("This take")
        self._take: Take | None = None
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(1, 1)
        self.body.addLayout(self._rows)
        self._values = {name: self._add_row(name) for name in ("seed", "asked", "guidance", "avoid", "made in")}
        self.reuse = head_button("Use again", "Put its words, seed and values into the fields; the seed stays locked")
        self.reuse.clicked.connect(lambda: self.reuse_wanted.emit(self._take))
        self.head.addWidget(self.reuse)

    def _add_row(self, name: str) -> tuple[QLabel, ElidedLabel]:
        row = self._rows.rowCount()
        label, value = QLabel(name), ElidedLabel()
        label.setProperty("tone", "quiet")
        for part in (label, value):
            part.setFont(font(12))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._rows.addWidget(label, row, 0)
        self._rows.addWidget(value, row, 1)
        return label, value

    def show_take(self, take: Take | None) -> None:
        self._take = take
        self.setVisible(take is not None)
        if take is None:
            return
        request = take.request
        texts = {
            "seed": str(request.seed),
            "asked": f"vel {request.velocity} · {request.steps} steps",
            "guidance": f"{request.guidance:.3g}",
            "avoid": request.negative,
            "made in": f"{take.wall_s:.2f} s · {request.model}",
        }
        for name, (label, value) in self._values.items():
            value.set_text(texts[name])
            for part in (label, value):
                part.setVisible(bool(texts[name]))


class TakeIt(Card):
    """The drag tile and its quieter siblings: what is heard leaves. Emits `said(line)` for the status line.

    `file_wanted` carries what shall be done with the path, once there is a file of an edited take.
    """

    said = Signal(str)
    file_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Take it")
        self._take: Take | None = None
        self._path: Path | None = None
        self._format, self._edited = "", False
        self.tile = DragTile()
        self.body.addWidget(self.tile)
        self._chips = [
            _chip("Reveal", "Show the file in the file manager"),
            _chip("Copy file", "Copy the file, to be pasted into a folder or a DAW"),
            _chip("Copy path", "Copy where the file is, as text"),
        ]
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for chip, work in zip(self._chips, (self._reveal, self._copy, self._copy_path), strict=True):
            chip.clicked.connect(work)
            line.addWidget(chip)
        line.addStretch(1)
        self.body.addLayout(line)
        self.tile.copy_wanted.connect(self._copy)
        self.tile.file_wanted.connect(lambda: self._with_file(self.tile.show_written))

    def show_take(self, take: Take | None, bits: str) -> None:
        """bits: as files are written, 16, 24 or 32f."""
        self._take = take
        self.setVisible(take is not None)
        if take is None:
            self.tile.show_take(None, "", None)
            return
        depth = "32-bit float" if bits == "32f" else f"{bits}-bit"
        self._format = f"WAV · {depth} · {take.sound.rate_hz / 1000:g} kHz"
        self.show_heard(take.sound, take.path)

    def show_heard(self, sound: Sound, path: Path) -> None:
        """What edits made of the take, and the file that it will have; or the take's own."""
        take = self._take
        if take is None:
            return
        self._path, self._edited = path, path != take.path
        self.tile.show_take(path, self._format, sound, take.take_id, written=not self._edited)

    def _with_file(self, work: Callable[[Path], object]) -> None:
        if self._edited:
            self.file_wanted.emit(work)
        elif self._path is not None:
            work(self._path)

    def _reveal(self) -> None:
        self._with_file(reveal)

    def _copy(self) -> None:
        def copy(path: Path) -> None:
            copy_files([path])
            self.said.emit("file copied")

        self._with_file(copy)

    def _copy_path(self) -> None:
        def copy(path: Path) -> None:
            copy_paths([path])
            self.said.emit("path copied")

        self._with_file(copy)


def _chip(text: str, help_text: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setProperty("shape", "chip")
    chip.setFont(font(12))
    chip.setFixedHeight(24)
    chip.setToolTip(help_text)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
