"""Player: how the program plays sounds. It talks to the audio process and never blocks its caller.

Every method only puts something in a queue or reads shared memory. The player's own thread writes to the process's
pipe, fills shared memory, and starts the process again, with all its sounds, when it dies.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Mapping
from dataclasses import replace

from engine.audio import state
from engine.audio.commands import (
    Bend,
    Command,
    DeviceChoice,
    DropZones,
    Gain,
    ListDevices,
    MidiChoice,
    NoteOff,
    NoteOn,
    Pedal,
    Play,
    SetPatch,
    SetRoute,
    Stop,
    Unload,
    Wheel,
)
from engine.audio.line import Line, NewSound
from engine.audio.reports import Report
from engine.audio.state import StateBlock
from engine.audio.status import AudioStatus
from engine.errors import AudioProblem
from engine.patch import Patch
from engine.sound import Sound


class Player:
    """device: an output device or its name, "null" for none at all, None for the default one.

    Use from one thread (the GUI's). What only looks (`status`, `position_s`, `levels`, `reports` …) suits a 60 Hz
    timer. Whatever is set here outlives the audio process: a new one is told again.
    """

    def __init__(self, device: DeviceChoice | str | None = None) -> None:
        self._device = device if isinstance(device, DeviceChoice) else DeviceChoice(device or None)
        self._queue: queue.SimpleQueue[NewSound | Command | None] = queue.SimpleQueue()
        self._keys: set[str] = set()
        self._route = SetRoute()
        self._block: StateBlock | None = None
        self._thread: threading.Thread | None = None
        self._line: Line | None = None
        self._closed = False

    def start(self) -> None:
        """Start the audio process in the background. Commands given before it is up are obeyed when it is."""
        if self._thread is not None or self._closed:
            return
        self._block = StateBlock.create()
        self._line = Line(self._block, self._device, self._queue)
        self._thread = threading.Thread(target=self._line.run, name="player", daemon=True)
        self._thread.start()

    def status(self) -> AudioStatus:
        if self._closed:
            return AudioStatus("lost", message="Audio is closed.")
        if self._block is None or self._line is None:
            return AudioStatus("starting")
        status = self._block.read()
        if self._line.trouble:
            return replace(status, state="lost", message=self._line.trouble)
        return replace(status, message=self._line.shortage) if self._line.shortage else status

    def load(self, key: str, sound: Sound, changed: tuple[int, int] | None = None) -> None:
        """Make a sound ready to play; a key that is already loaded gets this sound instead, and what is sounding goes
        over into it. Two channels at most. changed: first frame and last (not included) in which it differs from what
        was loaded there before, where that is known: it is ready sooner."""
        self._keys.add(key)
        self._put(NewSound(key, sound, None, changed))

    def load_zone(self, key: str, note: int, sound: Sound) -> None:
        """The same take decoded at another note (MIDI 0..127), which plays the keys around it in model pitch. One that
        comes too late, for a key no longer loaded, is dropped."""
        if key in self._keys:
            self._put(NewSound(key, sound, int(note)))

    def drop_zones(self, key: str) -> None:
        """Forget a sound's zones: it is no longer what they were decoded from. An unknown key is fine."""
        self._put(DropZones(key))

    def unload(self, key: str) -> None:
        """Forget a sound, its zones and its patch; if it is playing it fades out. An unknown key is fine."""
        self._keys.discard(key)
        self._put(Unload(key))

    def set_patch(self, key: str, patch: Patch) -> None:
        """How a sound is played as an instrument from now on, also what is sounding."""
        self._put(SetPatch(key, patch))

    def play(self, key: str, start_frame: int = 0, loop: bool = False) -> None:
        """Play a loaded sound at its own pitch from a frame, over whatever else is sounding. `loop`: go round its
        loop, or round the whole where it has none, until stopped. Raises AudioProblem for a key that is not loaded."""
        self._check(key)
        self._put(Play(key, max(0, int(start_frame)), bool(loop)))

    def note_on(self, key: str | None, note: float, velocity: int) -> None:
        """Play a loaded sound at a MIDI note as its patch says, velocity 1..127 (0 means note off). key None: what a
        note from a MIDI keyboard would play. Raises AudioProblem for a key that is not loaded."""
        if velocity <= 0:
            self.note_off(note)
            return
        if key is not None:
            self._check(key)
        self._put(NoteOn(key, float(note), min(int(velocity), 127)))

    def note_off(self, note: float) -> None:
        self._put(NoteOff(float(note)))

    def bend(self, value: float) -> None:
        """Pitch wheel of the program's own keyboard, -1..1."""
        self._put(Bend(min(max(float(value), -1.0), 1.0)))

    def wheel(self, value: float) -> None:
        """Mod wheel of the program's own keyboard, 0..1."""
        self._put(Wheel(min(max(float(value), 0.0), 1.0)))

    def pedal(self, down: bool) -> None:
        """Sustain pedal of the program's own keyboard."""
        self._put(Pedal(bool(down)))

    def stop(self) -> None:
        """Fade out everything within 10 ms, and let go of held notes, pedals and wheels (panic)."""
        self._put(Stop())

    def arm(self, key: str | None) -> None:
        """Which sound MIDI notes play; None for none but the pads."""
        self._set_route(SetRoute(key, self._route.pads))

    def set_pads(self, pads: Mapping[int, str]) -> None:
        """MIDI note (0..127) -> sound that it plays instead of the armed one."""
        self._set_route(SetRoute(self._route.armed, {int(note): key for note, key in pads.items()}))

    def use_midi(self, choice: MidiChoice) -> None:
        """Which MIDI ports and channel to listen to. Until this is called: all."""
        self._put(choice)

    def use_device(self, choice: DeviceChoice) -> None:
        """Play on another device, or on the same otherwise. What sounds ends."""
        self._device = choice
        self._put(choice)

    def refresh_devices(self) -> None:
        """Look for devices and ports anew, while what sounds goes on: `Devices` and `MidiPorts` are reported."""
        self._put(ListDevices())

    def reports(self) -> list[Report]:
        """What the audio process has told since the last call, the oldest first."""
        waiting = self._line.reports if self._line is not None else None
        return [waiting.popleft() for _ in range(len(waiting))] if waiting else []

    def set_gain_db(self, gain_db: float) -> None:
        """Master volume; -inf for silence."""
        self._put(Gain(10 ** (gain_db / 20)))

    def position_s(self) -> float | None:
        """Where in its sound the voice started last is, in seconds of that sound; None when silent."""
        position = self._word(state.PLAYHEAD_S)
        return None if math.isnan(position) else position

    def levels(self) -> tuple[float, float]:
        """Peak left and right, linear 0..1, falling 24 dB a second."""
        return max(0.0, self._word(state.PEAK_LEFT, 0.0)), max(0.0, self._word(state.PEAK_RIGHT, 0.0))

    def rms(self) -> tuple[float, float]:
        """Level left and right over about 0.3 s, linear 0..1."""
        return max(0.0, self._word(state.RMS_LEFT, 0.0)), max(0.0, self._word(state.RMS_RIGHT, 0.0))

    def voices(self) -> int:
        """How many voices are sounding."""
        return int(self._word(state.VOICES, 0.0))

    def underflows(self) -> int:
        """How often the device ran out of samples since `start`."""
        return int(self._word(state.UNDERFLOWS, 0.0))

    def blocks(self) -> int:
        """How many blocks the device has asked for since the program started."""
        return int(self._word(state.BLOCKS, 0.0))

    def obeyed(self) -> int:
        """How many commands the audio process has obeyed since it started."""
        return int(self._word(state.DONE, 0.0))

    def process_id(self) -> int | None:
        """Of the audio process; None while there is none."""
        return self._line.process_id() if self._line is not None and not self._closed else None

    def callback_worst_s(self) -> float:
        """The longest the audio callback took since `start`, or since `forget_worst`."""
        return self._word(state.CALLBACK_WORST_S, 0.0)

    def callback_worst_cpu_s(self) -> float:
        """The most processor time that it used: what the machine did meanwhile does not count."""
        return self._word(state.CALLBACK_WORST_CPU_S, 0.0)

    def late(self) -> int:
        """How many callbacks took longer than half a block since `start`."""
        return int(self._word(state.LATE, 0.0))

    def forget_worst(self) -> None:
        """Measure the longest callback anew."""
        if self._block is not None:
            self._block.words[[state.CALLBACK_WORST_S, state.CALLBACK_WORST_CPU_S]] = 0.0

    def cpu_load(self) -> float:
        """Share of its time that the audio callback takes, about 0..1, smoothed."""
        return self._word(state.LOAD, 0.0)

    def close(self) -> None:
        """End the audio process and delete all shared memory; waits for that, usually 0.2 s and 3 s at most."""
        if self._closed:
            return
        self._closed = True
        if self._thread is None or self._block is None or self._line is None:
            return
        self._line.closing = True
        self._queue.put(None)
        self._thread.join()
        self._block.discard()

    def _set_route(self, route: SetRoute) -> None:
        if route != self._route:
            self._route = route
            self._put(route)

    def _put(self, item: NewSound | Command) -> None:
        if not self._closed:
            self._queue.put(item)

    def _check(self, key: str) -> None:
        if key not in self._keys:
            raise AudioProblem(f"No sound “{key}” is loaded in the player.")

    def _word(self, index: int, default: float = math.nan) -> float:
        if self._closed or self._block is None:
            return default
        return float(self._block.words[index])
