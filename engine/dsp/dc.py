"""A first-order high-pass that takes away an offset and nothing that is heard."""

from __future__ import annotations

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
    size = len(samples) + round(_MEMORY_S * rate_hz)
    size = 2 ** int(np.ceil(np.log2(size)))
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)[:, None]
    response = 1j * hertz / (DC_HZ + 1j * hertz)
    spectrum = np.fft.rfft(samples, size, axis=0)
    spectrum *= response  # in place: as precise as the samples are
    return np.asarray(np.fft.irfft(spectrum, size, axis=0)[: len(samples)], samples.dtype)
