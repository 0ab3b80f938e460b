"""Spectral losses of the codec."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.codecs.source import RATE_HZ
from engine.mel import filter_bank

RESOLUTIONS = ((4096, 160), (1024, 96), (256, 32))  # window, mel bands; hop is a quarter of the window
FLOOR = 1e-3  # 60 dB under each sound's own peak: what lies deeper is not heard and not learnt
LEVEL = 1e-3  # added to the floor, so that silent crops ask for silence, not for exact noise
ONSET = 2205  # the first samples, 50 ms, tell most of what a sound is, and are a twentieth of a crop:
ONSET_WEIGHT = 8.0  # each of their frames counts for so many of the others
FINE = RESOLUTIONS[0][0]  # window whose single lines count in sounds with a pitch
LINES = 5.0  # weight of that: about a quarter of the whole
GRAIN = RESOLUTIONS[1][0]  # window whose texture counts
TEXTURE = 10.0  # weight of that: more than the distances gain by a smooth spectrum in place of noise
MEL_HZ = 700.0  # the mel scale's slope is 1 / (MEL_HZ + f)
PATCH, STEP = 9, 4  # lines and frames that a texture is measured over: 0.4 kHz by 50 ms; and how far to the next


def pitched(f0_hz: Tensor) -> Tensor:
    """Pitch curves (B, T), 0 without pitch -> which sounds have one for most of their time, (B,) of 0 and 1"""
    return ((f0_hz > 0).float().mean(1) > 0.5).float()


def textures_apart(a: Tensor, b: Tensor) -> Tensor:
    """How far two spectra's levels scatter differently, in nepers: amplitudes (B, lines, T) of 0 to half the rate ->
    scalar. White noise scatters by about 0.6, what is smooth not at all. 60 dB under the peak is the ground."""
    floor = FLOOR * b.amax(dim=(1, 2), keepdim=True) + LEVEL
    apart = (_scatter(torch.log(a + floor)) - _scatter(torch.log(b + floor))).abs().mean(2)
    places = torch.linspace(0, RATE_HZ / 2, apart.shape[1], device=a.device)
    shares = 1 / (MEL_HZ + places)
    return (apart @ (shares / shares.sum())).mean()


def _scatter(levels: Tensor) -> Tensor:
    """(B, lines, T) -> standard deviation within each patch"""
    mean = F.avg_pool2d(levels, PATCH, STEP)
    square = F.avg_pool2d(levels.square(), PATCH, STEP)
    return torch.sqrt((square - mean.square()).clamp(min=0) + 1e-4)


class SpectralLoss(torch.nn.Module):
    """Log-mel distance plus spectral convergence, mean over resolutions; the distance of textures; and for sounds with
    a pitch the log distance of the finest spectrum's lines.

    By distances alone, the smooth middle of all levels is nearer to any noise than another noise is. A decoder that
    could make noise learns to buzz at its frame rate instead. So the texture counts, too: how much the levels scatter
    within each patch of the spectrum.

    A mel band of the upper octaves holds several partials, and noise of their level is as good to it. So the lines
    themselves count where partials are to be expected, each by its share of a mel, and not in noise.

    Before a sound and after it is silence, and the frames that reach there say so: mirrored instead, a step from
    nothing to full level at the first sample looks like a smooth one, and soft attacks would be learnt as clicks.
    """

    def __init__(self) -> None:
        super().__init__()
        for size, bands in RESOLUTIONS:
            self.register_buffer(f"mel_{size}", torch.from_numpy(filter_bank(size, bands)), persistent=False)
            self.register_buffer(f"window_{size}", torch.hann_window(size), persistent=False)
        shares = 1 / (MEL_HZ + torch.linspace(0, RATE_HZ / 2, FINE // 2 + 1))
        self.register_buffer("shares", shares / shares.sum(), persistent=False)

    def forward(self, made: Tensor, wanted: Tensor, pitched: Tensor | None = None) -> Tensor:
        """made, wanted: (B, N), pitched: (B,) whether each has a pitch -> scalar"""
        total = made.new_zeros(())
        for size, _ in RESOLUTIONS:
            a, b = self.amplitude(made, size), self.amplitude(wanted, size)
            mel = getattr(self, f"mel_{size}")
            mel_a, mel_b = mel @ a, mel @ b
            floor = FLOOR * mel_b.amax(dim=(1, 2), keepdim=True) + LEVEL
            apart = (torch.log(mel_a + floor) - torch.log(mel_b + floor)).abs()
            weights = 1 + (ONSET_WEIGHT - 1) * (torch.arange(apart.shape[2], device=apart.device) * (size // 4) < ONSET)
            log_mel = (apart * (weights / weights.mean())).mean()
            # + 3 keeps silent crops from exploding
            convergence = ((a - b).norm(dim=(1, 2)) / (b.norm(dim=(1, 2)) + 3.0)).mean()
            total = total + 2 * log_mel + 0.5 * convergence
            if size == FINE and pitched is not None:
                total = total + LINES * (self._lines_apart(a, b) * pitched).mean()
            if size == GRAIN:
                total = total + TEXTURE * textures_apart(a, b)
        return total / len(RESOLUTIONS)

    def _lines_apart(self, a: Tensor, b: Tensor) -> Tensor:
        """Log distance of amplitudes (B, lines, T), each line by its share of a mel: (B,)"""
        floor = FLOOR * b.amax(dim=(1, 2), keepdim=True) + LEVEL
        apart: Tensor = (torch.log(a + floor) - torch.log(b + floor)).abs().mean(2) @ cast(Tensor, self.shares)
        return apart

    def amplitude(self, samples: Tensor, size: int) -> Tensor:
        """(B, N) -> (B, lines, T), window `size` of RESOLUTIONS"""
        window = getattr(self, f"window_{size}")
        return torch.stft(samples, size, size // 4, window=window, pad_mode="constant", return_complex=True).abs()
