"""AudioProcess: what the program asks is done here. Main thread of the audio process; the callback gets actions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from engine.audio import actions, commands, state
from engine.audio.actions import Action, Drop, Equip, Instrument, MasterGain, Preview, Quiet, Route
from engine.audio.commands import Command, DeviceChoice, Gain, MidiChoice, SetRoute
from engine.audio.instruments import Instruments
from engine.audio.midi.input import MidiInput
from engine.audio.midi.ports import MidiPorts
from engine.audio.mixer import Mixer
from engine.audio.outlet import Outlet
from engine.audio.outputs import NULL_RATE_HZ, Render
from engine.audio.reporter import EVERY_S, Reporter
from engine.audio.ring import Ring
from engine.audio.state import StateBlock

_TICK_S = 0.05
_FADE_IN_S = 0.002  # when playback begins inside a sound
_OWN_CHANNEL = 0  # of the program's keyboard


class AudioProcess:
    """Obeys commands. write: takes whole lines of reports."""

    def __init__(self, block: StateBlock, device: DeviceChoice, write: Callable[[bytes], object]) -> None:
        self._block = block
        self._gain = 1.0
        self._route = SetRoute()
        self._mpe = False
        self._wheels: dict[type[Action], Action] = {}  # of the program's own keyboard, by kind
        self._rate_hz = NULL_RATE_HZ
        self._actions: Ring[Action] = Ring()
        self._told = 0  # how many actions had been put when the sampler was last found to have obeyed all before
        self._ticked_s = 0.0
        self._instruments = Instruments(NULL_RATE_HZ)
        self._midi_input = MidiInput(NULL_RATE_HZ)
        self._reporter = Reporter(self._midi_input.reports, write)
        self._midi = MidiPorts(self._midi_input, self._put, self._reporter.say)
        self._outlet = Outlet(block, device, self._new_render, self._midi.start, self._reporter.say, self._midi.stop)
        self._midi.tell()

    def _new_render(self, rate_hz: int) -> Render:
        """For a device that is about to be opened; nothing is playing. The sampler begins anew, with what it knew."""
        self._actions, self._told = Ring(), 0
        self._instruments.prepare_all(rate_hz)
        self._midi_input.restart(rate_hz)
        self._rate_hz = rate_hz
        self._mixer = Mixer(rate_hz, self._actions, self._block.words, self._gain, self._midi_input.incoming)
        self._put(self._routing())
        for action in self._wheels.values():
            self._put(action)
        return self._mixer.render

    def tend(self) -> None:
        """What is done between commands: reports, heartbeat, freeing memory, watching devices and ports."""
        self._reporter.drain()
        now = time.monotonic()
        if now - self._ticked_s < _TICK_S / 2:
            return
        self._ticked_s = now
        self._block.words[state.HEARTBEAT] += 1
        self._instruments.let_go(self._mixer.plays)  # what was passed on a tick ago: the last action is obeyed by now
        if self._actions.read >= self._told:
            self._told = self._actions.written
            self._instruments.pass_on()
        silent = not self._block.words[state.VOICES]
        self._outlet.tend(silent)
        self._midi.tend(silent)

    @property
    def pause_s(self) -> float:
        """How long to wait for a command at most before tending again."""
        if self._reporter.lively:
            return EVERY_S
        return 4 * EVERY_S if self._midi.connected else _TICK_S

    def superseded(self, command: Command, later: Iterable[Command]) -> bool:
        """Whether a sound need not be loaded, because a newer one for its place is already waiting and an older one can
        sound meanwhile."""
        if not isinstance(command, commands.Load) or not self._instruments.holds(command.key, command.zone):
            return False
        place = command.key, command.zone
        return any(
            isinstance(one, commands.Load) and (one.key, one.zone) == place and one.changed is None for one in later
        )

    def obey(self, command: Command) -> None:
        match command:
            case commands.Load():
                with suppress(FileNotFoundError):  # deleted from outside: this sound stays as it is
                    self._equip(self._instruments.load(command))
            case commands.SetPatch(key, patch):
                self._equip(self._instruments.patch(key, patch))
            case commands.DropZones(key):
                self._equip(self._instruments.drop_zones(key))
            case commands.Unload(key):
                for playable in self._instruments.unload(key):
                    self._put(Drop(playable))
                self._put_route(key)
            case commands.Play():
                self._preview(command)
            case commands.NoteOn(key, note, velocity):
                instrument = self._instruments.get(key)
                if key is None or instrument is not None:
                    self._put(actions.NoteOn(instrument, _OWN_CHANNEL, note, velocity))
            case commands.NoteOff(note):
                self._put(actions.NoteOff(_OWN_CHANNEL, note))
            case commands.Bend(value):
                self._turn(actions.Bend(_OWN_CHANNEL, value))
            case commands.Wheel(value):
                self._turn(actions.Wheel(_OWN_CHANNEL, value))
            case commands.Pedal(down):
                self._turn(actions.Pedal(_OWN_CHANNEL, down))
            case commands.Stop():
                self._wheels.clear()
                self._put(Quiet())
            case Gain(gain):
                self._gain = gain
                self._put(MasterGain(gain))
            case SetRoute():
                self._route = command
                self._put(self._routing())
            case MidiChoice():
                self._mpe = command.mpe
                self._put(self._routing())
                self._midi.choose(command)
            case DeviceChoice():
                self._outlet.choose(command)
            case commands.ListDevices():
                self._outlet.look()
                self._midi.tell()

    def close(self, program_died: bool) -> None:
        self._outlet.close()
        self._midi.stop()
        if program_died:
            self._instruments.discard()
            self._block.discard()

    def _put(self, action: Action) -> None:
        """To the callback. When its ring is full it has stopped, and a new one is about to take over from it."""
        self._actions.put(action)

    def _turn(self, action: Action) -> None:
        self._wheels[type(action)] = action
        self._put(action)

    def _equip(self, instrument: Instrument | None) -> None:
        if instrument is not None:
            self._put(Equip(instrument))
            self._put_route(instrument.key)

    def _put_route(self, key: str) -> None:
        """Route notes anew, when this sound is one of those they go to."""
        if key == self._route.armed or key in self._route.pads.values():
            self._put(self._routing())

    def _routing(self) -> Route:
        get = self._instruments.get
        pads = {note: instrument for note, key in self._route.pads.items() if (instrument := get(key)) is not None}
        return Route(get(self._route.armed), pads, self._mpe)

    def _preview(self, command: commands.Play) -> None:
        instrument = self._instruments.get(command.key)
        if instrument is None:
            return
        playable = instrument.own
        whole = (0, max(playable.frames - 1, 0))
        position = command.start_frame * playable.start_scale
        fade_in = int(_FADE_IN_S * self._rate_hz) if command.start_frame else 0
        loop = (playable.loop or whole) if command.loop else None
        if playable.step == 1.0:
            position = round(position)
        self._put(Preview(command.key, playable, position, playable.step, fade_in, loop))
