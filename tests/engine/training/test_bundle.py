"""What travels to a GPU: parts that fit through the door and come together again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import torch

from engine.errors import LatenteError
from engine.text.encoder import TextEncoder
from engine.training import bundle


def test_parts_fit_and_come_together_again(tmp_path: Path) -> None:
    archive = tmp_path / "kit.tar"
    archive.write_bytes(bytes(range(256)) * 40)
    parts = bundle.cut(archive, tmp_path, 3000)
    assert [part.name for part in parts] == ["part01", "part02", "part03", "part04"]
    assert all((part / "piece").stat().st_size <= 3000 for part in parts)
    together = subprocess.run("cat part*/piece", shell=True, cwd=tmp_path, capture_output=True, check=True).stdout
    assert together == archive.read_bytes()


def test_a_repository_that_leaves_no_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LatenteError, match="no room"):
        bundle.bundle(tmp_path / "out", bundle.DOOR_BYTES - 1000)


def test_the_text_encoder_travels_at_half_the_size_and_says_the_same(tmp_path: Path) -> None:
    bundle.text_encoder(tmp_path / "minilm")
    assert (tmp_path / "minilm" / "model.safetensors").stat().st_size < 50e6
    here, there = TextEncoder(), TextEncoder(tmp_path / "minilm")
    a, b = (encoder.encode(["dirty detuned reese"])[0] for encoder in (here, there))
    assert torch.nn.functional.cosine_similarity(a, b, dim=-1).min() > 0.99


def test_the_repository_is_measured(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "a.bin").write_bytes(b"x" * 5000)
    (tmp_path / "untracked").write_bytes(b"x" * 5000)
    subprocess.run(["git", "add", "a.bin"], cwd=tmp_path, check=True)
    assert bundle.repository_bytes(tmp_path) == 5000
