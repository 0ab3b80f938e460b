"""The neural codec as the rest of the engine sees it: Sound and Pitch in, latent out, and back."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.codecs import formants
from engine.codecs.neural import STRIDE, CodecConfig, CodecNet, latent_frames
from engine.codecs.part import Part
from engine.codecs.source import HOP, RATE_HZ, Side, white
from engine.dsp.side import joined
from engine.errors import ModelProblem
from engine.models import weights
from engine.pitch import Pitch
from engine.request import Latent, unwatched
from engine.sound import Sound


class NeuralCodec:
    """Sound <-> latent (frames, channels) of timbre and envelope at 10.8 Hz; the pitch is given apart."""

    rate_hz = RATE_HZ

    def __init__(self, net: CodecNet, device: str = "cpu") -> None:
        self.net = net.eval().to(device)
        self.device = device
        if device.startswith("cuda"):
            torch.backends.cudnn.allow_tf32 = False  # ten bits of mantissa would be heard beside the CPU's sound

    @staticmethod
    def load(path: Path, device: str = "cpu") -> NeuralCodec:
        """Raises ModelProblem when the weights do not fit."""
        tensors, facts = weights.load(path)
        try:
            net = CodecNet(config_of(facts["config"]))
            net.load_state_dict(tensors)
        except (KeyError, TypeError, RuntimeError) as error:
            raise ModelProblem(f"{path.name} does not hold a codec of this version of Latente.") from error
        return NeuralCodec(net, device)

    def encode(self, sound: Sound, pitch: Pitch) -> Latent:
        """Latent of a mono mix at 44.1 kHz. Raises ValueError at another rate (resample first)."""
        if sound.rate_hz != RATE_HZ:
            raise ValueError(f"the codec works at {RATE_HZ} Hz, not {sound.rate_hz}")
        points = 1 + sound.frames // HOP
        with torch.inference_mode():
            samples = torch.from_numpy(sound.mono())[None].to(self.device)
            mean, _ = self.net.encoder(samples, torch.from_numpy(pitch.hz(points))[None].to(self.device))
        return np.asarray(mean[0].float().cpu().numpy(), np.float32)

    def decode(self, latent: Latent, pitch: Pitch, seed: int = 0, width: float = 0.0) -> Sound:
        """The latent on a pitch curve; `seed` fixes the noise part, so the same call gives the same samples."""
        return self.decode_many(latent, [pitch], seed, width=width)[0]

    def decode_many(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int = 0,
        seconds: float | None = None,
        width: float = 0.0,
        begin_s: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        """The latent on each of the pitch curves, all with the same noise. seconds, begin_s: where what is wanted ends
        and begins; the sounds are that part alone. width: percent; above 0 the sounds are stereo, and their mean is
        what they are at 0. between(): called between the layers. Raises ModelProblem for another latent."""
        channels = self.net.config.latent
        if latent.ndim != 2 or latent.shape[1] != channels or len(latent) == 0:
            raise ModelProblem(f"This latent is not of this codec: {latent.shape}, not (frames, {channels}).")
        if any(pitch.formant_st for pitch in pitches):
            return [self._with_formants(latent, pitch, seed, seconds, width, begin_s, between) for pitch in pitches]
        timbre = torch.from_numpy(np.array(latent, np.float32))[None].expand(len(pitches), -1, -1)
        end = len(latent) * STRIDE * HOP if seconds is None else math.ceil(seconds * RATE_HZ)
        begin = round(begin_s * RATE_HZ)
        if width > 0:
            early = max(0, begin // HOP - 1) * HOP  # a side is as loud as what comes before and after it lets it be
            made = self.decode_batch(timbre, list(pitches), seed, end + HOP, True, early, between).cpu().numpy()
            wanted = slice(begin - early, end - early)
            samples = [joined(made[0, n], made[1, n], width)[wanted] for n in range(len(pitches))]
        else:
            samples = list(self.decode_batch(timbre, list(pitches), seed, end, False, begin, between).cpu().numpy())
        return [Sound(one, RATE_HZ, pitch.root_note) for one, pitch in zip(samples, pitches, strict=True)]

    def _with_formants(
        self,
        latent: Latent,
        pitch: Pitch,
        seed: int,
        seconds: float | None,
        width: float,
        begin_s: float,
        between: Callable[[], None],
    ) -> Sound:
        def decoded(slow: Latent, lower: Sequence[Pitch], wanted: float | None) -> list[Sound]:
            return self.decode_many(slow, lower, seed, wanted, width, between=between)

        sound = formants.moved(decoded, latent, pitch, seconds)
        return sound.with_samples(sound.samples[round(begin_s * RATE_HZ) :])

    def decode_batch(
        self,
        latents: Tensor,
        pitches: list[Pitch],
        seed: int = 0,
        wanted: int | None = None,
        stereo: bool = False,
        begin: int = 0,
        between: Callable[[], None] = unwatched,
    ) -> Tensor:
        """latents (B, L, Z), one pitch each, all of one chord -> samples (B, N), float32 on the device: those from
        `begin` to `wanted`, of L · 4096. stereo: (2, B, N), middle and side."""
        whole = latents.shape[1] * STRIDE * HOP
        end = whole if wanted is None else min(whole, wanted)
        begin = min(begin, end - 1)
        part = Part(begin // HOP, -(-end // HOP))
        points = 1 + whole // HOP
        curves = torch.from_numpy(np.stack([pitch.hz(points) for pitch in pitches])).to(self.device)
        noise = white(whole, seed).to(self.device)
        side = Side.drawn(whole, seed, self.device) if stereo else None
        reached, chord = _reach(latents.to(self.device), points), pitches[0].chord
        with torch.inference_mode():
            made: Tensor = self.net.decoder(reached, curves, noise, chord=chord, side=side, part=part, between=between)
        return made.float()[..., begin - part.first * HOP : end - part.first * HOP]


def config_of(row: dict[str, Any]) -> CodecConfig:
    """CodecConfig from its JSON form."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return CodecConfig(**fields)


def autocast(device: str) -> AbstractContextManager[Any]:
    """For large batches: bfloat16 where the processor computes it natively, else full precision."""
    if device != "cpu" or _native_bfloat16():
        return torch.autocast(device, torch.bfloat16)
    return nullcontext()


def _native_bfloat16() -> bool:
    """oneDNN offers bfloat16 on every AVX-512 processor, but emulates it, four times slower than float32, on those
    without the instructions for it."""
    if platform.machine().lower() in ("x86_64", "amd64"):
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _reach(latents: Tensor, points: int) -> Tensor:
    """Repeats the last frame until `points` STFT frames are covered."""
    missing = latent_frames((points - 1) * HOP) - latents.shape[1]
    return torch.cat([latents, latents[:, -1:].expand(-1, missing, -1)], 1) if missing > 0 else latents
