"""Training, from a rendered corpus to a model that renders words: the real path on tiny shapes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.codecs.codec import NeuralCodec
from engine.corpus.store import Corpus
from engine.errors import BadRequest, Cancelled, LatenteError, ModelProblem
from engine.families import FAMILIES
from engine.generators import load_generator
from engine.models.store import ModelStore
from engine.request import Request
from engine.training import checkpoint
from engine.training.codec_suite import codec_suite, identity_by_family
from engine.training.growth_suite import growth_suite, kept_in
from engine.training.judge import TOWERS_FILE, Judge
from engine.training.losses import SpectralLoss, pitched
from engine.training.run import read_recipe, train, trained_codec
from engine.training.ship import ship

RECIPES = {
    "codec": """[plan]
minutes = 5
learning_rate = 1e-3
warmup = 2
log_every = 2
[recipe]
batch = 4
crop = 16384
judged = 2
[config]
latent = 8
width = 32
encoder = [1, 1, 1, 1]
decoder = [1, 1, 1, 1]
""",
    "flow": """[plan]
minutes = 5
learning_rate = 1e-3
warmup = 2
[recipe]
tokens = 100
[config]
width = 32
blocks = 2
heads = 2
""",
    "clap": """[plan]
minutes = 5
learning_rate = 1e-3
[recipe]
batch = 8
judged = 4
[config]
width = 16
size = 16
""",
}


@pytest.fixture(scope="module")
def run(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all three trained for a few steps."""
    folder = tmp_path_factory.mktemp("run")
    for name, text in RECIPES.items():
        recipe = folder / f"{name}.toml"
        recipe.write_text(text)
        train(str(recipe), corpus, folder, steps=6)
    return folder


def test_a_run_leaves_a_checkpoint_and_a_curve(run: Path) -> None:
    for name in RECIPES:
        assert checkpoint.load(run / f"{name}.safetensors")[1]["step"] == 6
        assert (run / f"{name}.csv").read_text().startswith("step,seconds,loss")
        assert (run / f"{name}.png").stat().st_size > 1000


def test_resume_goes_on_where_it_stopped(run: Path, corpus: Path) -> None:
    train(str(run / "codec.toml"), corpus, run, resume=True, steps=3)
    tensors, facts = checkpoint.load(run / "codec.safetensors")
    assert facts["step"] == 9
    steps = {float(value) for key, value in tensors.items() if key.startswith("optimiser.") and key.endswith(".step")}
    assert steps == {9.0}


def test_a_checkpoint_of_another_shape_is_refused(run: Path, corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "codec.toml"
    other.write_text(RECIPES["codec"].replace("width = 32", "width = 48"))
    (tmp_path / "codec.safetensors").write_bytes((run / "codec.safetensors").read_bytes())
    with pytest.raises(ModelProblem, match="another shape"):
        train(str(other), corpus, tmp_path, resume=True, steps=1)


def test_a_decoder_goes_on_alone_from_a_shipped_model(run: Path, corpus: Path, tmp_path: Path) -> None:
    """Its flow goes on working, because the encoder stays bit for bit."""
    ship(run, tmp_path / "model")
    recipe = tmp_path / "decoder.toml"
    recipe.write_text('train = "codec"\n' + RECIPES["codec"].replace("[recipe]", "[recipe]\ndecoder_only = true"))
    with pytest.raises(BadRequest, match="--start"):
        train(str(recipe), corpus, tmp_path, steps=1)
    begun = NeuralCodec.load(tmp_path / "model" / "codec.safetensors").net.state_dict()
    learnt = trained_codec(train(str(recipe), corpus, tmp_path, steps=3, start=tmp_path / "model")).state_dict()
    assert all(torch.equal(learnt[key], begun[key]) for key in begun if key.startswith("encoder."))
    assert sum(not torch.equal(learnt[key], begun[key]) for key in begun if key.startswith("decoder.")) > 10


def test_what_is_made_is_judged_at_every_time_that_a_run_kept(run: Path, corpus: Path, tmp_path: Path) -> None:
    ship(run, tmp_path / "models" / "tiny")
    installed = ModelStore((tmp_path / "models",), tmp_path / "seen.json").find("tiny")
    files = {path.name: path.read_bytes() for path in installed.folder.iterdir()}
    (tmp_path / "judge").mkdir()
    shutil.copy(run / TOWERS_FILE, tmp_path / "judge")
    held = Corpus.open(shutil.copytree(corpus, tmp_path / "corpus"))
    for row in held.rows[::4]:  # enough instruments for two halves
        row["split"] = "test"
    judge = Judge.open(tmp_path / "judge", held)

    def suite(folder: Path) -> dict[str, Any]:
        return growth_suite(folder, installed, held, judge, True, lambda sound: sound, lambda done, of: None, tmp_path)

    with pytest.raises(BadRequest, match="keep_every_s"):
        suite(run)
    recipe = tmp_path / "flow.toml"
    quick = "learning_rate = 0.05\nkeep_every_s = 1e-9"  # each time by other weights
    recipe.write_text(RECIPES["flow"].replace("learning_rate = 1e-3", quick))
    shutil.copy(run / "codec.safetensors", tmp_path)
    train(str(recipe), corpus, tmp_path, steps=3)
    assert [one.step for one in kept_in(tmp_path)] == [0, 1, 2, 3]
    rows = suite(tmp_path)["table"]
    assert [row["step"] for row in rows] == [0, 1, 2, 3]
    assert len({row["fad"] for row in rows}) == 4
    assert all(np.isfinite(row["fad_ratio"]) and 0 <= row["named"] <= 1 for row in rows)
    assert (tmp_path / "fad-over-training.png").stat().st_size > 1000
    assert {path.name: path.read_bytes() for path in installed.folder.iterdir()} == files


def test_the_flow_asks_for_a_codec_first(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="train the codec first"):
        train("flow", corpus, tmp_path, steps=1)


def test_the_codec_is_measured_on_instruments_it_never_heard(run: Path, corpus: Path, tmp_path: Path) -> None:
    figures = codec_suite(Corpus.open(corpus), trained_codec(run / "codec.safetensors"), sounds=8, out=tmp_path)
    assert figures["same_db"] > 0
    assert 0 <= figures["judge_on_originals"] <= 1
    assert json.loads((tmp_path / "codec.json").read_text()) == figures
    assert set(figures["by_family"]) <= set(FAMILIES)
    assert figures["multi_scale"] > 0
    assert figures["si_sdr_db"] < 60
    assert figures["chance"] >= 0
    assert set(figures["known"]) >= {"glide_cents", "tremolo_left", "bell_db"}
    assert (tmp_path / "codec-known-sounds.png").is_file()
    assert set(figures["by_semitones"]) <= {"1-3", "4-6", "7-9", "10-12"}


def test_identity_is_told_of_families_that_the_judge_knows() -> None:
    named = {"kick": [(1.0, 1.0)] * 4, "bell": [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0)]}
    assert identity_by_family(named) == {"bell": 0.6}


def test_words_come_out_as_sound(run: Path, tmp_path: Path) -> None:
    """Shipped, checked and loaded as any installed model."""
    card = ship(run, tmp_path / "models" / "tiny")
    assert {file.name for file in card.files} == {"codec.safetensors", "flow.safetensors", "clap.safetensors"}
    generator = load_generator("tiny", ModelStore((tmp_path / "models",), tmp_path / "seen.json"))
    steps: list[int] = []
    request = Request("bright marimba in C4", seconds=0.5, seed=3, steps=4, model="tiny", negative="dark")
    made = generator.generate(request, lambda done, of: steps.append(done), lambda: False)
    assert steps == [1, 2, 3, 4]
    assert np.isfinite(made.sound.samples).all()
    assert made.sound.seconds == pytest.approx(0.7, abs=0.25)
    assert made.understood["family"] == "marimba"
    again = generator.generate(request, lambda done, of: None, lambda: False)
    assert np.array_equal(made.sound.samples, again.sound.samples)
    other = generator.generate(replace(request, seed=4), lambda done, of: None, lambda: False)
    assert not np.array_equal(made.sound.samples, other.sound.samples)
    with pytest.raises(Cancelled):
        generator.generate(request, lambda done, of: None, lambda: len(steps) >= 4)


def test_a_damaged_model_is_refused_before_it_is_loaded(run: Path, tmp_path: Path) -> None:
    ship(run, tmp_path / "models" / "tiny")
    path = tmp_path / "models" / "tiny" / "flow.safetensors"
    blob = bytearray(path.read_bytes())
    blob[-1] ^= 1
    path.write_bytes(blob)
    with pytest.raises(ModelProblem, match="damaged"):
        load_generator("tiny", ModelStore((tmp_path / "models",), tmp_path / "seen.json"))


def test_recipes_that_make_no_sense_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no recipe"):
        read_recipe("nothing")
    bad = tmp_path / "codec.toml"
    bad.write_text("= 3")
    with pytest.raises(BadRequest, match="not a recipe"):
        read_recipe(str(bad))
    with pytest.raises(LatenteError, match="corpus render"):
        train("codec", tmp_path, tmp_path)


def test_the_spectral_loss_is_zero_for_the_same_sound_and_grows_with_difference() -> None:
    torch.manual_seed(0)
    loss, sound = SpectralLoss(), torch.randn(2, 16384) * 0.1
    assert loss(sound, sound) == 0
    near, far = loss(sound * 0.9, sound), loss(sound * 0.3, sound)
    assert 0 < near < far
    assert torch.isfinite(loss(sound, torch.zeros_like(sound)))


def test_a_soft_attack_that_begins_as_a_click_costs_more_than_the_same_gap_later() -> None:
    """Nothing is mirrored at the first sample, where it would hide the step from silence."""
    seconds = torch.arange(44100) / 44100
    clicking = torch.cos(2 * torch.pi * 220 * seconds)[None]
    soft, broken = clicking.clone(), clicking.clone()
    rise = torch.linspace(0, 1, 64) ** 2
    soft[:, :64] *= rise
    broken[:, 22050 : 22050 + 64] *= rise
    loss = SpectralLoss()
    assert loss(clicking, soft) > 2.5 * loss(clicking, broken) > 0


def test_noise_between_the_partials_of_a_pitched_sound_costs() -> None:
    """Mel bands hardly tell it from the partials whose place it takes."""
    torch.manual_seed(0)
    seconds = torch.arange(44100) / 44100
    partials = sum(torch.cos(2 * torch.pi * 110 * k * seconds + k * k) for k in range(30, 100))
    assert isinstance(partials, torch.Tensor)
    wanted = 0.005 * partials[None]
    lines = torch.fft.rfft(torch.randn(1, 44100))
    lines[:, :3245], lines[:, 10955:] = 0, 0
    noise = torch.fft.irfft(lines, 44100)
    noise *= wanted.square().mean().sqrt() / noise.square().mean().sqrt()
    loss, yes, no = SpectralLoss(), torch.ones(1), torch.zeros(1)
    assert loss(noise, wanted, no) == loss(noise, wanted)
    assert loss(wanted, wanted, yes) == 0
    assert loss(noise, wanted, yes) > 1.2 * loss(noise, wanted, no)
    assert pitched(torch.tensor([[110.0, 110.0, 0.0], [0.0, 0.0, 110.0]])).tolist() == [1, 0]


def test_noise_is_no_substitute_for_the_partials_of_a_detuned_bass() -> None:
    """They beat, and no decoder knows when; noise between them, which scatters as they do, must not be the way out."""
    torch.manual_seed(0)
    seconds = torch.arange(44100) / 44100

    def bass() -> torch.Tensor:
        parts = [
            torch.cos(2 * torch.pi * 46 * detuned * k * seconds + 2 * torch.pi * torch.rand(())) / k
            for k in range(1, 30)
            for detuned in (0.998, 1.002)
        ]
        return 0.1 * torch.stack(parts).sum(0, keepdim=True)

    def noise() -> torch.Tensor:
        hertz = torch.arange(22051)
        lines = torch.fft.rfft(torch.randn(1, 44100)) / hertz.clamp(46) * ((hertz > 25) & (hertz < 1400))
        made = torch.fft.irfft(lines, 44100)
        return made * wanted.norm() / made.norm()

    wanted, made = bass(), bass()
    loss, yes = SpectralLoss(), torch.ones(1)
    steady = loss(made, wanted, yes, made)
    for share in (0.25, 0.6, 1.0):
        one, other = ((1 - share**2) ** 0.5 * made + share * noise() for _ in range(2))
        assert loss(one, wanted, yes, other) > steady


def test_a_smooth_spectrum_is_no_substitute_for_noise() -> None:
    """By distances alone it is nearer to any noise than other noise is, and buzzes."""
    torch.manual_seed(0)
    wanted, noise, again = torch.randn(3, 8, 16384)
    smooth = (torch.sin(torch.pi * torch.arange(512) ** 2 / 512) * 2**0.5).repeat(8, 32)
    loss = SpectralLoss()
    assert loss(noise, wanted, None, again) < 0.8 * loss(smooth, wanted, None, smooth)
    assert loss(noise, wanted, None, again) < 0.8 * loss(noise, wanted, None, noise)
    assert loss(wanted, wanted, None, wanted) == 0
    quiet = [0.5 * one for one in (noise, again)]
    assert loss(quiet[0], wanted, None, quiet[1]) > 1.2 * loss(noise, wanted, None, again)
