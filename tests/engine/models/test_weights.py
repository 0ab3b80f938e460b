"""Compact weights: small, close, self-describing."""

from __future__ import annotations

from pathlib import Path

import torch

from engine.models import weights


def test_large_matrices_take_one_byte_a_number_and_stay_close(tmp_path: Path) -> None:
    torch.manual_seed(0)
    tensors = {"big": torch.randn(300, 200) * torch.logspace(-3, 2, 300)[:, None], "vector": torch.randn(50)}
    weights.save(tmp_path / "w.safetensors", tensors, {"config": {"width": 3}})
    assert (tmp_path / "w.safetensors").stat().st_size < 300 * 200 + 4000
    loaded, facts = weights.load(tmp_path / "w.safetensors")
    assert facts["config"] == {"width": 3}
    assert set(loaded) == {"big", "vector"}
    worst = (loaded["big"] - tensors["big"]).abs().amax(1) / tensors["big"].abs().amax(1)
    assert worst.max() < 0.005
    assert torch.allclose(loaded["vector"], tensors["vector"], atol=2e-3)


def test_huge_numbers_do_not_overflow(tmp_path: Path) -> None:
    weights.save(tmp_path / "w.safetensors", {"a": torch.tensor([1e6, -2.0])}, {})
    assert weights.load(tmp_path / "w.safetensors")[0]["a"].tolist() == [1e6, -2.0]
