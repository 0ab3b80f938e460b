"""Threads: as many as there are cores that others leave free, and the same sound however many they are."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest
import torch

from engine.generators import load_generator
from engine.models.cores import LOOK_S, Cores
from engine.request import Request


class Machine:
    """Of so many cores, with a clock that is turned by hand."""

    def __init__(self, cores: int) -> None:
        self.cores, self.now_s, self.used_s = cores, 100.0, 5000.0

    def passes(self, seconds: float, busy: float) -> None:
        """busy: cores that others use meanwhile."""
        self.now_s += seconds
        self.used_s += busy * seconds

    def shared(self, most: int) -> Cores:
        return Cores(most, self.cores, lambda: self.used_s, lambda: self.now_s)


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("cores", "most", "busy", "threads"),
    [
        (2, 2, 0.0, 2),
        (2, 2, 0.1, 2),
        (2, 2, 0.5, 1),
        (2, 2, 2.0, 1),  # nothing is left, and yet somebody has to do it
        (8, 8, 1.0, 7),
        (8, 8, 5.5, 2),
        (16, 8, 2.0, 8),  # cores that compute two things at once: torch itself takes half as many
        (16, 8, 12.0, 4),
        (4, 1, 0.0, 1),
    ],
)
def test_cores_that_others_use_are_left_to_them(cores: int, most: int, busy: float, threads: int) -> None:
    machine = Machine(cores)
    shared = machine.shared(most)
    machine.passes(1.0, busy)
    assert shared.share() == threads
    if threads < most:
        assert torch.get_num_threads() == threads


def test_cores_that_are_free_again_are_used_again() -> None:
    machine = Machine(4)
    shared = machine.shared(4)
    machine.passes(1.0, 2.0)
    assert shared.share() == 2
    machine.passes(1.0, 0.0)
    assert shared.share() == torch.get_num_threads() == 4


def test_time_too_short_to_be_told_changes_nothing() -> None:
    machine = Machine(4)
    shared = machine.shared(4)
    machine.passes(LOOK_S / 2, 3.0)
    assert shared.share() == 4
    machine.passes(LOOK_S / 2, 3.0)
    assert shared.share() == 1


def test_few_rows_are_computed_by_one_thread_and_the_rest_by_all_again() -> None:
    torch.set_num_threads(3)
    shared = Machine(3).shared(3)
    with shared.few_rows():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def test_a_program_at_work_is_seen() -> None:
    cores = os.cpu_count() or 1
    shared = Cores(cores + 1, cores + 1)  # one more than there are: one busy program always shows
    burning = subprocess.Popen([sys.executable, "-c", "while True: sum(range(10000))"])
    try:
        time.sleep(1)
        assert shared.share() < cores + 1
    finally:
        burning.kill()
        burning.wait()


@pytest.mark.parametrize("prompt", ["bell", "70% airy pad 30% flute"])
def test_a_seed_is_the_same_sound_by_any_number_of_threads(prompt: str) -> None:
    generator = load_generator("latente-1")
    sounds = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        generator._cores = Machine(threads).shared(threads)
        made = generator.generate(Request(prompt, seconds=0.6, steps=4, seed=1), lambda *_: None, lambda: False)
        sounds.append((made.sound, *generator.decode(made.latent, [made.pitch], 1)))
    for one, other in zip(*sounds, strict=True):
        assert np.abs(one.samples - other.samples).max() < 1e-6 * one.peak
