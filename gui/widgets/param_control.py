"""What every control of a parameter has: its value within range, its menu, MIDI, a name for those who do not see."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from engine.params import ParamSpec
from gui.widgets.midi_tag import MidiTag


class ParamControl(QWidget):
    """`value` is None where `automatic` allows it: then something else decides (the prompt, the family).

    Emits `changed` with the value (float or None) when the user or his hardware moved it, not when the program did.
    caption: its short name where the row's label is too long. words: what values read as, in place of their number.
    """

    changed = Signal(object)

    def __init__(
        self, spec: ParamSpec, automatic: bool = False, caption: str = "", words: dict[int, str] | None = None
    ) -> None:
        super().__init__()
        self.spec = spec
        self.caption = caption or spec.label.lower()
        self._words = words or {}
        self._rest: float | None = None if automatic else spec.default
        self._automatic = automatic
        self._value = self._rest
        self.midi = MidiTag(self)
        self.midi.shown.connect(self._show_midi)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name()

    @property
    def value(self) -> float | None:
        return self._value

    @property
    def number(self) -> int | float | None:
        """The value as what it is: an int where it is counted."""
        return int(self._value) if self._value is not None and self.spec.counted else self._value

    @property
    def position(self) -> float:
        """Where it stands, 0..1; where its default is when something else decides."""
        return self.spec.position(self.spec.default if self._value is None else self._value)

    @property
    def step(self) -> float:
        """Distance of its positions; 0 when it is continuous."""
        return 1 / (self.spec.high - self.spec.low) if self.spec.counted else 0.0

    @property
    def at_rest(self) -> bool:
        """Whether it shows its default."""
        return self._value == self._rest

    def set_value(self, value: float | None) -> None:
        """Shows `value` (None: automatic), held within range; emits nothing."""
        if value is not None:
            value = self.spec.at(self.spec.position(value)) if self.spec.counted else value
            value = min(self.spec.high, max(self.spec.low, value))
        value = value if value is not None else self._rest
        if value != self._value:
            self._value = value
            self._name()
            self.update()

    def move_to(self, position: float) -> None:
        """Goes to a position 0..1 as if the user had moved it there."""
        self._move(self.spec.at(position))

    def reset(self) -> None:
        self._move(self._rest)

    def text(self) -> str:
        return "auto" if self._value is None else self._text(self._value)

    def text_at(self, position: float) -> str:
        return self._text(self.spec.at(position))

    def menu(self) -> QMenu:
        """What a right click offers."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        rest = "auto" if self._rest is None else self._text(self._rest)
        menu.addAction(f"Reset to {rest}", self.reset).setEnabled(not self.at_rest)
        self.add_actions(menu)
        self.midi.fill(menu)
        return menu

    def add_actions(self, menu: QMenu) -> None:
        """For subclasses: what else their menu offers."""

    def _text(self, value: float) -> str:
        text = self._words.get(int(value)) or self.spec.text(value)
        return text if self.spec.choices else text.replace("-", "−")

    def _help(self, how: str) -> str:
        return f"{self.spec.help}\n{how}"

    def _name(self) -> None:
        self.setAccessibleName(f"{self.spec.label}: {self.text()}")

    def _move(self, value: float | None) -> None:
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.changed.emit(self._value)

    def _turn(self, steps: float) -> None:
        value = self.spec.default if self._value is None else self._value
        if self.spec.counted:
            self._move(value + steps)
        else:
            self._move(self.spec.at(self.spec.position(value) + steps / 50))

    def _takes_wheel(self) -> bool:
        """In a column that scrolls, only once it was clicked or reached by keys: scrolling past moves nothing."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent is None or parent.verticalScrollBar().maximum() == 0 or self.hasFocus()

    def _show_midi(self) -> None:
        self.setAccessibleDescription(self.midi.sentence)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = event.globalPos() if by_mouse else self.mapToGlobal(QPoint(self.width() // 2, self.height() - 12))
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """The wheel goes on to what scrolls; Escape stops learning before the window has it as a shortcut."""
        if event.type() == QEvent.Type.Wheel and not self._takes_wheel():
            event.ignore()
            return False
        if event.type() == QEvent.Type.ShortcutOverride and self.midi.learning:
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                event.accept()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that all controls share; the rest is the window's."""
        if event.key() == Qt.Key.Key_Escape and self.midi.learning:
            self.midi.learn_wanted.emit(False)
        elif event.key() == Qt.Key.Key_Home:
            self._move(self.spec.low)
        elif event.key() == Qt.Key.Key_End:
            self._move(self.spec.high)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reset()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
