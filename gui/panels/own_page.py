"""The page of the latent strip with the axes of the user's own library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.latent.edit import OWN
from engine.owned import FEWEST, OwnAxis
from engine.params import PARAMS
from gui.panels.latent_parts import Rule, Sideways
from gui.widgets.label import ElidedLabel
from gui.widgets.slider import Slider


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
        self.rows = [(QLabel(), ElidedLabel(), ElidedLabel()) for _ in OWN]  # share, one end, the other
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
        table = QGridLayout()
        table.setHorizontalSpacing(8)
        table.setVerticalSpacing(4)
        for line, labels in enumerate(self.rows):
            for place, label in enumerate(labels):
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("tone", "quiet")
                table.addWidget(label, line, place)
            for label in labels[1:]:
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        table.setColumnStretch(1, 1)
        table.setColumnStretch(2, 1)
        column.addLayout(table)
        column.addStretch(1)
        row.addLayout(column, 5)
        self.show_axes([])

    def show_axes(self, axes: list[OwnAxis] | str) -> None:
        """What there is, or why there is nothing."""
        if isinstance(axes, str):
            self.told.setText(axes)
        self.told.setVisible(isinstance(axes, str) or not axes)
        known = {axis.key: axis for axis in ([] if isinstance(axes, str) else axes)}
        for number, (key, (share, low, high)) in enumerate(zip(OWN, self.rows, strict=True), 1):
            axis = known.get(key)
            for label in (share, low, high):
                label.setVisible(axis is not None)
            if axis is not None:
                share.setText(f"{number}  {axis.share:.0%}")
                share.setToolTip("Of what your sounds differ in")
                low.set_text(axis.low)
                high.set_text(f"→ {axis.high}", axis.high)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
