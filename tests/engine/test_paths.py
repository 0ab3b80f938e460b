"""Data is found wherever the program lies; the user's folders follow LATENTE_HOME."""

import sys
from pathlib import Path

import pytest

from engine import paths

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_uses_the_folders_of_the_repository() -> None:
    assert paths.resources() == ROOT / "resources"
    assert paths.presets() == ROOT / "presets"
    assert paths.resources().is_dir()


def test_an_installed_wheel_uses_the_data_inside_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engine/_data/resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "engine/paths.py"))
    assert paths.resources() == tmp_path / "engine/_data/resources"


def test_a_frozen_program_uses_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.presets() == tmp_path / "presets"


def test_latente_home_moves_every_user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENTE_HOME", str(tmp_path))
    folders = [
        paths.user_data(),
        paths.user_config(),
        paths.user_cache(),
        paths.library_folder(),
        paths.user_models(),
    ]
    assert all(folder.is_relative_to(tmp_path) for folder in folders)
    assert len(set(folders)) == len(folders)
    assert not any(folder.exists() for folder in folders)


def test_a_relative_latente_home_stays_where_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENTE_HOME", "here")
    assert paths.user_data() == tmp_path / "here/data"


def test_without_latente_home_the_folders_are_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENTE_HOME", raising=False)
    assert paths.user_data().is_absolute()
    assert "latente" in str(paths.user_data()).lower()
