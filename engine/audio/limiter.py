"""Limiter: what sums above full scale is turned down, not clipped; what stays below passes bit for bit."""

from __future__ import annotations

import numpy as np

from engine.audio.gains import smooth
from engine.audio.interpolate import Planar

THRESHOLD = 0.9  # linear; finished sounds peak at -1 dBFS = 0.891 and pass untouched
_ATTACK_FRAMES = 64  # at least; a block whose peak comes later has until then
_RECOVERY_S = 0.15


class Limiter:
    """Gain reduction from each block's own peak, without look-ahead: no latency. The gain turns without corners, which
    would click. During the attack a soft curve (tanh above the threshold) holds what the falling gain has not
    caught yet. Output stays within ±1."""

    def __init__(self, rate_hz: int, block: int) -> None:
        self._rate_hz = rate_hz
        self.gain = 1.0
        self._curve, self._bend = np.zeros(block, np.float32), np.zeros(block, np.float32)
        self._count = np.arange(1, block + 1, dtype=np.float32)
        self._size = np.zeros((2, block), np.float32)
        self._excess = np.zeros((2, block), np.float32)

    def process(self, bus: Planar) -> None:
        """In place; bus (2, frames)."""
        frames = bus.shape[1]
        size = self._size[:, :frames]
        peak = float(np.abs(bus, out=size).max())
        if peak <= THRESHOLD and self.gain == 1.0:
            return
        recovered = 1.0 - (1.0 - self.gain) * float(np.exp(-frames / (self._rate_hz * _RECOVERY_S)))
        if recovered > 0.9999:
            recovered = 1.0
        target = min(recovered, THRESHOLD / max(peak, THRESHOLD))
        falls_until = max(_ATTACK_FRAMES, int(size.argmax()) % frames) if target < self.gain else frames
        curve, bend = self._curve[:frames], self._bend[:frames]
        np.multiply(self._count[:frames], 1 / min(falls_until, frames), out=curve)
        np.minimum(curve, 1, out=curve)
        smooth(curve, bend)
        bend *= np.float32(target - self.gain)
        bend += np.float32(self.gain)
        bus *= bend
        self.gain = target
        self._soften(bus)

    def _soften(self, bus: Planar) -> None:
        frames = bus.shape[1]
        size, excess = self._size[:, :frames], self._excess[:, :frames]
        np.abs(bus, out=size)
        if size.max() <= THRESHOLD:
            return
        np.subtract(size, THRESHOLD, out=excess)
        np.maximum(excess, 0, out=excess)
        excess /= 1 - THRESHOLD
        np.tanh(excess, out=excess)
        excess *= 1 - THRESHOLD
        np.minimum(size, THRESHOLD, out=size)
        size += excess
        np.copysign(size, bus, out=bus)
