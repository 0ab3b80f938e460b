"""What tests of the voices measure in what they hear."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

RATE_HZ = 48_000

Heard = npt.NDArray[np.float32]


def tone(hz: float, seconds: float, peak: float = 0.5, root_note: float | None = None, channels: int = 1) -> Sound:
    """A sine that begins within 5 ms and ends as softly."""
    count = np.arange(round(seconds * RATE_HZ))
    rise = np.clip(np.minimum(count, count[::-1]) / (0.005 * RATE_HZ), 0, 1)
    wave = peak * rise**2 * (3 - 2 * rise) * np.sin(2 * np.pi * hz / RATE_HZ * count)
    root = 69 + 12 * np.log2(hz / 440) if root_note is None else root_note
    return Sound(np.tile(wave[:, None], (1, channels)).astype(np.float32), RATE_HZ, float(root))


def note_hz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def frequency_hz(samples: npt.NDArray[np.floating], near_hz: float) -> float:
    """Frequency of a steady sine, from how its phase turns against one of near_hz."""
    turned = samples * np.exp(-2j * np.pi * near_hz / RATE_HZ * np.arange(len(samples)))
    smooth = np.convolve(turned, np.hanning(min(2_400, len(samples) // 3)), mode="valid")
    slope = np.polyfit(np.arange(len(smooth)), np.unwrap(np.angle(smooth)), 1)[0]
    return float(near_hz + slope * RATE_HZ / (2 * np.pi))


def cents(hz: float, against_hz: float) -> float:
    return float(1200 * np.log2(hz / against_hz))


def envelope(samples: npt.NDArray[np.floating], hz: float) -> npt.NDArray[np.float64]:
    """Amplitude of a sine of known frequency over time, averaged over one of its periods."""
    turned = samples * np.exp(-2j * np.pi * hz / RATE_HZ * np.arange(len(samples)))
    period = round(RATE_HZ / hz)
    return np.asarray(2 * np.abs(np.convolve(turned, np.ones(period) / period, mode="same")))


def click_db(heard: npt.NDArray[np.floating], full: float | None = None) -> float:
    """The highest peak of what lies above 8 kHz, against the peak of it all: for sounds that have nothing up there. A
    jump of 1 % of the peak reads about -45 dB."""
    sound = heard.reshape(len(heard), -1).astype(np.float64)
    taps = np.sinc(2 * 8_000 / RATE_HZ * np.arange(-128, 129)) * np.kaiser(257, 9)
    low = taps / taps.sum()
    high = -low
    high[128] += 1
    padded = np.pad(sound, ((300, 0), (0, 0)))  # not after it: a note may still sound at its end
    worst = max(np.abs(np.convolve(column, high, mode="valid")).max() for column in padded.T)
    return float(20 * np.log10(worst / (np.abs(sound).max() if full is None else full) + 1e-12))
