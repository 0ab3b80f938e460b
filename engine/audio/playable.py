"""Playable: a sound's samples as voices read them, at the rate at which they are played."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import soxr

from engine.audio.interpolate import Planar
from engine.audio.levels import OWN_OCTAVES, ZONE_OCTAVES, Level, levels
from engine.audio.levels import renewed as leveled_anew

UNPITCHED_ROOT = 60.0  # where a sound without pitch plays unchanged: middle C
_STRETCH = 8192  # frames resampled at a time, so that the callback gets its turns at the interpreter in between
_AROUND = 512  # frames around a change, of which half are heard to change with it when it is resampled
_PERIODIC_S = 0.05  # a loop shorter than this is one waveform rather than a stretch of sound


@dataclass(frozen=True, eq=False)
class Playable:
    """samples: float32 (1 or 2 channels, frames + 2), one frame of silence at either end; read-only.

    step: frames to advance per frame of the device at the sound's own pitch; not 1 only for looped sounds, whose loop
    must keep its exact length. start_scale: frames here per frame of the sound as it was given. loop: first and last
    frame. levels: what is read when it plays at any other pitch.
    """

    samples: Planar
    rate_hz: float
    step: float
    start_scale: float
    root_note: float
    loop: tuple[int, int] | None
    levels: tuple[Level, ...]

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1]) - 2


def prepare(
    samples: Planar,
    rate_hz: int,
    device_rate_hz: int,
    root_note: float | None,
    loop: tuple[int, int] | None,
    zone: bool = False,
) -> Playable:
    """Ready for a device: the same memory when the rates agree, else resampled once (soxr, very high quality).

    samples (channels, frames + 2). zone: it will hardly be transposed, so that two levels are enough for it.
    """
    root = UNPITCHED_ROOT if root_note is None else root_note
    step, scale = 1.0, 1.0
    if loop is not None:
        samples, loop = _unrolled(samples, loop, rate_hz)
        step = rate_hz / device_rate_hz
    elif rate_hz != device_rate_hz:
        scale = device_rate_hz / rate_hz
        samples, rate_hz = _resample(samples, rate_hz, device_rate_hz), device_rate_hz
    octaves = ZONE_OCTAVES if zone else OWN_OCTAVES
    return Playable(samples, rate_hz, step, scale, root, loop, levels(samples[:, 1:-1], octaves))


def renewed(
    before: Playable, samples: Planar, rate_hz: int, device_rate_hz: int, changed: tuple[int, int]
) -> Playable | None:
    """What `prepare` makes of samples, (channels, frames + 2), of which all but the frames `changed` (first, last, not
    included) are those that `before` was made of, as many; in less time. None where it has to be prepared as a whole:
    a sound with a loop."""
    if before.loop is not None:
        return None
    first, last = changed
    whole = samples
    if rate_hz != device_rate_hz:
        common = math.gcd(rate_hz, device_rate_hz)
        up, down = device_rate_hz // common, rate_hz // common
        begin = max(0, first - _AROUND) // down * down  # where a frame of the one is a frame of the other
        end = min(last + _AROUND, samples.shape[1] - 2)
        near = _resample(samples[:, begin : end + 2], rate_hz, device_rate_hz)[:, 1:-1]
        start = begin // down * up
        first, last = max(0, (first - _AROUND // 2) * up // down), (last + _AROUND // 2) * up // down
        whole = before.samples.copy()
        last = min(last, whole.shape[1] - 2, start + near.shape[1])
        whole[:, 1 + first : 1 + last] = near[:, first - start : last - start]
        whole.flags.writeable = False
    octaves = OWN_OCTAVES if len(before.levels) == len(OWN_OCTAVES) else ZONE_OCTAVES
    return replace(before, samples=whole, levels=leveled_anew(before.levels, whole[:, 1:-1], octaves, (first, last)))


def _unrolled(samples: Planar, loop: tuple[int, int], rate_hz: int) -> tuple[Planar, tuple[int, int]]:
    """The same endless sound with at least a period ahead of its loop, for a waveform that loops from its beginning:
    interpolation and crossfade look at what comes before a loop."""
    start, last = loop
    length = last + 1 - start
    ahead = int(_PERIODIC_S * rate_hz)
    if length > ahead or start >= length:
        return samples, loop
    times = -(-ahead // length)
    round_once = samples[:, 1 + start : 2 + last]
    unrolled = np.concatenate([samples[:, : 1 + start], *[round_once] * times, samples[:, 1 + start :]], axis=1)
    unrolled.flags.writeable = False
    return unrolled, (start + times * length, last + times * length)


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
