"""The codec's shapes and promises, on a tiny net with random weights."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet, latent_frames
from engine.errors import ModelProblem
from engine.models import weights
from engine.pitch import Pitch
from engine.sound import Sound

TINY = CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1))


@pytest.fixture
def codec() -> NeuralCodec:
    torch.manual_seed(0)
    return NeuralCodec(CodecNet(TINY))


@pytest.mark.parametrize("frames", [512, 4410, 44100, 44101, 100_000])
def test_the_latent_covers_the_sound(codec: NeuralCodec, frames: int) -> None:
    latent = codec.encode(Sound(np.zeros(frames, np.float32), 44100), Pitch(60))
    assert latent.shape == (latent_frames(frames), 8)
    assert codec.decode(latent, Pitch(60)).frames >= frames - 512


def test_the_same_latent_pitch_and_seed_give_the_same_samples(codec: NeuralCodec) -> None:
    latent = np.random.default_rng(1).standard_normal((6, 8)).astype(np.float32)
    first, again, other = (codec.decode(latent, Pitch(48), seed) for seed in (5, 5, 6))
    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)


def test_the_note_is_right_by_construction() -> None:
    """Whatever the weights say about timbre, the periodic part sits on the note that was asked for."""
    torch.manual_seed(0)
    net = CodecNet(TINY)
    with torch.no_grad():  # the pulse train alone: noise and residual turned far down
        net.decoder.gains.bias[TINY.mel_bands : 2 * TINY.mel_bands] = -20
        net.decoder.residual.bias[:1025] = -20
    codec = NeuralCodec(net)
    for note, hz in ((45, 110.0), (57, 220.0), (64, 329.63)):
        sound = codec.decode(np.zeros((11, 8), np.float32), Pitch(note)).mono()[4096:40960]
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        frequency = np.fft.rfftfreq(len(sound), 1 / 44100)
        low = (frequency > 0.7 * hz) & (frequency < 1.4 * hz)
        assert abs(frequency[low][power[low].argmax()] - hz) < 1.5


@pytest.mark.parametrize("frames", [5000, 5119, 5120, 5121, 5631])
def test_the_decoder_makes_any_length(codec: NeuralCodec, frames: int) -> None:
    points = 1 + frames // 512
    made = codec.net.decoder(
        torch.zeros(1, latent_frames(frames), 8), torch.full((1, points), 200.0), torch.zeros(1, frames)
    )
    assert made.shape == (1, frames)


def test_another_rate_is_refused(codec: NeuralCodec) -> None:
    with pytest.raises(ValueError, match="44100"):
        codec.encode(Sound(np.zeros(1000, np.float32), 48000), Pitch(60))


def test_weights_travel_through_a_file(codec: NeuralCodec, tmp_path: Path) -> None:
    weights.save(tmp_path / "codec.safetensors", codec.net.state_dict(), {"config": asdict(TINY)})
    loaded = NeuralCodec.load(tmp_path / "codec.safetensors")
    latent = np.random.default_rng(1).standard_normal((6, 8)).astype(np.float32)
    a, b = codec.decode(latent, Pitch(48)).mono(), loaded.decode(latent, Pitch(48)).mono()
    assert np.abs(a - b).max() < 0.05 * np.abs(a).max()


def test_a_file_that_is_not_weights_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "codec.safetensors").write_bytes(b"not at all")
    with pytest.raises(ModelProblem, match="not a file of Latente weights"):
        NeuralCodec.load(tmp_path / "codec.safetensors")
    weights.save(tmp_path / "codec.safetensors", {"a": torch.zeros(3)}, {"config": {"latent": 8}})
    with pytest.raises(ModelProblem, match="does not hold a codec"):
        NeuralCodec.load(tmp_path / "codec.safetensors")
