"""`latente render` in this process, with a generator that needs no model: which files there are and what is said."""

import json
import os
from pathlib import Path

import pytest
import soundfile

from engine.audiofile import read_audio
from engine.cli.destination import Destination
from engine.cli.render import read_requests, render_all
from engine.errors import BadRequest, Cancelled, CannotWrite
from engine.params import SEED_LIMIT
from tests.fakes import ToneGenerator


def render(
    prompt: str = "warm bass", out: str | None = None, count: int = 1, seed: int | None = 7, bits: str = "24",
    rate: int = 44100, note: str | None = "F#1", negative: str = "", **given: object,
) -> None:  # fmt: skip
    requests = read_requests(prompt, negative, note, seed, count, given)
    destination = Destination.parse(out, count)
    render_all(lambda name: ToneGenerator(), requests, destination, rate_hz=rate, bits=bits, as_json=True)


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_sound_lands_in_the_current_folder_and_is_described(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(seconds=0.5)
    (fact,) = said(capsys)
    assert os.listdir(here) == ["warm-bass_F#1_7.wav"]
    assert fact["path"] == str(here / "warm-bass_F#1_7.wav")
    assert fact["seconds"] == 0.5
    assert fact["peak_dbfs"] == -1.0
    assert (fact["seed"], fact["root_note"], fact["model"], fact["warnings"]) == (7, 30, "latente-1", [])
    assert fact["understood"]
    assert isinstance(fact["wall_s"], float)


def test_seeds_count_up_and_every_file_is_its_own(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(count=3)
    render(count=3)
    facts = said(capsys)
    assert [fact["seed"] for fact in facts] == [7, 8, 9, 7, 8, 9]
    assert len({fact["path"] for fact in facts}) == 6 == len(os.listdir(here))


def test_the_same_seed_gives_the_same_samples(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render()
    render()
    first, second = (Path(str(fact["path"])).read_bytes() for fact in said(capsys))
    assert first == second


def test_without_a_seed_every_sound_is_new(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(seed=None)
    render(seed=None)
    assert len({fact["seed"] for fact in said(capsys)}) == 2


def test_a_named_file_is_replaced(here: Path) -> None:
    (here / "kick.wav").write_bytes(b"old")
    render(out="kick.wav")
    assert os.listdir(here) == ["kick.wav"]
    assert read_audio(here / "kick.wav").root_note == 30


def test_a_named_file_with_a_count_becomes_numbered_files_that_replace_nothing(here: Path) -> None:
    (here / "kick-2.wav").write_bytes(b"mine")
    render(out="kick.wav", count=3)
    assert sorted(os.listdir(here)) == ["kick-1.wav", "kick-2-2.wav", "kick-2.wav", "kick-3.wav"]
    assert (here / "kick-2.wav").read_bytes() == b"mine"


@pytest.mark.parametrize("out", ["new", "new/", "new/deep/er", "with.dot/"])
def test_a_folder_is_made_when_it_is_missing(here: Path, out: str) -> None:
    render(out=out)
    assert os.listdir(here / out) == ["warm-bass_F#1_7.wav"]


@pytest.mark.parametrize("out", ["kick.mp3", "kick.flac", "kick.wave", "", " "])
def test_only_wav_files_are_written(here: Path, out: str) -> None:
    with pytest.raises(BadRequest):
        render(out=out)
    assert os.listdir(here) == []


@pytest.mark.parametrize(("rate", "bits", "subtype"), [(96000, "32f", "FLOAT"), (48000, "16", "PCM_16")])
def test_rate_and_bits_are_as_asked(here: Path, rate: int, bits: str, subtype: str) -> None:
    render(out="a.wav", rate=rate, bits=bits, seconds=0.5)
    seen = soundfile.info(here / "a.wav")
    assert (seen.samplerate, seen.subtype, seen.frames) == (rate, subtype, rate // 2)
    assert read_audio(here / "a.wav").peak_dbfs == pytest.approx(-1.0, abs=0.02)


@pytest.mark.parametrize(
    "prompt", ["../../x", "CON", "🥁", "a\0b", "\udcff bass", "暖" * 200, "-", "a\nb", "%s {} $(x)"]
)
def test_any_prompt_gives_one_file_in_its_place(here: Path, prompt: str, capsys: pytest.CaptureFixture[str]) -> None:
    render(prompt)
    (name,) = os.listdir(here)
    assert name.endswith("_F#1_7.wav")
    assert len(said(capsys)) == 1


def test_a_prompt_that_is_too_long_is_cut_with_a_warning(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render("bombo" * 1000)
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["prompt"]) == 1000
    assert captured.err.count("\n") == 1
    assert "5000" in captured.err
    assert len(os.listdir(here)) == 1


def test_a_negative_prompt_of_nothing_is_no_mistake(here: Path) -> None:
    render(negative=" \t")
    render(negative="noise")
    assert len(os.listdir(here)) == 2


@pytest.mark.parametrize("seed", [-1, SEED_LIMIT, SEED_LIMIT - 1])
def test_seeds_out_of_range_are_refused(here: Path, seed: int) -> None:
    with pytest.raises(BadRequest, match="seed"):
        render(seed=seed, count=2)
    assert os.listdir(here) == []


def test_a_render_that_is_stopped_leaves_no_file(here: Path) -> None:
    class Stopped(ToneGenerator):
        def generate(self, *_: object) -> None:  # type: ignore[override]
            raise Cancelled("Stopped.")

    requests = read_requests("x", "", None, 1, 1, {})
    with pytest.raises(Cancelled):
        render_all(
            lambda name: Stopped(), requests, Destination.parse("new", 1), rate_hz=44100, bits="24", as_json=True
        )
    assert os.listdir(here) == []


def test_a_place_that_is_no_folder_is_refused_before_any_work(here: Path) -> None:
    (here / "file").write_bytes(b"")
    with pytest.raises(CannotWrite, match="not a folder"):
        Destination.parse("file/below/", 1)
