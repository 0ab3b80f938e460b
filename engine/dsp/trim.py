"""Where a one-shot begins and where it has died away."""

from __future__ import annotations

import numpy as np

from engine.sound import Samples

_BLOCK_S = 0.001
_AUDIBLE = 10 ** (-40 / 20)  # of the peak: a slow swell begins here
_SURE = 10 ** (-20 / 20)  # of the peak: a struck sound has certainly begun
_PRE_ECHO_S = 0.025  # what lies between the two for at most so long is pre-echo of a codec's window, not attack
_RISE_S = 0.002  # the steep part of an attack before it reaches _SURE
_SILENT = 10 ** (-60 / 20)  # of the peak: the tail has died away, as for a reverberation time


def onset_frame(samples: Samples, rate_hz: int) -> int:
    """First frame of the attack, to a millisecond; 0 for silence. samples (frames, channels)."""
    level, block = _levels(samples, rate_hz)
    peak = float(level.max(initial=0.0))
    if peak <= 0.0:
        return 0
    audible = int(np.argmax(level >= peak * _AUDIBLE))
    sure = int(np.argmax(level >= peak * _SURE))
    if (sure - audible) * _BLOCK_S <= _PRE_ECHO_S:
        return max(audible * block, sure * block - round(_RISE_S * rate_hz))
    return audible * block


def tail_frame(samples: Samples, rate_hz: int) -> int:
    """First frame after which nothing rises above -60 dB of the peak; 0 for silence."""
    level, block = _levels(samples, rate_hz)
    peak = float(level.max(initial=0.0))
    if peak <= 0.0:
        return 0
    last = int(np.flatnonzero(level >= peak * _SILENT)[-1])
    return min(len(samples), (last + 1) * block)


def _levels(samples: Samples, rate_hz: int) -> tuple[Samples, int]:
    """Peak of each block of a millisecond over all channels, (blocks,), and the block's length in frames."""
    block = max(1, round(_BLOCK_S * rate_hz))
    mono = np.abs(samples).max(axis=1, initial=0.0)
    mono = np.pad(mono, (0, -len(mono) % block))
    return mono.reshape(-1, block).max(axis=1, initial=0.0), block
