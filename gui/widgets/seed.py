"""The seed of the next take: fresh each time, or locked."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from engine.params import SEED_LIMIT
from engine.request import fresh_seed
from gui.icons import icon
from gui.theme import font


class Seed(QWidget):
    """Shows the seed last used. Typing one locks it; locked, the same seed gives the same sound."""

    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        label = QLabel("seed")
        label.setProperty("tone", "quiet")
        self._edit, self._lock = QLineEdit(), QToolButton()
        self._edit.setObjectName("seed")
        self._edit.setFont(font(13))
        self._edit.setFixedSize(92, 28)
        self._edit.setPlaceholderText("fresh")
        self._edit.setAccessibleName("Seed")
        self._edit.setToolTip("The seed of the first take. Type one to lock it.")
        self._edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,10}"), self))
        self._edit.textEdited.connect(lambda text: self._lock.setChecked(bool(text)))
        self._lock.setCheckable(True)
        self._lock.setFixedSize(28, 28)
        self._lock.setIconSize(QSize(16, 16))
        self._lock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lock.toggled.connect(self._show_lock)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(label)
        row.addWidget(self._edit)
        row.addWidget(self._lock)
        self._show_lock(False)

    @property
    def locked(self) -> bool:
        return self._lock.isChecked()

    def next_seeds(self, count: int) -> list[int]:
        """Seeds for `count` takes, counting up from the locked one, or from a fresh one, which is then shown."""
        if not (self.locked and self._edit.text()):
            self._edit.setText(str(fresh_seed()))
            self._lock.setChecked(False)
        elif int(self._edit.text()) >= SEED_LIMIT:
            self._edit.setText(str(SEED_LIMIT - 1))
            self.refused.emit(f"Seeds end at {SEED_LIMIT - 1}; that one is used.")
        first = int(self._edit.text())
        return [(first + offset) % SEED_LIMIT for offset in range(count)]

    def lock_at(self, seed: int) -> None:
        """Shows `seed` and keeps it."""
        self._edit.setText(str(seed))
        self._lock.setChecked(True)

    def _show_lock(self, locked: bool) -> None:
        self._lock.setIcon(icon("lock" if locked else "unlock", "amber" if locked else "quiet"))
        name = (
            "Seed locked: the same words give the same sound"
            if locked
            else "Seed fresh each time: press to keep this one"
        )
        self._edit.setProperty("locked", locked)
        self._edit.style().polish(self._edit)
        self._lock.setAccessibleName(name)
        self._lock.setToolTip(name)
