"""Suites before a judge, on a corpus of tones: a generator that gives the real sounds back, and one that knows one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.analysis.embedding import Towers
from engine.analysis.features import measure
from engine.analysis.results import section
from engine.corpus.render import rank_qualities
from engine.corpus.store import Corpus, CorpusWriter
from engine.errors import ModelProblem
from engine.families import FAMILIES
from engine.pitch import Pitch
from engine.qualities import QUALITIES
from engine.request import Generated, Request, Source, candidate_seeds
from engine.sound import Sound
from engine.text.reading import read_prompt
from engine.training import checkpoint
from engine.training.asked import Side, held_out
from engine.training.candidates_suite import Wish, candidates_suite, wishes
from engine.training.judge import FAMILIES_FILE, TOWERS_FILE, Judge
from engine.training.languages_suite import LANGUAGES, TAGS, languages_suite, words
from engine.training.quality_suite import QUICK_STEPS, guidance_suite, quality_suite, steps_suite
from engine.training.roles import unheard

FRAMES = 22050
TILTS = {"sub_bass": 4.0, "organ": 1.0, "noise": 0.0}  # how dark each family is


def tone(family: str, number: int) -> np.ndarray:
    """A tone of the family; noise for noise. Each number is an instrument of its own."""
    rng = np.random.default_rng([number, len(family)])
    if family == "noise":
        out = rng.standard_normal(FRAMES)
    else:
        hz, time_s = 110 * (1 + 0.1 * rng.random()), np.arange(FRAMES) / 44100
        levels = rng.uniform(0.5, 1, 20) / np.arange(1, 21) ** TILTS[family]
        out = sum(level * np.sin(2 * np.pi * hz * k * time_s) for k, level in enumerate(levels, 1))
    out = out * np.hanning(FRAMES)
    return np.asarray(0.9 * out / np.abs(out).max(), np.float32)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    with CorpusWriter(folder) as writer:
        for number in range(12):
            for family in TILTS:
                samples = tone(family, number)
                split = ("train", "train", "valid", "test")[number % 4]
                found = measure(Sound(samples, 44100))
                features = {quality.feature: getattr(found, quality.feature) for quality in QUALITIES.values()}
                row = {"family": family, "source": "synthetic", "velocity": 100, "note": 45, "seconds": 0.5}
                row |= {"origin": "synth" if number % 2 else "fluidr3", "instrument": f"{family}/{number}"}
                row |= {"split": split, "pair": f"{family}/{number}", "features": features}
                writer.add(np.round(32767 * samples).astype(np.int16), np.zeros(44, np.float32), row)
        rank_qualities(writer.rows)
        writer.finish({})
    return Corpus.open(folder)


@pytest.fixture(scope="module")
def judge(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    folder = tmp_path_factory.mktemp("judge")
    torch.manual_seed(0)
    towers = Towers(16, 16)
    for weight in towers.audio.parameters():  # untrained, it would hardly tell sounds apart
        if weight.ndim > 1:
            torch.nn.init.orthogonal_(weight, 1.5)
    optimiser = torch.optim.AdamW(towers.parameters())
    checkpoint.save(folder / TOWERS_FILE, towers, towers.state_dict(), optimiser, {"config": {"width": 16, "size": 16}})
    first = Judge.open(folder, corpus)
    again = Judge.open(folder, corpus)  # from the file that it left
    assert (folder / FAMILIES_FILE).is_file()
    sounds = [Sound(tone("organ", 3), 44100)]
    assert np.array_equal(first.heard(sounds).answers, again.heard(sounds).answers)
    return again


class Playing:
    """A Generator that plays whatever `of` says."""

    name = "playing"

    def __init__(self, of: Callable[[Request], np.ndarray]) -> None:
        self.of, self.asked = of, list[Request]()

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        self.asked.append(request)
        sound = Sound(np.asarray(self.of(request), np.float32), 44100)
        return Generated(sound, np.zeros((1, 1), np.float32), Pitch(45.0))


def as_it_is(sound: Sound) -> Sound:
    return sound


def quiet(done: int, total: int) -> None:
    assert 1 <= done <= total


def test_the_judge_learns_from_what_no_generator_has_heard(corpus: Corpus) -> None:
    taught = {(corpus.rows[index]["split"], corpus.rows[index]["origin"]) for index in unheard(corpus)}
    assert taught == {("train", "synth"), ("valid", "fluidr3")}
    assert {one.instrument for one in held_out(corpus, 9, "m", as_it_is)} == {
        f"{family}/{number}" for family in TILTS for number in (3, 7, 11)
    }


def test_a_judge_that_is_not_there(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="latente train judge"):
        Judge.open(tmp_path, corpus)


def test_the_real_sounds_themselves_are_as_good_as_real(corpus: Corpus, judge: Judge) -> None:
    """Requests carry the number of the sound that they ask for; those of variety count seeds from one."""
    figures = quality_suite(Playing(lambda request: corpus.sound(request.seed)), corpus, judge, True, as_it_is, quiet)
    assert figures["sounds"] == figures["instruments"] == 9
    assert figures["fad"] == pytest.approx(0, abs=1e-3)
    assert figures["kl"] == pytest.approx(0, abs=1e-3)
    assert figures["fad_ratio"] == pytest.approx(1)
    assert figures["named"] == figures["named_real"] > 0.8
    assert figures["broken"] == figures["silent"] == figures["clipped"] == figures["click"] == 0
    assert figures["named_by_group"] == figures["named_by_group_real"]
    assert figures["obeyed_by_quality"] == figures["obeyed_by_quality_real"] != {}
    assert figures["obeyed"] == figures["obeyed_real"] > 0.5
    json.dumps(figures)


def test_always_the_same_sound_is_found_out(corpus: Corpus, judge: Judge) -> None:
    noise = tone("noise", 99)
    figures = quality_suite(Playing(lambda request: noise), corpus, judge, True, as_it_is, quiet)
    assert figures["variety"] == pytest.approx(0, abs=1e-4)
    assert figures["variety_real"] > 0
    assert figures["fad_ratio"] > 1.5
    assert figures["named"] == pytest.approx(1 / 3, abs=1e-3)
    assert figures["kl"] > 0.5


def test_languages_are_told_apart(corpus: Corpus, judge: Judge) -> None:
    """A generator that gives the real sound back for English words and tags, and noise for Spanish."""
    spanish = {family.spanish[0].split()[0] for family in FAMILIES.values()}
    noise = tone("noise", 99)

    def of(request: Request) -> np.ndarray:
        return noise if request.prompt.split()[0] in spanish else corpus.sound(request.seed)

    generator = Playing(of)
    figures = languages_suite(generator, corpus, judge, True, as_it_is, quiet)
    english, other, tags = figures["table"]
    assert [row["language"] for row in figures["table"]] == ["en", "es", "tags"]
    assert english["named"] == tags["named"] == figures["named_real"] > 0.8
    assert english["obeyed"] == tags["obeyed"] == figures["obeyed_real"]
    assert figures["worst_points"] == pytest.approx(100 * (english["named"] - other["named"]), abs=0.02)
    assert figures["worst_points"] > 30
    once = [(request.seed, request.note, request.seconds) for request in generator.asked[: figures["sounds"]]]
    assert once * 3 == [(request.seed, request.note, request.seconds) for request in generator.asked]


@pytest.mark.parametrize(
    ("language", "asked"),
    [("en", "bright bell"), ("es", "campana brillante"), ("tags", "acoustic bright bell")],
)
def test_a_sound_is_asked_for_in_every_language(language: str, asked: str) -> None:
    assert words(language, "bell", "acoustic", ("brightness", 1)) == asked
    assert words("es", "bell", "acoustic", ("brightness", -1)) == "campana oscura"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", TAGS)
def test_whatever_is_asked_for_is_read(language: str, side: Side) -> None:
    for family in FAMILIES:
        read = read_prompt(words(language, family, "synthetic", side))
        assert read.family is not None
        assert FAMILIES[read.family].group == FAMILIES[family].group  # a distorted guitar has a family of its own
        assert language == "tags" or read.qualities[side[0]] * side[1] > 0


def test_a_sweep_changes_its_setting_alone(corpus: Corpus, judge: Judge) -> None:
    """More steps are less noise here, so that the most steps must come out best."""

    def of(request: Request) -> np.ndarray:
        real = corpus.sound(request.seed)
        return real + np.random.default_rng(0).standard_normal(len(real)) / request.steps

    generator = Playing(of)
    figures = steps_suite(generator, corpus, judge, True, as_it_is, quiet)
    assert [row["steps"] for row in figures["table"]] == list(QUICK_STEPS)
    assert figures["best_steps_by_fad"] == figures["best_steps_by_fd"] == max(QUICK_STEPS)
    first, second = (
        [(request.prompt, request.seed, request.guidance) for request in generator.asked if request.steps == steps]
        for steps in QUICK_STEPS[:2]
    )
    assert first == second
    assert {row["guidance"] for row in guidance_suite(generator, corpus, judge, True, as_it_is, quiet)["table"]} == {
        1.0, 2.0, 3.0, 5.0,
    }  # fmt: skip
    assert "| steps | fd | kl | fad |" in section("steps", figures)


def test_a_ranker_that_knows_gains_and_one_that_does_not_loses(corpus: Corpus, judge: Judge) -> None:
    """Of four candidates one is the organ that was asked for, bright as it was asked for, the others are sub-basses."""
    right = {candidate_seeds(seed, 4)[place] for seed, place in ((1, 2), (2, 0))}
    generator = Playing(lambda request: tone("organ" if request.seed in right else "sub_bass", 7))
    asked = [Wish("bright organ", "organ", 45, "brightness", 1)]

    def brightest(words: str, sounds: Sequence[Sound]) -> list[float]:
        return [measure(sound).centroid_hz for sound in sounds]

    def darkest(words: str, sounds: Sequence[Sound]) -> list[float]:
        return [-measure(sound).centroid_hz for sound in sounds]

    good, bad = (
        candidates_suite(generator, corpus, judge, rank, True, as_it_is, quiet, asked) for rank in (brightest, darkest)
    )
    for figures in (good, bad):
        assert (figures["named_first"], figures["named_mean"], figures["named_any"]) == (0.5, 0.25, 1.0)
    assert (good["named_best"], good["named_gained"], good["named_lost"]) == (1.0, 1, 0)
    assert (bad["named_best"], bad["named_gained"], bad["named_lost"]) == (0.0, 0, 1)
    assert good["score_best"] > good["score_first"]


def test_the_prompts_are_sixty_and_all_of_known_families() -> None:
    assert len(wishes(quick=True)) == 60
    assert len(wishes(quick=False)) > 300
    assert all(wish.family in FAMILIES for wish in wishes(quick=False))
