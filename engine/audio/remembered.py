"""What the audio process has been told and must be told again when it is started anew. Sounds are in `Uploads`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.audio.commands import (
    Bend,
    Command,
    DeviceChoice,
    Gain,
    MidiChoice,
    Pedal,
    SetPatch,
    SetRoute,
    Stop,
    Unload,
    Wheel,
)


class Remembered:
    """The latest of each kind. Player's thread only."""

    def __init__(self, device: DeviceChoice) -> None:
        self.device = device
        self._latest: dict[type[Command], Command] = {Gain: Gain(1.0)}
        self._patches: dict[str, SetPatch] = {}

    def note(self, command: Command) -> None:
        """Look at a command that is about to be sent."""
        match command:
            case DeviceChoice():
                self.device = command
            case SetPatch(key):
                self._patches[key] = command
            case Unload(key):
                self._patches.pop(key, None)
            case Gain() | MidiChoice() | SetRoute() | Bend() | Wheel() | Pedal():
                self._latest[type(command)] = command
            case Stop():
                for kind in (Bend, Wheel, Pedal):
                    self._latest.pop(kind, None)

    def commands(self) -> Iterator[Command]:
        """What a new process is told after its sounds; the device it learns when it is started."""
        yield from list(self._patches.values())
        yield from list(self._latest.values())
