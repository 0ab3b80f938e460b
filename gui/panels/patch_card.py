"""A card of controls for some keys of a Patch or a Shape, the rarer ones under a fold."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QLayout, QMenu, QVBoxLayout, QWidget

from engine.patch import Patch
from engine.shape import Shape
from gui.icons import paint_icon
from gui.theme import GRID, colour, font
from gui.widgets.card import Card, head_button
from gui.widgets.handles import HandlesView
from gui.widgets.param_control import ParamControl

_COLUMNS = 4  # of knobs
_PLAIN = Patch()
_LABEL_PX = 52  # of rows that say what they are
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PatchCard(Card):
    """Emits `edited(key, number)` when the user moved a control, `reset_wanted(keys)` for the card's reset."""

    edited = Signal(str, float)
    reset_wanted = Signal(tuple)

    def __init__(self, title: str, folds: bool = True, rest: Patch | Shape = _PLAIN) -> None:
        """rest: what its controls show where nothing was changed."""
        super().__init__(title)
        self.controls: dict[str, ParamControl] = {}
        self.fields: tuple[str, ...] = ()  # of the patch, beside the controls' keys
        self._title = title
        self._views: list[HandlesView] = []
        self._rest = rest
        self._reset = head_button("Reset", f"{title}: back to the defaults")
        self._reset.setAccessibleName(f"Reset {title}")
        self._reset.clicked.connect(self.reset)
        self._reset.hide()
        self._more = MoreButton(title)
        self._more.toggled.connect(self._show_more)
        if not folds:
            self._more.hide()
        self._folded = QWidget()
        self.rare = QVBoxLayout(self._folded)
        self.rare.setContentsMargins(0, 0, 0, 0)
        self.rare.setSpacing(GRID)
        self._folded.hide()
        self.head.addWidget(self._reset)
        self.head.addWidget(self._more)

    @property
    def keys(self) -> tuple[str, ...]:
        """Fields of the patch that this card changes."""
        return (*self.controls, *self.fields)

    def finish(self) -> None:
        """Call when everything is in place: the fold goes to the foot."""
        self.body.addWidget(self._folded)

    def show_patch(self, patch: Patch | Shape) -> None:
        for key, control in self.controls.items():
            control.set_value(patch.number(key))
        changed = any(getattr(patch, key) != getattr(self._rest, key) for key in self.keys)
        self._reset.setVisible(changed)

    def reset(self) -> None:
        self.reset_wanted.emit(self.keys)

    def unfold(self, opened: bool) -> None:
        """Shows what is rarely wanted."""
        self._more.setChecked(opened)

    # -- building

    def add(self, key: str, control: ParamControl) -> ParamControl:
        self.controls[key] = control
        control.changed.connect(lambda number: self.edited.emit(key, number))
        return control

    def knob_row(self, *knobs: ParamControl | None) -> QLayout:
        """Up to four beside each other, below those of the row above; None leaves a place empty."""
        row = QGridLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(0)
        for column in range(_COLUMNS):
            row.setColumnStretch(column, 1)
            row.setColumnMinimumWidth(column, 56)
        for column, knob in enumerate(knobs):
            if knob is not None:
                row.addWidget(knob, 0, column, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        return row

    def labelled(self, text: str, *parts: QWidget) -> QLayout:
        """What it is, then its controls."""
        label = QLabel(text)
        label.setProperty("tone", "quiet")
        label.setFont(font(12))
        label.setFixedSize(_LABEL_PX, 26)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        for part in parts:
            row.addWidget(part, 1)
        return row

    def join(self, view: HandlesView) -> None:
        """Lets a picture move the knobs."""
        view.dragged.connect(lambda key, position: self.controls[key].move_to(position))
        view.reset_wanted.connect(lambda key: self.controls[key].reset())

    def _show_more(self, opened: bool) -> None:
        self._folded.setVisible(opened)
        self.folded.emit(not opened)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Reset all of {self._title}", self.reset).setEnabled(not self._reset.isHidden())
        if not self._more.isHidden():
            opened = self._more.isChecked()
            menu.addAction("Show less" if opened else "Show more", partial(self.unfold, not opened))
        menu.popup(event.globalPos())


class MoreButton(QAbstractButton):
    """A quiet word at the head of a card that shows the rest of it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.setCheckable(True)
        self.setFixedSize(46, 20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._name)
        self._name(False)

    def _name(self, opened: bool) -> None:
        self.setText("less" if opened else "more")
        self.setAccessibleName(f"{'Less' if opened else 'More'} of {self._title}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(colour("amber"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(colour("text" if self.underMouse() else "quiet"))
        painter.setFont(font(11))
        painter.drawText(self.rect().adjusted(0, 0, -17, 0), _RIGHT, self.text())
        name = "chevron-down" if self.isChecked() else "chevron-right"
        paint_icon(painter, name, "quiet", QRectF(self.width() - 15, 4, 12, 12))
        painter.end()
