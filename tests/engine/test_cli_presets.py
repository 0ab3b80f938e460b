"""`latente presets` shows what stands on the shelf, takes in what is sound, and `render --preset` makes it."""

import json
from pathlib import Path

import pytest

from engine.audiofile import read_audio
from engine.cli import main
from engine.presets.shelf import Shelf
from engine.presets.toml import read_preset

USUAL = 'format = 1\nname = "Low One"\ncategory = "basses"\n[request]\nprompt = "sub bass"\nseed = 3\nseconds = 0.3\n'


def test_the_list_can_be_searched_and_read_by_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "list", "cello", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["Solo Cello"]
    assert main(["presets", "list", "--category", "hats"]) == 0
    assert "Closed Hat" in capsys.readouterr().out


def test_what_is_shown_is_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "show", "solo cello"]) == 0
    assert read_preset(capsys.readouterr().out.encode()) == Shelf().find("Solo Cello").preset


def test_a_file_is_put_on_the_shelf_unless_it_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.toml").write_text(USUAL)
    assert main(["presets", "add", str(tmp_path / "a.toml")]) == 0
    assert Shelf().find("low one").mine
    (tmp_path / "bad.toml").write_text("format = 7")
    capsys.readouterr()
    assert main(["presets", "add", str(tmp_path / "bad.toml")]) == 2
    assert capsys.readouterr().err == (
        "latente: The preset bad.toml cannot be used: it was made by a newer Latente; update the program to use it.\n"
    )


@pytest.mark.parametrize("arguments", [["show", "nonsense"], ["list", "--category", "nonsense"]])
def test_an_unknown_name_is_one_line_and_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_preset_is_rendered_with_its_edits_and_options_win(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = USUAL + '[[edits]]\nkind = "transpose"\nvalues = { pitch_st = 12.0 }\n'
    formed = edited + '[[edits]]\nkind = "formants"\nvalues = { formant_st = 5.0 }\n[shape]\nreverse = "on"\n'
    (tmp_path / "a.toml").write_text(formed)
    command = ["render", "--preset", str(tmp_path / "a.toml"), "--note", "C2", "--json"]
    assert main([*command, "-o", str(tmp_path / "a.wav")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["preset"] == "Low One"
    assert told["prompt"] == "sub bass"
    assert told["seed"] == 3
    assert round(told["root_note"]) == 48  # the note asked for, transposed by the preset
    sound = read_audio(tmp_path / "a.wav")
    assert sound.seconds == pytest.approx(0.3, abs=1e-3)
    assert sound.peak_dbfs == pytest.approx(-1, abs=0.01)
