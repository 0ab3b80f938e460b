"""Model card: the TOML file beside a model's weights that says what they are and how they must look."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from engine.errors import ModelProblem

CARD_FILE = "card.toml"
FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SUFFIXES = (".safetensors", ".json", ".txt")  # weights, and plain data such as word lists: nothing that can run


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a model. name: plain name in the card's folder. bytes: its exact size."""

    name: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, msgspec.Meta(ge=1)]


class ModelCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a model is.

    task: what it does, e.g. `text-to-one-shot`. provenance: what it was trained on, and whose that is.
    rate_hz: of the sound it makes. loader: name of the generator or codec family that can load it.
    needs: Python packages beyond the program's own that loading it takes.
    """

    format: int
    name: str
    task: str
    licence: str
    provenance: str
    rate_hz: Annotated[int, msgspec.Meta(ge=1000, le=768_000)]
    loader: str
    files: tuple[ModelFile, ...]
    needs: tuple[str, ...] = ()
    parameters: Annotated[int, msgspec.Meta(ge=0)] = 0
    description: str = ""

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.bytes for file in self.files)


def valid_name(name: str) -> bool:
    """Whether `name` can be a model's name, and so a folder's: no path, no surprise."""
    return _NAME.fullmatch(name) is not None


def read_card(path: Path) -> ModelCard:
    """The card in `path`. Raises ModelProblem with one clear line."""
    folder = path.parent.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelProblem(f"The model {folder} has no card that can be read ({path}). Install it again.") from error
    try:
        version = msgspec.toml.decode(raw).get("format")
        if isinstance(version, int) and version > FORMAT:
            raise ModelProblem(f"The model {folder} needs a newer Latente (card format {version}). Update the program.")
        card = msgspec.toml.decode(raw, type=ModelCard)
    except ValueError as error:  # bad UTF-8, TOML or fields
        raise ModelProblem(f"The card of the model {folder} is damaged ({_line(error)}). Install it again.") from error
    _check(card, folder)
    return card


def card_toml(card: ModelCard) -> str:
    """The card as the text of a `card.toml`."""
    fields = {key: value for key, value in msgspec.structs.asdict(card).items() if key != "files"}
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items()]
    for file in card.files:
        lines += ["", "[[files]]", *(f"{key} = {_toml(value)}" for key, value in msgspec.structs.asdict(file).items())]
    return "\n".join(lines) + "\n"


def describe_file(path: Path) -> ModelFile:
    """The row of a card for the file `path` as it is now."""
    return ModelFile(path.name, sha256(path), path.stat().st_size)


def sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(card: ModelCard, folder: str) -> None:
    if card.name != folder or not valid_name(card.name):
        raise ModelProblem(
            f"The card in the folder {folder} belongs to a model named “{card.name[:64]}”. Install it again."
        )
    for file in card.files:
        if not file.name.endswith(_SUFFIXES) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", file.name):
            raise ModelProblem(
                f"The model {folder} names the file “{file.name[:64]}”; only safetensors weights are opened."
            )


def _toml(value: object) -> str:
    """A string, whole number or list of strings as TOML: JSON writes these the same."""
    if isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    assert isinstance(value, Iterable)
    return "[" + ", ".join(_toml(item) for item in value) + "]"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
