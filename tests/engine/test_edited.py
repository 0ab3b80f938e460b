"""Sound → latent → edits → sound, with a small codec of random weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import CodecConfig, CodecNet
from engine.edited import Original, decoded, encoded
from engine.latent.chain import Chain
from engine.latent.edit import KINDS, Edit
from engine.latent.space import Space
from engine.pitch import Pitch
from engine.sound import Sound

SPACE = Space.plain(8)
RATE = 44100


@pytest.fixture(scope="module")
def codec() -> NeuralCodec:
    torch.manual_seed(0)
    return NeuralCodec(CodecNet(CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1))))


@pytest.fixture(scope="module")
def sound() -> Sound:
    seconds = np.arange(RATE) / RATE
    return Sound(
        0.5 * np.sin(2 * np.pi * 220 * seconds).astype(np.float32) * np.exp(-3 * seconds).astype(np.float32), RATE
    )


def original(codec: NeuralCodec, frames: int = 14, seconds: float = 1.2) -> Original:
    latent = 50 * np.random.default_rng(0).standard_normal((frames, codec.net.config.latent)).astype(np.float32)
    return Original((latent,), Pitch(57.0), seconds, seed=3)


def test_without_edits_the_codecs_own_reconstruction_comes_out(codec: NeuralCodec, sound: Sound) -> None:
    pitch = Pitch(57.0)
    own = codec.decode(codec.encode(sound, pitch), pitch, 5)
    idle = Chain(edits=tuple(Edit(kind=kind.key) for kind in KINDS.values() if kind.key != "reverse"))
    for chain in (Chain(), idle):
        made = decoded(codec.decode_many, encoded(codec, sound, pitch, 5), chain, SPACE)
        assert made.frames == sound.frames
        assert np.array_equal(made.samples, own.samples[: sound.frames])


def test_both_sides_of_a_stereo_sound_are_kept(codec: NeuralCodec, sound: Sound) -> None:
    half = sound.with_samples(np.stack([sound.mono(), 0.1 * sound.mono()[::-1]], axis=1))
    made = decoded(codec.decode_many, encoded(codec, half, Pitch(57.0)), Chain().having("smooth", 3), SPACE)
    assert made.samples.shape == half.samples.shape
    assert not np.array_equal(made.samples[:, 0], made.samples[:, 1])
    same = encoded(codec, sound.with_samples(np.repeat(sound.samples, 2, axis=1)), Pitch(57.0))
    assert len(same.latents) == 1


def test_another_rate_is_brought_to_the_codecs(codec: NeuralCodec) -> None:
    found = encoded(codec, Sound(np.ones((9600, 2), np.float32), 48000), Pitch(None))
    assert found.seconds == pytest.approx(0.2, abs=1e-3)


def test_outside_a_region_not_a_sample_changes(codec: NeuralCodec) -> None:
    whole = original(codec)
    plain = decoded(codec.decode_many, whole, Chain(), SPACE).mono()
    edit = Edit(kind="amplify", values={"amplify": 3.0}, region_s=(0.4, 0.8))
    made = decoded(codec.decode_many, whole, Chain(edits=(edit,)), SPACE).mono()
    first, last = round(0.4 * RATE), round(0.8 * RATE)
    assert np.array_equal(made[:first], plain[:first])
    assert np.array_equal(made[last:], plain[last:])
    inside = slice(first + RATE // 10, last - RATE // 10)
    assert np.abs(made[inside] - plain[inside]).max() > 0.003 * np.abs(plain).max()
    steps = np.abs(np.diff(made))[[first, last - 1]]
    assert steps.max() <= 2 * np.abs(np.diff(plain)).max()


def test_the_length_follows_the_edits(codec: NeuralCodec) -> None:
    whole = original(codec)
    lengths = (("stretch", 2.0, 2.5), ("decay", 1.0, 2.45), ("decay", -1.0, 1.2), ("shift_s", 0.3, 1.2))
    for key, value, wanted in lengths:
        made = decoded(codec.decode_many, whole, Chain().having(key, value), SPACE)
        assert made.seconds == pytest.approx(wanted, abs=0.06)


def test_formants_move_and_the_note_does_not(codec: NeuralCodec) -> None:
    """A fixed resonance of the decoder, heard through the pulse train: its place moves, the harmonics stay."""
    net = CodecNet(CodecConfig(latent=8, width=32, encoder=(1, 1, 1, 1), decoder=(1, 1, 1, 1)))
    bands = net.config.mel_bands
    with torch.no_grad():
        net.decoder.gains.bias[: 2 * bands] = -20.0
        net.decoder.gains.bias[60:72] = 2.0  # one formant
        net.decoder.residual.weight.zero_()
        net.decoder.residual.bias.fill_(-20.0)
    resonant = NeuralCodec(net)
    note = Pitch(45.0)  # A2, 110 Hz

    def heard(semitones: float) -> tuple[float, float]:
        """Centroid, and how far the strongest line is from a multiple of 110 Hz."""
        whole = Original((np.zeros((14, 8), np.float32),), note, 1.2)
        made = decoded(resonant.decode_many, whole, Chain().having("formant_st", semitones), SPACE)
        part = made.mono()[11025:44100]
        power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
        hz = np.fft.rfftfreq(len(part), 1 / RATE)
        peak = hz[power.argmax()]
        return float((power * hz).sum() / power.sum()), abs(peak - 110.0 * round(peak / 110.0))

    usual, _ = heard(0.0)
    for semitones in (-7.0, 7.0):
        centre, off = heard(semitones)
        assert 12 * np.log2(centre / usual) == pytest.approx(semitones, abs=2.0)
        assert off < 3.0
