"""Cut, fades and loop on the waveform: what a dragged mark does, the menu of the waveform, the loop that is found."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from engine.params import PARAMS
from engine.request import Take
from engine.shape import Span
from engine.sound import Sound
from gui.bridge import Bridge
from gui.listening import Listening
from gui.live import Heard, Live
from gui.shaping import Shaping
from gui.widgets.marks import Marks
from gui.widgets.waveform import WaveformView

_SHORTEST_LOOP_S = 0.002
_GOOD, _FAIR = 0.9, 0.7  # quality of a loop


class Marking(QObject):
    """Marks are in seconds of the picture, cuts in those of the sound before it was cut, loops in those of what is
    heard. Emits `said` with a line for the status."""

    said = Signal(str)

    def __init__(
        self, waveform: WaveformView, shaping: Shaping, live: Live, listening: Listening, bridge: Bridge
    ) -> None:
        super().__init__(shaping)
        self._waveform, self._shaping, self._live, self._listening = waveform, shaping, live, listening
        self._bridge = bridge
        waveform.mark_moved.connect(self._move)
        waveform.mark_dropped.connect(shaping.editing.settle)
        waveform.mark_reset.connect(self._reset)
        waveform.menu_wanted.connect(self._open_menu)
        shaping.changed.connect(lambda _: self.show())
        live.heard.connect(lambda _: self.show())
        listening.patch_changed.connect(lambda *_: self.show())

    def show(self) -> None:
        """Puts the marks where cut, fades and loop are."""
        now = self._live.now
        if now is None or self._shaping.take is not now.take:
            self._waveform.show_marks(None)
            return
        line, shape, (first, last) = now.timeline, self._shaping.shape, self._shaping.span
        length = max(0.0, last - first)
        fade_in, fade_out = min(length, shape.fade_in_s), min(length, shape.fade_out_s)
        moments = (line.turned(moment) for moment in (first, last, first + fade_in, last - fade_out))
        loop = self._listening.patch_of(now.take).loop_s
        shown = None if loop is None else (line.shown(loop[0]), line.shown(loop[1]))
        self._waveform.show_marks(Marks(*moments, loop=shown, cut=shape.trim_s is not None))

    # -- marks

    def _move(self, name: str, shown_s: float) -> None:
        now = self._live.now
        if now is None:
            return
        moment = now.timeline.turned(shown_s)
        first, last = self._shaping.span
        if name == "first":
            self._shaping.keep_between(min(moment, last - 0.01), last)
        elif name == "last":
            self._shaping.keep_between(first, max(moment, first + 0.01))
        elif name == "fade_in":
            self._fade("fade_in_s", moment - first, last - first)
        elif name == "fade_out":
            self._fade("fade_out_s", last - moment, last - first)
        else:
            self._move_loop(now, name, now.timeline.heard(shown_s))

    def _fade(self, key: str, seconds: float, length: float) -> None:
        seconds = min(seconds, length, PARAMS[key].high)
        self._shaping.set_number(key, seconds if seconds > 0.002 else 0.0)

    def _move_loop(self, now: Heard, name: str, moment: float) -> None:
        loop = self._listening.patch_of(now.take).loop_s
        if loop is None:
            return
        moment = _snapped(now.sound, min(moment, now.sound.seconds)) if self._shaping.shape.snap == "on" else moment
        if name == "loop_first":
            self._set_loop((max(0.0, min(moment, loop[1] - _SHORTEST_LOOP_S)), loop[1]))
        else:
            self._set_loop((loop[0], max(moment, loop[0] + _SHORTEST_LOOP_S)))

    def _reset(self, name: str) -> None:
        first, last = self._shaping.span
        length = 0.0 if self._shaping.made is None else self._shaping.made.seconds
        if name == "first":
            self._shaping.keep_between(0.0, last)
        elif name == "last":
            self._shaping.keep_between(first, length)
        elif name.startswith("fade"):
            self._shaping.set_number(f"{name}_s", 0.0)
        else:
            self._set_loop(None)

    def _set_loop(self, loop: Span | None) -> None:
        take = self._listening.take
        if take is not None:
            self._listening.set_patch(msgspec.structs.replace(self._listening.patch_of(take), loop_s=loop))

    # -- the loop that is found

    def find_loop(self) -> None:
        """Looks for the best loop of what is heard; held keys go round it from then on."""
        now = self._live.now
        if now is None:
            return
        sound, take = now.sound, now.take

        def find() -> tuple[Span, float] | None:
            from engine.dsp.loop import find_loop  # scipy: not before the window is up

            found = find_loop(sound)
            return None if found is None else ((found.first / sound.rate_hz, (found.last + 1) / sound.rate_hz),
                                               found.quality)  # fmt: skip

        self._bridge.draw(find, lambda found: self._take_loop(take, sound, found))

    def _take_loop(self, take: Take, sound: Sound, found: tuple[Span, float] | None) -> None:
        if self._listening.take is not take:
            return
        if found is None:
            self.said.emit("No loop: nothing in this sound is held long enough to go round.")
            return
        (first, last), quality = found
        patch = self._listening.patch_of(take)
        fade_s = min(patch.loop_fade_s, first, last - first)
        self._shaping.editing.settle()
        self._listening.set_patch(msgspec.structs.replace(patch, loop_s=(first, min(last, sound.seconds)),
                                                          play_mode="loop"))  # fmt: skip
        word = "hardly heard" if quality >= _GOOD else "soft" if quality >= _FAIR else "will be heard"
        self.said.emit(
            f"Loop {first:.3f}–{last:.3f} s, crossfade {1000 * fade_s:.0f} ms, seam {100 * quality:.0f} %: {word}"
        )

    # -- menu

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.popup(place)

    def menu(self) -> QMenu:
        """What a right click on the waveform offers."""
        menu = QMenu(self._waveform)
        menu.aboutToHide.connect(menu.deleteLater)
        now, region, shape = self._live.now, self._waveform.region, self._shaping.shape
        loop = None if now is None else self._listening.patch_of(now.take).loop_s

        def cut() -> None:
            if now is not None and region is not None:
                self._shaping.keep_between(*now.timeline.turned_span(region))

        def loop_region() -> None:
            if now is not None and region is not None:
                first, last = (now.timeline.heard(moment) for moment in region)
                loop = first, max(last, first + _SHORTEST_LOOP_S)
                patch = self._listening.patch_of(now.take)
                self._listening.set_patch(msgspec.structs.replace(patch, loop_s=loop, play_mode="loop"))

        def whole() -> None:
            self._shaping.replace("cut", trim_s=None, fade_in_s=0.0, fade_out_s=0.0)

        menu.addAction("Keep only the chosen part", cut).setEnabled(region is not None)
        used = shape.trim_s is not None or shape.fade_in_s > 0 or shape.fade_out_s > 0
        menu.addAction("Take back cut and fades", whole).setEnabled(used)
        menu.addSeparator()
        menu.addAction("Find a loop", self.find_loop)
        menu.addAction("Loop the chosen part", loop_region).setEnabled(region is not None)
        menu.addAction("No loop", lambda: self._set_loop(None)).setEnabled(loop is not None)
        return menu


def _snapped(sound: Sound, moment_s: float) -> float:
    from engine.dsp.cut import nearest_zero

    return nearest_zero(sound.samples, sound.rate_hz, round(moment_s * sound.rate_hz)) / sound.rate_hz
