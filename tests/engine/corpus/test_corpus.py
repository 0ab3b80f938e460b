"""The corpus: planned in full, the same by seed, described, split by instrument."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.corpus import jobs
from engine.corpus.general_midi import DRUMS, PROGRAMS
from engine.corpus.plan import Job, plan
from engine.corpus.recordings import cc0_names
from engine.corpus.render import installed_fonts, quantiles, rank_qualities, render_corpus
from engine.corpus.soundfonts import TEST_KEYS, TEST_PROGRAMS, VALID_KEYS, VALID_PROGRAMS
from engine.corpus.store import Corpus
from engine.corpus.synths import SYNTHS
from engine.errors import LatenteError
from engine.families import FAMILIES
from engine.qualities import QUALITIES


def test_every_family_has_a_synthesiser() -> None:
    assert set(SYNTHS) == set(FAMILIES)
    assert len(SYNTHS) >= 40


def test_a_plan_has_every_sound_and_is_the_same_by_seed() -> None:
    families, fonts = list(SYNTHS), ["fluidr3", "musescore"]
    first, again, other = (plan(5000, seed, families, fonts, 100) for seed in (1, 1, 2))
    assert sum(job.sounds for job in first) == 5000
    assert first == again
    assert [job.seed for job in first] != [job.seed for job in other]
    assert {job.name for job in first if job.source == "synth"} == set(families)
    assert len({job.seed for job in first}) == len(first)


def test_what_is_not_installed_leaves_its_share_to_the_rest() -> None:
    jobs_ = plan(1000, 1, ["kick", "bell"], [], 0)
    assert sum(job.sounds for job in jobs_) == 1000
    assert {job.source for job in jobs_} == {"synth"}


@pytest.mark.parametrize("family", ["kick", "reese", "bell", "laser"])
def test_a_job_gives_the_same_sounds_again(family: str) -> None:
    first, again = (jobs.carry_out(Job("synth", family, 6, 77)) for _ in (0, 1))
    assert [r.row for r in first] == [r.row for r in again]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, again, strict=True))


def test_sounds_are_loud_trimmed_and_faded() -> None:
    for family in ("snare", "warm_pad", "bass_808", "riser"):
        for rendition in jobs.carry_out(Job("synth", family, 6, 3)):
            level = np.abs(rendition.samples.astype(np.float32)) / 32767
            assert level.max() == pytest.approx(jobs.PEAK, abs=0.01)
            assert level[:600].max() > 1e-3 * level.max()
            assert level[-1] == 0
            assert len(rendition.f0_hz) == 1 + len(rendition.samples) // 512


def test_two_notes_of_one_instrument_share_a_pair_and_a_split(tmp_path: Path) -> None:
    rows = [r.row for r in jobs.carry_out(Job("synth", "marimba", 8, 5))]
    for a, b in zip(rows[::2], rows[1::2], strict=True):
        assert (a["pair"], a["instrument"], a["split"]) == (b["pair"], b["instrument"], b["split"])
        assert a["note"] != b["note"]
        assert abs(a["note"] - b["note"]) <= 12


def test_the_two_notes_lie_as_far_apart_as_is_asked_for() -> None:
    rows = [r.row for r in jobs.carry_out(Job("synth", "marimba", 24, 5, apart=24))]
    apart = [abs(a["note"] - b["note"]) for a, b in zip(rows[::2], rows[1::2], strict=True)]
    assert 12 < max(apart) <= 24


def test_a_rendered_corpus_opens_and_says_what_it_holds(tmp_path: Path) -> None:
    facts = render_corpus(tmp_path / "c", 130, seed=4, workers=1)
    corpus = Corpus.open(tmp_path / "c")
    assert 110 <= len(corpus.rows) <= 130
    assert facts["families"] == len(SYNTHS)
    for row in corpus.rows:
        assert row["licence"] in (jobs.OURS, jobs.MIT, jobs.CC0)
        assert row["split"] in ("train", "valid", "test")
        assert set(row["qualities"]) == set(QUALITIES)
        assert corpus.sound(row["index"]).shape == (row["frames"],)
    assert len({row["family"] for row in corpus.rows}) >= 40
    assert corpus.sound(0, 100, 50).shape == (50,)
    assert corpus.f0(0, points=5000).shape == (5000,)
    assert {row["origin"] for row in corpus.rows} >= {"synth", *installed_fonts()}


def test_an_unfinished_corpus_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "samples.i16").write_bytes(b"1234")
    with pytest.raises(LatenteError, match="latente corpus render"):
        Corpus.open(tmp_path)


def test_qualities_are_ranks_within_the_family() -> None:
    feature = {quality.feature: 1.0 for quality in QUALITIES.values()}
    kick = {"family": "kick", "note": None}
    rows = [{**kick, "features": {**feature, "centroid_hz": hz}} for hz in (300.0, 100.0, 200.0)]
    rows.append({"family": "bell", "note": 60, "features": {**feature, "centroid_hz": 9000.0}})
    rank_qualities(rows)
    assert [row["qualities"]["brightness"] for row in rows[:3]] == [1.0, -1.0, 0.0]


def test_equal_values_share_their_rank() -> None:
    assert quantiles(np.array([5.0, 1.0, 1.0, 9.0, 1.0])).tolist() == [0.5, -0.5, -0.5, 1.0, -0.5]
    assert quantiles(np.array([3.0])).tolist() == [-1.0]


def test_brightness_is_judged_against_the_note() -> None:
    """Twice as bright an octave higher is not brighter; a muffled high note is dark."""
    feature = {quality.feature: 1.0 for quality in QUALITIES.values()}
    notes = [40, 46, 52, 58, 64, 70, 76, 82, 88]
    rows = [
        {"family": "flute", "note": note, "features": {**feature, "centroid_hz": 500 * 2 ** ((note - 40) / 12)}}
        for note in notes
    ]
    rows[-2]["features"]["centroid_hz"] /= 3
    rank_qualities(rows)
    assert rows[-2]["qualities"]["brightness"] == -1.0
    assert rows[0]["qualities"]["brightness"] < 0.8


def test_general_midi_is_whole_and_every_family_keeps_an_instrument_to_train_on() -> None:
    for table, held_out in ((PROGRAMS, VALID_PROGRAMS | TEST_PROGRAMS), (DRUMS, VALID_KEYS | TEST_KEYS)):
        for number, program in table.items():
            assert program.family in FAMILIES
            assert any(program.family == other.family for key, other in table.items() if key not in held_out), number
    assert len(PROGRAMS) >= 120


def test_cc0_files_are_read_from_the_copyright_file() -> None:
    text = """Format: x

Files: etc/samples/a.flac
 etc/samples/b.flac
Copyright: someone
License: CC0

Files: etc/samples/c.flac
Copyright: someone else
License: CC-BY-SA-4.0
"""
    assert cc0_names(text) == {"a.flac", "b.flac"}
