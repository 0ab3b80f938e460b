"""What a block costs by itself: the same playing rendered again and again without a device, so that what the machine
adds, which is elsewhere each time, can be told from what the voices take.
"""

from __future__ import annotations

import gc
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks.flood import EVENTS_PER_S, Flood
from benchmarks.jackd import BLOCK_S, PERIOD_FRAMES, RATE_HZ
from benchmarks.report import Benchmark, Figures
from benchmarks.tones import ROOT_NOTE, tone
from engine.audio.actions import Action, Bend, Equip, NoteOff, NoteOn, Route
from engine.audio.perform import Desk, instrument
from engine.patch import Patch

_SECONDS = 10
_CHORD_S = 0.25
_CHORDS = range(ROOT_NOTE - 8, ROOT_NOTE + 8), range(ROOT_NOTE - 20, ROOT_NOTE - 4)  # in turns
_PEAK = 0.05  # of a voice
_KNOB_HZ = 60
_PATCH = Patch(pitch_mode="varispeed", play_mode="loop", loop_fade_s=0.0, release_s=0.2)
_SEED = 5

Event = tuple[int, Action]


def measure(count: int) -> Figures:
    """Wall-clock time of blocks of 256 frames, of each the least of `count` renderings.

    chords: sixteen voices are let go and sixteen others struck in one block, four times a second, under a bend that
    moves all the time. knob: sixteen filtered voices are held, and a knob of theirs turns, 60 moves a second. flood:
    random notes, controllers and edits, 800 a second. _median_ms, _worst_ms: over all blocks. once_worst_ms: the
    longest block of one rendering of the chords (median of all), with what the machine adds."""
    chords, knob, flood = (_durations(playing, count) for playing in (_chords(), _knob(), _flood()))
    return {
        "chords_median_ms": 1000 * float(np.median(chords.min(0))),
        "chords_worst_ms": 1000 * float(chords.min(0).max()),
        "knob_median_ms": 1000 * float(np.median(knob.min(0))),
        "knob_worst_ms": 1000 * float(knob.min(0).max()),
        "flood_median_ms": 1000 * float(np.median(flood.min(0))),
        "flood_worst_ms": 1000 * float(flood.min(0).max()),
        "once_worst_ms": 1000 * float(np.median(chords.max(1))),
    }


def _chords() -> list[Event]:
    made = instrument(tone(2.5, RATE_HZ, _PEAK, loop=True), _PATCH, RATE_HZ)
    events: list[Event] = [(0, Route(armed=made))]
    for turn in range(round(_SECONDS / _CHORD_S)):
        at = round(turn * _CHORD_S * RATE_HZ)
        events += [(at, NoteOff(0, note)) for note in _CHORDS[turn % 2 - 1] if turn]
        events += [(at, NoteOn(None, 0, note, 100)) for note in _CHORDS[turn % 2]]
    bends = range(0, _SECONDS * RATE_HZ, PERIOD_FRAMES)
    return events + [(at, Bend(0, float(np.sin(at / RATE_HZ)))) for at in bends]


def _knob() -> list[Event]:
    first = instrument(tone(2.5, RATE_HZ, _PEAK, loop=True), _PATCH, RATE_HZ, "take")
    events: list[Event] = [(0, Route(armed=first)), *((0, NoteOn(None, 0, note, 100)) for note in _CHORDS[0])]
    for turn in range(1, _SECONDS * _KNOB_HZ):
        patch = msgspec.structs.replace(_PATCH, filter_type="low-pass", cutoff_hz=1000 + 900 * math.sin(turn / 20))
        events.append((round(turn * RATE_HZ / _KNOB_HZ), Equip(replace(first, patch=patch))))
    return events


def _flood() -> list[Event]:
    source, count = Flood(_SEED), round(_SECONDS * EVENTS_PER_S)
    begin = Route(armed=source.takes["a"])
    stream = islice(source.actions(), count)
    return [(0, begin), *((round(n * RATE_HZ / EVENTS_PER_S), action) for n, action in enumerate(stream))]


def _durations(events: list[Event], count: int) -> npt.NDArray[np.float64]:
    """Seconds of every block, (count, blocks)"""
    due: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        due[event[0] // PERIOD_FRAMES].append(event)
    return np.array([_rendered(due) for _ in range(count)])


def _rendered(due: dict[int, list[Event]]) -> list[float]:
    desk, took = Desk(RATE_HZ), list[float]()
    with _uncollected():
        for number in range(_SECONDS * RATE_HZ // PERIOD_FRAMES):
            desk.plan(due.get(number, ()))
            began = time.perf_counter()
            desk.render(PERIOD_FRAMES)
            took.append(time.perf_counter() - began)
    return took


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection, as in the audio process."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


BENCHMARK = Benchmark(
    "Blocks of 256 frames at 48 kHz rendered without a device, of each the least of --count times",
    measure,
    {"chords_worst_ms": 1000 * BLOCK_S / 2, "knob_worst_ms": 1000 * BLOCK_S / 2},
)
