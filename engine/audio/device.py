"""Which device to play on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import AudioProblem

JACK = "JACK Audio Connection Kit"
_LOW_LATENCY_APIS = frozenset({JACK, "Core Audio", "ASIO", "Windows WASAPI"})
_SAFE_LATENCY_S = 0.025  # asked of the others (ALSA through a sound server, MME, DirectSound): their "low" stutters


@dataclass(frozen=True)
class Device:
    """An output device. index: PortAudio's, valid until the next rescan. latency: "low" or seconds."""

    index: int
    name: str
    host_api: str
    rate_hz: int
    channels: int
    latency: str | float


def portaudio() -> Any:
    """The sounddevice module. Raises AudioProblem where PortAudio itself is missing."""
    try:
        import sounddevice  # only here: it starts PortAudio, and fails where the library is not installed
    except OSError as error:
        raise AudioProblem(
            "PortAudio is not installed, so nothing is heard. On Debian and Ubuntu: apt install libportaudio2."
        ) from error
    return sounddevice


def find(wanted: str | None, rescan: bool) -> Device:
    """The device to play on: the one called `wanted`, else the default one. `rescan` looks for devices anew; no stream
    may be open then. Raises AudioProblem when there is none."""
    sd = portaudio()
    if rescan:
        sd._terminate()  # PortAudio lists devices once, when it starts; sounddevice has no public way to start it again
        sd._initialize()
    try:
        return choose(sd.query_hostapis(), sd.query_devices(), wanted, os.environ)
    except sd.PortAudioError as error:
        raise AudioProblem(f"The audio devices cannot be listed: {error}.") from error


def choose(
    apis: Sequence[Mapping[str, Any]],
    devices: Sequence[Mapping[str, Any]],
    wanted: str | None,
    environment: Mapping[str, str],
) -> Device:
    """Pick from PortAudio's lists: by name, else JACK's when JACK_DEFAULT_SERVER is set, else the system's
    default, else JACK's, else any. Raises AudioProblem when none has an output."""
    outputs = [index for index, device in enumerate(devices) if device["max_output_channels"] > 0]
    if not outputs:
        raise AudioProblem("No audio device was found, so nothing is heard. Connect one and it will be used.")

    def defaults(names: Sequence[str]) -> list[int]:
        return [api["default_output_device"] for api in apis if api["name"] in names]

    candidates = [index for index in outputs if wanted and devices[index]["name"] == wanted]
    if environment.get("JACK_DEFAULT_SERVER"):
        candidates += defaults([JACK])
    candidates += defaults([api["name"] for api in apis if api["name"] != JACK])
    candidates += defaults([JACK]) + outputs
    index = next(index for index in candidates if index in outputs)
    device = devices[index]
    host_api = str(apis[device["hostapi"]]["name"])
    return Device(
        index=index,
        name=str(device["name"]),
        host_api=host_api,
        rate_hz=round(device["default_samplerate"]),
        channels=min(2, int(device["max_output_channels"])),
        latency="low" if host_api in _LOW_LATENCY_APIS else _SAFE_LATENCY_S,
    )
