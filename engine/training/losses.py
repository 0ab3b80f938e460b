"""Spectral losses of the codec."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.mel import filter_bank

RESOLUTIONS = ((4096, 160), (1024, 96), (256, 32))  # window, mel bands; hop is a quarter of the window
FLOOR = 1e-3  # 60 dB under each sound's own peak: what lies deeper is not heard and not learnt
LEVEL = 1e-3  # added to the floor, so that silent crops ask for silence, not for exact noise
ONSET = 2205  # the first samples, 50 ms, tell most of what a sound is, and are a twentieth of a crop:
ONSET_WEIGHT = 8.0  # each of their frames counts for so many of the others


class SpectralLoss(torch.nn.Module):
    """Log-mel distance plus spectral convergence, mean over resolutions.

    Before a sound and after it is silence, and the frames that reach there say so: mirrored instead, a step from
    nothing to full level at the first sample looks like a smooth one, and soft attacks would be learnt as clicks.
    """

    def __init__(self) -> None:
        super().__init__()
        for size, bands in RESOLUTIONS:
            self.register_buffer(f"mel_{size}", torch.from_numpy(filter_bank(size, bands)), persistent=False)
            self.register_buffer(f"window_{size}", torch.hann_window(size), persistent=False)

    def forward(self, made: Tensor, wanted: Tensor) -> Tensor:
        """made, wanted: (B, N) -> scalar"""
        total = made.new_zeros(())
        for size, _ in RESOLUTIONS:
            a, b = self._amplitude(made, size), self._amplitude(wanted, size)
            mel = getattr(self, f"mel_{size}")
            mel_a, mel_b = mel @ a, mel @ b
            floor = FLOOR * mel_b.amax(dim=(1, 2), keepdim=True) + LEVEL
            apart = (torch.log(mel_a + floor) - torch.log(mel_b + floor)).abs()
            weights = 1 + (ONSET_WEIGHT - 1) * (torch.arange(apart.shape[2], device=apart.device) * (size // 4) < ONSET)
            log_mel = (apart * (weights / weights.mean())).mean()
            # + 3 keeps silent crops from exploding
            convergence = ((a - b).norm(dim=(1, 2)) / (b.norm(dim=(1, 2)) + 3.0)).mean()
            total = total + 2 * log_mel + 0.5 * convergence
        return total / len(RESOLUTIONS)

    def _amplitude(self, samples: Tensor, size: int) -> Tensor:
        window = getattr(self, f"window_{size}")
        return torch.stft(samples, size, size // 4, window=window, pad_mode="constant", return_complex=True).abs()
