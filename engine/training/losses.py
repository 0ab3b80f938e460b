"""Spectral losses of the codec."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.mel import filter_bank

RESOLUTIONS = ((4096, 160), (1024, 96), (256, 32))  # window, mel bands; hop is a quarter of the window
FLOOR = 1e-3  # 60 dB under each sound's own peak: what lies deeper is not heard and not learnt
LEVEL = 1e-3  # added to the floor, so that silent crops ask for silence, not for exact noise


class SpectralLoss(torch.nn.Module):
    """Log-mel distance plus spectral convergence, mean over resolutions."""

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
            log_mel = (torch.log(mel_a + floor) - torch.log(mel_b + floor)).abs().mean()
            # + 3 keeps silent crops from exploding
            convergence = ((a - b).norm(dim=(1, 2)) / (b.norm(dim=(1, 2)) + 3.0)).mean()
            total = total + 2 * log_mel + 0.5 * convergence
        return total / len(RESOLUTIONS)

    def _amplitude(self, samples: Tensor, size: int) -> Tensor:
        window = getattr(self, f"window_{size}")
        return torch.stft(samples, size, size // 4, window=window, return_complex=True).abs()
