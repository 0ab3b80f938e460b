"""Axes of the latent space: calibrated on a small corpus, saved, and right on held-out sounds with the real model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.analysis.axes import UNITS, axis_values
from engine.analysis.features import measure
from engine.codecs.codec import NeuralCodec
from engine.corpus.render import render_corpus
from engine.corpus.store import Corpus
from engine.generators.space import AXES_FILE, load_space
from engine.latent.space import Space
from engine.models import weights
from engine.models.card import read_card
from engine.sound import Sound
from engine.training import onsets
from engine.training.axes import calibrate, save
from engine.training.axes_suite import axes_suite
from engine.training.directions import decode
from engine.training.ship import ship
from tests.tiny_model import install_tiny_model

MODEL = Path(__file__).parents[3] / "resources" / "models" / "latente-1"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    render_corpus(folder, 16, seed=9, workers=1)
    return Corpus.open(folder)


def test_a_space_is_calibrated_saved_and_found_again(corpus: Corpus, tmp_path: Path) -> None:
    folder = install_tiny_model(tmp_path)
    codec = NeuralCodec.load(folder / "codec.safetensors")
    space = calibrate(corpus, codec, sounds=10, taught=2, tuned=1)
    path = save(folder, space, {"sounds": 20})
    found = load_space(folder)
    assert set(found.axes) == set(UNITS)
    assert np.allclose(found.mean, space.mean, atol=1e-2)
    up, again = space.axes["brightness"].up, found.axes["brightness"].up
    assert up is not None
    assert again is not None
    assert np.allclose(again, up, rtol=1e-2, atol=1e-3)
    assert found.rise_up is not None
    assert found.rise_up.rows == onsets.ROWS
    assert path.name in [file.name for file in read_card(folder / "card.toml").files]


def test_a_model_without_calibration_has_a_space_without_axes(tmp_path: Path) -> None:
    folder = install_tiny_model(tmp_path)
    space = load_space(folder)
    assert (len(space.mean), dict(space.axes), space.level) == (8, {}, None)


def test_softer_and_harder_onsets_measure_so() -> None:
    seconds = np.arange(44100) / 44100
    tone = np.sin(2 * np.pi * 300 * seconds) * np.exp(-2 * seconds)
    for attack_s in (0.0, 0.05):
        rising = np.asarray(tone * np.clip(seconds / max(attack_s, 1e-6), 0, 1), np.float32)
        times = [measure(Sound(one, 44100)).attack_s for one in (onsets.harder(rising), rising, onsets.softer(rising))]
        assert times[0] <= times[1] < times[2]
        assert times[2] >= 2 * times[1]
        assert times[2] >= 0.02


def test_axes_are_measured_in_their_units() -> None:
    noise = np.random.default_rng(0).standard_normal(44100).astype(np.float32) * 0.1
    seconds = np.arange(44100) / 44100
    low, high = (np.sin(2 * np.pi * hz * seconds).astype(np.float32) for hz in (300, 1200))
    values = axis_values(torch.from_numpy(np.stack([low, high, noise, low + 0.1 * noise])))
    assert values["brightness"][1] - values["brightness"][0] == pytest.approx(2.0, abs=0.1)
    assert values["noisiness"][2] > values["noisiness"][3] > values["noisiness"][0]
    assert values["warmth"][0] > 40 > values["warmth"][2]


def test_every_axis_moves_what_it_is_named_after(corpus: Corpus) -> None:
    """A few sounds that the model never heard; `latente evaluate axes` measures many."""
    codec, space = NeuralCodec.load(MODEL / "codec.safetensors"), load_space(MODEL)
    figures = axes_suite(corpus, codec, space, sounds=16, splits=("train", "valid", "test"), longest=12)
    assert set(figures["monotone"]) == set(UNITS)
    assert float(np.mean(list(figures["monotone"].values()))) >= 0.9, figures
    assert figures["least_monotone"] >= 0.7, figures


def test_the_axes_belong_to_the_models_codec() -> None:
    from engine.models.arrays import load_arrays
    from engine.models.card import sha256

    _, facts = load_arrays(MODEL / "axes.safetensors")
    assert facts["codec_sha256"] == sha256(MODEL / "codec.safetensors")
    assert (MODEL / "axes.safetensors").stat().st_size < 100_000


def test_axes_are_shipped_with_their_own_codec_alone(tmp_path: Path) -> None:
    folder, run = install_tiny_model(tmp_path / "models"), tmp_path / "run"
    run.mkdir()
    width = 8
    zeros = np.zeros(width, np.float32)
    save(folder, Space(zeros, zeros + 1, zeros, np.zeros(width + 1, np.float32)), {})
    assert AXES_FILE in [file.name for file in ship(run, folder).files]
    tensors, facts = weights.load(folder / "codec.safetensors")
    weights.save(folder / "codec.safetensors", {key: value + 1 for key, value in tensors.items()}, facts)
    assert AXES_FILE not in [file.name for file in ship(run, folder).files]
    assert not (folder / AXES_FILE).exists()


@pytest.mark.parametrize("hz", [0.0, 55.0, 440.0])
def test_what_an_edit_leaves_empty_is_silent_for_seconds(hz: float) -> None:
    codec, space = NeuralCodec.load(MODEL / "codec.safetensors"), load_space(MODEL)
    assert space.silence is not None
    with torch.no_grad():
        made = decode(codec, torch.from_numpy(np.tile(space.silence, (32, 1)))[None], np.full(256, hz, np.float32))
    assert float(made.abs().max()) < 1e-3
