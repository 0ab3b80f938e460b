"""Embeddings of sounds and words in one space (mini-CLAP): unit vectors; their dot product says how well they match."""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.mel import filter_bank

FFT, HOP, BANDS = 2048, 1024, 96
TEXT_WIDTH = 384


@cache
def _bank() -> Tensor:
    return torch.from_numpy(filter_bank(FFT, BANDS))


def log_mel(samples: Tensor) -> Tensor:
    """samples (B, N) at 44.1 kHz -> (B, T, BANDS), 0 at the loudest, floored 70 dB below it, in units of 20 dB."""
    window = torch.hann_window(FFT, device=samples.device)
    power = torch.stft(samples, FFT, HOP, window=window, pad_mode="constant", return_complex=True).abs()
    mel = (_bank().to(samples.device) @ power).clamp(min=1e-7)
    level = torch.log10(mel / mel.amax(dim=(1, 2), keepdim=True))
    return level.clamp(min=-3.5).transpose(1, 2)


class AudioTower(nn.Module):
    """Strided convolutions over time on mel bands, mean and maximum over time, projection to a unit vector."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            [
                nn.Conv1d(BANDS, width, 5, stride=2, padding=2),
                nn.Conv1d(width, width, 5, stride=2, padding=2),
                nn.Conv1d(width, 2 * width, 3, stride=2, padding=1),
                nn.Conv1d(2 * width, 2 * width, 3, stride=2, padding=1),
            ]
        )
        self.out = nn.Sequential(
            nn.LayerNorm(4 * width), nn.Linear(4 * width, 2 * width), nn.GELU(), nn.Linear(2 * width, size)
        )

    def forward(self, mel: Tensor) -> Tensor:
        """(B, T, BANDS) -> unit vectors (B, size)"""
        x = mel.transpose(1, 2)
        for convolution in self.convolutions:
            x = F.gelu(convolution(x))
        return F.normalize(self.out(torch.cat([x.mean(2), x.amax(2)], 1)).float(), dim=-1)


class TextTower(nn.Module):
    """One learned query attends over the text encoder's token states."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Linear(TEXT_WIDTH, 1)
        self.out = nn.Sequential(nn.Linear(2 * TEXT_WIDTH, TEXT_WIDTH), nn.GELU(), nn.Linear(TEXT_WIDTH, size))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """states (B, S, 384), mask (B, S) -> unit vectors (B, size)"""
        scores = self.weight(states)[..., 0].masked_fill(~mask, -1e4)
        picked = (scores.softmax(-1)[..., None] * states).sum(1)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        return F.normalize(self.out(torch.cat([picked, mean], -1)).float(), dim=-1)
