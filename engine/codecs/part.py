"""A part of a sound, decoded without the rest: which frames each layer of the decoder needs for it.

What is left out is exactly what does not reach the part, so its samples are those of the whole, up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from engine.codecs.blocks import ConvNeXt, Double
from engine.codecs.source import FFT, HOP
from engine.request import unwatched

_EDGE = FFT // HOP // 2  # hops to either side over which an STFT frame reaches


@dataclass(frozen=True)
class Part:
    """Hops `first` to `last` (not included) of a sound: its samples from first · HOP on, up to last · HOP."""

    first: int
    last: int

    def points(self, count: int) -> tuple[int, int]:
        """The STFT frames, of `count`, that are heard in it: from the first up to the second, not included."""
        return max(0, self.first - _EDGE + 1), min(count, self.last + _EDGE)

    def samples(self, count: int, frames: int) -> tuple[int, int]:
        """The samples, of `frames`, that those STFT frames are made of."""
        first, last = self.points(count)
        return max(0, first - _EDGE) * HOP, min(frames, (last - 1 + _EDGE) * HOP)


def through(
    layers: Sequence[nn.Module], x: Tensor, first: int, last: int, between: Callable[[], None] = unwatched
) -> Tensor:
    """x (B, T, D) through ConvNeXt and Double layers (and others that look at one frame at a time): of what comes out,
    the frames from `first` up to `last`, or up to the end where that is nearer: (B, last - first, D). between(): called
    after each."""
    needed = [(first, last)]
    for layer in reversed(layers):
        needed.append(_needed(layer, *needed[-1]))
    begins = 0
    for layer, (low, high) in zip(layers, reversed(needed), strict=False):
        x = x[:, max(0, low) - begins : high - begins]
        begins = max(0, low)
        x = layer(x)
        between()
        begins *= 2 if isinstance(layer, Double) else 1
    return x[:, first - begins : last - begins]


def _needed(layer: nn.Module, first: int, last: int) -> tuple[int, int]:
    """The frames into a layer that the frames first..last out of it depend on."""
    if isinstance(layer, Double):
        return first // 2 - 1, (last + 1) // 2 + 1
    if isinstance(layer, ConvNeXt):
        reach = layer.depthwise.kernel_size[0] // 2
        return first - reach, last + reach
    return first, last
