"""The side of a stereo sound whose middle is given: what left has more of, and right less.

left = middle + side, right = middle - side: whatever the side is, what a mono loudspeaker plays is the middle. A side
made here is the middle's own spectrum with another phase for every partial, which drifts as in an ensemble. It has
nothing below `LOWEST_HZ`. At low frequencies it stands a quarter of a turn from the middle, so that both ears get the
same level; at high ones levels differ as well, as ears expect it, one partial to the left, the next to the right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.sound import Sound

LOWEST_HZ, FULL_HZ = 150.0, 500.0  # from silence to its full level
FULL = 0.6  # amplitude of the side beside the middle at 100 %: a correlation of 0.47 if they have nothing in common
LOUDEST = 1.2  # the side, in amplitude, beside the middle of the last 10 ms: it may not come first
_SPACING_HZ = 110.0  # between phases that have nothing to do with each other: what is smeared is 9 ms long
_DRIFT_S = 0.7  # from one phase to the next: a partial at 440 Hz wavers by a cent or two
_LEVELS_HZ = (800.0, 5000.0)  # where both ears begin to get different levels, and where they do as far as they may
_LEVELS = 0.6  # of a quarter of a turn: how far that is
_BLOCK, _BLOCKS = 64, 7  # frames whose energy is looked at, and how many of them lie in 10 ms at 44.1 kHz
_SEED = 1931  # Blumlein's patent
Floats = npt.NDArray[np.float32]


def low_cut(bins: int, bin_hz: float) -> Floats:
    """Gain of the side at each bin of an STFT, (bins,): 0 at `LOWEST_HZ`, 1 from `FULL_HZ` on."""
    hertz = np.maximum(np.arange(bins) * bin_hz, 1.0)
    return np.asarray(np.sin(0.5 * np.pi * _between(hertz, LOWEST_HZ, FULL_HZ)), np.float32)


def phases(points: int, bins: int, bin_hz: float, hop_s: float, seed: int) -> tuple[Floats, Floats]:
    """Real and imaginary part, (points, bins) each, of what an STFT is multiplied by to make its side, the low cut
    included. More points begin with the same."""
    hop, spacing = hop_s / _DRIFT_S, bin_hz / _SPACING_HZ
    rows, columns = int(points * hop) + 2, int(bins * spacing) + 2
    drawn = np.random.default_rng(seed).random((rows, columns, 2), np.float32)
    hertz = np.maximum(np.arange(columns) * _SPACING_HZ, 1.0)
    angle = 0.5 * np.pi * _LEVELS * drawn[..., 0] * _between(hertz, *_LEVELS_HZ)
    left_or_right = 1 - 2 * ((np.arange(rows)[:, None] + np.arange(columns)) % 2)
    ahead_or_behind = np.where(drawn[..., 1] < 0.5, -1, 1)
    cut = low_cut(bins, bin_hz)
    real, imaginary = (
        _mixed(_mixed(nodes.T, bins, spacing).T * cut, points, hop)
        for nodes in (left_or_right * np.sin(angle), ahead_or_behind * np.cos(angle))
    )
    return real, imaginary


def joined(middle: Floats, side: Floats, width: float) -> Floats:
    """Left and right, (frames, 2), of a middle and a side, (frames,) each. width: percent, 0 is mono.

    The side is turned down wherever it would come before the middle does: attacks stay where they are.
    """
    side = side * np.float32(FULL * width / 100)
    side *= _behind(middle, side)
    both = np.empty((len(middle), 2), np.float32)
    np.add(middle, side, out=both[:, 0])
    np.subtract(middle, side, out=both[:, 1])
    both.flags.writeable = False
    return both


def made(middle: Sound, width: float) -> Sound:
    """A mono sound with a side of its own. width: percent, 0 is mono. The same side each time."""
    size = 2048 if middle.rate_hz <= 50_000 else 4096
    hop = size // 4
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    whole = middle.samples[:, 0]
    points = 1 + -(-len(whole) // hop)
    padded = np.pad(whole, (size // 2, points * hop + size - len(whole)))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:points]
    real, imaginary = phases(points, size // 2 + 1, middle.rate_hz / size, hop / middle.rate_hz, _SEED)
    turned = np.fft.irfft(np.fft.rfft(pieces * window, axis=1) * (real + 1j * imaginary), axis=1) * window
    side = np.zeros(len(padded), np.float32)
    for index, piece in enumerate(turned):
        side[index * hop : index * hop + size] += piece
    side = side[size // 2 : size // 2 + len(whole)] / 1.5  # what the squared windows add up to
    return middle.with_samples(joined(whole, side, width))


def _between(hertz: npt.NDArray[np.floating], low_hz: float, high_hz: float) -> npt.NDArray[np.float64]:
    """0 up to the lower frequency, 1 from the higher one on, by octaves in between."""
    return np.asarray(np.clip(np.log2(hertz / low_hz) / np.log2(high_hz / low_hz), 0.0, 1.0), np.float64)


def _mixed(nodes: npt.NDArray[Any], count: int, step: float) -> Floats:
    """Rows at 0, step, 2 · step … of nodes (rows, columns): (count, columns). What is mixed of unlike nodes keeps its
    energy."""
    places = np.arange(count) * step
    row = places.astype(int)
    angle = 0.5 * np.pi * (places - row)
    weights = np.zeros((count, len(nodes)), np.float32)  # a product with zeros is quicker than rows picked and copied
    weights[np.arange(count), row], weights[np.arange(count), row + 1] = np.cos(angle), np.sin(angle)
    return np.asarray(weights @ nodes.astype(np.float32), np.float32)


def _behind(middle: Floats, side: Floats) -> Floats:
    """Gain (frames,), at most 1, that keeps the side within `LOUDEST` of the middle's last 10 ms."""
    frames = len(middle)
    recent, beside = np.convolve(_energy(middle), np.ones(_BLOCKS, np.float32))[: 1 - _BLOCKS] / _BLOCKS, _energy(side)
    gain = np.sqrt(np.minimum(1.0, LOUDEST**2 * recent / np.maximum(beside, 1e-12)))
    edges = np.zeros(len(gain) + 1, np.float32)  # at both ends it is silent
    edges[1:-1] = np.minimum(gain[:-1], gain[1:])  # already down when a block begins
    ramp = np.arange(_BLOCK, dtype=np.float32) / _BLOCK
    return np.asarray((edges[:-1, None] + np.diff(edges)[:, None] * ramp).reshape(-1)[:frames], np.float32)


def _energy(samples: Floats) -> Floats:
    """Of each block, (blocks,); the last one may be short."""
    whole = len(samples) // _BLOCK * _BLOCK
    energy = np.square(samples[:whole]).reshape(-1, _BLOCK).sum(1)
    return np.append(energy, np.square(samples[whole:]).sum()).astype(np.float32)
