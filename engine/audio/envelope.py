"""Envelope: attack, decay, sustain, release, each a function of time alone, so that every change falls on its frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.patch import Patch

_SOFT_S = 0.001  # a stage bends into its slope for so long: a corner would be heard as a click
SHORTEST_RELEASE_S = 0.004  # a note let go faster than this would click
_SILENT_DB = -60.0  # the lowest sustain level means none at all
_SHARPEST = 4.0  # octaves of steepness at either end of a curve's knob


@dataclass(frozen=True, slots=True)
class Stage:
    """From one level to another. frames: its length. bend: 0 straight, above 0 fast first, down to -1 slow first.
    soft: frames in which it gets going; corner: what is left of the way when it begins to come to rest."""

    frames: float
    bend: float
    soft: float
    corner: float

    def share(self, frame: float) -> float:
        """How far it has come after so many frames, 0..1. A hyperbola: exact at both ends and in the middle of a
        straight one, and cheap enough to be worked out for every frame."""
        if frame <= 0:
            return 0.0
        if frame >= self.frames:
            return 1.0
        x = (frame * frame / (frame + self.soft)) / (self.frames * self.frames / (self.frames + self.soft))
        left = 1 - x * (1 + self.bend) / (1 + self.bend * x)
        return 1 - left * left / (left + self.corner) * (1 + self.corner)


@dataclass(frozen=True, slots=True)
class Envelope:
    attack: Stage
    decay: Stage
    sustain: float
    release: Stage

    @classmethod
    def of(cls, patch: Patch, rate_hz: float) -> Envelope:
        sustain = 10 ** (patch.sustain_db / 20) if patch.sustain_db > _SILENT_DB else 0.0
        return cls(
            _stage(patch.attack_s, patch.attack_bend, rate_hz),
            _stage(patch.decay_s if sustain < 1 else 0.0, patch.decay_bend, rate_hz),
            sustain,
            _stage(max(patch.release_s, SHORTEST_RELEASE_S), patch.release_bend, rate_hz),
        )

    @property
    def settled(self) -> float:
        """Frames after the start from which the level is that of sustain."""
        return self.attack.frames + self.decay.frames

    def level(self, frame: float) -> float:
        """Of a note held for so many frames."""
        if frame < self.attack.frames:
            return self.attack.share(frame)
        return 1.0 + (self.sustain - 1.0) * self.decay.share(frame - self.attack.frames)


@lru_cache(256)  # the keys of a chord have the same
def _stage(seconds: float, bend: float, rate_hz: float) -> Stage:
    frames = float(round(seconds * rate_hz))
    soft, steepness = min(_SOFT_S * rate_hz, frames / 8), 2.0 ** (_SHARPEST * bend)
    corner = min(soft / (frames * steepness), 0.5) if frames else 0.0
    return Stage(frames, steepness - 1.0, soft, corner)
