"""Playable: a sound's samples as voices read them, at the rate at which they are played."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from engine.audio.interpolate import Planar

UNPITCHED_ROOT = 60.0  # where a sound without pitch plays unchanged: middle C
_STRETCH = 8192  # frames resampled at a time, so that the callback gets its turns at the interpreter in between


@dataclass(frozen=True, eq=False)
class Playable:
    """samples: float32 (1 or 2 channels, frames + 2), one frame of silence at either end; read-only.

    step: frames to advance per frame of the device at the sound's own pitch; not 1 only for looped sounds, whose loop
    must keep its exact length. start_scale: frames here per frame of the sound as it was given.
    """

    samples: Planar
    rate_hz: float
    step: float
    start_scale: float
    root_note: float
    loop: tuple[int, int] | None

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1]) - 2


def prepare(
    samples: Planar, rate_hz: int, device_rate_hz: int, root_note: float | None, loop: tuple[int, int] | None
) -> Playable:
    """Ready for a device: the same memory when the rates agree, else resampled once (soxr, very high quality)."""
    root = UNPITCHED_ROOT if root_note is None else root_note
    if rate_hz == device_rate_hz:
        return Playable(samples, rate_hz, 1.0, 1.0, root, loop)
    if loop is not None:
        return Playable(samples, rate_hz, rate_hz / device_rate_hz, 1.0, root, loop)
    scale = device_rate_hz / rate_hz
    return Playable(_resample(samples, rate_hz, device_rate_hz), device_rate_hz, 1.0, scale, root, None)


def _resample(samples: Planar, rate_hz: int, device_rate_hz: int) -> Planar:
    channels, frames = samples.shape[0], samples.shape[1] - 2
    stream = soxr.ResampleStream(rate_hz, device_rate_hz, channels, dtype="float32", quality="VHQ")
    parts = []
    for at in range(0, frames, _STRETCH):
        end = min(at + _STRETCH, frames)
        part = np.ascontiguousarray(samples[:, 1 + at : 1 + end].T)
        parts.append(stream.resample_chunk(part, last=end == frames))
    played = np.concatenate(parts) if parts else np.zeros((0, channels), np.float32)
    resampled = np.zeros((channels, len(played) + 2), np.float32)
    resampled[:, 1:-1] = played.T
    resampled.flags.writeable = False
    return resampled
