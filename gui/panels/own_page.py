"""The page of the latent strip with the axes of the user's own library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.latent.edit import OWN
from engine.owned import FEWEST, OwnAxis
from engine.params import PARAMS
from gui.panels.latent_parts import Rule, Sideways
from gui.widgets.slider import Slider

_LONGEST = 26  # characters of a prompt


class OwnPage(QWidget):
    """Emits `shown` when it comes to the front. What its sliders do is the strip's matter, as with any."""

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sliders = {key: Slider(PARAMS[key], f"own {number}") for number, key in enumerate(OWN, 1)}
        self.told = QLabel(f"Along what your own sounds differ most: make, or bring, at least {FEWEST}.")
        self.told.setWordWrap(True)
        self.told.setProperty("tone", "quiet")
        self.told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.ends = [QLabel() for _ in OWN]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Sideways("own"))
        for slider in self.sliders.values():
            row.addWidget(slider, 1)
        row.addSpacing(6)
        row.addWidget(Rule())
        column = QVBoxLayout()
        column.setContentsMargins(10, 4, 4, 4)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self.told)
        for label in self.ends:
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", "quiet")
            column.addWidget(label)
        column.addStretch(1)
        row.addLayout(column, 3)
        self.show_axes([])

    def show_axes(self, axes: list[OwnAxis] | str) -> None:
        """What there is, or why there is nothing."""
        if isinstance(axes, str):
            self.told.setText(axes)
        self.told.setVisible(isinstance(axes, str) or not axes)
        known = {axis.key: axis for axis in ([] if isinstance(axes, str) else axes)}
        for number, (key, label) in enumerate(zip(OWN, self.ends, strict=True), 1):
            axis = known.get(key)
            label.setVisible(axis is not None)
            if axis is not None:
                label.setText(f"{number}  {_short(axis.low)} → {_short(axis.high)}  {axis.share:.0%}")
                label.setToolTip(f"{axis.low} → {axis.high}: {axis.share:.0%} of what your sounds differ in")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


def _short(prompt: str) -> str:
    return prompt if len(prompt) <= _LONGEST else prompt[: _LONGEST - 1].rstrip() + "…"
