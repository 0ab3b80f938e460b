"""Settings survive a restart, and a damaged file does not stop the program."""

from pathlib import Path

import msgspec

from engine import settings
from engine.settings import HISTORY_LIMIT, Settings


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    wanted = Settings(rate_hz=48000, bits="16", device="JACK", history=("warm bass", "bombo"), gain_db=-6.0)
    settings.save(wanted, tmp_path / "config")
    assert settings.load(tmp_path / "config") == wanted


def test_the_first_start_has_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()


def test_a_damaged_file_gives_defaults_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"rate_hz": "loud"')
    assert settings.load(tmp_path) == Settings()
    assert (tmp_path / "settings.damaged.json").read_text() == '{"rate_hz": "loud"'


def test_settings_of_a_newer_version_are_read(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_bytes(msgspec.json.encode({"bits": "16", "from_the_future": 1}))
    assert settings.load(tmp_path).bits == "16"


def test_the_history_holds_each_prompt_once_the_newest_last() -> None:
    kept = Settings().with_prompt("a").with_prompt("b").with_prompt("a")
    assert kept.history == ("b", "a")
    for number in range(HISTORY_LIMIT + 5):
        kept = kept.with_prompt(str(number))
    assert len(kept.history) == HISTORY_LIMIT
