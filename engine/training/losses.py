"""Spectral losses of the codec."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar, cast

import torch
from torch import Tensor

from engine.codecs.source import RATE_HZ
from engine.mel import filter_bank

T = TypeVar("T")

RESOLUTIONS = ((4096, 160), (1024, 96), (256, 32))  # window, mel bands; hop is a quarter of the window
FLOOR = 1e-3  # 60 dB under each sound's own peak: what lies deeper is not heard and not learnt
LEVEL = 1e-3  # added to the floor, so that silent crops ask for silence, not for exact noise
QUIET = 3.0  # added to a sound's norm, so that silent crops do not explode
ONSET = 2205  # the first samples, 50 ms, tell most of what a sound is, and are a twentieth of a crop:
ONSET_WEIGHT = 8.0  # each of their frames counts for so many of the others
FINE = 8192  # window whose single lines count in sounds with a pitch: it tells the partials of 32 Hz apart
LINES = 5.0  # weight of that: about a quarter of the whole
MEL_HZ = 700.0  # the mel scale's slope is 1 / (MEL_HZ + f)


def pitched(f0_hz: Tensor) -> Tensor:
    """Pitch curves (B, T), 0 without pitch -> which sounds have one for most of their time, (B,) of 0 and 1"""
    return ((f0_hz > 0).float().mean(1) > 0.5).float()


def _floor(levels: Tensor) -> Tensor:
    """(B, lines or bands, T) -> (B, 1, 1)"""
    return FLOOR * levels.amax(dim=(1, 2), keepdim=True) + LEVEL


def _energy(apart: Callable[[T, T], Tensor], wanted: T, made: T, again: T | None = None) -> Tensor:
    """How far `made` is from what is wanted; of two draws, their mean less half of what lies between them."""
    if again is None:
        return apart(made, wanted)
    return 0.5 * (apart(made, wanted) + apart(again, wanted) - apart(made, again))


class _Seen(NamedTuple):
    """A sound by one resolution: amplitudes (B, lines, T), and the logs of mel bands (B, bands, T)."""

    lines: Tensor
    log_mel: Tensor


class SpectralLoss(torch.nn.Module):
    """Log-mel distance plus spectral convergence, mean over resolutions; for sounds with a pitch the log distance of
    a finer spectrum's lines as well.

    A mel band of the upper octaves holds several partials, and noise of their level is as good to it; so it is to any
    window that is too short to tell the partials of a bass apart. So the lines of a long window count where partials
    are to be expected, each by its share of a mel.

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
        self.register_buffer(f"window_{FINE}", torch.hann_window(FINE), persistent=False)
        shares = 1 / (MEL_HZ + torch.linspace(0, RATE_HZ / 2, FINE // 2 + 1))
        self.register_buffer("shares", shares / shares.sum(), persistent=False)

    def forward(
        self, made: Tensor, wanted: Tensor, pitched: Tensor | None = None, again: Tensor | None = None
    ) -> Tensor:
        """made, wanted, again: (B, N), pitched: (B,) whether each has a pitch -> scalar"""
        draws = (made,) if again is None else (made, again)
        total = made.new_zeros(())
        for size, _ in RESOLUTIONS:
            real, *ours = (self._amplitude(one, size) for one in (wanted, *draws))
            floor, level = _floor(self._mel(real, size)), real.norm(dim=(1, 2)) + QUIET
            seen = [_Seen(lines, torch.log(self._mel(lines, size) + floor)) for lines in (real, *ours)]
            total = total + _energy(partial(self._apart, size=size, level=level), *seen)
        if pitched is not None:
            real, *ours = (self._amplitude(one, FINE) for one in (wanted, *draws))
            floor = _floor(real)
            logs = [torch.log(lines + floor) for lines in (real, *ours)]
            total = total + LINES * _energy(partial(self._lines_apart, pitched=pitched), *logs)
        return total / len(RESOLUTIONS)

    def _apart(self, one: _Seen, other: _Seen, size: int, level: Tensor) -> Tensor:
        apart = (one.log_mel - other.log_mel).abs()
        weights = 1 + (ONSET_WEIGHT - 1) * (torch.arange(apart.shape[2], device=apart.device) * (size // 4) < ONSET)
        total: Tensor = 2 * (apart * (weights / weights.mean())).mean()
        total = total + 0.5 * ((one.lines - other.lines).norm(dim=(1, 2)) / level).mean()
        return total

    def _lines_apart(self, one: Tensor, other: Tensor, pitched: Tensor) -> Tensor:
        """one, other: logs (B, lines, T)"""
        apart: Tensor = (one - other).abs().mean(2) @ cast(Tensor, self.shares)
        return (apart * pitched).mean()

    def _mel(self, lines: Tensor, size: int) -> Tensor:
        return cast(Tensor, getattr(self, f"mel_{size}")) @ lines

    def _amplitude(self, samples: Tensor, size: int) -> Tensor:
        window = getattr(self, f"window_{size}")
        return torch.stft(samples, size, size // 4, window=window, pad_mode="constant", return_complex=True).abs()
