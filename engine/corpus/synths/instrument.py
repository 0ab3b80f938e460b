"""Whole instruments from the parts: pitch, oscillators or operators, strip. Every family here is one of these."""

from __future__ import annotations

from collections.abc import Sequence

from engine.corpus.synths.base import Patch, Performance, Rendered, column
from engine.corpus.synths.operators import FOUR_OPERATORS, operators
from engine.corpus.synths.pitch_motion import STILL, PitchMotion
from engine.corpus.synths.strip import OPEN_STRIP, finished
from engine.corpus.synths.unison import ONE_OSCILLATOR, oscillators

SUBTRACTIVE: Patch = {**STILL, **ONE_OSCILLATOR, **OPEN_STRIP}
FREQUENCY_MODULATION: Patch = {**STILL, **FOUR_OPERATORS, **OPEN_STRIP}
LAYERED: Patch = {**SUBTRACTIVE, **FOUR_OPERATORS, "layer": 0.0}  # layer: level of the operators


def play_subtractive(patches: Sequence[Patch], performance: Performance) -> Rendered:
    """Patches with the keys of SUBTRACTIVE."""
    motion = PitchMotion.of(patches, performance)
    raw = oscillators(patches, performance, motion.phase(performance.frames))
    return Rendered(finished(raw, patches, performance), motion.f0_hz(performance.frames))


def play_operators(patches: Sequence[Patch], performance: Performance) -> Rendered:
    """Patches with the keys of FREQUENCY_MODULATION."""
    motion = PitchMotion.of(patches, performance)
    raw = operators(patches, performance, motion.phase(performance.frames))
    return Rendered(finished(raw, patches, performance), motion.f0_hz(performance.frames))


def play_layered(patches: Sequence[Patch], performance: Performance) -> Rendered:
    """Patches with the keys of LAYERED: oscillators and operators through one strip."""
    motion = PitchMotion.of(patches, performance)
    phase = motion.phase(performance.frames)
    raw = oscillators(patches, performance, phase)
    raw += operators(patches, performance, phase) * column(patches, "layer", performance.device)
    return Rendered(finished(raw, patches, performance), motion.f0_hz(performance.frames))
