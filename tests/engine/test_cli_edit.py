"""`latente edit` and `latente morph` in this process, with a small model: files, figures, and mistakes in one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audiofile import read_audio
from engine.cli import main
from engine.library import Library
from engine.pitch import Pitch
from engine.request import Request
from engine.sound import Sound
from tests.tiny_model import install_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_tiny_model(tmp_path_factory.mktemp("models"))


@pytest.fixture(autouse=True)
def here(tiny: Path, latente_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two sounds, and the model installed."""
    shutil.copytree(tiny, latente_home / "data" / "models" / "tiny")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    seconds = np.arange(24000) / 48000
    stereo = np.stack([np.sin(2 * np.pi * 220 * seconds), np.sin(2 * np.pi * 220.5 * seconds)], 1) * 0.3
    soundfile.write(folder / "a.wav", stereo, 48000)
    soundfile.write(folder / "b.flac", np.random.default_rng(0).uniform(-0.3, 0.3, 30000), 44100)
    return folder


def latente(*arguments: str) -> int:
    return main([*arguments, "--codec", "tiny"])


def test_a_file_is_edited(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--amplify", "1.5", "--noise", "0.2", "--smooth", "4", "--transpose", "3", "--seed", "7", "--json"]
    assert latente("edit", "a.wav", "-o", "out.wav", "--set", "drop_st=12", *options) == 0
    fact = json.loads(capsys.readouterr().out)
    made = read_audio(here / "out.wav")
    assert (made.channels, made.rate_hz) == (2, 44100)
    assert made.seconds == pytest.approx(fact["seconds"], abs=1e-6)
    assert made.root_note == pytest.approx(fact["root_note"], abs=1e-6)
    assert made.root_note == pytest.approx(60.0, abs=0.1)
    edits = {edit["kind"]: edit["values"] for edit in json.loads(fact["edits"])["edits"]}
    assert edits["noise"] == {"noise": 0.2, "noise_seed": 7.0}
    assert set(edits) == {"amplify", "noise", "smooth", "transpose", "drop"}


def test_the_same_edit_gives_the_same_file(here: Path) -> None:
    for name, seed in (("one", "1"), ("again", "1"), ("other", "2")):
        assert latente("edit", "b.flac", "-o", f"{name}.wav", "--noise", "0.5", "--seed", seed) == 0
    one, again, other = ((here / f"{name}.wav").read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_a_chain_in_a_file_and_a_region(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "chain.json").write_text('{"edits": [{"kind": "reverse"}]}')
    options = ["--edits", "chain.json", "--region", "0.1:0.3", "--amplify", "2", "--json"]
    assert latente("edit", "a.wav", "-o", "out.wav", *options) == 0
    edits = json.loads(json.loads(capsys.readouterr().out)["edits"])["edits"]
    assert [(edit["kind"], edit.get("region_s")) for edit in edits] == [("reverse", None), ("amplify", [0.1, 0.3])]


def test_moves_in_a_file_are_a_slider_that_stands_still_where_they_do_not_move(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, moves in (
        ("still", [[0.1, 2.0]]),
        ("there", [[0.2, 1.0], [0.3, 2.5]]),
        ("wrong", [[0.2, 1.0], [0.1, 2.0]]),
    ):
        (here / f"{name}.json").write_text(json.dumps({"edits": [{"kind": "amplify", "moves": moves}]}))
    assert latente("edit", "a.wav", "-o", "slider.wav", "--amplify", "2") == 0
    assert latente("edit", "a.wav", "-o", "still.wav", "--edits", "still.json") == 0
    assert latente("edit", "a.wav", "-o", "moved.wav", "--edits", "there.json") == 0
    slider, still, moved = (read_audio(here / f"{name}.wav").samples for name in ("slider", "still", "moved"))
    np.testing.assert_array_equal(still, slider)
    assert not np.array_equal(moved, slider)
    capsys.readouterr()
    assert latente("edit", "a.wav", "-o", "wrong.wav", "--edits", "wrong.json") == 2
    assert "each later than the one before" in capsys.readouterr().err
    assert not (here / "wrong.wav").exists()


def test_a_take_is_edited_from_its_own_latent(
    here: Path, latente_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine import settings

    library = Library(settings.load().library_folder())
    latent = np.random.default_rng(0).standard_normal((6, 8)).astype(np.float32)
    sound = Sound(np.zeros(20000, np.float32) + 0.1, 44100, root_note=50)
    take = library.add(Request("warm bass", model="tiny"), sound, latent, Pitch(50), 0.1)
    library.close()
    assert latente("edit", take.take_id, "-o", "out.wav", "--transpose", "-2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["root_note"] == 48


def test_a_morph_is_as_many_sounds_as_steps(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert latente("morph", "a.wav", "b.flac", "-o", "way", "--steps", "4", "--json") == 0
    facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [fact["morph"] for fact in facts] == pytest.approx([0, 0.3333, 0.6667, 1])
    assert sorted(path.name for path in (here / "way").iterdir()) == [f"morph-{n}.wav" for n in (1, 2, 3, 4)]
    assert latente("edit", "a.wav", "-o", "end.wav") == 0
    assert np.array_equal(read_audio(here / "end.wav").samples, read_audio(here / "way" / "morph-1.wav").samples)


MISTAKES = {
    "out of range": (["edit", "a.wav", "-o", "x.wav", "--amplify", "4"], 2, "Amplify must lie between 0 and 3"),
    "no such axis": (["edit", "a.wav", "-o", "x.wav", "--axis", "colour=1"], 2, "brightness"),
    "no number": (["edit", "a.wav", "-o", "x.wav", "--axis", "body=much"], 2, "body=1"),
    "axes missing": (["edit", "a.wav", "-o", "x.wav", "--axis", "body=1"], 2, "no axis"),
    "region": (["edit", "a.wav", "-o", "x.wav", "--region", "soon", "--amplify", "2"], 2, "START:END"),
    "no file": (["edit", "c.wav", "-o", "x.wav"], 1, "c.wav"),
    "no take": (["edit", "0123456789ab", "-o", "x.wav"], 1, "0123456789ab"),
    "no WAV": (["edit", "a.wav", "-o", "x.mp3"], 2, "WAV"),
    "no sound": (["edit", "bad.json", "-o", "x.wav"], 1, "bad.json"),
    "damaged edits": (["edit", "a.wav", "-o", "x.wav", "--edits", "bad.json"], 2, "cannot be read"),
    "morph to a file": (["morph", "a.wav", "b.flac", "-o", "x.wav"], 2, "folder"),
    "odd path": (["morph", "a.wav", "b.flac", "-o", "x", "--kind", "round"], 2, "spherical"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_and_no_file(mistake: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.json").write_text('{"edits": [{"kind": 3}]')
    arguments, code, said = MISTAKES[mistake]
    assert latente(*arguments) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1, shown.err
    assert said in shown.err
    assert sorted(path.name for path in here.iterdir()) == ["a.wav", "b.flac", "bad.json"]


def test_a_rendered_sound_can_be_edited_at_once(here: Path) -> None:
    usual = ["render", "warm bass", "--seconds", "0.3", "--steps", "1", "--seed", "1", "--model", "tiny"]
    for name, sliders in (("plain", []), ("idle", ["--amplify", "1", "--noise", "0", "--smooth", "1"]),
                          ("bent", ["--amplify", "3", "--noise", "1", "--smooth", "8"])):  # fmt: skip
        assert main([*usual, "-o", f"{name}.wav", *sliders]) == 0
    plain, idle, bent = (read_audio(here / f"{name}.wav").samples for name in ("plain", "idle", "bent"))
    assert np.array_equal(plain, idle)
    assert plain.shape == bent.shape
    assert not np.array_equal(plain, bent)


def test_a_file_goes_along_the_axes_of_the_library(
    here: Path, latente_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert latente("edit", "a.wav", "-o", "own.wav", "--axis", "own1=1") != 0
    assert "need at least 8 takes in the library; there are 0" in capsys.readouterr().err
    library = Library(latente_home / "data" / "library")
    channels = latent_channels("tiny")
    rng = np.random.default_rng(0)
    for number in range(8):
        latent = np.tile(rng.standard_normal(channels).astype(np.float32), (4, 1))
        sound = Sound(np.zeros(441, np.float32), 44100)
        library.add(Request(f"sound {number}", seed=1, model="tiny"), sound, latent, Pitch(60.0), 0.1)
    library.close()
    assert latente("edit", "a.wav", "-o", "plain.wav") == 0
    assert latente("edit", "a.wav", "-o", "own.wav", "--axis", "own1=2", "--json") == 0
    edits = json.loads(capsys.readouterr().out.splitlines()[-1])["edits"]
    assert '"points"' in edits, "what was done can be done again when the library is another"
    assert not np.array_equal(read_audio(here / "own.wav").samples, read_audio(here / "plain.wav").samples)
    (here / "edits.json").write_text(edits)
    assert latente("edit", "a.wav", "-o", "again.wav", "--edits", "edits.json") == 0
    assert np.array_equal(read_audio(here / "again.wav").samples, read_audio(here / "own.wav").samples)


def latent_channels(model: str) -> int:
    from engine.cli.codec import Workshop

    return Workshop.open(model).codec.net.config.latent


def test_noise_is_set_by_how_far_it_lies_under_the_latent(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    amounts = []
    for snr in ("20", "14"):
        assert latente("edit", "a.wav", "-o", "out.wav", "--snr", snr, "--json") == 0
        amounts.append(json.loads(json.loads(capsys.readouterr().out)["edits"])["edits"][0]["values"]["noise"])
    assert amounts[1] / amounts[0] == pytest.approx(10 ** (6 / 20), rel=1e-6)
    assert latente("edit", "a.wav", "-o", "out.wav", "--snr", "-60") != 0
    assert "--snr must be at least" in capsys.readouterr().err
    assert latente("edit", "a.wav", "-o", "out.wav", "--snr", "nan") != 0
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
