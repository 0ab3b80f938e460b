"""Names are safe everywhere; files are whole or not there."""

import errno
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CannotWrite
from engine.files import STEM_BYTES, check_writable, remove_leftovers, safe_stem, write_atomically

FORBIDDEN = set('<>:"/\\|?*')


@given(st.text())
def test_any_text_gives_a_name_that_every_system_takes(text: str) -> None:
    stem = safe_stem(text)
    assert stem
    assert len(stem.encode("utf-8")) <= STEM_BYTES
    assert not FORBIDDEN & set(stem)
    assert not any(unicodedata.category(ch)[0] in "CZ" for ch in stem)
    assert stem[-1] not in ". -"
    assert stem[0] not in ".-"
    assert unicodedata.is_normalized("NFC", stem)


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "com¹", "aux"])
def test_names_that_windows_reserves_are_avoided(name: str) -> None:
    assert safe_stem(name) == f"sound-{name}"


def test_words_stay_readable_in_any_script() -> None:
    assert safe_stem("punchy 808 kick!") == "punchy-808-kick"
    assert safe_stem("bombo grave, áspero") == "bombo-grave-áspero"
    assert safe_stem("暖かい ベース") == "暖かい-ベース"
    assert safe_stem("../../etc/passwd") == "etc-passwd"
    assert safe_stem("🥁🔥") == "sound"


def test_two_spellings_of_one_word_give_one_name() -> None:
    assert safe_stem(unicodedata.normalize("NFD", "áspero")) == safe_stem(unicodedata.normalize("NFC", "áspero"))


def test_a_written_file_is_whole_and_alone(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"first")
    write_atomically(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["a"]


def test_without_overwrite_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", b"yours", overwrite=False)
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["a"]


def test_without_hard_links_new_files_are_written_and_old_ones_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: object, goal: object) -> None:
        raise OSError(errno.EPERM, "no hard links on this file system")

    monkeypatch.setattr(os, "link", refuse)
    write_atomically(tmp_path / "a", b"mine", overwrite=False)
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", b"yours", overwrite=False)
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["a"]


def test_what_a_killed_writer_left_goes_away_and_nothing_else(tmp_path: Path) -> None:
    old, new, foreign = ".0123456789abcdef.tmp", ".fedcba9876543210.tmp", ".mine.tmp"
    for name in (old, new, foreign, "kick.wav"):
        (tmp_path / name).write_bytes(b"")
    for name in (old, foreign, "kick.wav"):
        os.utime(tmp_path / name, (0, 0))
    remove_leftovers(tmp_path)
    assert set(os.listdir(tmp_path)) == {new, foreign, "kick.wav"}


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="does not exist"):
        write_atomically(tmp_path / "missing" / "a", b"")


def test_a_file_in_the_place_of_a_folder_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite, match="not a folder"):
        check_writable(tmp_path / "file" / "below")


def test_a_folder_yet_to_be_made_counts_as_writable_when_its_parent_is(tmp_path: Path) -> None:
    check_writable(tmp_path / "one" / "two")
    assert os.listdir(tmp_path) == []
