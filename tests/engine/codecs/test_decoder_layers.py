"""What is computed quickly is what was trained: each shortcut against the plain definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.codecs.blocks import ConvNeXt, Double
from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet
from engine.codecs.source import HOP
from engine.pitch import Pitch

SMALL = CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 2, 2, 1), mel_bands=40)


@pytest.fixture
def x() -> Tensor:
    return torch.randn(2, 13, 16, generator=torch.Generator().manual_seed(0))


def test_doubling_is_the_transposed_convolution(x: Tensor) -> None:
    torch.manual_seed(1)
    layer = Double(16)
    plain = torch.nn.ConvTranspose1d.forward(layer.convolution, x.transpose(1, 2)).transpose(1, 2)
    assert torch.allclose(layer(x), plain, atol=1e-5)
    assert layer(x[:, :1]).shape == (2, 2, 16)


def test_the_block_convolves_each_channel_over_time(x: Tensor) -> None:
    torch.manual_seed(1)
    block = ConvNeXt(16)
    y = block.depthwise(x.transpose(1, 2)).transpose(1, 2)
    plain = x + block.scale * block.narrow(torch.nn.functional.gelu(block.widen(block.norm(y))))
    assert torch.allclose(block(x), plain, atol=1e-5)


@pytest.fixture
def codec() -> NeuralCodec:
    torch.manual_seed(2)
    net = CodecNet(SMALL)
    torch.nn.init.normal_(net.decoder.gains.weight, std=0.3)
    return NeuralCodec(net)


def test_a_steady_pitch_takes_the_short_way_to_the_same_gains(codec: NeuralCodec) -> None:
    gains, f0_hz = torch.randn(2, 20, SMALL.harmonics), torch.tensor([[110.0], [440.0]]).expand(2, 20)
    short = codec.net.decoder._by_harmonic(gains, f0_hz)
    codec.net.train()
    assert torch.equal(short, codec.net.decoder._by_harmonic(gains, f0_hz))
    codec.net.eval()
    moving = torch.cat([f0_hz[:, :10], 2 * f0_hz[:, 10:]], 1)
    assert torch.equal(codec.net.decoder._by_harmonic(gains, moving)[:, :10], short[:, :10])


@pytest.mark.parametrize("pitch", [Pitch(40.0), Pitch(None), Pitch(50.0, chord=(0, 4, 7))])
def test_the_beginning_alone_is_the_beginning_of_the_whole(codec: NeuralCodec, pitch: Pitch) -> None:
    latent = np.random.default_rng(0).normal(size=(16, 8)).astype(np.float32)
    whole = codec.decode_many(latent, [pitch], 3)[0]
    part = codec.decode_many(latent, [pitch], 3, seconds=0.5)[0]
    assert part.frames < 0.6 * whole.frames
    assert np.abs(part.samples[:22050] - whole.samples[:22050]).max() < 1e-5 * max(1.0, whole.peak)


@pytest.mark.parametrize("width", [0.0, 80.0])
@pytest.mark.parametrize(("begin_s", "seconds"), [(0.0, 0.1), (0.31, 0.55), (0.6, 1.2), (1.3, 9.0), (1.45, 1.46)])
def test_any_part_alone_is_that_part_of_the_whole(
    codec: NeuralCodec, begin_s: float, seconds: float, width: float
) -> None:
    """Also on a pitch that moves, where the phase of the pulses depends on all that came before."""
    rng = np.random.default_rng(0)
    latent = rng.normal(size=(16, 8)).astype(np.float32)
    pitch = Pitch(45.0, octaves=np.linspace(0.0, 1.0, 128, dtype=np.float32))
    whole = codec.decode_many(latent, [pitch], 3, width=width)[0]
    part = codec.decode_many(latent, [pitch], 3, seconds, width, begin_s)[0]
    wanted = whole.samples[round(begin_s * 44100) : math.ceil(seconds * 44100)]
    assert part.samples.shape == wanted.shape
    assert np.abs(part.samples - wanted).max() < 1e-5 * max(1.0, whole.peak)


def test_gradients_flow_through_every_shortcut(codec: NeuralCodec) -> None:
    codec.net.train()
    latent = torch.randn(2, 4, 8, requires_grad=True)
    made = codec.net.decoder(latent, torch.full((2, 32), 220.0), torch.randn(2, 31 * 512))
    made.square().mean().backward()
    assert latent.grad is not None
    assert torch.isfinite(latent.grad).all()
    for name, parameter in codec.net.decoder.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


def test_a_sound_drawn_again_is_the_same_with_other_noise(codec: NeuralCodec) -> None:
    torch.manual_seed(0)
    latent, f0_hz = torch.randn(2, 4, 8), torch.full((2, 1 + 8192 // HOP), 220.0)
    noise, other = torch.randn(2, 2, 8192)
    with torch.no_grad():
        twice = codec.net.decoder(latent, f0_hz, noise, again=other)
        assert torch.equal(twice[0], codec.net.decoder(latent, f0_hz, noise))
        assert torch.equal(twice[1], codec.net.decoder(latent, f0_hz, other))
    assert not torch.equal(twice[0], twice[1])
