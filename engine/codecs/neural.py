"""The pitch-free neural codec: the latent holds timbre and envelope, the note is an input of the decoder.

The encoder sees log-mel bands, the level at each harmonic of the known pitch, the level in each eighth of a hop, and
the pitch itself. The decoder shapes a pulse train and noise by smooth gains, adds a complex residual per bin for what
neither can make (inharmonic partials), and draws a gain curve over time that keeps attacks sharp:

    Y = residual + envelope(f) · harmonic(k) · pulses + noise_envelope(f) · noise        one inverse STFT
    y = istft(Y) · exp(time gains)

A stereo sound's side is shaped by the same gains: other noise, and of the rest every partial turned (`source.Side`).

Shapes: B batch, T STFT frames (86 Hz), L = T / 8 latent frames (10.8 Hz), Z latent channels, N audio frames.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.codecs.blocks import ConvNeXt, Double, Halve, PitchEmbedding
from engine.codecs.part import Part, through
from engine.codecs.source import FFT, HOP, RATE_HZ, Side, pulse_train, spectrum, waveform
from engine.mel import filter_bank, interpolation
from engine.request import unwatched

STRIDE = 8  # STFT frames per latent frame
BINS = FFT // 2 + 1


@dataclass(frozen=True)
class CodecConfig:
    """latent: channels Z. width: D. encoder: blocks at 86, 43, 21.5, 10.8 Hz. decoder: at 10.8, 21.5, 43, 86 Hz."""

    latent: int = 64
    width: int = 384
    encoder: tuple[int, int, int, int] = (1, 3, 3, 1)
    decoder: tuple[int, int, int, int] = (2, 4, 5, 2)
    mel_bands: int = 160
    harmonics: int = 64
    steps: int = 8  # time gains per hop


def latent_frames(audio_frames: int) -> int:
    """How many latent frames cover so many audio frames."""
    return -(-(1 + audio_frames // HOP) // STRIDE)


class Encoder(nn.Module):
    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.config, width = config, config.width
        self.register_buffer("mel", torch.from_numpy(filter_bank(FFT, config.mel_bands)), persistent=False)
        self.bands = nn.Linear(config.mel_bands, width)
        self.harmonics = nn.Linear(config.harmonics, width)
        self.steps = nn.Linear(config.steps, width)
        self.pitch = PitchEmbedding(width)
        stages: list[nn.Module] = []
        for index, blocks in enumerate(config.encoder):
            stages += [ConvNeXt(width) for _ in range(blocks)]
            stages += [Halve(width)] if index < 3 else []
        self.stages = nn.Sequential(*stages)
        self.out = nn.Linear(width, 2 * config.latent)

    def forward(self, samples: Tensor, f0_hz: Tensor) -> tuple[Tensor, Tensor]:
        """samples (B, N), f0_hz (B, T) with T = 1 + N // HOP -> mean, log variance (B, L, Z)"""
        amplitude = spectrum(samples).abs().transpose(1, 2)  # (B, T, bins)
        frames = amplitude.shape[1]
        x = self.bands(torch.log(amplitude @ cast(Tensor, self.mel).T + 1e-2) / 2)
        x = x + self.harmonics(self._harmonic_levels(amplitude, f0_hz)) + self.pitch(f0_hz)
        x = x + self.steps(self._step_levels(samples, frames))
        x = F.pad(x, (0, 0, 0, -frames % STRIDE))
        mean, log_variance = self.out(self.stages(x)).float().chunk(2, -1)
        return mean, log_variance.clamp(-12.0, 4.0)

    def _harmonic_levels(self, amplitude: Tensor, f0_hz: Tensor) -> Tensor:
        """Half log amplitude at k · f0, the loudest of three bins: (B, T, harmonics)"""
        numbers = torch.arange(1, self.config.harmonics + 1, device=f0_hz.device)
        hz = f0_hz[..., None] * numbers
        present = (hz > 0) & (hz < 21500.0)
        bins = torch.round(hz * FFT / RATE_HZ).long().clamp(1, BINS - 2)
        near = torch.stack([amplitude.gather(2, bins + shift) for shift in (-1, 0, 1)]).amax(0)
        return torch.where(present, torch.log(near + 1e-2) / 2, torch.full_like(near, -2.3))

    def _step_levels(self, samples: Tensor, frames: int) -> Tensor:
        """Half log RMS of each step of the hop that is centred on frame t: (B, T, steps)"""
        steps = self.config.steps
        padded = F.pad(samples, (HOP // 2, frames * HOP - samples.shape[1] - HOP // 2))
        power = padded.view(len(samples), frames, steps, HOP // steps).square().mean(-1)
        return torch.log(power + 1e-6) / 4


class Decoder(nn.Module):
    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.config, width = config, config.width
        self.register_buffer("spread", torch.from_numpy(interpolation(FFT, config.mel_bands)), persistent=False)
        self.inlet = nn.Conv1d(config.latent, width, 5, padding=2)
        self.slow_pitch, self.fast_pitch = PitchEmbedding(width), PitchEmbedding(width)
        low, *higher, last = config.decoder
        stages: list[nn.Module] = [ConvNeXt(width) for _ in range(low)]
        for blocks in higher:
            stages += [Double(width), *(ConvNeXt(width) for _ in range(blocks))]
        self.stages = nn.Sequential(*stages, Double(width))
        self.last = nn.Sequential(*(ConvNeXt(width) for _ in range(last)), nn.LayerNorm(width))
        self.residual = nn.Linear(width, 3 * BINS)
        self.gains = nn.Linear(width, 2 * config.mel_bands + config.harmonics + config.steps)
        nn.init.zeros_(self.gains.weight)
        nn.init.zeros_(self.gains.bias)

    def forward(
        self,
        latent: Tensor,
        f0_hz: Tensor,
        noise: Tensor,
        start_frames: Tensor | None = None,
        chord: tuple[int, ...] = (0,),
        side: Side | None = None,
        part: Part | None = None,
        again: Tensor | None = None,
        between: Callable[[], None] = unwatched,
    ) -> Tensor:
        """latent (B, L, Z), f0_hz (B, T), noise (B or 1, N) white, unit variance -> samples (B, N). T = 1 + N // HOP.

        chord: semitones above f0 of the notes that sound together: a pulse train each, all in the timbre of the root.
        side: of what to make the side of a stereo sound, whose middle is the very same samples: (2, B, N) then.
        part: which hops of it are wanted; the samples are those of it alone.
        again: other noise, for the same sound drawn once more: (2, B, N) then, the second with that.
        between(): called after every layer.
        """
        config, frames = self.config, noise.shape[1]
        points = 1 + frames // HOP
        part = part or Part(0, points)
        first, last = part.points(points)
        begin, end = part.samples(points, frames)
        near = slice(first - begin // HOP, last - begin // HOP)  # of the STFT frames of those samples

        x = self.inlet(latent.transpose(1, 2)).transpose(1, 2) + self.slow_pitch(_slow(f0_hz, latent.shape[1]))
        reach = sum(layer.depthwise.kernel_size[0] // 2 for layer in self.last if isinstance(layer, ConvNeXt))
        low, high = max(0, first - reach), min(points, last + reach)
        x = through(list(self.stages), x, low, high, between) + self.fast_pitch(f0_hz[:, low:high])
        for layer in self.last:
            x = layer(x)
            between()
        x = x[:, first - low : last - low]
        real, imaginary = _directed(self.residual(x).float())
        between()
        sizes = [config.mel_bands, config.mel_bands, config.harmonics, config.steps]
        pulse_mel, noise_mel, harmonic, step = self.gains(x).float().split(sizes, -1)
        spread = cast(Tensor, self.spread).T
        pulse_gain, noise_gain = (2 * pulse_mel - 6) @ spread, (2 * noise_mel - 8) @ spread
        sources = []
        for semitones in chord:
            hz = f0_hz * 2.0 ** (semitones / 12)
            by_harmonic = self._by_harmonic(harmonic, hz[:, first:last])
            gain = torch.exp((pulse_gain + by_harmonic).clamp(max=4)) / math.sqrt(len(chord))
            sources.append((gain, spectrum(pulse_train(hz, end, start_frames, begin))[..., near].transpose(1, 2)))
            between()
        for gain, source in sources:
            real, imaginary = _plus(real, imaginary, gain, source)
        gain = torch.exp(noise_gain.clamp(max=3))

        def hissing(noise: Tensor) -> Tensor:
            hiss = spectrum(noise[:, begin:end])[..., near].transpose(1, 2)
            return torch.complex(*_plus(real, imaginary, gain, hiss))

        skipped, wanted = (part.first - first) * HOP, min(frames, part.last * HOP) - part.first * HOP
        over_time = torch.exp(_over_time(step, skipped + wanted))

        def heard(spectra: Tensor) -> Tensor:
            return (waveform(spectra.transpose(1, 2), skipped + wanted) * over_time)[:, skipped:]

        shaped = hissing(noise)
        between()
        made = heard(shaped)
        if again is not None:
            return torch.stack([made, heard(hissing(again))])
        if side is None:
            return made
        return torch.stack([made, heard(side.of(real, imaginary, gain, slice(first, last)))])

    def _by_harmonic(self, gains: Tensor, f0_hz: Tensor) -> Tensor:
        """Gains by harmonic number (B, T, K) over bins: each bin takes the harmonic nearest to it, (B, T, bins)"""
        if not self.training and bool((f0_hz == f0_hz[:, :1]).all()):
            f0_hz = f0_hz[:, :1]  # a steady pitch: which bin takes which is the same all the time
        bin_hz = torch.arange(BINS, device=f0_hz.device) * (RATE_HZ / FFT)
        number = torch.round(bin_hz / f0_hz[..., None].clamp(min=20.0)).long().clamp(1, self.config.harmonics)
        return gains.gather(2, (number - 1).expand(-1, gains.shape[1], -1))


class CodecNet(nn.Module):
    """Encoder and decoder together, as trained."""

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config)


def _plus(real: Tensor, imaginary: Tensor, gain: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """A shaped source added, real and imaginary parts apart: no gain has to become complex."""
    return torch.addcmul(real, gain, source.real), torch.addcmul(imaginary, gain, source.imag)


def _directed(parts: Tensor) -> tuple[Tensor, Tensor]:
    """Log level, and real and imaginary part of a direction, side by side (B, T, 3 · bins) -> real and imaginary part
    of that level in that direction, (B, T, bins) each"""
    level, real, imaginary = parts.chunk(3, -1)
    square = torch.addcmul(torch.addcmul(real.new_tensor(1e-14), real, real), imaginary, imaginary)
    scale = torch.exp((level - 6).clamp(max=5)) * torch.rsqrt(square)
    return real * scale, imaginary * scale


def _slow(f0_hz: Tensor, frames: int) -> Tensor:
    """Pitch at the latent's frame rate: the highest of each frame, so that a short voiced stretch is not lost."""
    padded = F.pad(f0_hz, (0, frames * STRIDE - f0_hz.shape[1]))
    return padded.view(len(f0_hz), frames, STRIDE).amax(-1)


def _over_time(steps: Tensor, frames: int) -> Tensor:
    """Log gains (B, T, steps), step s of frame t centred around t · HOP, to every audio frame (B, N)."""
    count = steps.shape[2]
    curve = 2.0 * F.softsign(steps.flatten(1) / 2) * 4  # within ±8 nepers: enough to silence a pre-echo
    line = F.interpolate(curve[:, None], scale_factor=HOP // count, mode="linear")
    line = F.pad(line, (0, HOP // 2), mode="replicate")[:, 0]  # the last hop may reach past its frame's own
    return line[:, HOP // 2 : HOP // 2 + frames].clamp(max=2.0)
