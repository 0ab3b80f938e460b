"""Sounds whose pitch can be told to a fraction of a cent."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

ROOT_NOTE = 57  # a, 220 Hz


def hertz(note: float) -> float:
    return float(440.0 * 2.0 ** ((note - 69) / 12))


def tone(seconds: float, rate_hz: int, peak: float = 0.5, loop: bool = False) -> Sound:
    """The root note, which begins at its peak, so that its first frame is heard. loop: round its second second."""
    wave = peak * np.cos(2 * np.pi * hertz(ROOT_NOTE) / rate_hz * np.arange(round(seconds * rate_hz)))
    return Sound(wave.astype(np.float32), rate_hz, float(ROOT_NOTE), (rate_hz, 2 * rate_hz - 1) if loop else None)


def cents_off(samples: npt.NDArray[np.float32], note: float, rate_hz: int) -> float:
    """How far a steady tone lies from a note, from how its phase turns against that note's."""
    hz = hertz(note)
    turned = samples * np.exp(-2j * np.pi * hz / rate_hz * np.arange(len(samples)))
    smooth = np.convolve(turned, np.hanning(round(6 * rate_hz / hz)), mode="valid")
    slope = np.polyfit(np.arange(len(smooth)), np.unwrap(np.angle(smooth)), 1)[0]
    ratio = 1.0 + float(slope) * rate_hz / (2 * math.pi) / hz
    return abs(1200 * math.log2(ratio)) if ratio > 0 else math.inf


def wait(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until it holds. Ends the program with one line when it never does."""
    began = time.perf_counter()
    while not holds():
        if time.perf_counter() - began > seconds:
            raise SystemExit(f"Waited {seconds:g} s in vain until {what}.")
        time.sleep(0.002)
    return time.perf_counter() - began
