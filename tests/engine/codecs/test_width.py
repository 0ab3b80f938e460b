"""Stereo promises: the mean of the channels is the mono sound, lows stay in the middle, no attack comes early."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.analysis.stereo import stereo
from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet
from engine.codecs.source import Side, spectrum, white
from engine.pitch import Pitch

RATE = 44100


@pytest.fixture(scope="module")
def codec() -> NeuralCodec:
    """Of random weights, with noise and pulses loud enough to be heard beside the residual."""
    torch.manual_seed(0)
    net = CodecNet(CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1)))
    with torch.no_grad():
        net.decoder.gains.bias[:320] = 2.0
        net.decoder.residual.bias[:1025] = 0.0
    return NeuralCodec(net)


LATENT = np.random.default_rng(1).standard_normal((12, 8)).astype(np.float32)
PITCHES = [Pitch(45.0), Pitch(None), Pitch(50.0, chord=(0, 3, 7)), Pitch(52.0, formant_st=3.0)]


@pytest.mark.parametrize("pitch", PITCHES)
@pytest.mark.parametrize("width", [30.0, 100.0, 200.0])
def test_a_mono_loudspeaker_plays_what_there_is_without_width(codec: NeuralCodec, pitch: Pitch, width: float) -> None:
    mono, wide = codec.decode(LATENT, pitch, 3), codec.decode(LATENT, pitch, 3, width)
    assert (mono.channels, wide.channels) == (1, 2)
    assert np.abs(wide.mono() - mono.samples[:, 0]).max() < 1e-6 * max(1.0, wide.peak)


def test_width_0_is_the_very_decode_of_before(codec: NeuralCodec) -> None:
    frames = len(LATENT) * 4096
    curve = torch.from_numpy(PITCHES[0].hz(1 + frames // 512))[None]
    reached = torch.from_numpy(np.concatenate([LATENT, LATENT[-1:]]))[None]
    with torch.inference_mode():
        plain = codec.net.decoder(reached, curve, white(frames, 3))
    assert np.array_equal(codec.decode(LATENT, PITCHES[0], 3, 0.0).samples[:, 0], plain[0].numpy())


@pytest.mark.parametrize("pitch", PITCHES[:3])
def test_wider_is_wider_and_the_lows_stay_in_the_middle(codec: NeuralCodec, pitch: Pitch) -> None:
    narrow, wide, very = (stereo(codec.decode(LATENT, pitch, 3, width)) for width in (40.0, 100.0, 150.0))
    assert 0.95 > narrow.correlation > wide.correlation > very.correlation > 0.0
    assert wide.correlation < 0.65
    for one in (narrow, wide, very):
        assert one.low_correlation > 0.98
        assert abs(one.balance_db) < 0.5


def test_the_same_seed_gives_the_same_picture_and_another_seed_another(codec: NeuralCodec) -> None:
    one, again, other = (codec.decode(LATENT, PITCHES[0], seed, 100.0).samples for seed in (5, 5, 6))
    assert np.array_equal(one, again)
    assert np.abs((one - other)[:, 0] - (one - other)[:, 1]).max() > 1e-2


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_the_noise_of_the_side_has_nothing_to_do_with_that_of_the_middle(seed: int) -> None:
    """torch's generator reads 32 bits of a seed only: a larger one may be the same."""
    middle = spectrum(white(RATE, seed))[0].T[:, 30:]  # above what is cut
    side = torch.complex(*Side.drawn(RATE, seed).noise)[:, 30:]
    energy = float(middle.abs().square().mean())
    assert float((middle * side.conj()).mean().abs()) < 0.03 * energy
    assert float(side.abs().square().mean()) == pytest.approx(energy, rel=0.05)


def test_the_beginning_alone_is_the_beginning_of_the_whole(codec: NeuralCodec) -> None:
    whole, part = (codec.decode_many(LATENT, [PITCHES[0]], 3, seconds, 100.0)[0] for seconds in (None, 0.5))
    assert part.frames < 0.7 * whole.frames
    assert np.abs(part.samples[:22050] - whole.samples[:22050]).max() < 1e-5 * max(1.0, whole.peak)


def test_notes_decoded_together_are_as_they_are_alone(codec: NeuralCodec) -> None:
    pitches = [Pitch(40.0), Pitch(None), Pitch(52.0)]
    for pitch, sound in zip(pitches, codec.decode_many(LATENT, pitches, 3, width=80.0), strict=True):
        alone = codec.decode(LATENT, pitch, 3, 80.0)
        assert np.abs(alone.samples - sound.samples).max() < 1e-5 * max(1.0, alone.peak)
