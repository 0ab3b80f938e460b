"""Spectral losses of the codec."""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
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
MEL_HZ = 700.0  # the mel scale's slope is 1 / (MEL_HZ + f)


def pitched(f0_hz: Tensor) -> Tensor:
    """Pitch curves (B, T), 0 without pitch -> which sounds have one for most of their time, (B,) of 0 and 1"""
    return ((f0_hz > 0).float().mean(1) > 0.5).float()


def _floor(levels: Tensor) -> Tensor:
    """(B, lines or bands, T) -> (B, 1, 1)"""
    return FLOOR * levels.amax(dim=(1, 2), keepdim=True) + LEVEL


class _Seen(NamedTuple):
    """A sound by one resolution: amplitudes (B, lines, T), their logs, and the logs of mel bands (B, bands, T)."""

    lines: Tensor
    log_lines: Tensor | None
    log_mel: Tensor


class SpectralLoss(torch.nn.Module):
    """Log-mel distance plus spectral convergence, mean over resolutions; for sounds with a pitch the log distance of
    the finest spectrum's lines as well.

    A mel band of the upper octaves holds several partials, and noise of their level is as good to it. So the lines
    themselves count where partials are to be expected, each by its share of a mel.

    Before a sound and after it is silence, and the frames that reach there say so: mirrored instead, a step from
    nothing to full level at the first sample looks like a smooth one, and soft attacks would be learnt as clicks.

    By distances alone, the smooth middle of all levels is nearer to any noise than another noise is. A decoder that
    could make noise learns to buzz at its frame rate instead, the more the longer it learns. Given the sound drawn
    `again` with other noise, half of how far the two lie apart is taken off: the energy distance (Székely & Rizzo 2013;
    of spectra: Gritsenko et al. 2020), which is least where what is made scatters as what is wanted does.
    """

    def __init__(self) -> None:
        super().__init__()
        for size, bands in RESOLUTIONS:
            self.register_buffer(f"mel_{size}", torch.from_numpy(filter_bank(size, bands)), persistent=False)
            self.register_buffer(f"window_{size}", torch.hann_window(size), persistent=False)
        shares = 1 / (MEL_HZ + torch.linspace(0, RATE_HZ / 2, FINE // 2 + 1))
        self.register_buffer("shares", shares / shares.sum(), persistent=False)

    def forward(
        self, made: Tensor, wanted: Tensor, pitched: Tensor | None = None, again: Tensor | None = None
    ) -> Tensor:
        """made, wanted, again: (B, N), pitched: (B,) whether each has a pitch -> scalar"""
        total = made.new_zeros(())
        for size, _ in RESOLUTIONS:
            real = self._amplitude(wanted, size)
            floors = _floor(real), _floor(self._mel(real, size))
            goal, first = (self._seen(one, size, floors, pitched) for one in (real, self._amplitude(made, size)))
            level = real.norm(dim=(1, 2)) + 3.0  # + 3 keeps silent crops from exploding
            if again is None:
                total = total + self._apart(first, goal, size, level, pitched)
                continue
            second = self._seen(self._amplitude(again, size), size, floors, pitched)
            pairs = ((first, goal, 0.5), (second, goal, 0.5), (first, second, -0.5))
            for one, other, share in pairs:
                total = total + share * self._apart(one, other, size, level, pitched)
        return total / len(RESOLUTIONS)

    def _seen(self, lines: Tensor, size: int, floors: tuple[Tensor, Tensor], pitched: Tensor | None) -> _Seen:
        fine = size == FINE and pitched is not None
        return _Seen(
            lines, torch.log(lines + floors[0]) if fine else None, torch.log(self._mel(lines, size) + floors[1])
        )

    def _apart(self, one: _Seen, other: _Seen, size: int, level: Tensor, pitched: Tensor | None) -> Tensor:
        apart = (one.log_mel - other.log_mel).abs()
        weights = 1 + (ONSET_WEIGHT - 1) * (torch.arange(apart.shape[2], device=apart.device) * (size // 4) < ONSET)
        total: Tensor = 2 * (apart * (weights / weights.mean())).mean()
        total = total + 0.5 * ((one.lines - other.lines).norm(dim=(1, 2)) / level).mean()
        if pitched is not None and one.log_lines is not None and other.log_lines is not None:
            lines = (one.log_lines - other.log_lines).abs().mean(2) @ cast(Tensor, self.shares)
            total = total + LINES * (lines * pitched).mean()
        return total

    def _mel(self, lines: Tensor, size: int) -> Tensor:
        return cast(Tensor, getattr(self, f"mel_{size}")) @ lines

    def _amplitude(self, samples: Tensor, size: int) -> Tensor:
        window = getattr(self, f"window_{size}")
        return torch.stft(samples, size, size // 4, window=window, pad_mode="constant", return_complex=True).abs()
