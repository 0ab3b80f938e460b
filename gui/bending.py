"""All that edits the take in hand, put together: edits and their undo, live decoding, the strip, what is kept."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from engine.latent.level import amount_at_snr
from engine.latent.slots import Slots, region_edits
from engine.library import Library
from engine.params import PARAMS
from engine.request import Source, Take
from engine.shape import UNSHAPED, Shape
from engine.studio import Studio
from gui.bridge import Bridge
from gui.bringing import Bringing
from gui.drawing import Drawing
from gui.editing import Editing
from gui.keeping import bounce_path, bounced, bounced_take, kept_take
from gui.laying import Laying
from gui.listening import Listening
from gui.live import Heard, Live
from gui.marking import Marking
from gui.owning import Owning
from gui.panels.asking import AskingPanel
from gui.panels.finish import FinishPanel
from gui.panels.latent import LatentPanel
from gui.panels.sound import SoundPanel
from gui.panels.take_it import TakeIt
from gui.patch_steps import PatchSteps
from gui.recording import Recording
from gui.shaping import Shaping
from gui.spaces import Spaces
from gui.widgets.param_control import ParamControl
from gui.widgets.selection import Region


class Bending(QObject):
    """Emits `arrived` with a take that was made of what is heard, or brought from outside, and whether to hold it;
    `said` and `failed` with lines for the status."""

    arrived = Signal(object, bool)
    said = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        panels: tuple[SoundPanel, TakeIt, AskingPanel],
        studio: Studio,
        listening: Listening,
        library: Library,
        bridge: Bridge,
        model: str,
    ) -> None:
        super().__init__(window)
        sound, self._take_it, asking = panels
        self._from_sound = asking.from_sound
        self._sound, self._library, self._bridge, self._listening = sound, library, bridge, listening
        self.editing = Editing()
        self.shaping = Shaping(self.editing, listening, library, bridge)
        self.live = Live(studio, listening, self.shaping, library, bridge, Spaces())
        self.panel = LatentPanel(self.editing)
        self.recording = Recording(self.editing, listening, self.live)
        self._spaces = Spaces()  # of the pictures' thread
        self._bouncing = False  # as soon as the edits are decoded
        self.patch_steps = PatchSteps(self.editing, listening)
        self.marking = Marking(sound.waveform, self.shaping, self.live, listening, bridge)
        self.finish = FinishPanel(self.shaping)
        self.bringing = Bringing(window, sound, studio, bridge, model)
        self.owning = Owning(self.editing, self.panel.own, library, bridge, self._spaces)
        self.laying = Laying(self.editing, library, bridge)
        self.drawing = Drawing(sound.spectrogram, self.editing, self.live, studio, bridge)
        self.drawing.show_with(self.panel.pages)
        sound.add_below(self.panel)
        self._connect(window)

    def _connect(self, window: QWidget) -> None:
        sound, editing, group = self._sound, self.editing, self.editing.group
        editing.said.connect(self.said)
        self.shaping.said.connect(self.said)
        self.finish.said.connect(self.said)
        self.marking.said.connect(self.said)
        sound.find_loop.clicked.connect(self.marking.find_loop)
        self.shaping.changed.connect(self._show_shaped)
        editing.changed.connect(self._show)
        editing.region_changed.connect(lambda _: self._show(editing.slots))
        self.live.failed.connect(self._fail)
        self.bringing.arrived.connect(self.arrived)
        self.bringing.said.connect(self.said)
        self.bringing.failed.connect(self.failed)
        self.live.heard.connect(self._show_heard)
        self._listening.patch_changed.connect(lambda *_: self._show_file())
        self.live.rested.connect(sound.show_rested)
        self.live.source_opened.connect(lambda take_id, name: self.panel.show_names({take_id: name}))
        self.panel.keep_wanted.connect(self.keep)
        self.panel.ratio_wanted.connect(self._noise_under)
        self.panel.morph.source_wanted.connect(self._morph_into)
        self._take_it.file_wanted.connect(self.give_file)
        self.recording.said.connect(self.said)
        self.recording.changed.connect(self._show_moves)
        self.panel.moves.armed.connect(self.recording.arm)
        self.panel.moves.clear_wanted.connect(self.recording.clear)
        self.panel.moves.bounce_wanted.connect(self.bounce)
        sound.waveform.region_chosen.connect(lambda part: editing.set_region(self._turned(part)))
        sound.waveform.region_moved.connect(lambda part: editing.move_region(self._turned(part)))
        sound.slots.chosen.connect(editing.choose_slot)
        sound.slots.copy_wanted.connect(editing.copy_to_slot)
        sound.slots.clear_wanted.connect(editing.free_slot)
        sound.slots.takes_dropped.connect(self.laying.lay)
        self.laying.said.connect(self.said)
        self.drawing.said.connect(self.said)
        for button, work, able in (
            (sound.undo, editing.undo, group.canUndoChanged),
            (sound.redo, editing.redo, group.canRedoChanged),
        ):
            button.setEnabled(False)
            button.clicked.connect(work)
            able.connect(button.setEnabled)
        group.undoTextChanged.connect(lambda name: sound.undo.setToolTip(f"Undo {name} (Ctrl+Z)"))
        group.redoTextChanged.connect(lambda name: sound.redo.setToolTip(f"Redo {name} (Ctrl+Shift+Z)"))
        shortcuts: dict[str, Callable[[], object]] = {
            "Ctrl+Z": editing.undo,
            "Ctrl+Shift+Z": editing.redo,
            "Ctrl+Y": editing.redo,
            "Ctrl+B": lambda: editing.set_bypassed(not editing.slots.bypassed),
            "Ctrl+K": self.keep,
            "Ctrl+M": lambda: self.recording.arm(not self.recording.armed),
            "Ctrl+Shift+M": self.bounce,
        }
        for keys, does in shortcuts.items():
            QShortcut(QKeySequence(keys), window, does)

    def targets(self) -> dict[str, ParamControl]:
        """Every control that MIDI may move, by the name it is learnt under."""
        return self.panel.targets() | self.finish.targets()

    def hold(self, take: Take | None) -> None:
        self._bouncing = False
        self.panel.show_take()
        self.shaping.hold(take)
        self.editing.hold(take)
        self.panel.show_take()

    def keep(self) -> None:
        """Makes a take of its own of what is heard."""
        heard = self.live.now
        if heard is None or not heard.altered:
            self.said.emit("nothing to keep: the take is as it was")
            return

        def arrive(take: Take) -> None:
            self.arrived.emit(take, False)
            self.said.emit("kept as a take of its own")

        if heard.shape != UNSHAPED:  # the latent knows nothing of the shape: the sound gets one of its own
            self._bridge.run(lambda: bounced(self._library, heard), self.bringing.keep)
        else:
            self._bridge.run(lambda: kept_take(self._library, heard), arrive)

    def bounce(self) -> None:
        """Makes a take of its own of the sound with the moves that were recorded; what is shaped stays to be shaped."""
        self.recording.arm(False)
        self._bouncing = self.live.waiting
        made = self.live.made
        if self._bouncing:
            return
        if made is None or not made.chain.moved_keys:
            self.said.emit("nothing to bounce: no moves of knobs are heard")
            return

        def arrive(take: Take) -> None:
            self.arrived.emit(take, False)
            self.said.emit(f"bounced as “{take.request.prompt}”")

        shape = self.shaping.shape
        self._bridge.run(lambda: bounced_take(self._library, made, shape), arrive)

    def watch(self) -> None:
        """What is recorded, and where recorded moves are now; call it at the pace of the picture."""
        self.recording.watch()
        self.panel.show_moves(self.recording.values())

    @property
    def source(self) -> Source | None:
        """What the next take starts from, if that is wanted."""
        heard = self.live.now
        return Source(heard.latent, heard.pitch) if heard is not None and self._from_sound.wanted else None

    def origin(self) -> dict[str, Any]:
        """What a request says of it."""
        heard = self.live.now
        if heard is None or not self._from_sound.wanted:
            return {}
        return {"source": heard.take.take_id, "region": self.editing.region}

    def give_file(self, work: Callable[[Path], object]) -> None:
        """Calls `work` with the file of what is heard now, once it is written."""
        heard = self.live.now
        if heard is not None:
            patch = self._listening.patch_of(heard.take)
            self._bridge.run(lambda: bounced(self._library, heard, patch), work)

    def warm(self) -> None:
        """Loads what shapes need, in the background, so that the first one comes quickly."""
        self._bridge.draw(lambda: importlib.import_module("engine.dsp.shaping"), lambda _: None)

    def close(self) -> None:
        """The program ends: what is not in the library yet is written now."""
        self.live.keep(now=True)
        self.shaping.keep(now=True)

    def _noise_under(self, snr_db: int) -> None:
        """Noise that lies so many dB under the take's latent."""
        take, most = self.editing.take, PARAMS["noise"].high
        if take is not None:
            self._bridge.draw(
                lambda: min(most, amount_at_snr(take.latent, snr_db, self._spaces(take))),
                lambda amount: self.editing.set_value("noise", amount),
            )

    def _fail(self, line: str) -> None:
        self._bouncing = False
        self.failed.emit(line)

    def _morph_into(self, take_id: str) -> None:
        take = self.editing.take
        if take is not None and take.take_id == take_id:
            self.said.emit("a sound cannot morph into itself")
        else:
            self.editing.set_source(take_id)

    def _show(self, slots: Slots) -> None:
        self._from_sound.show_able(self.editing.can_edit, self.editing.region is not None)
        self._sound.slots.show_slots(slots)
        self._show_moves()
        edited = (self._turned(part) for part in region_edits(slots.heard))
        self._sound.waveform.show_region(self._turned(self.editing.region), tuple(filter(None, edited)))

    def _show_file(self) -> None:
        """What leaves is what is heard, with the loop that held keys go round."""
        heard = self.live.now
        if heard is not None and heard.take is self.editing.take:
            path = bounce_path(self._library, heard, self._listening.patch_of(heard.take))
            self._take_it.show_heard(heard.sound, path)

    def _show_shaped(self, shape: Shape) -> None:
        self.panel.tools.set_shaped(shape != UNSHAPED)
        self.panel.show_edits()

    def _show_moves(self) -> None:
        slots, recording = self.editing.slots, self.recording
        names = [PARAMS[key].label.lower() for key in slots.chain.moved_keys]
        able, heard = self.editing.can_edit, not slots.bypassed
        self.panel.moves.show_moves(names, recording.passes, armed=recording.armed, able=able, heard=heard)
        self.panel.show_moves(recording.values())

    def _turned(self, part: Region | None) -> Region | None:
        """From the seconds that edits count in to those of the picture, and back."""
        now = self.live.now
        return part if part is None or now is None else now.timeline.turned_span(part)

    def _show_heard(self, heard: Heard) -> None:
        self._show_file()
        self._sound.show_heard(heard)
        self._show(self.editing.slots)
        self.panel.map.show_latents(heard.take.latent, heard.latent)
        if self._bouncing and not self.live.waiting:
            self.bounce()
