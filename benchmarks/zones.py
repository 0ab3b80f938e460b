"""How long after a take its keys are ready in model pitch, how true they are, and how long an edit takes to be heard.

Through the engine thread, as the window does it: the take is made, spread as soon as it is there, then edited.
"""

from __future__ import annotations

import queue
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from benchmarks.report import Benchmark, Figures

if TYPE_CHECKING:
    from engine.events import Event
    from engine.pitch import Pitch
    from engine.request import Latent, Take
    from engine.sound import Sound
    from engine.studio import Studio

PROMPTS = ("soft pad", "flute", "violin", "saw lead", "choir")  # sustained: their pitch can be measured at any key
SECONDS = 2.0
REACH = 24  # semitones to each side of the take's own note
HARMONICS = 12
EDITS = 20
WAIT_S = 120.0
E = TypeVar("E", bound="Event")


def measure(count: int) -> Figures:
    """ready_s: from the take to its last key, the slowest take; first_s: until no key is further than a semitone from a
    zone. worst_cents: of all keys within two octaves of the take. live_ms, live_worst_ms: from an edit to its sound."""
    from engine.events import Finished
    from engine.generators import load_generator
    from engine.library import Library
    from engine.request import Request
    from engine.studio import Studio

    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    firsts, readies, cents, lives = [], [], [0.0], []
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        studio = Studio(load_generator, library, events.put)
        try:
            for number in range(count + 1):
                request = Request(PROMPTS[number % len(PROMPTS)], seconds=SECONDS, seed=number, note=54)
                studio.submit(request)
                take = _wait(events, Finished).take
                first_s, ready_s, zones = _spread(studio, events, take)
                if number == 0:
                    continue  # caches warm up
                firsts.append(first_s)
                readies.append(ready_s)
                cents += _cents(take, zones)
                lives += _edited(studio, events, take)
        finally:
            studio.close()
            library.close()
    return {
        "ready_s": max(readies),
        "first_s": max(firsts),
        "worst_cents": max(cents),
        "live_ms": 1e3 * statistics.median(lives),
        "live_worst_ms": 1e3 * max(lives),
    }


def _spread(studio: Studio, events: queue.SimpleQueue[Event], take: Take) -> tuple[float, float, dict[int, Sound]]:
    """Seconds until every key is covered, until every key is there; the zones by key."""
    from engine.events import ZoneReady, ZonesDone
    from engine.zones import HIGHEST_KEY, LOWEST_KEY

    began, first_s, zones = time.perf_counter(), 0.0, {}
    studio.spread(take)
    while True:
        event = _wait(events, ZoneReady, ZonesDone)
        if isinstance(event, ZonesDone):
            return first_s, time.perf_counter() - began, zones
        assert isinstance(event, ZoneReady)
        zones[event.note] = event.sound
        keys = range(LOWEST_KEY, HIGHEST_KEY + 1)
        if first_s == 0.0 and all({key - 1, key, key + 1} & zones.keys() for key in keys):
            first_s = time.perf_counter() - began


def _cents(take: Take, zones: dict[int, Sound]) -> list[float]:
    """How far each zone within reach lies from its key."""
    root = take.pitch.root_note or 0.0
    return [abs(_cents_from(sound, key)) for key, sound in zones.items() if abs(key - root) <= REACH]


def _cents_from(sound: Sound, key: int) -> float:
    """The comb that gathers most of the harmonics' energy, within a semitone of the key. Finer than a pitch track, for
    which a noisy low note has too few periods in a window."""
    from engine.pitch import note_hz

    samples = sound.mono().astype(np.float64)
    size = 1 << 19
    energy = np.square(np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size)))
    cents = np.arange(-100.0, 100.0, 0.25)
    hz = note_hz(key) * 2.0 ** (cents / 1200)
    bins = np.round(np.multiply.outer(np.arange(1, HARMONICS + 1), hz) * size / sound.rate_hz).astype(int)
    total = np.where(bins < len(energy), energy[np.minimum(bins, len(energy) - 1)], 0.0).sum(0)
    return float(cents[np.argmax(total)])


def _edited(studio: Studio, events: queue.SimpleQueue[Event], take: Take) -> list[float]:
    """Seconds from asking for an edit to hearing of it, one after the other."""
    from engine.events import Decoded

    took = []
    for number in range(EDITS):
        began = time.perf_counter()
        studio.decode(take, _louder(1.0 + number / EDITS))
        _wait(events, Decoded)
        took.append(time.perf_counter() - began)
    return took


def _louder(factor: float) -> Callable[[Latent, Pitch], tuple[Latent, Pitch]]:
    return lambda latent, pitch: (latent.mean(0) + factor * (latent - latent.mean(0)), pitch)


def _wait(events: queue.SimpleQueue[Event], kind: type[E], *others: type[E]) -> E:
    """The next event of these kinds. Exits with the line of what failed."""
    from engine.events import Failed

    while True:
        event = events.get(timeout=WAIT_S)
        if isinstance(event, Failed):
            raise SystemExit(event.message)
        if isinstance(event, (kind, *others)):
            return event


BENCHMARK = Benchmark(
    "A take of 2 s at 61 keys by its model, and edited",
    measure,
    {"ready_s": 3.0, "worst_cents": 5.0, "live_ms": 60.0, "live_worst_ms": 120.0},
    usual=3,
)
