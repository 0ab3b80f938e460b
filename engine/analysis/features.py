"""Measured features of a sound: what the corpus ranks, captions speak of, and evaluation compares.

| field | unit | definition |
|---|---|---|
| centroid_hz | Hz | mean frequency by amplitude (bins within 60 dB of the loudest), windows weighted by energy |
| attack_s | s | from 10 to 90 % of the first maximum of the envelope that comes within 3 dB of the highest |
| decay_s | s | from the end of the attack to the last moment within 40 dB of the peak, or the end |
| flatness | 0..1 | geometric over arithmetic mean of power, band by band, audible ones count more: tone 0, noise 0.6 |
| low_ratio | 0..1 | share of the energy that a first-order low-pass at 200 Hz leaves |
| movement | dB | rms of level and brightness modulation between 2 and 12 Hz |
| crest_db | dB | peak over rms, of the effective part |
| loudness_db | LUFS | gated K-weighted loudness |
| effective_s | s | last moment within 60 dB of the envelope's peak |
| onset_s | s | first moment within 40 dB of the envelope's peak |
| harmonicity | 0..1 | how periodic: autocorrelation at the best period between 30 and 2000 Hz |

A silent sound measures 0 everywhere, and -120 in loudness.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.envelope import envelope, movement, times
from engine.analysis.spectrum import spectral
from engine.sound import Sound

BLOCK = 16  # sounds worked on at once: stays within the cache, so it is faster than more


@dataclass(frozen=True)
class Features:
    """One sound, measured. Definitions and units stand at the top of this file."""

    centroid_hz: float
    attack_s: float
    decay_s: float
    flatness: float
    low_ratio: float
    movement: float
    crest_db: float
    loudness_db: float
    effective_s: float
    onset_s: float
    harmonicity: float


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Features))


def measure(sound: Sound) -> Features:
    """The features of one sound; channels are averaged first."""
    mono = np.nan_to_num(sound.mono())[None]
    row = measure_batch(mono, np.array([sound.frames]), sound.rate_hz)
    return Features(**{key: float(row[key][0]) for key in FIELDS})


def measure_batch(
    samples: npt.NDArray[np.float32] | Tensor,
    lengths: npt.NDArray[np.integer] | Tensor | None = None,
    rate_hz: int = 44100,
) -> dict[str, npt.NDArray[np.float64]]:
    """The features of many sounds, field name -> float64 (batch,).

    samples: float32 (batch, frames), numpy or torch, on any device. lengths: frames of each, None for all.
    """
    sounds = torch.as_tensor(samples, dtype=torch.float32)
    batch, frames = sounds.shape
    sizes = torch.full((batch,), frames) if lengths is None else torch.as_tensor(lengths).long().cpu()
    if batch == 0 or frames == 0:
        silent = {key: np.zeros(batch) for key in FIELDS}
        silent["loudness_db"] = np.full(batch, -120.0)
        return silent
    parts = [
        _measure(sounds[i : i + BLOCK], sizes[i : i + BLOCK].to(sounds.device), rate_hz) for i in range(0, batch, BLOCK)
    ]
    return {key: torch.cat([part[key] for part in parts]).double().cpu().numpy() for key in FIELDS}


@torch.no_grad()
def _measure(samples: Tensor, lengths: Tensor, rate_hz: int) -> dict[str, Tensor]:
    """samples (batch, frames), lengths (batch,) -> field -> (batch,)."""
    longest = max(1, int(lengths.max()))
    inside = torch.arange(longest, device=samples.device)[None] < lengths[:, None]
    samples = torch.where(inside, samples[:, :longest], 0.0)
    out = times(envelope(samples, rate_hz)) | spectral(samples, rate_hz)
    out["effective_s"] = out["effective_s"].minimum(lengths / rate_hz)  # counted in hops, it may overshoot the end
    out["movement"] = movement(samples, rate_hz)
    part = (out["effective_s"] * rate_hz).clamp(min=1.0)
    rms = (samples.square().sum(1) / part).sqrt()
    out["crest_db"] = (20 * torch.log10((samples.abs().amax(1) / rms.clamp(min=1e-12)).clamp(min=1.0))) * (rms > 0)
    return {key: out[key].float() for key in FIELDS}
