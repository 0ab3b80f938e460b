"""The family judge and the shared embedding space, on sounds that are easy to tell apart."""

from __future__ import annotations

import numpy as np
import torch

from engine.analysis.embedding import AudioTower, TextTower, log_mel
from engine.analysis.family import FamilyClassifier, looks


def sounds(kind: int, count: int, seed: int) -> torch.Tensor:
    """0: decaying noise. 1: steady low tone. 2: swelling high tone."""
    rng = np.random.default_rng(seed)
    time = np.arange(44100) / 44100
    out = []
    for _ in range(count):
        hz = rng.uniform(0.8, 1.2)
        if kind == 0:
            out.append(rng.standard_normal(44100) * np.exp(-time * 20 * hz))
        elif kind == 1:
            out.append(np.sin(2 * np.pi * 110 * hz * time))
        else:
            out.append(np.sin(2 * np.pi * 3000 * hz * time) * time)
    return torch.from_numpy(np.stack(out).astype(np.float32))


def test_the_judge_learns_families_and_recognises_new_members() -> None:
    taught = torch.cat([looks(sounds(kind, 20, 1)) for kind in range(3)])
    judge = FamilyClassifier(3)
    judge.fit(taught, np.repeat(np.arange(3), 20), epochs=15, batch=16)
    unseen = torch.cat([looks(sounds(kind, 8, 2)) for kind in range(3)])
    assert (judge.predict(unseen) == np.repeat(np.arange(3), 8)).mean() > 0.95


def test_looks_do_not_depend_on_level_or_on_silence_after_the_sound() -> None:
    sound = sounds(0, 2, 3)
    padded = torch.nn.functional.pad(sound * 0.1, (0, 44100))
    assert torch.allclose(looks(sound), looks(padded), atol=1e-3)


def test_towers_give_unit_vectors_and_ignore_padding() -> None:
    torch.manual_seed(0)
    audio, text = AudioTower(16, 8).eval(), TextTower(8).eval()
    with torch.no_grad():
        heard = audio(log_mel(sounds(1, 3, 4)))
        states, mask = torch.randn(2, 5, 384), torch.ones(2, 5, dtype=torch.bool)
        said = text(states, mask)
        longer = text(
            torch.cat([states, torch.randn(2, 3, 384)], 1), torch.cat([mask, torch.zeros(2, 3, dtype=torch.bool)], 1)
        )
    assert torch.allclose(heard.norm(dim=1), torch.ones(3), atol=1e-5)
    assert torch.allclose(said, longer, atol=1e-5)
