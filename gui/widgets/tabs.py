"""A few words of which one is in front, and the page that belongs to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui.theme import Weight, colour, font

_SPRING_MS = 350  # that a drag rests on a tab before it comes to the front


class Tabs(QWidget):
    """Pages under a row of words. Emits `turned` with the place of the page that came to the front."""

    turned = Signal(int)

    def __init__(self, name: str, pages: tuple[tuple[str, str, QWidget], ...], margins: tuple[int, int]) -> None:
        """pages: word, tooltip, page. margins: left and right of the words, in px."""
        super().__init__()
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(margins[0], 0, margins[1], 0)
        row.setSpacing(20)
        for place, (word, help_text, page) in enumerate(pages):
            tab = _Tab(word)
            tab.setToolTip(help_text)
            tab.setAccessibleName(f"{name}: {word}")
            self._group.addButton(tab, place)
            row.addWidget(tab)
            self._stack.addWidget(page)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self._group.idToggled.connect(self._turn)
        self.show_page(0)

    @property
    def page(self) -> int:
        return self._stack.currentIndex()

    def show_page(self, place: int) -> None:
        self._group.button(place).setChecked(True)

    def _turn(self, place: int, checked: bool) -> None:
        if checked:
            self._stack.setCurrentIndex(place)
            self.turned.emit(place)


class _Tab(QAbstractButton):
    """One word, underlined when in front. What is dragged over it brings it there."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.setText(word)
        self.setCheckable(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._spring = QTimer(self, singleShot=True, interval=_SPRING_MS)
        self._spring.timeout.connect(lambda: self.setChecked(True))

    def sizeHint(self) -> QSize:
        self.setFont(font(13, Weight.Medium))
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, 40)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._spring.start()
        event.accept()  # to be told when it leaves; nothing is dropped here

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._spring.stop()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(13, Weight.Medium))
        lit = self.isChecked() or self.underMouse()
        painter.setPen(colour("text" if lit else "quiet"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.isChecked() or self.hasFocus():
            bar = QRectF(0, self.height() - 8, self.width(), 2)
            painter.fillRect(bar, colour("amber" if self.isChecked() else "quiet"))
        painter.end()
