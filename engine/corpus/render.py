"""Renders a corpus: procedural instruments, two soundfonts, CC0 recordings; measured, ranked, with a manifest."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.corpus.jobs import carry_out
from engine.corpus.plan import APART, plan
from engine.corpus.recordings import recordings
from engine.corpus.soundfonts import FONTS, find_font
from engine.corpus.store import CorpusWriter
from engine.corpus.synths import SYNTHS
from engine.errors import ModelProblem
from engine.qualities import QUALITIES

FOLLOW_THE_NOTE = frozenset({"brightness", "body"})


def render_corpus(
    out: Path,
    count: int,
    seed: int = 0,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    apart: int = APART,
) -> dict[str, Any]:
    """Write about `count` sounds to `out` (silent draws are left out); returns what `corpus.json` says.

    apart: semitones that the two notes of an instrument lie from each other at most. The same seed and count give the
    same corpus on the same machine. Needs the soundfonts and recordings of
    `make corpus-sources`; what is not installed is left out, and `corpus.json` says so.
    """
    fonts = installed_fonts()
    found = recordings()
    jobs = plan(count, seed, list(SYNTHS), fonts, len(found), apart)
    total = sum(job.sounds for job in jobs)
    numbers: dict[str, int] = {}
    done = 0
    with CorpusWriter(out) as writer, multiprocessing.get_context("spawn").Pool(workers or os.cpu_count()) as pool:
        for job, renditions in zip(jobs, pool.imap(carry_out, jobs), strict=True):
            for rendition in renditions:
                row = rendition.row
                row["pair"] = numbers.setdefault(row["pair"], len(numbers))
                writer.add(rendition.samples, rendition.f0_hz, row)
            done += job.sounds
            on_progress(done, total)
        rank_qualities(writer.rows)
        facts = {"seed": seed, "count": count, "fonts": fonts, "recordings": len(found), "families": len(SYNTHS)}
        writer.finish(facts)
    return facts


def installed_fonts() -> list[str]:
    """The soundfonts of FONTS that are here."""
    present = []
    for font in FONTS:
        try:
            find_font(font)
        except ModelProblem:
            continue
        present.append(font)
    return present


def quantiles(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks from -1 (lowest) to 1 (highest); equal values share the middle of theirs, so that no order is made up."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    return np.asarray(2.0 * middle[place] / max(1, len(values) - 1) - 1.0)


def beyond_the_note(values: npt.NDArray[np.float64], notes: Sequence[float | None]) -> npt.NDArray[np.float64]:
    """What of log `values` a straight line over the notes does not explain; sounds without a note keep to their mean."""
    logs = np.log(np.maximum(values, 1e-6))
    at = np.array([np.nan if note is None else note for note in notes])
    known = ~np.isnan(at)
    if known.sum() < 8 or np.ptp(at[known]) < 6:
        return np.asarray(logs)
    slope, offset = np.polyfit(at[known], logs[known], 1)
    return np.asarray(np.where(known, logs - (slope * np.nan_to_num(at) + offset), logs - logs[known].mean()))


def rank_qualities(rows: list[dict[str, Any]]) -> None:
    """Give every row `qualities`: each measured feature as its quantile within the family, -1 (lowest) to 1 (highest).

    A high note is brighter than a low one of the same instrument: where a feature follows the note, what counts is how
    far it lies from what its note lets expect.
    """
    by_family: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_family.setdefault(row["family"], []).append(row)
    for members in by_family.values():
        for row in members:
            row["qualities"] = {}
        for key, quality in QUALITIES.items():
            values = np.array([row["features"][quality.feature] for row in members])
            if key in FOLLOW_THE_NOTE:
                values = beyond_the_note(values, [row["note"] for row in members])
            for row, quantile in zip(members, quantiles(values), strict=True):
                row["qualities"][key] = round(float(quantile), 3)
