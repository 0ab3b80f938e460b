"""What every procedural synthesiser has in common: a patch is drawn once (the instrument), then played at notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

RATE_HZ = 44100
HOP_FRAMES = 512  # spacing of pitch-curve points, as engine.pitch.HOP_FRAMES

Patch = dict[str, float]  # one instrument: every parameter that shapes its sound, drawn once


@dataclass(frozen=True)
class Performance:
    """What is played, per sound of a batch.

    notes: float (batch,) MIDI numbers (ignored by families without pitch). velocities: float (batch,) 1..127.
    seconds: float (batch,) length wanted: note held about 70 % of it, then released; percussive families may end sooner.
    frames: length of the rendered buffer, at least the longest of `seconds`.
    generator: source of every random number, so that a batch is reproducible.
    """

    notes: Tensor
    velocities: Tensor
    seconds: Tensor
    frames: int
    generator: torch.Generator

    @property
    def device(self) -> torch.device:
        return self.notes.device

    @property
    def batch(self) -> int:
        return int(self.notes.shape[0])

    def time_s(self) -> Tensor:
        """(1, frames) seconds from the start."""
        return (torch.arange(self.frames, device=self.device, dtype=torch.float32) / RATE_HZ)[None]


@dataclass(frozen=True)
class Rendered:
    """samples: float32 (batch, frames), any level (the corpus normalises).
    f0_hz: float32 (batch, 1 + frames // HOP_FRAMES), the true fundamental at each hop, 0 where there is none.
    """

    samples: Tensor
    f0_hz: Tensor


@dataclass(frozen=True)
class Synth:
    """One family's synthesiser.

    family: key in engine.families.FAMILIES.
    draw: a random instrument, plausible and varied; numbers only.
    render: plays `patches[i]` at `performance.notes[i]`, all in one batch, on any device, no Python loop over sounds.
    words: what can be said about a patch from its parameters alone (not brightness, attack, decay, noisiness, body or
        movement, which are measured): sub-family and character, e.g. ("detuned", "square wave", "with reverb").
    """

    family: str
    draw: Callable[[np.random.Generator], Patch]
    render: Callable[[Sequence[Patch], Performance], Rendered]
    words: Callable[[Patch], Sequence[str]] = field(default=lambda patch: ())


def column(patches: Sequence[Patch], key: str, device: torch.device) -> Tensor:
    """Parameter `key` of every patch as float32 (batch, 1)."""
    return torch.tensor([patch[key] for patch in patches], dtype=torch.float32, device=device)[:, None]
