"""The pencil over the spectrogram: strokes become edits of the take in hand, and the curve that is heard is shown.

Three clocks meet here. The picture's seconds are those of `Timeline`; a pitch curve counts from where its latent
begins, which is `start_s` before the sound does, because silence before the sound is cut off.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget

from engine.errors import BadRequest
from engine.events import Decoded, Event
from engine.latent.slots import Slots
from engine.latent.space import POINT_HZ
from engine.latent.stroke import has_lines, line_at, stroked, without_lines
from engine.pitch import Pitch
from engine.request import Take
from engine.studio import Studio
from gui.bridge import Bridge
from gui.editing import Editing
from gui.live import Heard, Live
from gui.panels.latent_pages import PAGES
from gui.widgets.pitch_line import Curve, PitchLine, Shown
from gui.widgets.spectrogram import SpectrogramView

_STEP = "drawn pitch"
_NO_PITCH = "No pitch to draw: this sound is noise, or a hit."
_NO_LATENT = "This sound has no latent, so its pitch cannot be drawn."


class Drawing(QObject):
    """Emits `said` with a line for the status."""

    said = Signal(str)

    def __init__(self, view: SpectrogramView, editing: Editing, live: Live, studio: Studio, bridge: Bridge) -> None:
        super().__init__(editing)
        self._editing, self._live, self._studio = editing, live, studio
        self._starts: dict[str, float] = {}  # by take
        self._asked = ""  # the take whose start is asked for
        self._before: Slots | None = None  # those of a stroke under way
        self._root = 0.0  # from which that stroke counts
        self._stroke_take = ""
        self.line = PitchLine(view)
        line = self.line
        editing.hold_with(lambda: line.held)
        line.pressed.connect(self._begin)
        line.stroked.connect(self._draw)
        line.lifted.connect(self._end)
        line.cancelled.connect(self._cancel)
        line.reset_wanted.connect(self.erase_at)
        line.menu_wanted.connect(lambda place, seconds: self.menu(seconds).popup(place))
        line.refused.connect(lambda: self.said.emit(self._word()))
        line.pencil.toggled.connect(self._take_up)
        live.heard.connect(lambda _: self.show())
        editing.changed.connect(lambda _: self._follow())
        bridge.happened.connect(self._receive)

    def show_with(self, pages: QStackedWidget) -> None:
        """The curve is seen while one of the pages that bend it is open, too."""

        def turn(place: int) -> None:
            self.line.set_seen(place < len(PAGES) and PAGES[place].pitch)
            self.show()

        pages.currentChanged.connect(turn)
        turn(pages.currentIndex())

    # -- what is shown

    def show(self) -> None:
        """Puts the curve of what is heard over the picture, if anybody looks."""
        now = self._live.now
        if not self.line.watched:
            return
        if now is None or self._editing.take is not now.take:
            self.line.show_curves(Shown())
            return
        seconds, word = now.timeline.seconds, self._word()
        if word:
            self.line.show_curves(Shown(seconds, word=word if self.line.pencil.isChecked() else ""))
            return
        self._ask_start(now.take)
        before = None if now.pitch is now.take.pitch else self._curve(now, now.take.pitch)
        self.line.show_curves(Shown(seconds, self._curve(now, now.pitch), before))

    def _word(self) -> str:
        """Why nothing can be drawn; "" when it can."""
        now = self._live.now
        if now is None:
            return ""
        if not now.take.latent.size:
            return _NO_LATENT
        return _NO_PITCH if now.pitch.root_note is None else ""

    def _curve(self, now: Heard, pitch: Pitch) -> Curve | None:
        if pitch.root_note is None:
            return None
        start, made_s = self._starts.get(now.take.take_id, 0.0), now.timeline.made_s
        hz = pitch.hz(math.ceil((start + made_s) * POINT_HZ) + 1).astype(np.float64)
        seconds = np.arange(len(hz)) / POINT_HZ - start
        there = (seconds >= -1 / POINT_HZ) & (seconds <= made_s + 1 / POINT_HZ)
        with np.errstate(divide="ignore"):
            notes = np.where(hz > 0, 69 + 12 * np.log2(hz / 440), np.nan)
        shown = np.array([now.timeline.turned(float(moment)) for moment in seconds[there]])
        return Curve(shown, notes[there], tuple(note for note in pitch.chord if note))

    def _take_up(self, drawing: bool) -> None:
        if drawing and not self._word():
            self.said.emit("draw over the picture: Shift for semitones, Ctrl for fine, Escape to take a stroke back")
        self.show()

    def _follow(self) -> None:
        """Edits changed: a stroke on another take is over."""
        if self._before is not None and self._stroke_take != self._take_id():
            self._before = None
            self.line.drop_stroke()

    def _take_id(self) -> str:
        return "" if self._editing.take is None else self._editing.take.take_id

    # -- where a take begins

    def _ask_start(self, take: Take) -> None:
        """Has the take decoded, to learn where in its latent it begins; unless something is being decoded anyway."""
        if take.take_id not in self._starts and take.take_id != self._asked and not self._live.waiting:
            self._asked = take.take_id
            self._studio.decode(take)

    def _receive(self, event: Event) -> None:
        if isinstance(event, Decoded) and self._starts.get(event.take_id) != event.start_s:
            self._starts[event.take_id] = event.start_s
            self.show()

    # -- strokes

    def _begin(self) -> None:
        now = self._live.now
        if now is None or now.pitch.root_note is None:
            return
        self._editing.settle()
        self._before, self._root, self._stroke_take = self._editing.slots, now.pitch.root_note, self._take_id()

    def _draw(self, line: list[tuple[float, float]]) -> None:
        now, before = self._live.now, self._before
        if now is None or before is None:
            return
        kept = now.timeline.made_s
        moments = [
            (self._curve_s(now, shown_s), note - self._root)
            for shown_s, note in line
            if 0.0 <= now.timeline.turned(shown_s) <= kept  # not in the tail of a room
        ]
        try:
            slots = before.having(stroked(before.chain, moments))
        except BadRequest as refused:
            self.said.emit(str(refused))
            return
        self._editing.put(slots, _STEP, _STEP)

    def _end(self) -> None:
        self._before = None
        self._editing.settle()

    def _cancel(self) -> None:
        if self._before is not None:
            self._editing.put(self._before, _STEP, _STEP)
        self._end()

    def _curve_s(self, now: Heard, shown_s: float) -> float:
        """From a moment of the picture to that of the pitch curve."""
        return now.timeline.turned(shown_s) + self._starts.get(now.take.take_id, 0.0)

    # -- taking back

    def erase_at(self, shown_s: float) -> None:
        """Takes back the line that was drawn at a moment of the picture."""
        now = self._live.now
        place = None if now is None else line_at(self._editing.chain, self._curve_s(now, shown_s))
        if place is None:
            self.said.emit("nothing was drawn there")
        else:
            self._editing.set_chain(self._editing.chain.without(place), "take back a line")

    def erase_all(self) -> None:
        """Takes back everything that was drawn."""
        self._editing.set_chain(without_lines(self._editing.chain), "take back lines")

    def menu(self, shown_s: float) -> QMenu:
        """What a right click on the curve offers."""
        menu = QMenu(self.line)
        menu.aboutToHide.connect(menu.deleteLater)
        now, chain = self._live.now, self._editing.chain
        there = now is not None and line_at(chain, self._curve_s(now, shown_s)) is not None
        menu.addAction("Take back this line", lambda: self.erase_at(shown_s)).setEnabled(there)
        menu.addAction("Take back everything drawn", self.erase_all).setEnabled(has_lines(chain))
        return menu
