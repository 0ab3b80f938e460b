"""Which device to play on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.audio.commands import DeviceChoice
from engine.audio.reports import Devices, OutputDevice
from engine.errors import AudioProblem

JACK = "JACK Audio Connection Kit"
_LOW_LATENCY_APIS = frozenset({JACK, "Core Audio", "ASIO", "Windows WASAPI"})
_SAFE_LATENCY_S = 0.025  # asked of the others (ALSA through a sound server, MME, DirectSound): their "low" stutters


@dataclass(frozen=True)
class Device:
    """An output device. index: PortAudio's, valid until the next rescan. latency: "low" or seconds.

    rate_hz: the one asked for, else the device's own, own_rate_hz. block_frames: 0 for what the device likes.
    """

    index: int
    name: str
    host_api: str
    rate_hz: int
    channels: int
    latency: str | float
    own_rate_hz: int = 0
    block_frames: int = 0


def portaudio() -> Any:
    """The sounddevice module. Raises AudioProblem where PortAudio itself is missing."""
    try:
        import sounddevice  # only here: it starts PortAudio, and fails where the library is not installed
    except OSError as error:
        raise AudioProblem(
            "PortAudio is not installed, so nothing is heard. On Debian and Ubuntu: apt install libportaudio2."
        ) from error
    return sounddevice


def find(choice: DeviceChoice, rescan: bool) -> list[Device]:
    """Devices to try, the best first: the chosen one where it is there, then the default one. `rescan` looks for
    devices anew; no stream may be open then. Raises AudioProblem when there is none."""
    sd = portaudio()
    try:
        if rescan:
            sd._terminate()  # PortAudio lists devices once, when it starts; sounddevice has no public way to repeat it
            sd._initialize()
        return choose(sd.query_hostapis(), sd.query_devices(), choice, os.environ)
    except sd.PortAudioError as error:
        raise AudioProblem(f"The audio devices cannot be listed: {error}.") from error


def listed() -> Devices:
    """All output devices, as PortAudio saw them when it started."""
    try:
        sd = portaudio()
        apis, devices = sd.query_hostapis(), sd.query_devices()
        default = choose(apis, devices, DeviceChoice(), os.environ)[0].index
    except AudioProblem as problem:
        return Devices((), str(problem))
    except Exception as error:  # a broken driver must not keep the program from starting
        return Devices((), f"The audio devices cannot be listed: {' '.join(str(error).split())}.")
    return Devices(
        tuple(
            OutputDevice(
                name=str(device["name"]),
                host_api=str(apis[device["hostapi"]]["name"]),
                channels=int(device["max_output_channels"]),
                rate_hz=round(device["default_samplerate"]),
                default=index == default,
            )
            for index, device in enumerate(devices)
            if device["max_output_channels"] > 0
        )
    )


def matches(choice: DeviceChoice, name: str, host_api: str) -> bool:
    """Whether a device is the one asked for."""
    return choice.name == name and choice.host_api in (None, host_api)


def choose(
    apis: Sequence[Mapping[str, Any]],
    devices: Sequence[Mapping[str, Any]],
    choice: DeviceChoice,
    environment: Mapping[str, str],
) -> list[Device]:
    """Pick from PortAudio's lists: the chosen one, then JACK's when JACK_DEFAULT_SERVER is set, else the system's
    default, else JACK's, else any. One or two, the chosen first. Raises AudioProblem when none has an output."""
    outputs = [index for index, device in enumerate(devices) if device["max_output_channels"] > 0]
    if not outputs:
        raise AudioProblem("No audio device was found, so nothing is heard. Connect one and it will be used.")

    def defaults(names: Sequence[str]) -> list[int]:
        return [api["default_output_device"] for api in apis if api["name"] in names]

    def named(index: int) -> bool:
        return matches(choice, str(devices[index]["name"]), str(apis[devices[index]["hostapi"]]["name"]))

    def described(index: int) -> Device:
        device = devices[index]
        host_api = str(apis[device["hostapi"]]["name"])
        own_rate_hz = round(device["default_samplerate"])
        rate_hz = choice.rate_hz or own_rate_hz
        block_frames = 0 if host_api == JACK else choice.block_frames  # JACK has one block size for everybody
        latency: str | float = "low"
        if host_api not in _LOW_LATENCY_APIS:
            latency = 3 * block_frames / rate_hz or _SAFE_LATENCY_S
        return Device(
            index=index,
            name=str(device["name"]),
            host_api=host_api,
            rate_hz=rate_hz,
            channels=min(2, int(device["max_output_channels"])),
            latency=latency,
            own_rate_hz=own_rate_hz,
            block_frames=block_frames,
        )

    fallback = defaults([JACK]) if environment.get("JACK_DEFAULT_SERVER") else []
    fallback += defaults([api["name"] for api in apis if api["name"] != JACK])
    fallback += defaults([JACK]) + outputs
    chosen = [index for index in outputs if named(index)][:1]
    default = next(index for index in fallback if index in outputs)
    return [described(index) for index in chosen + [default] * (chosen != [default])]
