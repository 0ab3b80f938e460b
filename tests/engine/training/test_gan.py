"""The codec's second stage: on a tiny codec, real crops and the real command's path."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.codecs.codec import NeuralCodec
from engine.corpus.store import Corpus
from engine.models.card import read_card
from engine.training import checkpoint, gan, loop
from engine.training.discriminators import (
    DiscriminatorConfig,
    Discriminators,
    fooling_loss,
    matching_loss,
    unmasking_loss,
)
from engine.training.run import train, trained_codec
from engine.training.ship import ship
from tests.tiny_model import install_tiny_model

RECIPE = """train = "codec_gan"
[plan]
minutes = 1e9
learning_rate = 1e-3
warmup = 1
weight_decay = 0.0
[recipe]
batch = 2
crop = 8192
alone = 1
judged = 2
[config]
width = 4
most = 8
periods = [2, 3]
windows = [512]
"""
SMALL = DiscriminatorConfig(width=4, most=8, periods=(2, 3), windows=(512,))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_tiny_model(tmp_path_factory.mktemp("models"))


def trained(corpus: Path, model: Path, out: Path, steps: int, resume: bool = False, recipe: str = RECIPE) -> Path:
    out.mkdir(exist_ok=True)
    (out / "codec_gan.toml").write_text(recipe)
    return train(str(out / "codec_gan.toml"), corpus, out, steps=steps, start=model, resume=resume)


def test_the_decoder_learns_and_the_encoder_stays_bit_for_bit(corpus: Path, model: Path, tmp_path: Path) -> None:
    begun = NeuralCodec.load(model / "codec.safetensors").net.state_dict()
    tensors, facts = checkpoint.load(trained(corpus, model, tmp_path, 4))
    net = checkpoint.part(tensors, "net")
    assert all(torch.equal(net[key], begun[key]) for key in begun if key.startswith("encoder."))
    moved = [key for key in begun if key.startswith("decoder.") and not torch.equal(net[key], begun[key])]
    assert len(moved) > 10
    assert all(torch.isfinite(value).all() for value in tensors.values())
    assert facts["step"] == 4
    assert int(tensors["opponent.played"]) == 4
    rows = [row for row in (tmp_path / "codec_gan.csv").read_text().splitlines() if row[:1].isdigit()]
    assert rows
    assert "same_db=" in rows[-1]
    assert "share=" in rows[-1]


def test_a_stopped_run_goes_on_as_if_it_had_not_been(corpus: Path, model: Path, tmp_path: Path) -> None:
    """Both optimisers, the discriminators and every random draw are in the checkpoint."""
    whole, _ = checkpoint.load(trained(corpus, model, tmp_path / "whole", 4))
    trained(corpus, model, tmp_path / "parts", 2)
    parts, facts = checkpoint.load(trained(corpus, model, tmp_path / "parts", 2, resume=True))
    assert facts["step"] == 4
    assert any(key.startswith("opponent_optimiser.") for key in parts)
    different = [key for key, value in whole.items() if not torch.equal(value, parts[key])]
    assert different == []


def test_a_decoder_that_gets_worse_is_pushed_less(corpus: Path, model: Path, tmp_path: Path) -> None:
    assert gan.worse({"same_db": 1.0, "other_db": 2.0}, {"same_db": 1.05, "other_db": 2.2}, 0.1)
    assert not gan.worse({"same_db": 1.0, "other_db": 2.0}, {"same_db": 1.05, "other_db": 1.5}, 0.1)
    strict, lenient = (RECIPE.replace("alone = 1", f"alone = 1\nworse_db = {db}") for db in (-100, 100))
    for name, recipe, left in (("strict", strict, 0.3), ("lenient", lenient, 1.0)):
        tensors, _ = checkpoint.load(trained(corpus, model, tmp_path / name, 1, recipe=recipe))
        assert tensors["opponent.weight"].item() == pytest.approx(left)


def test_a_codec_of_the_second_stage_is_the_one_that_is_shipped(corpus: Path, model: Path, tmp_path: Path) -> None:
    path = trained(corpus, model, tmp_path / "run", 2)
    folder = install_tiny_model(tmp_path / "models")
    before = {file.name: file.sha256 for file in read_card(folder / "card.toml").files}
    after = {file.name: file.sha256 for file in ship(tmp_path / "run", folder).files}
    assert after["codec.safetensors"] != before["codec.safetensors"]
    assert after["flow.safetensors"] == before["flow.safetensors"]
    bias = "decoder.gains.bias"
    shipped = NeuralCodec.load(folder / "codec.safetensors").net.state_dict()[bias]
    assert torch.allclose(shipped, trained_codec(path).state_dict()[bias], atol=1e-3)


def test_discriminators_learn_to_tell_noise_from_tones() -> None:
    torch.manual_seed(0)
    critics = Discriminators(SMALL)
    optimiser = torch.optim.AdamW(critics.parameters(), 5e-3)
    time = torch.arange(4096) / 44100

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        tones = torch.sin(2 * torch.pi * (200 + 2000 * torch.rand(2, 1)) * time)
        return tones, torch.randn(2, 4096) * 0.3

    losses = []
    for _ in range(40):
        tones, noise = batch()
        loss = unmasking_loss(critics(tones), critics(noise))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[0] > 1.8
    assert losses[-1] < 0.5 * losses[0]
    tones, noise = batch()
    assert fooling_loss(critics(tones)) < fooling_loss(critics(noise))


def test_features_of_the_same_sound_match_and_phase_counts_little() -> None:
    torch.manual_seed(0)
    critics, time = Discriminators(SMALL), torch.arange(16384) / 44100
    tone, turned, other = (torch.sin(2 * torch.pi * hz * time + phase)[None] for hz, phase in
                           ((440, 0.0), (440, 1.0), (3000, 0.0)))  # fmt: skip
    real = critics(tone)
    assert matching_loss(real, critics(tone)) == 0
    assert matching_loss(real, critics(turned)) < 0.5 * matching_loss(real, critics(other))


def test_the_other_gradient_is_a_share_of_the_first() -> None:
    made = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = gan.balanced(made[0] * 3.0, made[1] * 1000.0, made, 0.5)
    loss.backward()
    assert loss.item() == pytest.approx(3.0)
    assert made.grad is not None
    assert torch.allclose(made.grad, torch.tensor([3.0, 1.5]))


def test_the_loop_keeps_frozen_parts_out_of_the_optimiser(tmp_path: Path) -> None:
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    net[0].requires_grad_(False)
    plan = loop.Plan(tmp_path, "two", minutes=1, learning_rate=0.1, steps=2)
    path = loop.run(plan, net, lambda: net(torch.ones(1, 2)).square().sum(), None, {})
    tensors, _ = checkpoint.load(path)
    assert {key.split(".")[1] for key in tensors if key.startswith("optimiser.")} == {"0", "1"}


def test_held_out_sounds_are_of_instruments_it_does_not_train_on(corpus: Path) -> None:
    opened = Corpus.open(corpus)
    valid, learnt = (opened.of_split(name) for name in ("valid", "train"))
    assert not {opened.rows[i]["pair"] for i in valid} & {opened.rows[i]["pair"] for i in learnt}
