"""Mel-spaced filter banks, as plain arrays, for whoever analyses or synthesises spectra."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


def hz_to_mel(hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """O'Shaughnessy's mel scale: 2595 log10(1 + f / 700)."""
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hz, np.float64) / 700.0))


def mel_to_hz(mel: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Inverse of `hz_to_mel`."""
    return np.asarray(700.0 * (10.0 ** (np.asarray(mel, np.float64) / 2595.0) - 1.0))


def filter_bank(
    fft_size: int, bands: int, rate_hz: int = 44100, low_hz: float = 20.0, high_hz: float = 20000.0
) -> Matrix:
    """Triangular filters of height 1, float32 (bands, fft_size // 2 + 1); applied to amplitude spectra."""
    frequencies = np.linspace(0.0, rate_hz / 2, fft_size // 2 + 1)
    edges = mel_to_hz(np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz), bands + 2))
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1, None] - edges[:-2, None] + 1e-9)
    falling = (edges[2:, None] - frequencies) / (edges[2:, None] - edges[1:-1, None] + 1e-9)
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)), np.float32)


def interpolation(
    fft_size: int, bands: int, rate_hz: int = 44100, low_hz: float = 20.0, high_hz: float = 20000.0
) -> Matrix:
    """Weights float32 (fft_size // 2 + 1, bands) that spread one value per mel band linearly over a spectrum's bins."""
    bins = fft_size // 2 + 1
    mel = hz_to_mel(np.linspace(0.0, rate_hz / 2, bins))
    centres = np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz), bands + 2)[1:-1]
    place = np.clip((mel - centres[0]) / (centres[1] - centres[0]), 0.0, bands - 1.001)
    lower = place.astype(int)
    weights = np.zeros((bins, bands), np.float32)
    rows = np.arange(bins)
    weights[rows, lower] = 1.0 - (place - lower)
    weights[rows, lower + 1] += (place - lower).astype(np.float32)
    return weights
