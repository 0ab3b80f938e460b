"""The picture of a sound's spectrum over time, in numpy alone: it is wanted before torch is there.

Two window lengths are mixed by frequency, as the ear does it: long below, so that the harmonics of a bass lie apart;
short above, so that an attack stays sharp.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

Floats = npt.NDArray[np.float32]

LOW_HZ, HIGH_HZ = 40.0, 20_000.0
FLOOR_DB, TOP_DB = -90.0, 0.0  # dBFS; a full-scale sine reads 0
_LONG_S, _SHORT_S = 0.093, 0.012
_MIX_HZ = (500.0, 4000.0)  # long windows alone below, short ones alone above


def row_hz(rows: int) -> npt.NDArray[np.float64]:
    """Frequency in Hz of each row of the picture, the lowest first."""
    return np.geomspace(LOW_HZ, HIGH_HZ, rows)


def spectrogram_db(sound: Sound, columns: int, rows: int, *, coarse: bool = False) -> Floats:
    """Level in dBFS, float32 (rows, columns), `FLOOR_DB`..`TOP_DB`, the lowest frequency first.

    Column k is centred on the middle of the k-th of `columns` equal stretches of the sound. What lies above half the
    sampling rate reads `FLOOR_DB`. coarse: half the resolution in frequency, for less than half the time.
    """
    hz = row_hz(rows)
    long = _levels(sound, columns, hz, _LONG_S, 1 if coarse else 2)
    short = _levels(sound, columns, hz, _SHORT_S, 1 if coarse else 2)
    low, high = np.log(_MIX_HZ)
    share = np.clip((np.log(hz) - low) / (high - low), 0, 1).astype(np.float32)[:, None]
    mixed = long * (1 - share) + short * share
    mixed[hz > sound.rate_hz / 2] = FLOOR_DB
    return np.asarray(np.clip(mixed, FLOOR_DB, TOP_DB), np.float32)


def _levels(sound: Sound, columns: int, hz: npt.NDArray[np.float64], window_s: float, finer: int) -> Floats:
    """dBFS (rows, columns) seen through a Hann window of about `window_s`; finer: bins beside those it tells apart."""
    size = 1 << round(np.log2(window_s * sound.rate_hz))
    padded = np.pad(sound.mono(), (size // 2, size))
    centres = ((np.arange(columns) + 0.5) * sound.frames / columns).astype(np.int64)
    window = np.hanning(size).astype(np.float32)
    blocks = np.lib.stride_tricks.sliding_window_view(padded, size)[centres] * window
    lines = np.fft.rfft(blocks, n=finer * size, axis=1)  # (columns, bins)
    place = np.clip(hz / sound.rate_hz * finer * size, 0, finer * size / 2 - 1e-3)
    below = place.astype(np.int64)
    share = (place - below).astype(np.float32)
    gain = np.float32(2 / window.sum())
    low, high = (20 * np.log10(np.abs(lines[:, bins]) * gain + 1e-7) for bins in (below, below + 1))
    return np.asarray((low * (1 - share) + high * share).T, np.float32)
