"""Scales: what a sound has for its family, whatever the family's own spectrum is."""

import numpy as np
import pytest
import torch

from engine.analysis.scales import Scales
from engine.qualities import KEYS


def sounds(count: int, seed: int) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
    """Looks of two families that lie far apart, each tilted by how bright and how noisy a sound is."""
    rng = np.random.default_rng(seed)
    families, values = rng.integers(0, 2, count), rng.uniform(-1, 1, (count, len(KEYS)))
    usual, tilt = np.random.default_rng(0).normal(0, 5, (2, 40)), np.random.default_rng(1).normal(0, 1, (len(KEYS), 40))
    seen = usual[families] + values @ tilt + rng.normal(0, 0.3, (count, 40))
    return torch.from_numpy(seen).float(), families, values


def test_qualities_of_unseen_sounds_are_told_family_by_family() -> None:
    scales = Scales()
    taught, families, values = sounds(2000, seed=2)
    values[::7, 1] = np.nan  # not measured
    scales.fit(taught, families, values, count=3)
    seen, families, values = sounds(300, seed=3)
    told = scales.predict(seen, families)
    clear = np.abs(values) > 0.5
    assert (np.sign(told) == np.sign(values))[clear].mean() > 0.95
    assert (np.sign(scales.predict(seen, 1 - families)) == np.sign(values))[clear].mean() < 0.8
    again = Scales()
    again.restore(scales.state())
    assert np.allclose(again.predict(seen, families), told, atol=1e-3)


def test_scales_of_other_qualities_are_refused() -> None:
    with pytest.raises(RuntimeError, match="other qualities"):
        Scales().restore({"usual": torch.zeros(2, 4), "deviation": torch.ones(4), "weights": torch.zeros(4, 3)})
