"""A first-order high-pass that takes away an offset and nothing that is heard."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

DC_HZ = 5.0  # corner: -0.1 dB at 32 Hz
_MEMORY_S = 0.5  # after so long the high-pass has forgotten: what the FFT wraps around is inaudible


F = TypeVar("F", np.float32, np.float64)


def without_dc(samples: npt.NDArray[F], rate_hz: int) -> npt.NDArray[F]:
    """samples (frames, channels). Causal (no ringing before an attack), applied in the frequency domain."""
    if len(samples) == 0:
        return samples
    size = _quick(len(samples) + round(_MEMORY_S * rate_hz))
    spectrum = np.fft.rfft(np.ascontiguousarray(samples.T), size)
    spectrum *= _response(size, rate_hz)  # in place: as precise as the samples are
    return np.asarray(np.fft.irfft(spectrum, size)[:, : len(samples)].T, samples.dtype)


@lru_cache(maxsize=2)  # a slider that moves asks for the same again and again
def _response(size: int, rate_hz: int) -> npt.NDArray[np.complex128]:
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    response = 1j * hertz / (DC_HZ + 1j * hertz)
    response.flags.writeable = False
    return np.asarray(response)


def _quick(least: int) -> int:
    """The next size that transforms quickly, at most a quarter too long."""
    power = 1 << (least - 1).bit_length()
    return next(size for size in (5 * power // 8, 3 * power // 4, power) if size >= least)
