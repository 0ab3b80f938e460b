"""Attack, decay, sustain, release over a whole sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.curves import bent
from engine.sound import Sound

SILENT_DB = -60.0  # a sustain level so low is silence


def adsr(
    frames: int,
    rate_hz: int,
    attack_s: float,
    decay_s: float,
    sustain_db: float,
    release_s: float,
    bends: tuple[float, float, float] = (0.0, 0.5, 0.5),
) -> npt.NDArray[np.float64]:
    """Gain (frames,). The release ends with the sound, begun from wherever the level is by then. bends: of attack,
    decay and release."""
    sustain = 0.0 if sustain_db <= SILENT_DB else 10.0 ** (sustain_db / 20)
    time_s = np.arange(frames) / rate_hz
    released_s = max(0.0, frames / rate_hz - release_s)
    gain = _held(time_s, attack_s, decay_s, sustain, bends)
    last = _held(np.array([released_s]), attack_s, decay_s, sustain, bends)[0]
    after = time_s > released_s
    if release_s > 0 and after.any():
        places = np.minimum(1.0, (time_s[after] - released_s) / (time_s[-1] - released_s))
        gain[after] = last * (1.0 - bent(places, bends[2]))
    return gain


def shape_level(sound: Sound, gain: npt.NDArray[np.float64]) -> Sound:
    """Every channel times gain (frames,)."""
    return sound.with_samples(np.asarray(sound.samples * gain[:, None], np.float32))


def _held(
    time_s: npt.NDArray[np.float64],
    attack_s: float,
    decay_s: float,
    sustain: float,
    bends: tuple[float, float, float],
) -> npt.NDArray[np.float64]:
    """The level while the note is held."""
    rising = bent(np.clip(time_s / attack_s, 0.0, 1.0), bends[0]) if attack_s > 0 else np.ones(len(time_s))
    since = time_s - attack_s
    fallen = bent(np.clip(since / decay_s, 0.0, 1.0), bends[1]) if decay_s > 0 else (since >= 0).astype(np.float64)
    return np.asarray(np.where(since < 0, rising, 1.0 - (1.0 - sustain) * fallen))
