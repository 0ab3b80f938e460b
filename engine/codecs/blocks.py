"""Layers of the neural codec. Shapes: B batch, T frames, D width; channels last throughout."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvNeXt(nn.Module):
    """Depth-wise convolution over time, then a gated-by-scale MLP (Liu et al. 2022, in one dimension)."""

    def __init__(self, width: int, expansion: int = 3, kernel: int = 7) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, width * expansion)
        self.narrow = nn.Linear(width * expansion, width)
        self.scale = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, T, D)"""
        z: Tensor = self.narrow(F.gelu(self.widen(self.norm(self._over_time(x)))))
        return x + z * self.scale

    def _over_time(self, x: Tensor) -> Tensor:
        """The depth-wise convolution as one of an image of one row with its channels last, which is how x lies in
        memory: nothing is moved, and a CPU is ten times as fast."""
        c = self.depthwise
        row = x.transpose(1, 2).unsqueeze(2)
        y = F.conv2d(row, c.weight.unsqueeze(2), c.bias, padding=(0, c.kernel_size[0] // 2), groups=c.groups)
        return y.squeeze(2).transpose(1, 2)


class Halve(nn.Module):
    """Halves the frame rate: neighbouring frames are joined, with one frame of context on each side."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(width, width, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, T / 2, D); T even."""
        y: Tensor = self.convolution(x.transpose(1, 2)).transpose(1, 2)
        return y


class Taps(nn.ConvTranspose1d):
    """A transposed convolution of kernel 4 and stride 2 as one product: what each frame adds to the four about it, and
    the bias to the two in the middle of these."""

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """(B, T, D) -> (B, T, D · 4)"""
        return F.linear(x, *self._product())

    def linear(self) -> nn.Linear:
        """The same as a layer of that kind, without gradients."""
        weight, bias = self._product()
        made = nn.Linear(weight.shape[1], weight.shape[0])
        made.weight.data, made.bias.data = weight.detach().contiguous(), bias.detach()
        return made

    def _product(self) -> tuple[Tensor, Tensor]:
        assert self.bias is not None
        return self.weight.flatten(1).T, (self.bias[:, None] * self.bias.new_tensor([0.0, 1.0, 1.0, 0.0])).flatten()


class Double(nn.Module):
    """Doubles the frame rate; mirror of `Halve`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.convolution = Taps(width, width, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, 2 T, D)"""
        taps = self.convolution(x).reshape(*x.shape, 4)
        even = taps[..., 1] + F.pad(taps[:, :-1, :, 3], (0, 0, 1, 0))
        odd = taps[..., 2] + F.pad(taps[:, 1:, :, 0], (0, 0, 0, 1))
        return torch.stack([even, odd], 2).flatten(1, 2)


class PitchEmbedding(nn.Module):
    """log f0 as sines and cosines of several periods, plus a flag for "has a pitch"; zero where there is none."""

    OCTAVES = 16

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(2 * self.OCTAVES + 1, width)

    def forward(self, f0_hz: Tensor) -> Tensor:
        """f0_hz (B, T), 0 = none -> (B, T, D)"""
        voiced = (f0_hz > 0).float()[..., None]
        octaves = torch.log2(f0_hz.float().clamp(min=20.0) / 20.0)[..., None]
        rates = 0.1 * torch.pi * 2.0 ** (torch.arange(self.OCTAVES, device=f0_hz.device) / 2)
        waves = torch.cat([torch.sin(octaves * rates), torch.cos(octaves * rates)], -1) * voiced
        y: Tensor = self.project(torch.cat([waves, voiced], -1))
        return y
