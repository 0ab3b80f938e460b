"""The computer's keys as a piano, by their place on the keyboard: the row from A is white, the one above it black."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

# Eighteen keys from C on; those of the octave (down, up). C and V move the velocity wherever they are.
_PIANO = {
    "QWERTY": ("AWSEDFTGYHUJKOLP;'", ("Z", "X")),
    "QWERTZ": ("AWSEDFTGZHUJKOLPÖÄ", ("Y", "X")),
    "AZERTY": ("QZSEDFTGYHUJKOLPMÙ", ("W", "X")),
}
LAYOUTS = tuple(_PIANO)
OCTAVES = (0, 7)  # whose C the first key may be
SOFTEST, LOUDEST = 10, 127
_VELOCITY_STEP = 10
_language, _land = QLocale.Language, QLocale.Country
_QWERTZ_LANGUAGES = {
    _language.German, _language.SwissGerman, _language.LowGerman, _language.Luxembourgish, _language.Hungarian,
    _language.Czech, _language.Slovak, _language.Slovenian, _language.Croatian, _language.Bosnian, _language.Serbian,
    _language.Albanian,
}  # fmt: skip
_QWERTZ_LANDS = {_land.Switzerland, _land.Luxembourg, _land.Liechtenstein}


def usual_layout(locale: QLocale) -> str:
    """What people of this language and country mostly type on."""
    if locale.territory() in _QWERTZ_LANDS or locale.language() in _QWERTZ_LANGUAGES:
        return "QWERTZ"
    french = locale.language() == _language.French and locale.territory() != _land.Canada
    return "AZERTY" if french or locale.territory() == _land.Belgium else "QWERTY"


class ComputerKeys(QObject):
    """Emits `note_on(note, velocity)`, `note_off(note)`, and `changed` when octave, velocity or layout did.

    layout: one of LAYOUTS; anything else is the usual one of the system's language.
    """

    note_on = Signal(int, int)
    note_off = Signal(int)
    changed = Signal()

    def __init__(self, layout: str = "", octave: int = 3, velocity: int = 100) -> None:
        super().__init__()
        self._down: dict[int, int] = {}  # computer key: the note it started, wherever the octave is now
        self._layout = ""
        self.octave = min(OCTAVES[1], max(OCTAVES[0], octave))
        self.velocity = min(LOUDEST, max(SOFTEST, velocity))
        self.set_layout(layout)

    @property
    def layout(self) -> str:
        return self._layout

    def set_layout(self, layout: str) -> None:
        self.let_go()
        self._layout = layout if layout in _PIANO else usual_layout(QLocale.system())
        self.changed.emit()

    def letters(self) -> dict[int, str]:
        """note: what is printed on the key that plays it now."""
        return dict(enumerate(_PIANO[self._layout][0], 12 * (self.octave + 1)))

    @property
    def span(self) -> str:
        """`A … L`: the white keys, in short."""
        return f"{_PIANO[self._layout][0][0]} … L"

    def octave_keys(self) -> tuple[str, str]:
        return _PIANO[self._layout][1]

    def key_down(self, event: QKeyEvent) -> bool:
        """A computer key as a piano key; False when it is none."""
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        key = event.key()
        sign = chr(key) if 0 < key < 0x1000 else ""
        piano, (down, up) = _PIANO[self._layout]
        if sign and sign in piano:
            if not event.isAutoRepeat() and key not in self._down:
                note = 12 * (self.octave + 1) + piano.index(sign)
                if note <= 127:
                    self._down[key] = note
                    self.note_on.emit(note, self.velocity)
        elif sign and sign in (down, up):
            self.shift(-1 if sign == down else 1)
        elif sign and sign in "CV":
            self.press(-_VELOCITY_STEP if sign == "C" else _VELOCITY_STEP)
        else:
            return False
        return True

    def key_up(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return event.key() in self._down
        note = self._down.pop(event.key(), None)
        if note is None:
            return False
        self.note_off.emit(note)
        return True

    def let_go(self) -> None:
        """Releases every key: the window lost them."""
        while self._down:
            self.note_off.emit(self._down.popitem()[1])

    def shift(self, octaves: int) -> None:
        """Another octave for what is pressed from now on."""
        self.octave = min(OCTAVES[1], max(OCTAVES[0], self.octave + octaves))
        self.changed.emit()

    def press(self, velocity: int) -> None:
        """Harder or softer by so much from now on."""
        self.velocity = min(LOUDEST, max(SOFTEST, self.velocity + velocity))
        self.changed.emit()
