"""How wide a sound is, measured, and what of it a mono loudspeaker loses.

| field | unit | definition |
|---|---|---|
| correlation | -1..1 | Pearson's, of left and right: 1 is mono, 0 nothing in common, below 0 mono loses most |
| low_correlation | -1..1 | the same of what lies below 150 Hz |
| side_db | dB | energy of half the difference of the channels beside that of their mean; -120 and less is mono |
| balance_db | dB | energy of left beside right |

A mono or silent sound measures 1, 1, -120 and 0; where one channel alone is silent, correlation is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

LOW_HZ = 150.0
_NOTHING_DB = -120.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Stereo:
    """One sound's picture, measured. Definitions and units stand at the top of this file."""

    correlation: float
    low_correlation: float
    side_db: float
    balance_db: float


def stereo(sound: Sound) -> Stereo:
    """Of the first two channels."""
    samples = np.nan_to_num(sound.samples[:, :2].astype(np.float64))
    if sound.channels == 1 or not samples.any():
        return Stereo(1.0, 1.0, _NOTHING_DB, 0.0)
    left, right = samples.T
    middle, side = (left + right) / 2, (left - right) / 2
    low = _below(samples, sound.rate_hz)
    return Stereo(
        correlation=_correlation(left, right),
        low_correlation=_correlation(*low.T) if np.square(low).sum() > 1e-6 * np.square(samples).sum() else 1.0,
        side_db=_ratio_db(side, middle),
        balance_db=_ratio_db(left, right),
    )


def _below(samples: Floats, rate_hz: int) -> Floats:
    """What lies below LOW_HZ, fading out over the third of an octave above."""
    spectrum = np.fft.rfft(samples, axis=0)
    hertz = np.maximum(np.fft.rfftfreq(len(samples), 1 / rate_hz), 1.0)
    spectrum *= np.clip(1.0 - 3.0 * np.log2(hertz / LOW_HZ), 0.0, 1.0)[:, None]
    return np.asarray(np.fft.irfft(spectrum, len(samples), axis=0), np.float64)


def _correlation(left: Floats, right: Floats) -> float:
    left, right = left - left.mean(), right - right.mean()
    energy = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return float(np.clip(np.dot(left, right) / energy, -1.0, 1.0)) if energy > 0 else 0.0


def _ratio_db(one: Floats, other: Floats) -> float:
    above, below = float(np.dot(one, one)), float(np.dot(other, other))
    return float(np.clip(10 * np.log10(max(above, 1e-30) / max(below, 1e-30)), _NOTHING_DB, -_NOTHING_DB))
