"""Embeddings of sounds and words in one space (mini-CLAP): unit vectors; their dot product says how well they match."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import ModelProblem
from engine.mel import filter_bank

FFT, HOP, BANDS = 2048, 1024, 96
FRAMES = 3 * 44100  # what is looked at of a sound
FLOOR = -3.5  # log10 of amplitude: 70 dB under the loudest
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
    return level.clamp(min=FLOOR).transpose(1, 2)


def mel_frames(frames: int) -> int:
    """How many frames `log_mel` makes of so many samples."""
    return 1 + frames // HOP


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


class Towers(nn.Module):
    """Both towers. width: of the audio tower; size: of the space they share."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.audio, self.text = AudioTower(width, size), TextTower(size)
        self.sharpness = nn.Parameter(torch.tensor(2.6))  # log of 1 / temperature

    @torch.inference_mode()
    def heard(self, samples: Tensor) -> Tensor:
        """Unit vectors (B, size) of sounds (B, N) at 44.1 kHz, of which the first FRAMES count."""
        samples = F.pad(samples[:, :FRAMES], (0, max(0, FRAMES - samples.shape[1])))
        return self.audio(log_mel(samples))  # type: ignore[no-any-return]

    @torch.inference_mode()
    def said(self, states: Tensor, mask: Tensor) -> Tensor:
        """Unit vectors (B, size) of words, as the text encoder gives them."""
        return self.text(states, mask)  # type: ignore[no-any-return]


def towers_of(tensors: dict[str, Tensor], config: dict[str, Any]) -> Towers:
    """Trained towers, ready to use. Raises ModelProblem when the weights are of another shape."""
    try:
        towers = Towers(int(config["width"]), int(config["size"]))
        towers.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelProblem("The weights of the mini-CLAP do not fit this version of Latente.") from error
    return towers.eval()
