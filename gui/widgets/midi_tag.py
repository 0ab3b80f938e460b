"""What MIDI has to do with a control: which controller moves it, whether it is being learnt, and the menu for that."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QVariantAnimation, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from engine.controllers import Binding, Bow, Kind

if TYPE_CHECKING:
    from gui.widgets.param_control import ParamControl

_PULSE_MS = 900
_BOWS: tuple[tuple[Bow, str], ...] = (
    ("linear", "Linear"),
    ("exponential", "Exponential: slow, then fast"),
    ("logarithmic", "Logarithmic: fast, then slow"),
)
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("absolute", "Knob or fader, 0 to 127"),
    ("fine", "Knob or fader, 14 bits"),
    ("twos", "Encoder: 1 up, 127 down"),
    ("offset", "Encoder: 65 up, 63 down"),
    ("signed", "Encoder: 1 up, 65 down"),
)


class MidiTag(QObject):
    """Belongs to one control. `learn_wanted(bool)` begins and stops learning, `edited` carries the fields of the
    binding that the user changed (or `any_channel`), `shown` says that the control should draw itself anew."""

    learn_wanted = Signal(bool)
    forget_wanted = Signal()
    edited = Signal(dict)
    shown = Signal()

    def __init__(self, control: ParamControl) -> None:
        super().__init__(control)
        self._control = control
        self.offered = False  # whether somebody can learn
        self.learning = False
        self.binding: Binding | None = None
        self.device = ""
        self.ghost: float | None = None  # where hardware points that the control does not follow yet, 0..1
        self.pulse = 0.0  # 1 at the height of the one pulse when learning begins
        self._beat = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_PULSE_MS)
        self._beat.valueChanged.connect(self._swell)

    @property
    def text(self) -> str:
        """The line under the control; "" without MIDI."""
        if self.learning:
            return "move it"
        return self.binding.name if self.binding is not None else ""

    @property
    def sentence(self) -> str:
        """For tooltips and those who do not see it."""
        if self.learning:
            return "Waiting for a controller to move; Esc stops."
        return f"{self.binding.name} of {self.device} moves it." if self.binding is not None else ""

    def set_learning(self, learning: bool) -> None:
        if learning != self.learning:
            self.learning = learning
            if learning:
                self._beat.start()
            else:
                self._beat.stop()
                self.pulse = 0.0
            self.shown.emit()

    def set_binding(self, device: str, binding: Binding | None) -> None:
        if (device, binding) != (self.device, self.binding):
            self.device, self.binding = device, binding
            self.ghost = None
            self.shown.emit()

    def set_ghost(self, position: float | None) -> None:
        if position != self.ghost:
            self.ghost = position
            self._control.update()

    def fill(self, menu: QMenu) -> None:
        """Adds what can be done; nothing where nobody listens to MIDI."""
        if not self.offered:
            return
        menu.addSeparator()
        if self.learning:
            menu.addAction("Stop learning", partial(self.learn_wanted.emit, False))
            return
        menu.addAction("Learn MIDI", partial(self.learn_wanted.emit, True))
        binding = self.binding
        if binding is None:
            return
        menu.addAction(f"Forget {binding.name}", self.forget_wanted.emit)
        menu.addSeparator()
        menu.addAction(f"{binding.name} · {self.device}").setEnabled(False)
        self._fill_range(menu.addMenu("Range"), binding)
        if not binding.relative:
            self._fill_choice(menu.addMenu("Curve"), "bow", _BOWS, binding.bow)
        kinds = [row for row in _KINDS if row[0] != "fine" or binding.number < 32]
        self._fill_choice(menu.addMenu("Hardware"), "kind", kinds, binding.kind)
        if not binding.relative:
            self._add_switch(menu, "Soft takeover", binding.takeover, "takeover", not binding.takeover).setToolTip(
                "Moves only after the hardware has passed the value on the screen"
            )
        any_channel = binding.channel is None
        self._add_switch(menu, "Any MIDI channel", any_channel, "any_channel", not any_channel)

    def _fill_range(self, menu: QMenu, binding: Binding) -> None:
        control = self._control
        now, here = control.position, control.text()
        low, high = (control.text_at(place) for place in (binding.low, binding.high))
        menu.addAction(f"{low} … {high}").setEnabled(False)
        menu.addAction(f"Begin at {here}", partial(self.edited.emit, {"low": now}))
        menu.addAction(f"End at {here}", partial(self.edited.emit, {"high": now}))
        menu.addAction("Invert", partial(self.edited.emit, {"low": binding.high, "high": binding.low}))
        menu.addAction("Whole range", partial(self.edited.emit, {"low": 0.0, "high": 1.0}))

    def _fill_choice(self, menu: QMenu, field: str, rows: Iterable[tuple[str, str]], chosen: str) -> None:
        group = QActionGroup(menu)
        for value, text in rows:
            action = self._add_switch(menu, text, value == chosen, field, value)
            group.addAction(action)

    def _add_switch(self, menu: QMenu, text: str, on: bool, field: str, value: object) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked: self.edited.emit({field: value}))
        return action

    def _swell(self, part: float) -> None:
        self.pulse = math.sin(math.pi * part)
        self._control.update()
