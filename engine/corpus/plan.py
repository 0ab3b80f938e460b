"""What a corpus of so many sounds consists of, as small independent jobs; the same seed gives the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Source = Literal["synth", "font", "recording"]
SOUNDS_PER_JOB = 32
APART = 12
RECORDED_SHARE = 0.04
FONT_SHARE = 0.36


@dataclass(frozen=True)
class Job:
    """One batch. name: family of a synthesiser, or soundfont; empty for recordings. seed: of everything drawn in it.
    apart: semitones that the two notes of an instrument may lie from each other."""

    source: Source
    name: str
    sounds: int
    seed: int
    apart: int = APART


def plan(
    count: int, seed: int, families: Sequence[str], fonts: Sequence[str], recordings: int, apart: int = APART
) -> list[Job]:
    """Jobs for `count` sounds. Sources that are not installed (no fonts, no recordings) leave their share to the rest."""
    recorded = min(round(count * RECORDED_SHARE), recordings * 8)
    font = round(count * FONT_SHARE) if fonts else 0
    shares = [("recording", "", recorded)]
    shares += [("font", name, part) for name, part in zip(fonts, split(font, len(fonts)), strict=True)]
    made = count - recorded - font
    shares += [("synth", name, part) for name, part in zip(families, split(made, len(families)), strict=True)]
    seeds = np.random.SeedSequence(seed)
    jobs: list[Job] = []
    for source, name, sounds in shares:
        for first in range(0, sounds, SOUNDS_PER_JOB):
            (child,) = seeds.spawn(1)
            number = int(child.generate_state(1, np.uint64)[0] >> 1)
            jobs.append(Job(source, name, min(SOUNDS_PER_JOB, sounds - first), number, apart))  # type: ignore[arg-type]
    return jobs


def split(count: int, parts: int) -> list[int]:
    """`count` in `parts` whole shares that differ by one at most."""
    return [count // parts + (index < count % parts) for index in range(parts)] if parts else []
