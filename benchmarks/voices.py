"""What the voices cost and how clean they are, rendered without a device; processor time of one core."""

from __future__ import annotations

import statistics
import time

import numpy as np
import numpy.typing as npt

from benchmarks.report import Benchmark, Figures
from engine.audio.actions import NoteOn
from engine.audio.perform import Desk, instrument, perform
from engine.audio.voices import POLYPHONY
from engine.patch import Patch
from engine.sound import Sound

RATE_HZ = 48_000
BLOCK = 256
_BLOCKS = 200
_SEMITONES = 24
_SWEPT_HZ = (9_000.0, 11_000.0, 11_900.0, 12_100.0, 13_000.0, 15_000.0, 18_000.0, 21_000.0, 23_500.0)


def measure(count: int) -> Figures:
    """core_percent_32, core_percent_32_filter, core_percent_32_stereo: processor time of 32 voices on as many keys, of
    real time, medians of `count` runs. alias_db: loudest part of a sine played an octave up that is not that sine, for
    sines up to the Nyquist frequency. cents_worst: over the keys from -24 to +24 semitones."""
    plain, filtered = Patch(), Patch(filter_type="low-pass")
    return {
        "core_percent_32": statistics.median(_core_percent(plain, 1) for _ in range(count)),
        "core_percent_32_filter": statistics.median(_core_percent(filtered, 1) for _ in range(count)),
        "core_percent_32_stereo": statistics.median(_core_percent(plain, 2) for _ in range(count)),
        "alias_db": max(_beside_db(hz) for hz in _SWEPT_HZ),
        "cents_worst": max(abs(_cents(key)) for key in range(-_SEMITONES, _SEMITONES + 1)),
    }


def _core_percent(patch: Patch, channels: int) -> float:
    seconds = (_BLOCKS + 50) * BLOCK / RATE_HZ * 5
    noise = np.random.default_rng(0).uniform(-0.02, 0.02, (round(seconds * RATE_HZ), channels)).astype(np.float32)
    desk, made = Desk(RATE_HZ), instrument(Sound(noise, RATE_HZ, 60.0), patch, RATE_HZ)
    desk.plan(
        (0, NoteOn(made, 0, 47.5 + 0.8 * voice, 100)) for voice in range(POLYPHONY)
    )  # none at the sound's own key
    desk.render(20 * BLOCK)
    began = time.thread_time()
    desk.render(_BLOCKS * BLOCK)
    return 100 * (time.thread_time() - began) / (_BLOCKS * BLOCK / RATE_HZ)


def _played(hz: float, semitones: int, seconds: float) -> npt.NDArray[np.float64]:
    """A sine, transposed; without its beginning."""
    frames = round((seconds + 0.2) * RATE_HZ * max(1.0, 2 ** (semitones / 12)))
    wave = (0.5 * np.sin(2 * np.pi * hz / RATE_HZ * np.arange(frames))).astype(np.float32)
    made = instrument(Sound(wave, RATE_HZ, 60.0), Patch(), RATE_HZ)
    heard = perform(made, [(0, NoteOn(None, 0, 60 + semitones, 127))], RATE_HZ, seconds + 0.1)
    return heard[round(0.05 * RATE_HZ) : round((seconds + 0.05) * RATE_HZ), 0].astype(np.float64)


def _beside_db(hz: float) -> float:
    """What else than a sine of twice the frequency is heard of one an octave up."""
    heard = _played(hz, 12, 0.3)
    if 2 * hz < RATE_HZ / 2:
        turn = 2 * np.pi * 2 * hz / RATE_HZ * np.arange(len(heard))
        basis = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        heard = heard - basis @ np.linalg.lstsq(basis, heard, rcond=None)[0]
    return float(10 * np.log10(2 * np.mean(heard**2) / 0.25 + 1e-20))


def _cents(semitones: int) -> float:
    """How far a transposed sine is from where it should be, from how its phase turns against it."""
    hz = 440.0
    wanted = hz * 2 ** (semitones / 12)
    heard = _played(hz, semitones, 0.4)
    turned = heard * np.exp(-2j * np.pi * wanted / RATE_HZ * np.arange(len(heard)))
    smooth = np.convolve(turned, np.hanning(4_800), mode="valid")
    slope = np.polyfit(np.arange(len(smooth)), np.unwrap(np.angle(smooth)), 1)[0]
    return float(1200 * np.log2(1 + slope * RATE_HZ / (2 * np.pi) / wanted))


BENCHMARK = Benchmark(
    "32 voices at 48 kHz in blocks of 256 frames, medians; alias an octave up; pitch from -24 to +24 semitones",
    measure,
    {"core_percent_32": 25.0, "alias_db": -80.0, "cents_worst": 1.0},
)
