"""Which output, which MIDI ports, which computer keys: from the settings to the player, and back when they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.audio.commands import DeviceChoice, MidiChoice
from engine.audio.player import Player
from engine.audio.reports import Devices, MidiPorts
from engine.models.device import AUTO, NAMES, offered
from engine.params import RATES_HZ
from engine.settings import Settings
from gui.widgets.menu_choice import Option

BLOCKS = (64, 128, 256, 512, 1024, 2048)
NULL = "null"  # the player's name for no device


def output_of(settings: Settings) -> DeviceChoice:
    return DeviceChoice(settings.device, settings.host_api, settings.device_rate_hz, settings.block_frames)


class DeviceChoices(QObject):
    """Tells the player at once, `changed` to whoever shows or saves it, and `compute_changed` with where the models
    compute to whoever loads them."""

    changed = Signal()
    compute_changed = Signal(str)

    def __init__(self, player: Player, settings: Settings) -> None:
        super().__init__()
        self._player = player
        self.output = output_of(settings)
        self.midi = MidiChoice(settings.midi_ports, settings.midi_channel, settings.mpe)
        self.compute = settings.compute

    def start(self) -> None:
        """The output was told the player when it was built."""
        self._player.use_midi(self.midi)

    def kept(self) -> dict[str, Any]:
        """What is remembered for the next start."""
        output, midi = self.output, self.midi
        return {
            "device": output.name, "host_api": output.host_api, "device_rate_hz": output.rate_hz,
            "block_frames": output.block_frames,
            "midi_ports": midi.ports, "midi_channel": midi.channel, "mpe": midi.mpe, "compute": self.compute,
        }  # fmt: skip

    def change_output(self, **values: Any) -> None:
        """Fields of DeviceChoice."""
        self.output = msgspec.structs.replace(self.output, **values)
        self._player.use_device(self.output)
        self.changed.emit()

    def change_compute(self, device: str) -> None:
        """“auto”, or a device's name."""
        if device != self.compute:
            self.compute = device
            self.compute_changed.emit(device)
            self.changed.emit()

    def change_midi(self, **values: Any) -> None:
        """Fields of MidiChoice."""
        self.midi = msgspec.structs.replace(self.midi, **values)
        self._player.use_midi(self.midi)
        self.changed.emit()

    def toggle_port(self, name: str | None, available: Sequence[str]) -> None:
        """Listens to a port, or no more; None: to all there are, or to none."""
        chosen = self.midi.ports
        if name is None:
            self.change_midi(ports=() if chosen is None else None)
            return
        now = list(available if chosen is None else chosen)
        self.change_midi(ports=tuple(port for port in now if port != name) if name in now else (*now, name))


def output_options(devices: Devices, choice: DeviceChoice) -> list[Option]:
    """The system's choice, then every output under its host API; one that is chosen but gone stays in the list."""
    automatic = choice.name is None
    options = [Option("System default", (None, None), checked=automatic)]
    place = (choice.name, choice.host_api)
    found = False
    for device in sorted(devices.outputs, key=lambda device: device.host_api):
        here = device.name == choice.name and choice.host_api in (None, device.host_api)
        found |= here
        options.append(Option(device.name, (device.name, device.host_api), device.host_api, here))
    if not automatic and not found and choice.name != NULL:
        options.insert(1, Option(f"{choice.name} (not connected)", place, checked=True))
    options.append(Option("No output", (NULL, None), "Silence", choice.name == NULL))
    return options


def rate_options(choice: DeviceChoice) -> list[Option]:
    usual = [Option("as the device likes", 0, checked=choice.rate_hz == 0)]
    return usual + [Option(f"{rate / 1000:g} kHz", rate, checked=choice.rate_hz == rate) for rate in RATES_HZ]


def block_options(choice: DeviceChoice) -> list[Option]:
    usual = [Option("as the device likes", 0, checked=choice.block_frames == 0)]
    return usual + [Option(f"{block} frames", block, checked=choice.block_frames == block) for block in BLOCKS]


def compute_options(chosen: str) -> list[Option]:
    """What this kind of machine may have; whether it is there is seen when the model is loaded."""
    listed = dict.fromkeys((*offered(), chosen))
    texts = {AUTO: "automatic: the fastest", **NAMES}
    return [Option(texts.get(name, name), name, checked=name == chosen) for name in listed]


def port_options(ports: MidiPorts, choice: MidiChoice) -> list[Option]:
    """All, then each; those that are chosen but not plugged in, too: they are taken up again when they come."""
    options = [Option("All inputs", None, checked=choice.ports is None)]
    listed = dict.fromkeys(ports.available) | dict.fromkeys(choice.ports or ())
    for name in listed:
        text = name if name in ports.available else f"{name} (not connected)"
        options.append(Option(text, name, "Inputs", choice.ports is None or name in choice.ports))
    return options


def channel_options(choice: MidiChoice) -> list[Option]:
    every = [Option("all channels", 0, checked=choice.channel == 0)]
    return every + [Option(f"channel {number}", number, checked=choice.channel == number) for number in range(1, 17)]
