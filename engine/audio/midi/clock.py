"""When a message came, so that it sounds at its own frame and not at the block's edge.

The driver tells the time from one message to the next; the callback only sees, once a block, what has come meanwhile.
A message's moment is never later than when it was found, so the message found soonest ties both clocks together.
"""

from __future__ import annotations

import math

_DRIFT = 20e-6  # how much slower than ours the driver's clock may run: the tie loosens by that
_LOST_S = 0.25  # further back than that, the clocks have parted (the machine slept)
_FOLLOW = 0.05  # how much of a callback's lateness is believed


class PortClock:
    """Turns the time between a port's messages into moments of our own clock."""

    def __init__(self) -> None:
        self._at_s = 0.0
        self._offset_s = math.inf

    def heard(self, delta_s: float, now_s: float) -> float:
        """Driver's time of the next message, `delta_s` after the one before and found at `now_s` of our clock."""
        delta_s = max(delta_s, 0.0) if math.isfinite(delta_s) else 0.0
        self._at_s += delta_s
        self._offset_s = min(self._offset_s + _DRIFT * delta_s, now_s - self._at_s)
        if now_s - self._at_s - self._offset_s > _LOST_S:
            self._offset_s = now_s - self._at_s
        return self._at_s

    def moment(self, at_s: float) -> float:
        """The driver's time in ours. Ask when all messages that were found together have been heard."""
        return at_s + self._offset_s


class BlockClock:
    """When each block begins, without the unrest of the callback's own calls."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._begins_s = -math.inf

    def begins(self, frames: int, now_s: float) -> float:
        """Start of the block of so many frames for which the callback was called at `now_s`."""
        late = now_s - self._begins_s
        if abs(late) > 2 * frames / self._rate_hz + 0.02:
            self._begins_s, late = now_s, 0.0
        begins = self._begins_s + _FOLLOW * late
        self._begins_s = begins + frames / self._rate_hz  # of the next
        return begins
