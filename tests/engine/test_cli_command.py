"""The command itself, in a process of its own: one clear line for every mistake, JSON alone on stdout, real files."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audiofile import read_audio
from tests.tiny_model import install_tiny_model

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "here"
    folder.mkdir()
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment["OMP_NUM_THREADS"] = "1"
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), environment.get("PYTHONPATH", "")])

    def latente(*arguments: str, cwd: Path = folder, **options: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "engine.cli", *arguments],
            cwd=cwd, env=environment, capture_output=True, text=True, check=False, **options,  # type: ignore[call-overload]
        )  # fmt: skip

    return latente


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model, made once."""
    return install_tiny_model(tmp_path_factory.mktemp("models"))


@pytest.fixture
def with_model(tiny: Path, latente_home: Path) -> Path:
    return shutil.copytree(tiny, latente_home / "data" / "models" / "tiny")


def assert_one_line(done: "subprocess.CompletedProcess[str]", code: int, said: str, folder: Path) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr
    assert os.listdir(folder) == []


MISTAKES = {
    "an empty prompt": (["render", ""], "empty"),
    "a prompt of blanks": (["render", " \t\n"], "empty"),
    "no prompt": (["render"], "prompt"),
    "an unknown note": (["render", "x", "--note", "H2"], "H2"),
    "a note too high": (["render", "x", "--note", "C12"], "range"),
    "a note that is no number": (["render", "x", "--note", "²"], "note"),
    "too long": (["render", "x", "--seconds", "5.1"], "between 0.1 and 5 s"),
    "too short": (["render", "x", "--seconds", "0"], "between 0.1 and 5 s"),
    "no length": (["render", "x", "--seconds", "nan"], "between 0.1 and 5 s"),
    "no number": (["render", "x", "--seconds", "long"], "valid number"),
    "a count of 0": (["render", "x", "--count", "0"], "between 1 and 1000"),
    "a velocity of 128": (["render", "x", "--velocity", "128"], "between 1 and 127"),
    "no steps": (["render", "x", "--steps", "0"], "between 1 and 100"),
    "endless guidance": (["render", "x", "--guidance", "inf"], "between 0 and 10"),
    "a negative seed": (["render", "x", "--seed", "-1"], "seed"),
    "too wide": (["render", "x", "--width", "201"], "between 0 and 200 %"),
    "an unknown device": (["render", "x", "--device", "gpu"], "auto, cpu, cuda, mps"),
    "an odd rate": (["render", "x", "--rate", "22050"], "44100, 48000, 88200, 96000"),
    "odd bits": (["render", "x", "--bits", "20"], "16, 24, 32f"),
    "another format": (["render", "x", "-o", "x.mp3"], "WAV"),
    "an unknown option": (["render", "x", "--loud"], "--loud"),
    "an unknown command": (["rendr", "x"], "rendr"),
    "an unknown recipe": (["train", "nonsense"], "nonsense"),
    "an unknown suite": (["evaluate", "nonsense"], "nonsense"),
    "no corpus sounds": (["corpus", "render", "--out", "x", "--count", "0"], "--count"),
}  # fmt: skip

FAILURES = {
    "an unknown model": (["render", "x", "--model", "nope"], "no model named “nope”"),
    "a model that is a path": (["render", "x", "--model", "../../etc"], "no model named"),
    "a folder below a file": (["render", "x", "-o", __file__ + "/x.wav"], "not a folder"),
    "a folder that takes no files": (["render", "x", "-o", "/proc/"], "cannot be written"),
    "no display": ([], "no display"),
    "no such take": (["library", "remove", "nope"], "no take nope"),
    "no such sound": (["analyse", "nope.wav"], "nope.wav"),
    "no such model": (["models", "info", "nope"], "no model named"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_exit_2(run: Run, tmp_path: Path, name: str) -> None:
    arguments, said = MISTAKES[name]
    assert_one_line(run(*arguments), 2, said, tmp_path / "here")


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_one_line_and_exit_1(run: Run, tmp_path: Path, name: str) -> None:
    arguments, said = FAILURES[name]
    assert_one_line(run(*arguments), 1, said, tmp_path / "here")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_line(run: Run, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert_one_line(run("render", "x", "-o", str(locked)), 1, "cannot be written", tmp_path / "here")


@pytest.mark.parametrize("damage", ["flipped", "missing", "no card"])
def test_damaged_weights_are_one_line(run: Run, tmp_path: Path, with_model: Path, damage: str) -> None:
    weights = with_model / "flow.safetensors"
    if damage == "flipped":
        data = bytearray(weights.read_bytes())
        data[len(data) // 2] ^= 255
        weights.write_bytes(data)
    elif damage == "missing":
        weights.unlink()
    else:
        (with_model / "card.toml").unlink()
    assert_one_line(run("render", "x", "--model", "tiny"), 1, "tiny", tmp_path / "here")
    checked = run("models", "verify", "tiny", "--json")
    assert checked.returncode == 1
    assert json.loads(checked.stdout)["ok"] is False


def test_words_become_files_with_the_network_cut(run: Run, tmp_path: Path, with_model: Path, no_network: None) -> None:
    arguments = ("--model", "tiny", "--seconds", "0.5", "--steps", "2", "--seed", "3", "--json")
    done = run("render", "bass in F#1", *arguments, "--count", "2", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [fact["seed"] for fact in facts] == [3, 4]
    assert {"path", "seed", "seconds", "wall_s", "model", "root_note", "peak_dbfs", "understood", "warnings"} <= set(
        facts[0]
    )
    sound = read_audio(tmp_path / "here" / facts[0]["path"])
    assert sound.root_note == 30
    assert sound.seconds == 0.5
    assert sound.peak_dbfs == pytest.approx(-1.0, abs=0.01)

    again = run("render", "bass in F#1", "--note", "C2", *arguments, "-o", "out")
    assert json.loads(again.stdout)["root_note"] == 36
    same = run("render", "bass in F#1", *arguments, "-o", "same.wav")
    assert same.returncode == 0
    assert np.array_equal(read_audio(tmp_path / "here" / "same.wav").samples, sound.samples)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_one_line_and_leaves_no_file(
    run: Run, tmp_path: Path, with_model: Path, small_disk: Path
) -> None:
    arguments = ("render", "x", "--model", "tiny", "--seconds", "2", "--steps", "1")
    assert_one_line(run(*arguments, "-o", str(small_disk)), 1, "disk is full", tmp_path / "here")
    assert os.listdir(small_disk) == []


def test_help_is_quick_and_imports_nothing_heavy(run: Run) -> None:
    code = "import sys, engine.cli; engine.cli.main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "render" in done.stdout
    for heavy in ("'torch'", "'numpy'", "'PySide6'", "'soundfile'", "'sounddevice'", "'sqlite3'"):
        assert heavy not in done.stdout


def test_models_are_listed_shown_and_verified(run: Run, with_model: Path) -> None:
    listed = [json.loads(line) for line in run("models", "list", "--json").stdout.splitlines()]
    assert {"name": "tiny", "folder": str(with_model)}.items() <= next(m for m in listed if m["name"] == "tiny").items()
    assert "sha256" in run("models", "info", "tiny").stdout
    assert json.loads(run("models", "verify", "tiny", "--json").stdout) == {"name": "tiny", "ok": True, "problem": None}


def test_takes_are_listed_tagged_found_and_removed(run: Run, latente_home: Path) -> None:
    from engine.library import Library
    from tests.engine.test_library import add

    library = Library(latente_home / "data" / "library")
    take, other = add(library, "bombo áspero"), add(library, "warm pad")
    library.close()
    assert run("library", "tag", take.take_id, "drop", "fat").returncode == 0
    found = [json.loads(line) for line in run("library", "search", "fat", "--json").stdout.splitlines()]
    assert [entry["take"] for entry in found] == [take.take_id]
    assert found[0]["tags"] == ["drop", "fat"]
    assert run("library", "remove", take.take_id).returncode == 0
    left = run("library", "list")
    assert other.take_id in left.stdout
    assert take.take_id not in left.stdout
    repaired = run("library", "repair", "--json")
    assert json.loads(repaired.stdout)["takes"] == 1


def test_the_doctor_reports_whatever_is_broken(run: Run, with_model: Path) -> None:
    (with_model / "flow.safetensors").write_bytes(b"x")
    done = run("doctor", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert "damaged" in report["models"]["tiny"]
    assert report["packages"]["torch"] != "not installed"
    assert {"system", "processor", "folders", "audio outputs", "midi inputs"} <= set(report)
    assert (report["computing"]["setting"], "threads" in report["computing"]["cpu"]) == ("auto", True)


def test_width_and_device_are_asked_and_told(run: Run, with_model: Path) -> None:
    options = ("render", "warm pad", "--model", "tiny", "--seconds", "0.5", "--steps", "2", "--seed", "3", "--json")
    rows = {}
    for width in ("0", "40", "100"):
        done = run(*options, "--width", width, "--device", "cpu")
        assert done.returncode == 0, done.stderr
        rows[width] = json.loads(done.stdout)
    assert [row["width"] for row in rows.values()] == [0.0, 40.0, 100.0]
    assert {row["device"] for row in rows.values()} == {"cpu"}
    correlations = [row["stereo"]["correlation"] for row in rows.values()]
    assert correlations[0] == 1.0
    assert correlations == sorted(correlations, reverse=True)
    plain = json.loads(run(*options).stdout)
    assert plain["width"] == plain["understood"]["width"] > 100  # a pad is wide


def test_a_device_that_is_not_here_is_said_in_one_line(run: Run, with_model: Path) -> None:
    absent = "cuda" if sys.platform == "darwin" else "mps"
    done = run("render", "x", "--model", "tiny", "--device", absent)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Choose “auto” or “cpu”" in done.stderr


def test_sounds_are_analysed_and_the_others_named(run: Run, tmp_path: Path) -> None:
    here = tmp_path / "here"
    wave = 0.5 * np.sin(2 * np.pi * 220 * np.arange(44100) / 44100)
    soundfile.write(here / "a.wav", wave.astype(np.float32), 44100)
    done = run("analyse", "a.wav", "missing.wav", "--json")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    facts = json.loads(done.stdout)
    assert facts["path"] == "a.wav"
    assert facts["seconds"] == 1.0


def test_a_reader_who_leaves_early_is_no_error(run: Run, with_model: Path, tmp_path: Path) -> None:
    for number in range(3):
        shutil.copytree(with_model, with_model.parent / f"copy{number}")
    command = f"{sys.executable} -m engine.cli models list --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.strip() in ("0", "1")
