"""The pitch curve as latent channels: eight points per latent frame, finely resolved near the note, and voicing.

Deviations in octaves are companded by asinh(x / 0.05), so that a little noise from a generator stays a cent or two
where the pitch is steady, and a two-octave drop still fits in.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.codecs.neural import STRIDE
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, Pitch

CHANNELS = STRIDE + 1
KNEE = 0.05  # octaves
FLAT = 12.0 / 1200  # octaves: movement smaller than this is taken for none
CENTRED = 60.0 / 1200  # octaves: a steady offset smaller than this is taken for mistuning and removed
FREE_ROOT = 60.0  # the root of sounds that have a moving pitch but no note: lasers, zaps
Array = npt.NDArray[np.float32]


def pack(f0_hz: Array, root_note: float | None, frames: int) -> Array:
    """f0_hz (points,), 0 = none -> channels (frames, CHANNELS); `root_note` None: relative to FREE_ROOT."""
    root = FREE_ROOT if root_note is None else root_note
    points = np.zeros(frames * STRIDE, np.float32)
    voiced = np.zeros(frames * STRIDE, bool)
    count = min(len(f0_hz), len(points))
    voiced[:count] = f0_hz[:count] > 0
    notes = 69.0 + 12.0 * np.log2(np.where(voiced[:count], f0_hz[:count], 440.0) / 440.0)
    points[:count] = np.where(voiced[:count], (notes - root) / 12.0, 0.0)
    if count < len(points) and count and voiced[count - 1]:  # beyond the end the last value holds
        points[count:], voiced[count:] = points[count - 1], True
    deviation = np.arcsinh(points / KNEE).reshape(frames, STRIDE)
    voicing = 2.0 * voiced.reshape(frames, STRIDE).mean(1, keepdims=True) - 1.0
    return np.concatenate([deviation, voicing], 1).astype(np.float32)


def unpack(channels: Array, root_note: float | None, settles: bool = False) -> Pitch:
    """Channels (frames, CHANNELS) -> Pitch. `root_note` None: the sound chooses, and may turn out to have no pitch.
    settles: it comes to rest on its note, however far away the channels leave it."""
    voiced = np.repeat(channels[:, STRIDE] > 0, STRIDE)
    if voiced.mean() < 0.2:
        return Pitch(None)
    first, last = np.flatnonzero(voiced)[[0, -1]]
    voiced[first : last + 1] = True  # the pitch of a one-shot does not come and go: a gap is a slip of the generator
    octaves = (KNEE * np.sinh(np.clip(channels[:, :STRIDE], -5.5, 5.5))).reshape(-1)
    tail = octaves[voiced][int(voiced.sum()) // 3 :]
    offset = float(np.median(tail))
    if root_note is None:
        root_note = float(np.clip(FREE_ROOT + 12.0 * offset, LOWEST_NOTE, HIGHEST_NOTE))
        octaves = octaves - (root_note - FREE_ROOT) / 12.0
    elif settles or abs(offset) < CENTRED:
        octaves = octaves - offset
    if np.sqrt(np.mean(octaves[voiced] ** 2)) < FLAT:
        octaves = np.zeros_like(octaves)
    voiced = voiced if not voiced.all() else np.zeros(0, bool)
    return Pitch(root_note, np.asarray(octaves, np.float32), voiced)
