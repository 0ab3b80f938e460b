"""How loud a sound is beside another: the energy of its loudest 400 ms, weighted as the head weights it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WINDOW_S = 0.4
_BLOCK = 2048
_SHELF_HZ, _SHELF_DB = 1500.0, 4.0  # the head's high shelf of ITU-R BS.1770, in its simplest form
_RANGE = 1e-9  # of energy: what is quieter than -90 dB is taken for that


def loudness_db(samples: npt.NDArray[np.float32], rate_hz: int) -> float:
    """samples (frames,), full scale 1 -> dB, for comparing sounds with each other; -90 for silence.

    Unlike BS.1770 it has no high-pass: equalled by it, low notes would need more level than there is.
    """
    blocks = max(1, -(-len(samples) // _BLOCK))
    rows = np.zeros(blocks * _BLOCK, np.float32)
    rows[: len(samples)] = samples
    power = np.square(np.abs(np.fft.rfft(rows.reshape(blocks, _BLOCK), axis=1)))
    energy = (power @ _weights(rate_hz)) * (2.0 / _BLOCK)  # of each block, (blocks,)
    total = np.concatenate([[0.0], np.cumsum(energy, dtype=np.float64)])
    window = min(blocks, max(1, round(WINDOW_S * rate_hz / _BLOCK)))
    loudest = float((total[window:] - total[:-window]).max())
    return float(10 * np.log10(max(loudest / (WINDOW_S * rate_hz), _RANGE)))


def _weights(rate_hz: int) -> npt.NDArray[np.float32]:
    """Power gain of each bin: 1 below the shelf, `_SHELF_DB` above."""
    square = (np.fft.rfftfreq(_BLOCK, 1 / rate_hz) / _SHELF_HZ) ** 2
    high = 10 ** (_SHELF_DB / 10)
    return np.asarray((1 + high * square) / (1 + square), np.float32)
