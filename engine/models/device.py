"""Where models compute: on the CPU, or on a graphics processor where one is there and faster.

“auto” measures once, by what is really done, and remembers the answer in the cache for this machine, this torch and
this model. The same seed gives nearly the same sound everywhere: noise is drawn on the CPU.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from engine import paths
from engine.errors import BadRequest, CannotWrite, ModelProblem
from engine.files import make_folder, write_atomically
from engine.models.cores import most_threads

AUTO, CPU = "auto", "cpu"
NAMES: dict[str, str] = {"cpu": "CPU", "cuda": "NVIDIA or AMD graphics (CUDA)", "mps": "Apple graphics (MPS)"}
WORTH_IT = 0.8  # of the CPU's time: what is hardly faster is not worth another processor's memory
FAILURES = (RuntimeError, TypeError)  # out of memory, a driver, an operation or a precision that a device has not


def offered() -> tuple[str, ...]:
    """What can be chosen on this kind of machine, whether it is there or not. Loads no torch."""
    return (AUTO, CPU, "mps") if sys.platform == "darwin" else (AUTO, CPU, "cuda")


def check(name: str) -> str:
    """`name` if it is a device's or “auto”. Raises BadRequest."""
    if name not in (AUTO, *NAMES):
        raise BadRequest(f"There is no device “{name[:40]}”. Choose one of: {', '.join((AUTO, *NAMES))}.")
    return name


def present() -> dict[str, str]:
    """The devices of this machine and what they call themselves, the CPU first."""
    import torch

    found = {CPU: f"{most_threads()} threads"}
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.get_device_name()
    if torch.backends.mps.is_available():
        found["mps"] = "Apple"
    return found


def choose(
    wanted: str,
    seconds_on: Callable[[str], float],
    here: dict[str, str],
    model: str,
    memory: Path | None = None,
) -> str:
    """The device to compute on. seconds_on(device): how long the model's work takes there; only called for “auto”, with
    more than the CPU here and nothing remembered. memory: the file that remembers; None for the usual one.

    Raises BadRequest for a name of no device, ModelProblem for a device that is not here.
    """
    if check(wanted) != AUTO:
        if wanted not in here:
            raise ModelProblem(f"This machine has no {NAMES[wanted]} that torch can use. Choose “auto” or “cpu”.")
        return wanted
    if len(here) == 1:
        return CPU
    memory = memory or paths.user_cache() / "devices.json"
    machine = _machine(here, model)
    known = _remembered(memory)
    if known.get(machine) in here:
        return known[machine]
    chosen = _fastest(list(here), seconds_on)
    with contextlib.suppress(CannotWrite):  # then it is measured again
        make_folder(memory.parent)
        write_atomically(memory, msgspec.json.encode({**known, machine: chosen}))
    return chosen


def remembered(here: dict[str, str], model: str, memory: Path | None = None) -> str | None:
    """What “auto” has found for this machine and model; None where it has not measured yet."""
    if len(here) == 1:
        return CPU
    return _remembered(memory or paths.user_cache() / "devices.json").get(_machine(here, model))


def _fastest(devices: Sequence[str], seconds_on: Callable[[str], float]) -> str:
    """The CPU unless another is clearly faster; one that fails is out of the race."""
    taken: dict[str, float] = {CPU: seconds_on(CPU)}
    for device in devices:
        if device != CPU:
            with contextlib.suppress(*FAILURES):
                taken[device] = seconds_on(device) / WORTH_IT
    return min(taken, key=lambda device: taken[device])


def _machine(here: dict[str, str], model: str) -> str:
    import torch

    return " | ".join([f"torch {torch.__version__}", model, *(f"{key} {name}" for key, name in here.items())])


def _remembered(memory: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(memory.read_bytes(), type=dict[str, str])
    except (OSError, ValueError):
        return {}
