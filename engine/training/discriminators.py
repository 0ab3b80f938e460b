"""Who tells decoded sounds from real ones: discriminators on periods of the wave and on bands of the complex STFT.

Multi-period: Kong, Kim & Bae 2020 (HiFi-GAN). Multi-band, multi-resolution complex STFT: Kumar et al. 2023 (DAC).
Shapes: B batch, N audio frames, C channels; each discriminator gives its features, (B, C, time, across), and scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from engine.codecs.source import spectrum

SLOPE = 0.1
BANDS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)  # edges, as shares of the highest frequency
STRETCH = 8  # feature frames that feature matching takes together


@dataclass(frozen=True)
class DiscriminatorConfig:
    """width: channels of the first layer; it doubles up to `most`. windows: of the STFTs, in frames."""

    width: int = 16
    most: int = 128
    periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    windows: tuple[int, ...] = (2048, 1024, 512)


class Heard(NamedTuple):
    """What one discriminator makes of a batch. features: of its layers. scores: high for what sounds real."""

    features: list[Tensor]
    scores: Tensor


def _layer(inputs: int, outputs: int, size: tuple[int, int], stride: tuple[int, int] = (1, 1)) -> nn.Module:
    padding = (size[0] // 2, size[1] // 2)
    layer: nn.Module = weight_norm(nn.Conv2d(inputs, outputs, size, stride, padding))
    return layer


class PeriodDiscriminator(nn.Module):
    """The wave folded at a prime period: what repeats stands in columns."""

    def __init__(self, period: int, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.period = period
        widths = [1, *(min(config.most, config.width * 2**index) for index in range(4))]
        self.layers = nn.ModuleList(_layer(a, b, (5, 1), (3, 1)) for a, b in pairwise(widths))
        self.score = _layer(widths[-1], 1, (3, 1))

    def forward(self, samples: Tensor) -> Heard:
        """samples (B, N)"""
        folded = F.pad(samples, (0, -samples.shape[1] % self.period))
        return _through(self.layers, self.score, folded.view(len(samples), 1, -1, self.period))


class BandDiscriminator(nn.Module):
    """Real and imaginary parts of an STFT, each band by layers of its own: a hiss is not judged as a bass is."""

    def __init__(self, window: int, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.window, width = window, config.width
        bins = window // 2 + 1
        edges = [round(share * bins) for share in BANDS]
        self.bands = list(pairwise(edges))
        self.layers = nn.ModuleList(self._band(width) for _ in self.bands)
        self.score = _layer(width, 1, (3, 3))

    @staticmethod
    def _band(width: int) -> nn.Module:
        strided = [_layer(width, width, (3, 9), (1, 2)) for _ in range(2)]
        return nn.ModuleList([_layer(2, width, (3, 9)), *strided, _layer(width, width, (3, 3))])

    def forward(self, samples: Tensor) -> Heard:
        """samples (B, N)"""
        spectra = spectrum(samples.float(), self.window, self.window // 4).transpose(1, 2)  # (B, T, bins)
        planes = torch.stack([spectra.real, spectra.imag], 1)
        heard, ends = [], []
        for (low, high), layers in zip(self.bands, self.layers, strict=True):
            assert isinstance(layers, nn.ModuleList)
            features = _through(layers, None, planes[..., low:high]).features
            heard += features
            ends.append(features[-1])
        return Heard(heard, self.score(torch.cat(ends, -1)))


def _through(layers: nn.ModuleList, score: nn.Module | None, x: Tensor) -> Heard:
    features = []
    for layer in layers:
        x = F.leaky_relu(layer(x), SLOPE)
        features.append(x)
    return Heard(features, x if score is None else score(x))


class Discriminators(nn.Module):
    """All of them, with what the game has to remember.

    weight: how much their judgement still counts; a decoder that gets worse lowers it. played: steps so far.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.periods = nn.ModuleList(PeriodDiscriminator(period, config) for period in config.periods)
        self.spectra = nn.ModuleList(BandDiscriminator(window, config) for window in config.windows)
        self.weight: Tensor
        self.played: Tensor
        self.register_buffer("weight", torch.ones(()))
        self.register_buffer("played", torch.zeros((), dtype=torch.long))

    def forward(self, samples: Tensor) -> list[Heard]:
        """samples (B, N). Every sound is brought to one level first: loudness is the spectral losses' business."""
        samples = samples - samples.mean(1, keepdim=True)
        samples = 0.8 * samples / (samples.abs().amax(1, keepdim=True) + 1e-2)
        return [each(samples) for each in (*self.periods, *self.spectra)]


def unmasking_loss(real: list[Heard], made: list[Heard]) -> Tensor:
    """What the discriminators learn by: hinge (Lim & Ye 2017), mean over them."""
    parts = [F.relu(1 - a.scores.float()).mean() + F.relu(1 + b.scores.float()).mean() for a, b in _pairs(real, made)]
    return torch.stack(parts).mean()


def fooling_loss(made: list[Heard]) -> Tensor:
    """What the decoder gains by being taken for real."""
    return torch.stack([-each.scores.float().mean() for each in made]).mean()


def matching_loss(real: list[Heard], made: list[Heard]) -> Tensor:
    """Feature matching, relative to the real sound's features.

    Over stretches of time and not frame by frame: phase and noise of a decoded sound are not the real one's and need
    not be, and whoever is punished for that makes noise that is none.
    """
    parts = []
    for a, b in _pairs(real, made):
        for feature, copy in zip(a.features, b.features, strict=True):
            wanted, given = _stretches(feature.float()), _stretches(copy.float())
            parts.append((given - wanted).abs().mean() / (wanted.abs().mean() + 1e-3))
    return torch.stack(parts).mean()


def _stretches(feature: Tensor) -> Tensor:
    """(B, C, time, across) -> its mean and its mean level over stretches of time, one after the other"""
    both = torch.cat([feature, feature.abs()], 1)
    return F.avg_pool2d(both, (min(STRETCH, both.shape[2]), 1), ceil_mode=True)


def _pairs(real: list[Heard], made: list[Heard]) -> list[tuple[Heard, Heard]]:
    return list(zip(real, made, strict=True))
