"""Filters of many voices at once give each voice what its own would."""

import numpy as np
import pytest

from engine.audio.filter import CELL, Filters, Setting
from tests.engine.audio.listen import RATE_HZ

SLOTS = [5, 0, 3]
SETTINGS = [
    Setting("low-pass", 400, 8, RATE_HZ),
    Setting("band-pass", 1_200, 2, RATE_HZ),
    Setting("high-pass", 90, 0.7, RATE_HZ),
]


def sound(frames: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 1, (len(SLOTS), frames)).astype(np.float32)


def one_by_one(samples: np.ndarray, settings: list[Setting]) -> np.ndarray:
    """A voice, cell by cell, each with a setting of its own."""
    filters, heard = Filters(1, CELL), samples.copy()[None]
    for cell, setting in enumerate(settings):
        filters.set(0, setting)
        filters.process(0, heard[:, cell * CELL : (cell + 1) * CELL], [0], [0])
    return heard[0]


@pytest.mark.parametrize("frames", [4 * CELL, 3 * CELL + 17, 5])
def test_a_sweep_is_a_filter_set_anew_for_every_cell(frames: int) -> None:
    filters, heard = Filters(8, 4 * CELL), sound(frames)
    ways = [
        [Setting(one.kind, one.cutoff_hz * 1.1**cell, one.q, RATE_HZ) for cell in range(-(-frames // CELL))]
        for one in SETTINGS
    ]
    filters.prepare_sweep(ways)
    filters.sweep(0, heard, [0, 1, 2], SLOTS)
    for row, way in enumerate(ways):
        assert heard[row] == pytest.approx(one_by_one(sound(frames)[row], way), abs=1e-5)


def test_a_sweep_goes_on_from_where_the_filter_was_and_leaves_it_where_it_is() -> None:
    filters, heard = Filters(8, 4 * CELL), sound(12 * CELL)
    for slot, setting in zip(SLOTS, SETTINGS, strict=True):
        filters.set(slot, setting)
    rows = [0, 1, 2]
    filters.process(0, heard[:, : 4 * CELL], rows, SLOTS)
    filters.prepare_sweep([[setting] * 4 for setting in SETTINGS])
    filters.sweep(0, heard[:, 4 * CELL : 8 * CELL], rows, SLOTS)
    filters.process(0, heard[:, 8 * CELL :], rows, SLOTS)
    for row, setting in enumerate(SETTINGS):
        assert heard[row] == pytest.approx(one_by_one(sound(12 * CELL)[row], [setting] * 12), abs=1e-5)
