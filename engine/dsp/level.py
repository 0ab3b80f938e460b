"""Loudness by definition: peak and mean level brought to what is asked."""

from __future__ import annotations

import numpy as np

from engine.sound import Sound

CEILING_DBFS = -1.0  # a mean level is reached as far as the peak allows
_NOTHING = 1e-5  # a peak of -100 dBFS is silence


def rms_dbfs(sound: Sound) -> float:
    """Root of the mean square of all samples, in dB under full scale; -inf for silence. A full-scale sine has -3.01."""
    power = float(np.mean(np.square(sound.samples, dtype=np.float64))) if sound.frames else 0.0
    return float(10 * np.log10(power)) if power > 0 else float("-inf")


def normalise_peak(sound: Sound, level_dbfs: float) -> Sound:
    """The largest sample at `level_dbfs`. Silence stays silence."""
    return _amplified(sound, level_dbfs - sound.peak_dbfs)


def normalise_rms(sound: Sound, level_dbfs: float) -> Sound:
    """The mean level at `level_dbfs`, or as near as the peak may go to -1 dBFS. Silence stays silence."""
    gain_db = level_dbfs - rms_dbfs(sound)
    return _amplified(sound, min(gain_db, max(CEILING_DBFS, level_dbfs) - sound.peak_dbfs))


def within_full_scale(sound: Sound) -> Sound:
    """The sound, or where it would clip, the sound at -1 dBFS."""
    return normalise_peak(sound, CEILING_DBFS) if sound.peak > 1.0 else sound


def _amplified(sound: Sound, gain_db: float) -> Sound:
    if sound.peak < _NOTHING:
        return sound
    return sound.with_samples(np.asarray(sound.samples * 10.0 ** (gain_db / 20), np.float32))
