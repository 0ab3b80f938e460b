"""Takes go in and come back; nothing is lost by a kill, a crash or a hostile file."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CannotWrite, LibraryProblem
from engine.library import Library, repair
from engine.library.rows import latent_row
from engine.patch import Patch
from engine.pitch import Pitch
from engine.request import Request, Take
from engine.shape import Shape
from engine.sound import Sound

ROOT = Path(__file__).parents[2]


def add(library: Library, prompt: str = "warm bass", note: float | None = 30.0, seed: int = 7) -> Take:
    wave = (0.5 * np.sin(np.arange(4410) / 20)).astype(np.float32)
    sound = Sound(wave, 44100, root_note=note, provenance={"prompt": prompt, "seed": str(seed), "model": "latente-1"})
    latent = np.linspace(-3, 3, 24, dtype=np.float32).reshape(3, 8)
    pitch = Pitch(note, np.array([0.0, -0.5], np.float32), np.array([True, False]))
    return library.add(Request(prompt, seed=seed, negative="noise", seconds=0.1), sound, latent, pitch, 0.25)


def use(folder: Path, takes: list[Take]) -> None:
    """Everything that touches every page of the database."""
    library = Library(folder)
    library.entries(search="bombo")
    for take in takes:
        library.open(take.take_id)
    add(library)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def test_a_take_comes_back_whole(library: Library) -> None:
    take = add(library)
    back = library.open(take.take_id)
    assert back.request == take.request
    assert (back.path, back.wall_s, back.created, back.starred) == (take.path, 0.25, take.created, False)
    assert np.allclose(back.sound.samples, take.sound.samples, atol=1e-6)
    assert np.allclose(back.latent, take.latent, atol=2e-3)
    assert back.pitch.root_note == 30.0
    assert back.pitch.octaves.tolist() == [0.0, -0.5]
    assert back.pitch.voiced.tolist() == [True, False]


def test_the_list_shows_the_newest_first(library: Library) -> None:
    takes = [add(library, f"sound {number}") for number in range(5)]
    assert [entry.take_id for entry in library.entries(3)] == [take.take_id for take in takes[:1:-1]]
    assert [entry.take_id for entry in library.entries(3, offset=3)] == [take.take_id for take in takes[1::-1]]
    entry = library.entries(1)[0]
    assert (entry.prompt, entry.note, entry.seed, entry.path) == ("sound 4", 30, 7, takes[4].path)
    assert entry.seconds == pytest.approx(0.1)
    assert library.count() == 5


@pytest.mark.parametrize("search", ["bombo", "aspero", "BOM ás", "f#1", "“bombo”", "áspero bombo"])
def test_words_notes_and_beginnings_find_a_take(library: Library, search: str) -> None:
    take = add(library, "bombo áspero")
    add(library, "warm pad", note=60)
    assert [entry.take_id for entry in library.entries(search=search)] == [take.take_id]


@pytest.mark.parametrize("search", ['"', "*", "' OR 1=1 --", "NEAR(", "prompt:warm NOT", "\0", "((("])
def test_no_search_is_an_error(library: Library, search: str) -> None:
    add(library)
    assert library.entries(search=search) == []


def test_tags_and_stars_find_takes_and_go_away_again(library: Library) -> None:
    take, other = add(library), add(library)
    library.tag(take.take_id, "for the drop", "fat")
    library.star(take.take_id, True)
    assert [entry.take_id for entry in library.entries(search="drop")] == [take.take_id]
    assert library.entries(search="fat")[0].tags == ("fat", "for the drop")
    assert [entry.take_id for entry in library.entries(starred=True)] == [take.take_id]
    assert library.open(take.take_id).starred
    library.untag(take.take_id, "fat")
    library.star(take.take_id, False)
    assert library.entries(search="fat") == []
    assert library.entries(starred=True) == []
    assert other.take_id in {entry.take_id for entry in library.entries()}


def test_a_removed_take_lies_in_the_trash_and_can_come_back(library: Library) -> None:
    take = add(library)
    library.remove(take.take_id)
    assert library.entries() == library.entries(search="warm") == []
    assert not take.path.exists()
    assert (library.trash / take.path.name).exists()
    library.restore(take.take_id)
    assert take.path.exists()
    assert library.entries(search="warm")[0].take_id == take.take_id


def test_an_unknown_take_is_said_so(library: Library) -> None:
    for act in (library.open, library.remove, library.tag):
        with pytest.raises(LibraryProblem, match="no take nonsense"):
            act("nonsense")


def test_a_missing_sound_file_is_said_so(library: Library) -> None:
    take = add(library)
    take.path.unlink()
    with pytest.raises(LibraryProblem, match="missing or damaged"):
        library.open(take.take_id)


def test_a_take_that_cannot_be_listed_leaves_no_file(library: Library) -> None:
    with sqlite3.connect(library.folder / "library.sqlite") as db:
        db.execute("CREATE TRIGGER refuse BEFORE INSERT ON latents BEGIN SELECT RAISE(ABORT, 'no'); END")
    db.close()
    with pytest.raises(LibraryProblem):
        add(library)
    assert os.listdir(library.sounds) == []
    assert library.count() == 0


def test_many_threads_write_and_read_at_once(library: Library) -> None:
    def work() -> None:
        for _ in range(5):
            library.open(add(library).take_id)
            library.entries(search="warm")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.count() == 20


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    library.close()
    with pytest.raises(LibraryProblem, match="closed"):
        library.entries()


@pytest.mark.parametrize("damage", ["garbage", "half", "zeros"])
def test_a_damaged_list_is_one_clear_line_and_can_be_repaired(library: Library, damage: str) -> None:
    takes = [add(library, f"bombo {number}", seed=number) for number in range(12)]
    library.close()
    database = library.folder / "library.sqlite"
    size = database.stat().st_size
    content = database.read_bytes()
    database.write_bytes(
        {
            "garbage": b"this was no database",
            "half": content[: size // 2 - 100],
            "zeros": content[:100] + bytes(size - 100),
        }[damage]
    )
    with pytest.raises(LibraryProblem) as caught:
        use(library.folder, takes)
    assert "\n" not in str(caught.value)
    assert "repair" in str(caught.value)
    assert all(take.path.exists() for take in takes)

    found, aside = repair(library.folder)
    assert found >= len(takes)
    assert aside is not None
    assert aside.exists()
    again = Library(library.folder)
    assert {"bombo 3", "bombo 11"} <= {entry.prompt for entry in again.entries(search="bombo")}
    entry = again.entries(search="3")[0]
    assert (entry.seed, entry.note) == (3, 30)
    assert again.open(entry.take_id).latent.size == 0
    again.close()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        db.execute("CREATE TABLE photos (id)")
    db.close()
    with pytest.raises(LibraryProblem, match="not a library of Latente"):
        Library(tmp_path)


def test_how_a_take_is_played_and_edited_comes_back(library: Library) -> None:
    take = add(library, "pad")
    assert (library.open(take.take_id).patch, library.open(take.take_id).edits) == (None, "")
    library.keep_patch(take.take_id, Patch(attack_s=0.5, filter_type="low-pass"))
    library.keep_edits(take.take_id, '{"edits":[]}')
    assert library.open(take.take_id).shape == Shape()
    library.keep_shape(take.take_id, Shape(trim_s=(0.1, 0.4), reverse="on"))
    opened = library.open(take.take_id)
    assert opened.patch == Patch(attack_s=0.5, filter_type="low-pass")
    assert opened.edits == '{"edits":[]}'
    assert opened.shape == Shape(trim_s=(0.1, 0.4), reverse="on")
    library.keep_shape(take.take_id, Shape())
    assert library.open(take.take_id).shape == Shape()


def test_a_library_of_version_1_is_opened_with_all_its_takes(tmp_path: Path) -> None:
    library = Library(tmp_path)
    take = add(library, "pad")
    library.close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        added = {"takes": ("patch", "edits", "shape"), "latents": ("chord", "formant_st")}
        for table, column in ((table, column) for table, columns in added.items() for column in columns):
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 1")
    db.close()
    library = Library(tmp_path)
    opened = library.open(take.take_id)
    library.close()
    assert (opened.request.prompt, opened.patch, opened.pitch.chord, opened.pitch.formant_st) == ("pad", None, (0,), 0)
    assert opened.shape == Shape()


def test_a_library_of_a_newer_version_is_refused(library: Library) -> None:
    with sqlite3.connect(library.folder / "library.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    library.close()
    with pytest.raises(LibraryProblem, match="newer Latente"):
        Library(library.folder)


@pytest.mark.parametrize("column", ["file = '../../etc/passwd'", "file = '/etc/passwd'", "request = 'x'", "file = ''"])
def test_a_row_that_was_tampered_with_is_refused(library: Library, column: str) -> None:
    take = add(library)
    with sqlite3.connect(library.folder / "library.sqlite") as db:
        db.execute(f"UPDATE takes SET {column}")
    db.close()
    with pytest.raises(LibraryProblem):
        library.open(take.take_id)
    with pytest.raises(LibraryProblem):
        library.remove(take.take_id) if "file" in column else library.open(take.take_id)
    assert take.path.exists()


def test_a_latent_of_the_wrong_size_is_refused(library: Library) -> None:
    take = add(library)
    with sqlite3.connect(library.folder / "library.sqlite") as db:
        db.execute("UPDATE latents SET frames = 1000000")
    db.close()
    with pytest.raises(LibraryProblem, match="latent is damaged"):
        library.open(take.take_id)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        Library(tmp_path / "file" / "library")


def test_a_kill_loses_no_take_that_was_reported(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.engine.test_library import Library, add\n"
        "library = Library(Path(sys.argv[1]))\n"
        "while True: print(add(library).take_id, flush=True)\n"
    )
    reported: list[str] = []
    for kill_after in (1, 4, 9):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        reported += [child.stdout.readline().strip() for _ in range(kill_after)]
        time.sleep(0.003 * kill_after)
        child.send_signal(signal.SIGKILL)
        reported += child.stdout.read().split()
        child.wait()
        child.stdout.close()
    library = Library(tmp_path)
    listed = library.entries(10_000)
    assert set(filter(None, reported)) <= {entry.take_id for entry in listed}
    for entry in listed:
        assert library.open(entry.take_id).sound.frames == 4410
    library.close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_many_sounds_are_found_as_quickly_as_few(library: Library) -> None:
    many = 20_000
    latent = latent_row(0, np.zeros((4, 8), np.float32), Pitch(40.0))[1:]
    words = ("warm", "bass", "punchy", "kick", "dark", "pad", "bright", "reese")
    with sqlite3.connect(library.folder / "library.sqlite") as db:
        for number in range(1, many + 1):
            prompt = f"{words[number % 8]} {words[number % 7]} {words[number % 5]}"
            db.execute(
                "INSERT INTO takes (number, take_id, file, created, prompt, note, seconds, seed, model, wall_s,"
                " request) VALUES (?, ?, ?, 0, ?, 40, 1, 1, 'm', 1, '{}')",
                (number, f"{number:x}", f"{number}.wav", prompt),
            )
            db.execute("INSERT INTO latents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *latent))
            db.execute("INSERT INTO words (rowid, prompt, tags, note) VALUES (?, ?, '', 'E2')", (number, prompt))
    db.close()
    library.close()
    started = time.process_time()
    opened = Library(library.folder)
    for search in ("", "warm", "w", "warm ba pun", "e2"):
        opened.entries(search=search)
    opened.close()
    assert time.process_time() - started < 0.5  # five searches of a few milliseconds each
    shutil.rmtree(library.folder)


def test_a_width_that_did_nothing_to_an_old_take_still_does_nothing(tmp_path: Path) -> None:
    """Above 100 % a mono sound gets a side now; takes of before keep their sound."""
    library = Library(tmp_path)
    plain, roomy, brought, narrow = (add(library, prompt) for prompt in ("plain", "roomy", "brought", "narrow"))
    shapes = {plain: Shape(width=150.0, drive_db=3.0), roomy: Shape(width=150.0, reverb_mix=20.0)}
    shapes |= {brought: Shape(width=150.0), narrow: Shape(width=50.0)}
    for take, shape in shapes.items():
        library.keep_shape(take.take_id, shape)
    library.close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        said = """json_set(request, '$.source', 'x.wav', '$.strength', 0.0)"""
        db.execute(f"UPDATE takes SET request = {said} WHERE take_id = ?", (brought.take_id,))
        db.execute("UPDATE takes SET request = json_remove(request, '$.width')")
        db.execute("PRAGMA user_version = 4")
    db.close()
    library = Library(tmp_path)
    opened = {take: library.open(take.take_id) for take in shapes}
    library.close()
    assert opened[plain].shape == Shape(width=100.0, drive_db=3.0)
    for take in (roomy, brought, narrow):
        assert opened[take].shape == shapes[take]
    assert all(take.width == 0.0 for take in opened.values())  # and is decoded as it was made


def test_a_take_says_how_wide_it_was_made(library: Library) -> None:
    take = add(library)
    wide = library.add(Request("pad", seed=1, width=110.0), take.sound, take.latent, take.pitch, 0.1)
    assert library.open(wide.take_id).width == 110.0
    assert library.open(take.take_id).width == 0.0
