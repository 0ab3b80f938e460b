"""The shelf: factory presets for every kind of sound, the user's beside them, nothing ever lost."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from engine import paths
from engine.cli.presets import heard
from engine.errors import BadRequest
from engine.generators import load_generator
from engine.presets.preset import CATEGORIES, Asked, Preset
from engine.presets.shelf import Shelf, read_file
from engine.presets.toml import preset_text
from engine.request import Generator


def preset(name: str = "Mine", **changes: object) -> Preset:
    usual = Preset(name=name, category="leads", request=Asked(prompt="bright lead"))
    return msgspec.structs.replace(usual, **changes)


def test_there_is_a_factory_preset_for_every_kind_of_sound() -> None:
    shelf = Shelf()
    assert shelf.problems == ()
    assert len(shelf.presets) >= 40
    counted = Counter(kept.preset.category for kept in shelf.presets)
    assert set(counted) == set(CATEGORIES)
    assert min(counted.values()) >= 3
    names = [kept.preset.name.casefold() for kept in shelf.presets]
    assert len(set(names)) == len(names)
    for kept in shelf.presets:
        assert kept.preset.about, kept.preset.name
        assert kept.preset.request.seed is not None  # it sounds as it did when it was chosen
        assert kept.path.read_text("utf-8") == preset_text(kept.preset), "not as the program would write it"


def test_search_finds_beginnings_of_words_within_a_category() -> None:
    shelf = Shelf()
    assert "Solo Cello" in [kept.preset.name for kept in shelf.search("cel")]
    assert {kept.preset.category for kept in shelf.search("", "kicks")} == {"kicks"}
    assert shelf.search("no such words") == []
    everything = [CATEGORIES.index(kept.preset.category) for kept in shelf.search()]
    assert everything == sorted(everything)


def test_a_users_preset_is_kept_and_found() -> None:
    shelf = Shelf()
    kept = shelf.save(preset())
    assert kept.mine
    assert kept.path.parent == paths.user_presets()
    assert Shelf().find("mINE ").preset == preset()


def test_a_name_that_is_taken_gets_a_number() -> None:
    shelf = Shelf()
    factory = shelf.presets[0].preset.name
    names = [shelf.save(preset(name)).preset.name for name in ("Mine", "mine", "Mine", factory, "Mi/ne", "Mi:ne")]
    assert names == ["Mine", "mine 2", "Mine 3", f"{factory} 2", "Mi/ne", "Mi:ne 2"]
    assert len(list(paths.user_presets().glob("*.toml"))) == 6
    long = [shelf.save(preset("x" * 60)).preset.name for _ in range(2)]
    assert long[1] == "x" * 58 + " 2"


def test_what_is_removed_lies_in_the_trash_and_the_factorys_stay() -> None:
    shelf = Shelf()
    for _ in range(2):
        shelf.remove(shelf.save(preset()))
    assert len(list((paths.user_presets() / "trash").iterdir())) == 2
    with pytest.raises(BadRequest, match="no preset “Mine”"):
        shelf.find("Mine")
    with pytest.raises(BadRequest, match="comes with the program"):
        shelf.remove(shelf.presets[0])


def test_a_bad_file_is_one_line_and_hides_no_other() -> None:
    shelf = Shelf()
    shelf.save(preset())
    (paths.user_presets() / "bad.toml").write_text("format = 9")
    (paths.user_presets() / "folder.toml").mkdir()
    shelf.reload()
    assert shelf.find("Mine").mine
    assert shelf.problems == (
        "The preset bad.toml cannot be used: it was made by a newer Latente; update the program to use it.",
        "The preset folder.toml cannot be used: there is no such file.",
    )


def test_an_unknown_name_gets_a_hint() -> None:
    with pytest.raises(BadRequest, match="Did you mean “Solo Cello”"):
        Shelf().find("Solo Chelo")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"x\.toml cannot be used: there is no such file"):
        read_file(tmp_path / "x.toml")


@pytest.fixture(scope="module")
def generator() -> Generator:
    return load_generator("latente-1")


@pytest.mark.parametrize("name", ["Trap 808", "Singing Lead"])
def test_a_factory_preset_sounds(name: str, generator: Generator) -> None:
    """All of them: `latente presets check`."""
    facts = heard(Shelf().find(name), generator, "latente-1")
    assert facts["problems"] == []
    assert facts["note"] == {"Trap 808": "F1", "Singing Lead": "E4"}[name]
