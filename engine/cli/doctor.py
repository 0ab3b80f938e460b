"""`latente doctor`: what to paste into a bug report. No part of it fails because another is broken."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer

from engine.cli.output import print_json
from engine.errors import LatenteError

_PATIENCE_S = 10.0  # for an audio process to start
_LISTEN_S = 1.0
_PACKAGES = (
    "latente",
    "torch",
    "transformers",
    "numpy",
    "soundfile",
    "soxr",
    "sounddevice",
    "python-rtmidi",
    "PySide6-Essentials",
)
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
        "computing": _computing,
    }
    return {title: _guarded(part) for title, part in parts.items()} | _heard()


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


def _computing() -> dict[str, str]:
    """Where the models may compute, what is chosen, and what “auto” has measured."""
    from engine import settings
    from engine.models import device

    chosen, here = settings.load(), device.present()
    found = device.remembered(here, chosen.model)
    chose = "measured when a model is next loaded" if found is None else f"chooses {found}"
    return {**here, "setting": chosen.compute, device.AUTO: chose}


def _heard() -> dict[str, Any]:
    """What an audio process of the program's own makes of this machine, after a second of silence. A driver that hangs
    or crashes takes that process with it, not this one."""
    titles = ("audio", "audio outputs", "midi", "midi inputs")
    parts = _guarded(_audio_process)
    return parts if isinstance(parts, dict) else dict.fromkeys(titles, parts)


def _audio_process() -> dict[str, Any]:
    from engine import settings
    from engine.audio.commands import DeviceChoice
    from engine.audio.player import Player
    from engine.audio.reports import Devices, MidiPorts, Report

    chosen = settings.load()
    player = Player(DeviceChoice(chosen.device, chosen.host_api, chosen.device_rate_hz, chosen.block_frames))
    told: dict[type[Report], Report] = {}
    player.start()
    try:
        begun = time.monotonic()
        while time.monotonic() - begun < _PATIENCE_S and not {Devices, MidiPorts} <= told.keys():
            time.sleep(0.02)
            told |= {type(report): report for report in player.reports()}
        time.sleep(_LISTEN_S)
        status = player.status()
        facts = {
            "state": status.state,
            "device": status.device or "none",
            "host api": status.host_api or "none",
            "rate": f"{status.rate_hz} Hz",
            "block": f"{status.block_frames} frames",
            "latency": f"{1000 * status.latency_s:.1f} ms",
            "underflows": player.underflows(),
            "slowest callback": f"{1000 * player.callback_worst_s():.2f} ms",
            "message": status.message or "none",
        }
    finally:
        player.close()
    devices, ports = told.get(Devices), told.get(MidiPorts)
    parts: dict[str, Any] = {"audio": facts}
    if isinstance(devices, Devices):
        parts["audio outputs"] = devices.problem or [
            f"{one.name} ({one.host_api}, {one.channels} channels, {one.rate_hz} Hz{', default' * one.default})"
            for one in devices.outputs
        ]
    if isinstance(ports, MidiPorts):
        parts["midi"] = ports.problem or {"system": ports.system, "virtual port": ports.virtual or "none"}
        parts["midi inputs"] = list(ports.available)
    missing = "the audio process did not say"
    return {title: parts.get(title, missing) for title in ("audio", "audio outputs", "midi", "midi inputs")}


def _lines(facts: Any) -> list[str]:
    if isinstance(facts, dict):
        return [f"{key:<20} {', '.join(value) if isinstance(value, list) else value}" for key, value in facts.items()]
    if isinstance(facts, list):
        return [str(fact) for fact in facts] or ["none"]
    return [str(facts)]
