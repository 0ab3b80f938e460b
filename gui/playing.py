"""All that plays, put together: the take in hand, pads, MIDI, keys, the output; and where they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from engine.audio.player import Player
from engine.library import Library
from engine.patch import Patch
from engine.pitch import note_name
from engine.request import Take
from engine.settings import Settings
from engine.sound import Sound
from engine.studio import Studio
from gui.bridge import Bridge
from gui.devices import DeviceChoices
from gui.drumming import GM_DRUMS, Drumming
from gui.learning import Learning
from gui.listening import Listening
from gui.midi import Midi
from gui.midi_menu import midi_menu
from gui.panels.keys import KeysPanel
from gui.panels.pads import PadsPanel
from gui.panels.patch import PatchPanel
from gui.panels.settings import SettingsPanel
from gui.panels.status import StatusPanel

_TONE = "test tone"


class Playing(QObject):
    """Emits `program_chosen(0..127)` and `changed` when something should be saved."""

    program_chosen = Signal(int)
    changed = Signal()

    def __init__(
        self,
        window: QWidget,
        player: Player,
        studio: Studio,
        library: Library,
        bridge: Bridge,
        settings: Settings,
        status: StatusPanel,
    ) -> None:
        super().__init__(window)
        self._player, self._status, self._window = player, status, window
        self.listening = Listening(player, studio, library, bridge)
        self.midi = Midi(player)
        self.drumming = Drumming(player, library, bridge, self.listening, settings)
        self.choices = DeviceChoices(player, settings)
        self.keys = KeysPanel(settings, self.listening, self.midi)
        self.pads = PadsPanel(self.drumming)
        self.patch = PatchPanel()
        self.learning = Learning(bridge)
        self.learning.add_all({**self.patch.knobs(), "gain_db": self.keys.volume})
        self.settings = SettingsPanel(window, self.choices, self.midi)
        self.settings.show_layout(self.keys.computer.layout)
        self._layout = settings.keyboard_layout
        self._said = ""  # about the output, last
        self._process: int | None = None  # of audio
        bridge.happened.connect(self.listening.receive)
        self._connect()

    def _connect(self) -> None:
        self.listening.stopped.connect(self.midi.forget_notes)
        self.listening.stopped.connect(self.keys.rest)
        self.midi.played.connect(self.pads.flash)
        self.midi.played.connect(lambda note, _velocity: self.listening.near(note))
        self.midi.program_chosen.connect(self.program_chosen)
        self.midi.ports_changed.connect(lambda: self.keys.midi_button.show_ports(self.midi.ports))
        self.midi.said.connect(self._status.say)
        self.midi.warned.connect(self._status.warn)
        self.midi.moved.connect(self.learning.moved)
        self.learning.said.connect(self._status.say)
        self.patch.said.connect(self._status.say)
        self.patch.changed.connect(self.listening.set_patch)
        self.listening.taken.connect(self._show_patch)
        self.listening.patch_changed.connect(lambda *_: self._show_patch(self.listening.take))
        self.keys.gain_changed.connect(self._player.set_gain_db)
        self.keys.bent.connect(self._player.bend)
        self.keys.wheeled.connect(self._player.wheel)
        self.keys.midi_button.clicked.connect(self.open_midi_menu)
        self.settings.layout_chosen.connect(self.choose_layout)
        self.settings.tone_wanted.connect(self.test_tone)
        self.choices.changed.connect(self.changed)
        self._status.settings_wanted.connect(self.toggle_settings)
        self._status.panic.connect(self.panic)

    def start(self, gain_db: float) -> None:
        self._player.start()
        self._player.set_gain_db(gain_db)
        self.choices.start()
        self.drumming.start()

    def kept(self) -> dict[str, Any]:
        """What is remembered for the next start."""
        return {**self.keys.kept(), **self.choices.kept(), **self.drumming.kept(), "keyboard_layout": self._layout}

    # -- polled

    def poll(self) -> None:
        """What came in by MIDI; call at the pace of the picture."""
        self.midi.poll()
        self.keys.midi_button.set_lit(self.midi.lit)
        self.keys.watch()

    def show_levels(self) -> None:
        """How loud it is; call at the pace of the picture."""
        self.keys.meter.set_levels(*self._player.levels(), self._player.rms())

    def show_audio(self) -> None:
        """How the output is doing; call now and then."""
        status, underflows, load = self._player.status(), self._player.underflows(), self._player.cpu_load()
        self._status.show_audio(status, underflows, load)
        self.settings.show_audio(status, underflows, load)
        if status.state == "running" and status.message not in ("", self._said):
            self._status.say(status.message)
        self._said = status.message
        process, self._process = self._process, self._player.process_id()
        if process != self._process:
            self.midi.forget_notes()  # the one who played them is gone

    # -- what can be done

    def panic(self) -> None:
        """Stops every sound, lets go of every note."""
        self.keys.let_go()
        self.listening.stop()
        self._status.say("all sound stopped")

    def stop_learning(self) -> bool:
        """No longer waits for a controller; False when it did not."""
        waited = self.learning.target is not None
        self.learning.stop()
        return waited

    def _show_patch(self, take: Take | None) -> None:
        patch: Patch | None = None if take is None else self.listening.patch_of(take)
        if patch != self.patch.patch or patch is None:
            self.patch.show_patch(patch)

    def lay_on_free_pads(self, take_ids: list[str]) -> None:
        """Each on the next empty pad, with a word about it."""
        laid = self.drumming.lay_free(take_ids)
        if not laid:
            self._status.say("every pad has a take; drop it on the pad to replace")
        elif len(laid) == 1:
            self._status.say(f"on pad {note_name(laid[0])}, {GM_DRUMS[laid[0]].lower()}")
        else:
            self._status.say(f"{len(laid)} takes put on pads")

    def test_tone(self) -> None:
        """Two seconds of A4 at −18 dBFS: is this output the right one?"""
        rate_hz = 48_000
        time_s = np.arange(2 * rate_hz) / rate_hz
        fade = np.clip(np.minimum(time_s, 2 - time_s) / 0.05, 0, 1)
        self._player.load(_TONE, Sound((0.125 * fade * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32), rate_hz))
        self._player.play(_TONE)

    def choose_layout(self, layout: str) -> None:
        """How the computer's keys are printed."""
        self._layout = layout
        self.keys.computer.set_layout(layout)
        self.settings.show_layout(self.keys.computer.layout)
        self.changed.emit()

    def toggle_settings(self) -> None:
        """Opens the settings above the status line, or closes them."""
        if self.settings.isVisible():
            self.settings.hide()
            return
        self._player.refresh_devices()
        self.settings.open_above(self.keys.mapTo(self._window, QPoint(16, -8)))
        self.show_audio()

    def open_midi_menu(self) -> None:
        self._player.refresh_devices()
        layout, button = self.keys.computer.layout, self.keys.midi_button
        menu = midi_menu(self._window, self.choices, self.midi, layout, self.choose_layout, self.toggle_settings)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))
