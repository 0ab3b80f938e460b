"""Filters that move: overlapping frames are shaped by the filter's complex response, evaluated once per frame.

Every frame is windowed (Hann, half overlap), zero-padded to twice its length, multiplied by the response and added
back: a crossfade between outputs of causal filters, free of wrap-around as long as the filter rings shorter than a
frame. Resonances narrower than a frame resolves are therefore widened.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from engine.corpus.synths.base import RATE_HZ

FILTER_HOP_FRAMES = 512
_BLOCK = 4  # frames worked on at once: what a batch of 32 needs stays in the cache

Response = Callable[[slice, Tensor], Tensor]  # (which frames, bins_hz (bins,)) -> complex or real (batch, frames, bins)


def filter_times_s(frames: int, device: torch.device, hop: int = FILTER_HOP_FRAMES) -> Tensor:
    """(1, points) seconds at which a filter's curves are asked for a buffer of `frames`."""
    points = -(-frames // hop) + 1
    return (torch.arange(points, device=device, dtype=torch.float32) * (hop / RATE_HZ))[None]


def filtered(samples: Tensor, response: Response, hop: int = FILTER_HOP_FRAMES) -> Tensor:
    """(batch, frames) through a response that may change at every `hop` frames (points of `filter_times_s`)."""
    batch, frames = samples.shape
    points = -(-frames // hop) + 1
    device = samples.device
    window = torch.hann_window(2 * hop, device=device)
    bins_hz = torch.fft.rfftfreq(4 * hop, 1 / RATE_HZ).to(device)
    padded = torch.nn.functional.pad(samples, (hop, hop * (points + 1) - hop - frames))
    pieces = padded.unfold(1, 2 * hop, hop)
    out = torch.zeros(batch, points + 3, hop, device=device)
    for start in range(0, points, _BLOCK):
        where = slice(start, min(start + _BLOCK, points))
        spectrum = torch.fft.rfft(pieces[:, where] * window, 4 * hop)
        spectrum *= response(where, bins_hz)
        shaped = torch.fft.irfft(spectrum, 4 * hop).view(batch, -1, 4, hop)
        for quarter in range(4):
            out[:, where.start + quarter : where.stop + quarter] += shaped[:, :, quarter]
    return out.view(batch, -1)[:, hop : hop + frames]


def multimode(
    cutoff_hz: Tensor,
    resonance: Tensor,
    low: Tensor | float = 1.0,
    band: Tensor | float = 0.0,
    high: Tensor | float = 0.0,
    steep: Tensor | float = 0.0,
    hop: int = FILTER_HOP_FRAMES,
) -> Response:
    """State-variable filter, 12 dB per octave, as a response for `filtered`.

    cutoff_hz: (batch, points of `filter_times_s`) or (batch, 1). resonance: Q, 0.5..20, (batch, 1).
    low, band, high: mix of the outputs, (batch, 1). steep: 0..1, mixes in a second low-pass stage (24 dB per octave).
    """
    cutoff_hz = cutoff_hz.clamp(10.0, 0.49 * RATE_HZ)
    bandwidth_hz = (cutoff_hz / resonance).clamp(min=0.9 * RATE_HZ / (2 * hop))
    damping = torch.minimum(bandwidth_hz / cutoff_hz, torch.full_like(cutoff_hz, 2.0))

    def pick(curve: Tensor, where: slice) -> Tensor:
        return (curve[:, where] if curve.shape[1] > 1 else curve)[:, :, None]

    def column(value: Tensor | float) -> Tensor | float:
        return value[:, :, None] if isinstance(value, Tensor) else value

    only_low = not any(isinstance(part, Tensor) or part for part in (band, high))

    def response(where: slice, bins_hz: Tensor) -> Tensor:
        w = bins_hz * pick(1 / cutoff_hz, where)
        d = w * pick(damping, where)
        w2 = w * w
        rest = 1 - w2
        if isinstance(steep, Tensor) or steep:
            # the second stage, mixed with nothing, over a common denominator
            share = column(steep)
            above = torch.complex((1 - share) * rest + share, (1.3 * (1 - share)) * w)
            below = torch.complex(rest, d) * torch.complex(rest, 1.3 * w)
            answer = above.div_(below)
        else:
            answer = torch.complex(rest, d).reciprocal_()
        if not only_low:
            answer *= torch.complex(column(low) - column(high) * w2, column(band) * d)
        return answer * column(low) if only_low else answer

    return response


def lowpass(
    samples: Tensor,
    cutoff_hz: Tensor,
    resonance: Tensor | float = 0.7,
    steep: Tensor | float = 0.0,
    hop: int = FILTER_HOP_FRAMES,
) -> Tensor:
    """Resonant low-pass; arguments as `multimode`."""
    return filtered(samples, multimode(cutoff_hz, _tensor(resonance, cutoff_hz), steep=steep, hop=hop), hop)


def _tensor(value: Tensor | float, like: Tensor) -> Tensor:
    return value if isinstance(value, Tensor) else torch.full_like(like[:, :1], value)
