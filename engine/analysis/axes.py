"""What the axes of the latent space are measured by: one number per sound and axis, counted so that steps are even.

| axis | counted in | what |
|---|---|---|
| brightness | octaves | centroid |
| noisiness | octaves | flatness, floored at 0.003 |
| body | dB | energy below 200 Hz over the rest |
| warmth | dB | energy from 150 to 600 Hz over energy from 1.5 to 6 kHz, down to −60 dB |
| attack | octaves | attack time plus 10 ms |
| decay | octaves | decay time plus 10 ms |

Definitions of the features stand in `engine/analysis/features.py`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.features import measure_batch
from engine.analysis.spectrum import WINDOW_FRAMES, power_spectra, spectral

UNITS: dict[str, tuple[str, str]] = {
    "brightness": ("centroid_hz", "octaves"),
    "attack": ("attack_s", "octaves"),
    "decay": ("decay_s", "octaves"),
    "noisiness": ("flatness", "octaves"),
    "body": ("low_ratio", "dB"),
    "warmth": ("warmth", "dB"),
}
LOW_BAND_HZ, HIGH_BAND_HZ = (150.0, 600.0), (1500.0, 6000.0)
_LEAST_S, _LEAST_FLATNESS, _LEAST_SHARE = 0.01, 0.003, 1e-6


def timbre(samples: Tensor, rate_hz: int = 44100) -> dict[str, Tensor]:
    """brightness, noisiness, body and warmth of (batch, frames), each (batch,); gradients go through."""
    measured = spectral(samples, rate_hz)
    low = measured["low_ratio"].clamp(_LEAST_SHARE, 1 - _LEAST_SHARE)
    return {
        "brightness": torch.log2(measured["centroid_hz"].clamp(min=20.0)),
        "noisiness": torch.log2(measured["flatness"] + _LEAST_FLATNESS),
        "body": 10 * torch.log10(low / (1 - low)),
        "warmth": warmth_db(samples, rate_hz),
    }


def warmth_db(samples: Tensor, rate_hz: int = 44100) -> Tensor:
    """Low mids over high mids, (batch,)."""
    power = power_spectra(samples, WINDOW_FRAMES).sum(1)
    hz = torch.arange(power.shape[1], device=samples.device) * (rate_hz / WINDOW_FRAMES)
    floor = _LEAST_SHARE * power.sum(1) + 1e-12

    def band(span: tuple[float, float]) -> Tensor:
        return power[:, (hz >= span[0]) & (hz < span[1])].sum(1) + floor

    return 10 * torch.log10(band(LOW_BAND_HZ) / band(HIGH_BAND_HZ))


@torch.no_grad()
def axis_values(samples: Tensor, rate_hz: int = 44100) -> dict[str, npt.NDArray[np.float64]]:
    """Every axis of (batch, frames), each (batch,)."""
    features = measure_batch(samples, None, rate_hz)
    values = {key: value.double().cpu().numpy() for key, value in timbre(samples, rate_hz).items()}
    return values | {key: octaves(features[f"{key}_s"]) for key in ("attack", "decay")}


def octaves(seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Attack and decay as their axes count them."""
    return np.asarray(np.log2(np.asarray(seconds, np.float64) + _LEAST_S))
