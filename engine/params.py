"""Every user-facing parameter once.

Knobs, command-line options, presets, MIDI mapping, validation and help derive from this table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from engine.errors import BadRequest

Curve = Literal["linear", "log", "integer"]


@dataclass(frozen=True)
class ParamSpec:
    """One parameter. `curve` says how a knob travels from `low` to `high`; `unit` is what the label shows."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    default: float
    curve: Curve
    help: str

    def check(self, value: float) -> float:
        """`value` if it lies in range. Raises BadRequest with one clear line otherwise."""
        number = float(value)
        if not math.isfinite(number) or not self.low <= number <= self.high:
            span = f"{self.low:g} and {self.high:g}{self._spaced_unit()}"
            raise BadRequest(f"{self.label} must lie between {span}, not {value:g}.")
        if self.curve == "integer" and number != int(number):
            raise BadRequest(f"{self.label} must be a whole number, not {value:g}.")
        return number

    def at(self, position: float) -> float:
        """Value at knob position 0..1."""
        position = min(1.0, max(0.0, position))
        if self.curve == "log":
            return float(self.low * (self.high / self.low) ** position)
        value = self.low + (self.high - self.low) * position
        return float(round(value)) if self.curve == "integer" else value

    def position(self, value: float) -> float:
        """Knob position 0..1 of a value."""
        value = min(self.high, max(self.low, value))
        if self.curve == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def text(self, value: float) -> str:
        """The value as a label shows it, with its unit."""
        digits = f"{value:.0f}" if self.curve == "integer" else f"{value:.3g}"
        return digits + self._spaced_unit()

    def _spaced_unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


_ROWS = (
    ParamSpec("velocity", "Velocity", "", 1, 127, 100, "integer", "How hard the note is played."),
    ParamSpec("seconds", "Length", "s", 0.1, 5.0, 2.0, "log", "How long the sound lasts."),
    ParamSpec("steps", "Steps", "", 1, 100, 16, "integer", "Sampling steps: more is finer and slower."),
    ParamSpec("guidance", "Guidance", "", 0.0, 10.0, 2.0, "linear", "How strictly words are followed; 1 is plain."),
    ParamSpec("strength", "Strength", "", 0.0, 1.0, 0.4, "linear", "How far to move away from the source sound."),
    ParamSpec("count", "Variations", "", 1, 1000, 1, "integer", "How many takes to make, each with its own seed."),
    ParamSpec("amplify", "Amplify", "×", 0.0, 3.0, 1.0, "linear", "Exaggerates (above 1) or flattens the latent."),
    ParamSpec("noise", "Noise", "", 0.0, 1.0, 0.0, "linear", "Gaussian noise added to the latent."),
    ParamSpec("smooth", "Smooth", "frames", 1, 32, 1, "integer", "Average pooling of the latent over time."),
    ParamSpec("gain_db", "Volume", "dB", -60.0, 6.0, 0.0, "linear", "Playback volume."),
)

PARAMS: dict[str, ParamSpec] = {row.key: row for row in _ROWS}
RATES_HZ = (44100, 48000, 88200, 96000)
BIT_DEPTHS = ("16", "24", "32f")
PROMPT_LIMIT = 1000  # characters; what is longer is cut, with a word
SEED_LIMIT = 2**32  # seeds are 0 .. SEED_LIMIT - 1
