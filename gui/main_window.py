"""The window: places the panels, owns the shortcuts, lets the parts know of each other."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from engine import settings as settings_file
from engine.audio.player import Player
from engine.library import Entry, Library
from engine.presets.preset import Preset
from engine.request import Request, Take, clean_prompt
from engine.settings import Settings
from engine.studio import Studio
from engine.text.reading import read_prompt
from gui.bending import Bending
from gui.bridge import Bridge
from gui.making import Making
from gui.panels.asking import AskingPanel
from gui.panels.prompt import PromptPanel
from gui.panels.sound import SoundPanel
from gui.panels.status import StatusPanel
from gui.panels.take_it import TakeIt, ThisTake
from gui.panels.takes import TakesPanel
from gui.panes import scrolled, side
from gui.playing import Playing
from gui.shelving import Shelving
from gui.understood import chips
from gui.widgets.tabs import Tabs

_FRAME_MS, _REST_MS, _STATUS_MS = 16, 33, 500  # playhead, meter and MIDI while something sounds, at rest; status line
_UNHURRIED_S = 0.06  # between pictures of both while a move is decoded, which needs both cores and the interpreter
_TWICE_S = 0.5  # Escape twice within it is panic


class MainWindow(QMainWindow):
    """Everything it works with is given to it; `app.py` builds and closes those."""

    def __init__(self, studio: Studio, player: Player, library: Library, settings: Settings, bridge: Bridge) -> None:
        super().__init__()
        self.setWindowTitle("Latente")
        self.setMinimumSize(1100, 700)
        self.resize(1440, 900)
        self._player, self._library, self._settings, self._bridge = player, library, settings, bridge
        self._wanted = ""  # id of the take that was chosen last, while it is being opened
        self.making = Making(studio, bridge, settings.model)
        self.prompt = PromptPanel(settings)
        self.takes = TakesPanel(library, bridge)
        self.sound = SoundPanel(bridge)
        self.asking = AskingPanel(settings)
        self.this_take, self.take_it = ThisTake(), TakeIt()
        self.status = StatusPanel()
        self.playing = Playing(self, player, studio, library, bridge, settings, self.status)
        self.listening, self.keys = self.playing.listening, self.playing.keys
        self.bending = Bending(
            self, (self.sound, self.take_it, self.asking), studio, self.listening, library, bridge, settings.model
        )
        self.shelving = Shelving(self.listening, self.bending, library, bridge)
        self._escaped_s = self._framed_s = 0.0
        self._place()
        self._connect()
        self._add_shortcuts()
        self._frames = QTimer(self, interval=_REST_MS)
        self._frames.timeout.connect(self._show_sounding)
        self._looks = QTimer(self, interval=_STATUS_MS)
        self._looks.timeout.connect(self._show_audio)
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        self._show_take(None)
        self.prompt.line.setFocus()

    def _place(self) -> None:
        takes = ("Takes", "What was made so far (Ctrl+3)", self.takes)
        pads = ("Pads", "Sixteen takes to drum on (Ctrl+4); drag takes here", self.playing.pads)
        presets = ("Presets", "Sounds to begin with (Ctrl+6)", self.shelving.panel)
        self.left = Tabs("Left", (takes, pads, presets), (16, 16))
        ask = ("Ask", "What the next take is asked to be (Ctrl+1)", scrolled(self.asking, self.this_take))
        shape = ("Shape", "How the take in hand is played (Ctrl+2)", scrolled(self.playing.patch))
        finish = ("Finish", "What is done to the take in hand last (Ctrl+5)", scrolled(self.bending.finish))
        self.right = Tabs("Right", (ask, shape, finish), (16, 12))
        middle = QHBoxLayout()
        middle.addWidget(side("right", self.left))
        middle.addWidget(self.sound, 1)
        middle.addWidget(side("left", self.right, self.take_it))
        ground = QWidget()
        ground.setObjectName("window")
        ground.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(ground)
        column.addWidget(self.prompt)
        column.addLayout(middle, 1)
        column.addWidget(self.keys)
        column.addWidget(self.status)
        for layout in (column, middle):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self.setCentralWidget(ground)

    def _connect(self) -> None:
        self._bridge.trouble.connect(self.status.warn)
        self.prompt.generate_wanted.connect(self.generate)
        self.prompt.cancel_wanted.connect(self.making.cancel)
        self.prompt.reading_wanted.connect(self._read)
        self.prompt.seed.refused.connect(self.status.warn)
        self.making.progressed.connect(self.prompt.button.show_progress)
        self.making.ended.connect(self._end)
        self.making.arrived.connect(self._arrive)
        self.making.failed.connect(self.status.warn)
        self.making.model_changed.connect(self.status.show_model)
        self.takes.chosen.connect(self._choose)
        self.takes.reuse_wanted.connect(self._reuse_entry)
        self.takes.removed.connect(self._forget)
        self.takes.removed.connect(self.playing.drumming.forget)
        self.takes.pad_wanted.connect(self.playing.lay_on_free_pads)
        self.takes.said.connect(self.status.say)
        self.take_it.said.connect(self.status.say)
        self.this_take.reuse_wanted.connect(lambda take: self._reuse(take.request))
        self.listening.taken.connect(self._show_take)
        self.listening.taken.connect(self.bending.hold)
        self.playing.learning.add_all(self.bending.targets())
        self.bending.arrived.connect(self._arrive)
        self.shelving.said.connect(self.status.say)
        self.shelving.panel.wanted.connect(self.generate_preset)
        self.bending.bringing.entered.connect(self.keys.let_go)
        self.bending.said.connect(self.status.say)
        self.bending.failed.connect(self.status.warn)
        self.sound.toggled.connect(self.listening.toggle)
        self.sound.loop_changed.connect(self.listening.set_looping)
        self.sound.sought.connect(self.listening.play)
        self.sound.example_chosen.connect(self._use_example)
        self.left.turned.connect(lambda page: self.playing.drumming.set_shown(page == 1))
        self.playing.program_chosen.connect(self._choose_program)
        self.playing.changed.connect(self._save)
        self.playing.pads.chosen.connect(self._choose_by_id)

    def _add_shortcuts(self) -> None:
        for keys, work in (
            ("Ctrl+Return", self.generate),
            ("Ctrl+Space", self.listening.toggle),
            ("Ctrl+L", self._focus_prompt),
            ("Ctrl+F", self.takes.search.setFocus),
            ("Ctrl+Q", self.close),
            ("Ctrl+,", self.playing.toggle_settings),
            ("Ctrl+.", self.playing.panic),
            ("Ctrl+1", lambda: self.right.show_page(0)),
            ("Ctrl+2", lambda: self.right.show_page(1)),
            ("Ctrl+3", lambda: self.left.show_page(0)),
            ("Ctrl+4", lambda: self.left.show_page(1)),
            ("Ctrl+5", lambda: self.right.show_page(2)),
            ("Ctrl+6", lambda: self.left.show_page(2)),
        ):
            QShortcut(QKeySequence(keys), self, work)

    def start(self) -> None:
        """Sets to work what the window itself did not wait for; call once it is on the screen."""
        self.playing.start(self._settings.gain_db)
        self.takes.refresh()
        self.shelving.start()
        self.making.warm()
        self.bending.warm()
        self._frames.start()
        self._looks.start()
        self._show_audio()

    # -- making

    def generate(self) -> None:
        """Asks for as many takes as chosen; one line in the status when something is wrong with the asking."""
        if self.making.busy:
            self.status.say("still at work; Esc stops it")
            return
        requests = self._bridge.attempt(self._requests)
        if requests is None:
            return
        _, warning = clean_prompt(self.prompt.line.text())
        if warning:
            self.status.warn(warning)
        self._remember_prompt(requests[0])
        self.status.show_batch("")
        self.making.start(requests, self.bending.source)

    def _requests(self) -> list[Request]:
        fields: dict[str, Any] = self.asking.fields()
        fields |= {"prompt": self.prompt.line.text(), "negative": self.prompt.avoid.text().strip()}
        fields |= {"model": self._settings.model, **self.bending.origin()}
        Request(**fields, seed=0)  # refused before a seed is drawn
        return [Request(**fields, seed=seed) for seed in self.prompt.seed.next_seeds(self.prompt.count.value)]

    def generate_preset(self, preset: Preset) -> None:
        """Asks for what a preset asks for; what it does to the sound is done to the take that arrives."""
        if self.making.busy:
            self.status.say("still at work; Esc stops it")
            return
        request = self._bridge.attempt(lambda: preset.request.request(self._settings.model))
        if request is None:
            return
        self._show_request(request)
        self._remember_prompt(request)
        self.status.show_batch("")
        self.shelving.expect(request.request_id, preset)
        self.making.start([request])

    def _arrive(self, take: Take, first: bool) -> None:
        take = self.shelving.dressed(take)
        self.takes.arrive(take)
        if first:
            self._wanted = take.take_id
            self.listening.hold(take, play=self._settings.auto_play)
            self.takes.list.choose(take.take_id)

    def _end(self, summary: str) -> None:
        self.prompt.button.show_idle()
        self.status.show_batch(summary)

    def _read(self, text: str) -> None:
        def show(found: tuple[Any, ...]) -> None:
            if text == self.prompt.line.text():
                self.prompt.show_understood(found)

        if text.strip():
            self._bridge.draw(lambda: chips(read_prompt(text)), show)
        else:
            self.prompt.show_understood(())

    def _use_example(self, text: str) -> None:
        self.prompt.line.setText(text)
        self.generate()

    # -- the take in hand

    def _choose(self, entry: Entry, hear: bool) -> None:
        self._wanted = entry.take_id
        if self.listening.take is not None and self.listening.take.take_id == entry.take_id:
            if hear:
                self.listening.play()
            return

        def hold(take: Take) -> None:
            if take.take_id == self._wanted:
                self.listening.hold(take, play=hear)

        self._bridge.run(lambda: self._library.open(entry.take_id), hold)

    def _choose_by_id(self, take_id: str) -> None:
        """Takes a take in hand that need not be listed now."""
        self._wanted = take_id
        self.takes.list.choose(take_id)

        def hold(take: Take) -> None:
            if take.take_id == self._wanted:
                self.listening.hold(take, play=False)

        self._bridge.run(lambda: self._library.open(take_id), hold)

    def _choose_program(self, number: int) -> None:
        """MIDI's program 0 is the first take of the list."""
        if number >= self.takes.model.rowCount():
            self.status.say(f"MIDI asked for take {number + 1}; the list has {self.takes.model.rowCount()}")
            return
        entry = self.takes.model.entry(number)
        self.takes.list.choose(entry.take_id)
        self._choose(entry, False)
        self.status.say(f"MIDI program {number + 1} → {entry.prompt}")

    def _show_take(self, take: Take | None) -> None:
        self.sound.show_take(take)
        self.this_take.show_take(take)
        self.take_it.show_take(take, self._settings.bits)

    def _forget(self, take_id: str) -> None:
        if self.listening.take is not None and self.listening.take.take_id == take_id:
            self.listening.hold(None, play=False)

    def _reuse_entry(self, entry: Entry) -> None:
        self._bridge.run(lambda: self._library.open(entry.take_id), lambda take: self._reuse(take.request))

    def _reuse(self, request: Request) -> None:
        """Puts everything that was asked back into the fields."""
        self._show_request(request)
        self.prompt.seed.lock_at(request.seed)
        self._focus_prompt()

    def _show_request(self, request: Request) -> None:
        self.prompt.line.setText(request.prompt)
        self.prompt.avoid.setText(request.negative)
        self.asking.show_request(request)

    # -- what is polled

    def _show_sounding(self) -> None:
        position_s, now_s = self._player.position_s(), time.monotonic()
        if not self.bending.live.waiting or now_s - self._framed_s > _UNHURRIED_S:
            self._framed_s = now_s
            self.sound.show_position(position_s)
            self.playing.show_levels()
        self.bending.watch()
        self.playing.poll()
        sounding = position_s is not None or max(self._player.levels()) > 1e-3 or self.playing.midi.lit
        wanted = _FRAME_MS if sounding else _REST_MS
        if self._frames.interval() != wanted:
            self._frames.setInterval(wanted)

    def _show_audio(self) -> None:
        self.playing.show_audio()

    # -- keys, closing, what is remembered

    def _focus_prompt(self) -> None:
        self.prompt.line.setFocus()
        self.prompt.line.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no control wanted: space plays, letters are piano keys; Escape stops work or leaves a field, and twice
        stops all sound."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.listening.toggle()
        elif event.key() == Qt.Key.Key_Escape:
            if not event.isAutoRepeat():
                self._escape()
        elif not self.keys.key_down(event):
            super().keyPressEvent(event)

    def _escape(self) -> None:
        twice = time.monotonic() - self._escaped_s < _TWICE_S
        self._escaped_s = time.monotonic()
        if twice:
            self.playing.panic()
        elif self.playing.stop_learning():
            self.status.say("learning stopped")
        elif self.making.busy:
            self.making.cancel()
        elif self.playing.settings.isVisible():
            self.playing.settings.hide()
        else:
            self.takes.list.setFocus()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.keys.key_up(event):
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.keys.let_go()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A drag begins: it will swallow the releases of keys that are down."""
        self.keys.let_go()
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.playing.settings.hide()
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._frames.stop()
        self._looks.stop()
        self.making.cancel()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.listening.keep_patches(now=True)
        self.bending.close()
        self._remember(
            geometry=geometry, variations=self.prompt.count.value, **self.asking.kept(), **self.playing.kept()
        )
        self._bridge.attempt(lambda: settings_file.save(self._settings))
        super().closeEvent(event)

    def _remember_prompt(self, request: Request) -> None:
        self._settings = self._settings.with_prompt(request.prompt)
        self.prompt.line.set_history(self._settings.history)
        self._save()

    def _save(self) -> None:
        """In the background; closing saves anew."""
        self._remember(**self.playing.kept())
        kept = self._settings
        self._bridge.run(lambda: settings_file.save(kept), lambda _: None)

    def _remember(self, **values: Any) -> None:
        self._settings = msgspec.structs.replace(self._settings, **values)
