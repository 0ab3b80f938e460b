"""`latente doctor`: what to paste into a bug report. No part of it fails because another is broken."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer

from engine.cli.output import print_json
from engine.errors import LatenteError

_PACKAGES = ("latente", "torch", "transformers", "numpy", "soundfile", "soxr", "sounddevice", "PySide6-Essentials")
_CPU_FLAGS = ("avx2", "fma", "f16c", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16")


def doctor_command(as_json: Annotated[bool, typer.Option("--json", help="As JSON on stdout.")] = False) -> None:
    """Shows versions, devices, MIDI ports, models and what the processor can do."""
    report = examine()
    if as_json:
        print_json(report)
        return
    for title, facts in report.items():
        print(title)
        for line in _lines(facts):
            print(f"  {line}")


def examine() -> dict[str, Any]:
    """Everything, JSON-ready. A part that cannot be examined says why instead."""
    parts: dict[str, Callable[[], Any]] = {
        "system": _system,
        "processor": _processor,
        "packages": _packages,
        "folders": _folders,
        "models": _models,
        "audio outputs": _audio_outputs,
        "midi inputs": _midi_inputs,
    }
    return {title: _guarded(part) for title, part in parts.items()}


def _guarded(part: Callable[[], Any]) -> Any:
    try:
        return part()
    except LatenteError as problem:
        return str(problem)
    except Exception as error:
        return f"not available ({type(error).__name__}: {' '.join(str(error).split())[:200]})"


def _system() -> dict[str, str]:
    from engine.cli.window import has_display

    frozen = "yes" if hasattr(sys, "_MEIPASS") else "no"
    display = "yes" if has_display() else "no"
    return {"python": platform.python_version(), "platform": platform.platform(), "frozen": frozen, "display": display}


def _processor() -> dict[str, Any]:
    facts: dict[str, Any] = {"name": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines() if ":" in line)
    except OSError:
        return facts  # not Linux
    known = {key.strip(): value.strip() for key, value in lines.items()}
    flags = known.get("flags", known.get("Features", "")).split()
    return {**facts, "name": known.get("model name", facts["name"]), "features": [f for f in _CPU_FLAGS if f in flags]}


def _packages() -> dict[str, str]:
    return {name: _version(name) for name in _PACKAGES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _folders() -> dict[str, str]:
    from engine import paths, settings

    return {
        "resources": str(paths.resources()),
        "library": str(settings.load().library_folder()),
        "models": str(paths.user_models()),
        "settings": str(paths.user_config()),
    }


def _models() -> dict[str, str]:
    from engine.models.store import default_store

    store = default_store()

    def state(name: str) -> str:
        card = store.verify(name).card
        return f"ok, {card.task}, {card.bytes} bytes"

    return {name: _guarded(partial(state, name)) for name in store.names()}


def _audio_outputs() -> list[str]:
    from engine.audio.device import portaudio

    sd = portaudio()
    apis = sd.query_hostapis()
    return [
        f"{device['name']} ({apis[device['hostapi']]['name']}, {device['default_samplerate']:g} Hz)"
        for device in sd.query_devices()
        if device["max_output_channels"] > 0
    ]


def _midi_inputs() -> list[str]:
    rtmidi = importlib.import_module("rtmidi")  # optional; without a sequencer even asking fails
    return [str(port) for port in rtmidi.MidiIn().get_ports()]


def _lines(facts: Any) -> list[str]:
    if isinstance(facts, dict):
        return [f"{key:<20} {', '.join(value) if isinstance(value, list) else value}" for key, value in facts.items()]
    if isinstance(facts, list):
        return [str(fact) for fact in facts] or ["none"]
    return [str(facts)]
