"""From words to takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.audiofile import read_audio
from engine.events import CancelledEvent, Event, Failed, Progress
from engine.request import Request
from gui.batch import Batch
from tests.gui.conftest import Rig, wait


def ask(rig: Rig, words: str) -> None:
    rig.window.prompt.line.clear()
    QTest.keyClicks(rig.window.prompt.line, words)
    QTest.keyClick(rig.window.prompt.line, Qt.Key.Key_Return)


def takes(rig: Rig) -> int:
    return rig.window.takes.model.rowCount()


def test_words_and_enter_make_a_take_whose_file_is_complete(rig: Rig, qtbot: QtBot) -> None:
    ask(rig, "warm bass")
    wait(qtbot, lambda: takes(rig) == 1)
    entry = rig.window.takes.model.entry(0)
    assert entry.prompt == "warm bass"
    sound = read_audio(entry.path)
    assert sound.frames == 44100
    assert sound.peak_dbfs > -2
    take = rig.window.listening.take
    assert take is not None
    assert take.take_id == entry.take_id
    assert "1 take in" in rig.window.status.batch


def test_variations_arrive_one_by_one_with_seeds_that_count_up(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(step_s=0.01)
    seen: list[int] = []
    rig.window.takes.model.rowsInserted.connect(lambda *_rows: seen.append(takes(rig)))
    rig.window.prompt.count.set_value(4)
    rig.window.prompt.seed.lock_at(100)
    ask(rig, "bell")
    wait(qtbot, lambda: not rig.window.making.busy and takes(rig) == 4)
    assert seen == [1, 2, 3, 4]
    assert [rig.window.takes.model.entry(row).seed for row in range(4)] == [103, 102, 101, 100]
    assert len(rig.files()) == 4


def test_a_locked_seed_gives_the_same_sound_again(rig: Rig, qtbot: QtBot) -> None:
    rig.window.prompt.seed.lock_at(7)
    for count in (1, 2):
        ask(rig, "gong")
        wait(qtbot, lambda count=count: takes(rig) == count and not rig.window.making.busy)
    first, second = (read_audio(path) for path in rig.files())
    assert (first.samples == second.samples).all()


def test_cancel_is_felt_within_300_ms_and_leaves_nothing(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(step_s=0.05)
    ended: list[tuple[float, Event]] = []
    rig.bridge.happened.connect(lambda event: ended.append((time.perf_counter(), event)))
    rig.window.prompt.count.set_value(4)
    ask(rig, "riser")
    wait(qtbot, lambda: "· step" in rig.window.prompt.button.accessibleName())
    assert rig.window.prompt.button.text() == "Cancel"
    began = time.perf_counter()
    QTest.keyClick(rig.window.prompt.line, Qt.Key.Key_Escape)
    assert rig.window.prompt.button.text() == "Generate"

    def stopped() -> list[float]:
        return [at for at, event in ended if isinstance(event, CancelledEvent)]

    wait(qtbot, lambda: len(stopped()) == 4)
    assert stopped()[-1] - began < 0.3
    assert rig.files() == []
    assert takes(rig) == 0
    assert rig.window.status.batch == "cancelled"


def test_what_makes_no_sense_is_refused_in_one_line(rig: Rig) -> None:
    ask(rig, "   ")
    assert "The prompt is empty" in rig.window.status.message
    rig.window.asking.note.setText("H9")
    ask(rig, "kick")
    assert "H9” is no note" in rig.window.status.message
    assert not rig.window.making.busy
    assert rig.window.prompt.button.text() == "Generate"


def test_a_failed_job_says_why_and_the_next_one_works(rig: Rig, qtbot: QtBot) -> None:
    rig.library.sounds.rmdir()
    rig.library.sounds.write_text("in the way")
    ask(rig, "snare")
    wait(qtbot, lambda: not rig.window.making.busy)
    assert rig.window.status.message
    rig.library.sounds.unlink()
    rig.library.sounds.mkdir()
    ask(rig, "snare")
    wait(qtbot, lambda: takes(rig) == 1)


def test_note_length_and_avoid_reach_the_take(rig: Rig, qtbot: QtBot) -> None:
    rig.window.asking.note.setText("F#1")
    rig.window.asking.knobs["seconds"].set_value(0.5)
    rig.window.prompt.avoid.setText("noisy")
    ask(rig, "bass")
    wait(qtbot, lambda: rig.window.listening.take is not None)
    take = rig.window.listening.take
    assert take is not None
    assert (take.request.note, take.request.negative) == (30, "noisy")
    assert take.sound.frames == 22050
    assert take.sound.root_note == 30


def test_stale_events_are_dropped(rig: Rig) -> None:
    rig.bridge.happened.emit(Progress("of-yesterday", 3, 4))
    rig.bridge.happened.emit(Failed("of-yesterday", "an old complaint"))
    assert rig.window.prompt.button.text() == "Generate"
    assert rig.window.status.message == ""


def test_a_batch_counts_its_own_events_only() -> None:
    requests = [Request("kick", seed=seed) for seed in (1, 2)]
    batch = Batch(requests)
    first, second = (request.request_id for request in requests)
    assert not batch.owns(Progress("another", 1, 2))
    batch.follow(Progress(first, 8, 16))
    assert batch.share == 0.25
    assert batch.detail == "1 of 2 · step 8/16"
    batch.follow(Failed(first, "no"))
    batch.follow(CancelledEvent(second))
    assert batch.done
    assert batch.failures == ["no"]
    batch.abandon()
    assert not batch.owns(Progress(first, 9, 16))
