"""One small corpus for all that is trained here."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpus.render import render_corpus


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """130 sounds: enough for some instruments to be held out."""
    folder = tmp_path_factory.mktemp("corpus")
    render_corpus(folder, 130, seed=9, workers=1)
    return folder
