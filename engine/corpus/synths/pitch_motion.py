"""How a played note moves: glide into it, vibrato that comes in late, slow drift."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.corpus.synths.base import Patch, Performance, column
from engine.corpus.synths.oscillators import Phase, control_times_s, hop_times_s

STILL: Patch = {
    "glide_octaves": 0.0,  # the note starts this far away ...
    "glide_s": 0.03,  # ... and halves the distance in this time
    "vibrato_cents": 0.0,
    "vibrato_hz": 5.5,
    "vibrato_delay_s": 0.2,
    "drift_cents": 0.0,
}


@dataclass(frozen=True)
class PitchMotion:
    """The pitch of every sound of a batch as a function of time; made once per render, so that all parts agree."""

    note_hz: Tensor  # (batch, 1)
    parameters: dict[str, Tensor]  # of STILL, (batch, 1) each
    starts: Tensor  # (batch, 2) where vibrato and drift begin in their cycles, 0..1

    @classmethod
    def of(cls, patches: Sequence[Patch], performance: Performance) -> PitchMotion:
        """Reads the keys of STILL from the patches."""
        note_hz = 440.0 * torch.exp2((performance.notes.float()[:, None] - 69.0) / 12.0)
        starts = torch.rand(performance.batch, 2, generator=performance.generator, device=performance.device)
        return cls(note_hz, {key: column(patches, key, performance.device) for key in STILL}, starts)

    def octaves(self, time_s: Tensor) -> Tensor:
        """Deviation from the note in octaves, (batch, points) for times (1, points)."""
        p = self.parameters
        glide = p["glide_octaves"] * torch.exp2(-time_s / p["glide_s"])
        onset = ((time_s - p["vibrato_delay_s"]) / 0.25).clamp(0, 1)
        vibrato = torch.sin(2 * math.pi * (p["vibrato_hz"] * time_s + self.starts[:, :1])) * onset
        drift = torch.sin(2 * math.pi * (0.4 * time_s + self.starts[:, 1:]))
        return glide + (p["vibrato_cents"] * vibrato + p["drift_cents"] * drift) / 1200

    def hz(self, time_s: Tensor) -> Tensor:
        """The fundamental in Hz, (batch, points)."""
        return self.note_hz * torch.exp2(self.octaves(time_s))

    def phase(self, frames: int) -> Phase:
        """The running phase of the fundamental."""
        return Phase.of(self.hz(control_times_s(frames, self.note_hz.device)), frames)

    def f0_hz(self, frames: int) -> Tensor:
        """The curve that `Rendered` declares."""
        return self.hz(hop_times_s(frames, self.note_hz.device))
