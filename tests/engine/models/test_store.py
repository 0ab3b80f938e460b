"""A model is used only when every file is what its card says."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from engine.errors import ModelProblem
from engine.models.card import CARD_FILE, ModelCard, card_toml, describe_file, read_card
from engine.models.store import ModelStore, default_store

WEIGHTS = b"weights " * 1000


def install(models: Path, name: str = "toy", **changes: object) -> Path:
    folder = models / name
    folder.mkdir(parents=True)
    (folder / "net.safetensors").write_bytes(WEIGHTS)
    card = ModelCard(
        format=1,
        name=name,
        task="text-to-one-shot",
        licence="Apache-2.0",
        provenance='Made “here”, with a \\ and a "quote"\nand a second line.',
        rate_hz=44100,
        loader="flow",
        files=(describe_file(folder / "net.safetensors"),),
    )
    (folder / CARD_FILE).write_text(card_toml(msgspec.structs.replace(card, **changes)), encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore((tmp_path / "shipped", tmp_path / "mine"), tmp_path / "cache" / "verified.json")


def test_a_model_is_found_with_its_files(tmp_path: Path, store: ModelStore) -> None:
    folder = install(tmp_path / "mine")
    model = store.find("toy")
    assert model.folder == folder
    assert model.card.licence == "Apache-2.0"
    assert model.file("net.safetensors").read_bytes() == WEIGHTS
    with pytest.raises(ModelProblem, match="has no file"):
        model.file("../card.toml")


def test_a_card_survives_being_written(tmp_path: Path) -> None:
    folder = install(tmp_path, needs=("torch",), description="ñ 音 \x7f\t")
    card = read_card(folder / CARD_FILE)
    assert card_toml(card) == (folder / CARD_FILE).read_text("utf-8")
    assert card.needs == ("torch",)
    assert card.description == "ñ 音 \x7f\t"
    assert card.bytes == len(WEIGHTS)


def test_the_programs_own_model_wins_over_a_users_of_the_same_name(tmp_path: Path, store: ModelStore) -> None:
    shipped = install(tmp_path / "shipped")
    install(tmp_path / "mine")
    install(tmp_path / "mine", "other")
    assert store.find("toy").folder == shipped
    assert store.names() == ["other", "toy"]


@pytest.mark.parametrize("name", ["nope", "", "../toy", "/etc", "toy/", "TOY", "a" * 300, "\0"])
def test_an_unknown_model_is_one_line_that_says_what_there_is(tmp_path: Path, store: ModelStore, name: str) -> None:
    install(tmp_path / "mine")
    with pytest.raises(ModelProblem, match="Installed: toy") as caught:
        store.find(name)
    assert len(str(caught.value)) < 200


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)


def _flip_in_secret(path: Path) -> None:
    """Another byte, the same size and time stamp."""
    before = path.stat()
    _flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "flipped": _flip,
    "flipped in secret": _flip_in_secret,
    "cut": lambda path: path.write_bytes(WEIGHTS[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seen_before", [False, True])
def test_a_damaged_file_is_always_noticed(tmp_path: Path, store: ModelStore, damage: str, seen_before: bool) -> None:
    folder = install(tmp_path / "mine")
    if seen_before:
        store.find("toy")
    DAMAGES[damage](folder / "net.safetensors")
    with pytest.raises(ModelProblem, match=r"toy .*net\.safetensors") as caught:
        store.find("toy")
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelProblem):
        store.verify("toy")


def test_an_unchanged_file_is_read_once(tmp_path: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.models import store as module

    install(tmp_path / "mine")
    read: list[Path] = []
    right = module.sha256

    def counted(path: Path) -> str:
        read.append(path)
        return right(path)

    monkeypatch.setattr(module, "sha256", counted)
    store.find("toy")
    store.find("toy")
    assert len(read) == 1
    store.verify("toy")
    assert len(read) == 2


@pytest.mark.parametrize("content", [b"", b"not json", b'{"/x": 1}', b"\xff"])
def test_a_damaged_cache_is_no_harm(tmp_path: Path, store: ModelStore, content: bytes) -> None:
    install(tmp_path / "mine")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "verified.json").write_bytes(content)
    assert store.find("toy").card.name == "toy"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "toy"', 'name = "other"', "belongs to"),
        ("format = 1", "format = 2", "newer Latente"),
        ('loader = "flow"', "", "loader"),
        ('task = "text-to-one-shot"', "task = 5", "task"),
        ("net.safetensors", "../net.safetensors", "only safetensors"),
        ("net.safetensors", "net.pickle", "only safetensors"),
        ("net.safetensors", "net.pt", "only safetensors"),
        ('sha256 = "', 'sha256 = "x', "sha256"),
        ("[[files]]", "[[", "damaged"),
        ("rate_hz = 44100", "rate_hz = 44100\nsurprise = 1", "surprise"),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(
    tmp_path: Path, store: ModelStore, old: str, new: str, said: str
) -> None:
    card = install(tmp_path / "mine") / CARD_FILE
    text = card.read_text("utf-8")
    assert old in text
    card.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelProblem, match=said) as caught:
        store.find("toy")
    assert "\n" not in str(caught.value)


def test_a_package_that_is_missing_is_named(tmp_path: Path, store: ModelStore) -> None:
    install(tmp_path / "mine", needs=("no_such_package_at_all",))
    with pytest.raises(ModelProblem, match="no_such_package_at_all"):
        store.find("toy")


def test_the_users_models_lie_in_latente_home(latente_home: Path) -> None:
    install(latente_home / "data" / "models")
    assert default_store().find("toy").card.name == "toy"
