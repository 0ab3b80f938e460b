"""Space: what edits need to know of a codec's latent space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.pitch import HOP_FRAMES
from engine.request import Latent

Floats = npt.NDArray[np.float32]
FRAME_HZ = 44100 / 4096  # of the neural codec: one frame per 93 ms
POINT_HZ = 44100 / HOP_FRAMES  # of pitch curves


@dataclass(frozen=True, eq=False)
class Axis:
    """A calibrated direction: one unit of it moves `feature` by `step` (in `unit`), in the median over a corpus.

    up, down: float32 (channels,): what is added to every frame per unit upwards, and what is taken away per unit
    downwards; None for axes that are moved by their definition.
    """

    key: str
    feature: str
    unit: str
    step: float
    up: Floats | None = None
    down: Floats | None = None


@dataclass(frozen=True, eq=False)
class Onset:
    """How the first frames change with the attack: outward · tanh(inward · frames + bias), in deviations of a channel.

    rows: frames from the onset on. inward: (hidden, rows · channels). bias: (hidden,).
    outward: (rows · channels, hidden).
    """

    rows: int
    inward: Floats
    bias: Floats
    outward: Floats


@dataclass(frozen=True, eq=False)
class Space:
    """mean, deviation: (channels,) over a corpus; silence: (channels,) what silence is encoded as, None if unknown.

    level: (channels + 1,) weights and offset that tell a frame's level in dB, None if unknown. rise_up, rise_down: how
    a softer and a harder attack look. frame_hz: latent frames per second. axes: by key of engine/params.py.
    """

    mean: Floats
    deviation: Floats
    silence: Floats | None = None
    level: Floats | None = None
    rise_up: Onset | None = None
    rise_down: Onset | None = None
    frame_hz: float = FRAME_HZ
    axes: Mapping[str, Axis] = field(default_factory=dict)

    @staticmethod
    def plain(channels: int, frame_hz: float = FRAME_HZ) -> Space:
        """Of a codec that nothing is known of: centred on 0, deviation 1."""
        return Space(np.zeros(channels, np.float32), np.ones(channels, np.float32), frame_hz=frame_hz)

    def quiet(self, latent: Latent) -> Floats:
        """What stands for silence, (channels,): a one-shot's last frame where nothing better is known."""
        return latent[-1] if self.silence is None else self.silence

    def levels(self, latent: Latent) -> Floats | None:
        """Estimated level of each frame in dB, (frames,); None where the space cannot tell."""
        return None if self.level is None else np.asarray(latent @ self.level[:-1] + self.level[-1], np.float32)

    def onset(self, latent: Latent) -> int:
        """The frame in which the sound begins: the first within 30 dB of the loudest; 0 where none can be told."""
        levels = self.levels(latent)
        return 0 if levels is None or len(levels) == 0 else int((levels >= levels.max() - 30.0).argmax())
