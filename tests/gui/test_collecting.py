"""Cycles with Qt objects in them are taken apart by the GUI thread alone."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from pytestqt.qtbot import QtBot

from gui import collecting
from gui.collecting import Collector


class Knot:
    """A cycle that says which thread took it apart."""

    def __init__(self, seen: list[str]) -> None:
        self.me = self
        weakref.finalize(self, lambda: seen.append(threading.current_thread().name))


@pytest.fixture
def collector(qtbot: QtBot):
    made = Collector()
    yield made
    made.stop()
    gc.disable()


def test_other_threads_leave_cycles_to_the_gui_thread(qtbot: QtBot, collector: Collector) -> None:
    seen: list[str] = []

    def busy() -> None:
        for _ in range(2000):
            Knot(seen)
        _ = [[number] for number in range(50_000)]

    worker = threading.Thread(target=busy, name="worker")
    worker.start()
    worker.join()
    assert "worker" not in seen
    qtbot.waitUntil(lambda: len(seen) == 2000, timeout=10_000)
    assert set(seen) == {threading.main_thread().name}


def test_python_collects_again_afterwards(collector: Collector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


def test_what_outlives_a_slow_look_is_not_looked_at_again_and_new_cycles_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "_SLOW_S", 0.0)
    thresholds = gc.get_threshold()
    gc.set_threshold(10, 1, 1)
    collector = Collector()
    collector._timer.stop()
    try:
        heap = [[number] for number in range(40_000)]
        frozen = gc.get_freeze_count()
        for _ in range(20):  # until the oldest generation's turn has come
            heap += [[number] for number in range(20)]
            collector.look()
        assert gc.get_freeze_count() >= frozen + 40_000
        seen: list[str] = []
        Knot(seen)
        for _ in range(20):
            heap += [[number] for number in range(20)]
            collector.look()
        assert seen
    finally:
        collector.stop()
        gc.disable()
        gc.set_threshold(*thresholds)
