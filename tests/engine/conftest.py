"""An engine thread with its library, and ears for what it tells."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.library import Library
from engine.request import Generator
from engine.studio import Studio
from tests.fakes import Ears, ToneGenerator

Start = Callable[..., Studio]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def start(library: Library, ears: Ears) -> Iterator[Start]:
    studios: list[Studio] = []

    def build(load: Callable[[str], Generator] = lambda name: ToneGenerator(), emit: object = None) -> Studio:
        studios.append(Studio(load, library, emit or ears))  # type: ignore[arg-type]
        return studios[-1]

    yield build
    for studio in studios:
        studio.close()
