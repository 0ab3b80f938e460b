"""The raw sounds that the codec's decoder shapes: a band-limited pulse train on the pitch curve, and noise; and what
makes a side of them.

Noise is drawn on the CPU, wherever it is shaped: a seed gives the same sound on every device.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.dsp.side import low_cut, phases

RATE_HZ = 44100
FFT, HOP = 2048, 512
HIGHEST_HZ = 20000.0
_OTHER_NOISE = 0x9E3779B9  # added to the seed; torch's generator on the CPU reads 32 bits of it


@dataclass(frozen=True, eq=False)
class Side:
    """What the side of a stereo sound is made of; real and imaginary parts apart, (T, bins) each.

    turn: what the spectra of pulses and residual are multiplied by. noise: spectrum of noise of unit variance, which
    has nothing to do with the middle's, without its lows.
    """

    turn: tuple[Tensor, Tensor]
    noise: tuple[Tensor, Tensor]

    @staticmethod
    @lru_cache(maxsize=4)  # a slider that moves, and every key, has the same one
    def drawn(frames: int, seed: int, device: str = "cpu") -> Side:
        """For a sound of so many frames. Nobody may write into it."""
        bins, bin_hz = FFT // 2 + 1, RATE_HZ / FFT
        turn = [torch.from_numpy(part) for part in phases(1 + frames // HOP, bins, bin_hz, HOP / RATE_HZ, seed)]
        shaped = spectrum(white(frames, (seed + _OTHER_NOISE) % 2**32))[0].T * torch.from_numpy(low_cut(bins, bin_hz))
        parts = [part.contiguous().to(device) for part in (*turn, shaped.real, shaped.imag)]
        return Side((parts[0], parts[1]), (parts[2], parts[3]))

    def of(self, real: Tensor, imaginary: Tensor, noise_gain: Tensor, points: slice = slice(None)) -> Tensor:
        """The side's spectra of a middle's without its noise, (B, T, bins) each, and of the gains of that: complex.
        points: which of its STFT frames these are."""
        across, along = (part[points] for part in self.turn)
        real, imaginary = (
            torch.addcmul(real * across, imaginary, along, value=-1),
            torch.addcmul(real * along, imaginary, across),
        )
        parts, noise = (real, imaginary), (part[points] for part in self.noise)
        return torch.complex(*(p.addcmul_(noise_gain, n) for p, n in zip(parts, noise, strict=True)))


def white(frames: int, seed: int) -> Tensor:
    """Noise of unit variance, (1, frames), on the CPU."""
    return torch.randn(1, frames, generator=torch.Generator().manual_seed(seed))


def spectrum(samples: Tensor, fft: int = FFT, hop: int = HOP) -> Tensor:
    """STFT with a Hann window, frame t centred on sample t · hop: (B, N) -> complex (B, bins, 1 + N // hop)."""
    window = torch.hann_window(fft, device=samples.device)
    return torch.stft(samples, fft, hop, window=window, center=True, pad_mode="constant", return_complex=True)


def waveform(spectra: Tensor, frames: int) -> Tensor:
    """Inverse of `spectrum`: complex (B, bins, T) -> (B, frames)."""
    window = torch.hann_window(FFT, device=spectra.device)
    made = _overlapped(torch.fft.irfft(spectra.transpose(1, 2), FFT) * window)
    weight = _overlapped((window * window).expand(1, spectra.shape[2], -1))
    made = made[:, FFT // 2 : FFT // 2 + frames] / weight[:, FFT // 2 : FFT // 2 + frames]
    return F.pad(made, (0, frames - made.shape[1]))


def _overlapped(pieces: Tensor) -> Tensor:
    """Pieces (B, T, FFT), each HOP after the one before, added up: (B, FFT + (T - 1) · HOP)"""
    count, parts = pieces.shape[1], FFT // HOP
    rows = pieces.reshape(len(pieces), count, parts, HOP)
    total = rows.new_zeros(len(rows), count + parts - 1, HOP)
    for part in range(parts):
        total[:, part : part + count] += rows[:, :, part]
    return total.flatten(1)


def pulse_train(f0_hz: Tensor, frames: int, start_frames: Tensor | None = None, begin: int = 0) -> Tensor:
    """Sum of all harmonics below 20 kHz, each as loud as the others, unit RMS.

    f0_hz: (B, T), one value per HOP frames, 0 = silent there. start_frames: (B,) how far into its sound each crop
    begins; it only turns the phase. begin: the first frame that is wanted, a multiple of HOP; those before it are left
    out. Returns float32 (B, frames - begin).

    The sum of K sines in closed form (discrete summation, Moorer 1976) is sin(Kx/2) sin((K+1)x/2) / sin(x/2), whose
    limit at the poles is 0: without taking it there the train is not a number. Sines and not cosines: shaped into
    1/k or odd harmonics they give an analogue synthesiser's symmetrical waves, whose peaks are 3 dB lower.
    """
    if f0_hz.device.type == "mps":  # has no float64, which phases need: the train comes from the CPU
        starts = None if start_frames is None else start_frames.cpu()
        return pulse_train(f0_hz.cpu(), frames, starts, begin).to(f0_hz.device)
    held = _reaching(_hold(f0_hz), frames).clamp(min=16.0)
    gate = _reaching((f0_hz > 0).float(), frames)
    first, frames = begin // HOP, frames - begin
    half = math.pi * _phase(held, frames, start_frames, first)
    hz, gate = _at_rate(held[:, first:], frames), _at_rate(gate[:, first:], frames)
    count = torch.floor(HIGHEST_HZ / hz)
    below = torch.sin(half)
    ratio = torch.sin((count + 1) * half) / torch.where(below == 0, 1.0, below)  # at the poles the next factor is 0
    return torch.sin(count * half) * ratio * (torch.sqrt(2.0 / count) * gate)


def _phase(hz: Tensor, frames: int, start_frames: Tensor | None, hop: int) -> Tensor:
    """Cycles since the start, −0.5…0.5, where small numbers are exact: hz (B, T) -> so many `frames` from `hop` on.

    In float64 only from hop to hop; within one the sum is a parabola.
    """
    first, step = hz[:, :-1].double() / RATE_HZ, hz.diff(dim=1).double() / RATE_HZ
    whole = HOP * first + (HOP - 1) / 2 * step
    start = torch.cumsum(whole, 1) - whole
    if start_frames is not None:
        start = start + start_frames.double()[:, None] * first[:, :1]
    start = start - torch.round(start)
    start, first, step = (part[:, hop:].float()[..., None] for part in (start, first, step))
    n = torch.arange(1, HOP + 1, device=hz.device)
    cycles = start + first * n + step * (n * (n - 1) / (2 * HOP))
    cycles = cycles.flatten(1)[:, :frames]
    return cycles - torch.round(cycles)


def _hold(f0_hz: Tensor) -> Tensor:
    """Unvoiced points take the value of the last voiced one (or of the first), so that nothing chirps."""
    index = torch.arange(f0_hz.shape[1], device=f0_hz.device).expand_as(f0_hz)
    last = torch.where(f0_hz > 0, index, torch.zeros_like(index)).cummax(dim=1).values
    held = f0_hz.gather(1, last)
    first = f0_hz.gather(1, (f0_hz > 0).float().argmax(dim=1, keepdim=True))
    return torch.where(held > 0, held, first)


def _reaching(points: Tensor, frames: int) -> Tensor:
    """The points that `frames` need, the last one held where there are too few."""
    wanted = 1 + math.ceil(frames / HOP)
    if points.shape[1] < wanted:
        points = F.pad(points[:, None], (0, wanted - points.shape[1]), mode="replicate")[:, 0]
    return points[:, :wanted]


def _at_rate(points: Tensor, frames: int) -> Tensor:
    """Linear interpolation from one point per HOP frames to every frame: (B, T) -> (B, frames)."""
    ramp = torch.arange(HOP, device=points.device) / HOP
    lines = points[:, :-1, None] + (points[:, 1:] - points[:, :-1])[..., None] * ramp
    return lines.flatten(1)[:, :frames]
