"""AudioStatus: what the audio process is doing right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["starting", "running", "null", "lost"]
STATES: tuple[State, ...] = ("starting", "running", "null", "lost")


@dataclass(frozen=True)
class AudioStatus:
    """state: "starting", "running" (a device plays), "null" (no device: nothing is heard, but time passes as if),
    "lost" (the device or the audio process went away; it is being looked for).
    device, host_api: names as the system gives them. rate_hz, block_frames: 0 while starting.
    latency_s: from the callback to the device's output, as the driver says.
    message: one line for the user, empty when all is well.
    """

    state: State
    device: str = ""
    host_api: str = ""
    rate_hz: int = 0
    block_frames: int = 0
    latency_s: float = 0.0
    message: str = ""
