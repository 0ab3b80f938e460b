"""Learning: lets the hardware's controllers move the knobs on the screen, and learns which moves which."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from engine import controllers
from engine.controllers import ControllerMap, Learnt, Move, Place, Refused
from gui.bridge import Bridge
from gui.widgets.param_control import ParamControl

_FRAME_MS = 16
_GHOST_MS = 2500  # hardware that moves nothing is shown for so long after it was moved


class Moved(Protocol):
    """What a controller did; `engine.audio.reports.ControlMoved` is one."""

    @property
    def port(self) -> str: ...
    @property
    def channel(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def value(self) -> int: ...


class Learning(QObject):
    """Targets are controls with a name that stays the same from start to start, such as "patch.cutoff_hz".

    Emits `said` with one line for the status. What was learnt is read and written in the disk's thread, below `folder`
    (default: the user's config folder).
    """

    said = Signal(str)

    def __init__(self, bridge: Bridge, folder: Path | None = None) -> None:
        super().__init__()
        self._bridge, self._folder = bridge, folder
        self.map = ControllerMap()
        self.ready = False  # whether what was learnt before has been read
        self._saved = 0  # revision of the map that is on the disk
        self._controls: dict[str, ParamControl] = {}
        self._pending: dict[str, float] = {}  # where targets go with the next frame
        self._placed: dict[str, float] = {}  # where hardware put a target; elsewhere means somebody else moved it
        self._channels: dict[str, int] = {}  # channel that a target was last moved on
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._apply)
        self._ghosts = QTimer(self, singleShot=True, interval=_GHOST_MS)
        self._ghosts.timeout.connect(self._hide_ghosts)
        bridge.run(lambda: controllers.load(folder), self._take)

    def add(self, target: str, control: ParamControl) -> None:
        """Lets MIDI move `control`, which offers learning in its menu from now on."""
        self._controls[target] = control
        control.midi.offered = True
        control.midi.learn_wanted.connect(partial(self._want, target))
        control.midi.forget_wanted.connect(partial(self.forget, target))
        control.midi.edited.connect(partial(self._edit, target))
        self._show(target)

    def add_all(self, controls: Mapping[str, ParamControl]) -> None:
        for target, control in controls.items():
            self.add(target, control)

    @property
    def target(self) -> str | None:
        """What is being learnt."""
        return self.map.learning

    def learn(self, target: str) -> None:
        """The next controller that moves clearly moves `target` from then on."""
        self.stop()
        self.map.learn(target)
        self._controls[target].midi.set_learning(True)
        self.said.emit(f"Move a knob or fader for {self._name(target)}; Esc stops.")

    def stop(self) -> None:
        """No longer waits for a controller."""
        target = self.map.learning
        self.map.stop_learning()
        if target is not None:
            self._controls[target].midi.set_learning(False)

    def forget(self, target: str) -> None:
        if self.map.forget(target):
            self._show(target)
            self._save()
            self.said.emit(f"No controller moves {self._name(target)} any more.")

    # -- what comes from the hardware

    def moved(self, report: Moved) -> None:
        """Call it with every report of a controller; many in a frame are shown as one movement."""
        learning = self.map.learning
        outcome = self.map.moved(report.port, report.channel, report.number, report.value, self._where)
        if isinstance(outcome, Move):
            self._channels[outcome.target] = report.channel
            self._move(outcome)
        elif isinstance(outcome, Learnt) and learning is not None:
            self._controls[learning].midi.set_learning(False)
            self._learnt(outcome)
        elif isinstance(outcome, Refused):
            self.said.emit(outcome.word)
        if self.map.revision != self._saved:
            self._save()

    def _where(self, target: str) -> Place | None:
        control = self._controls.get(target)
        if control is None or not control.isEnabled():
            return None
        if target in self._pending:
            return Place(self._pending[target], control.step)
        if self._placed.get(target, control.position) != control.position:
            del self._placed[target]
            self.map.let_go(target)
        return Place(control.position, control.step)

    def _move(self, move: Move) -> None:
        midi = self._controls[move.target].midi
        if move.position is None:
            midi.set_ghost(move.hardware)
            self._ghosts.start()
            return
        midi.set_ghost(None)
        self._pending[move.target] = move.position
        if not self._frame.isActive():
            self._frame.start()

    def _apply(self) -> None:
        pending, self._pending = self._pending, {}
        for target, position in pending.items():
            control = self._controls[target]
            control.move_to(position)
            self._placed[target] = control.position

    def _hide_ghosts(self) -> None:
        for control in self._controls.values():
            control.midi.set_ghost(None)

    # -- what was learnt

    def _want(self, target: str, begin: bool) -> None:
        if begin:
            self.learn(target)
        elif self.map.learning == target:
            self.stop()
            self.said.emit("Learning stopped.")

    def _edit(self, target: str, fields: dict[str, Any]) -> None:
        if "any_channel" in fields:
            channel = None if fields["any_channel"] else self._channels.get(target, 1)
            fields = {"channel": channel}
        self.map.change(target, **fields)
        self._show(target)
        self._save()

    def _learnt(self, learnt: Learnt) -> None:
        for target in (learnt.binding.target, *learnt.before):
            self._show(target)
        line = f"{learnt.binding.name} of {_device(learnt.port)} moves {self._name(learnt.binding.target)}"
        before = [self._name(target) for target in learnt.before]
        if before:
            line += f", no longer {' and '.join(before)}"
        self.said.emit(f"{line}; {learnt.word}." if learnt.word else f"{line}.")

    def _show(self, target: str) -> None:
        """Puts what moves a target beside its control."""
        if target in self._controls:
            port, binding = (self.map.of(target) or (("", None),))[-1]
            self._controls[target].midi.set_binding(_device(port), binding)

    def _name(self, target: str) -> str:
        control = self._controls.get(target)
        return control.spec.label.lower() if control is not None else target

    def _take(self, loaded: tuple[ControllerMap, tuple[str, ...]]) -> None:
        stored, words = loaded
        early, self.ready = self.map, True  # what was learnt while the disk was slow
        self._saved = stored.revision
        for port in early.ports():
            for binding in early.bindings(port):
                stored.bind(port, binding)
        if early.learning is not None:
            stored.learn(early.learning)
        self.map = stored
        for target in self._controls:
            self._show(target)
        if self.map.revision != self._saved:
            self._save()
        for line in words:
            self.said.emit(line)

    def _save(self) -> None:
        if not self.ready:
            return
        self._saved = self.map.revision
        rows = {port: self.map.bindings(port) for port in self.map.ports()}
        self._bridge.run(lambda: controllers.save(rows, self._folder), lambda _: None)


def _device(port: str) -> str:
    """A port's name as people say it: "Launchkey 37" of "Launchkey 37:Launchkey 37 MIDI 1"."""
    return port.split(":", maxsplit=1)[0].strip() or port
