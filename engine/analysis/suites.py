"""The suites behind `latente evaluate`: each renders a fixed list and returns figures, JSON-ready, figures first."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from engine.analysis.defects import DEFECTS, defects
from engine.analysis.features import Features, measure
from engine.analysis.metrics import mel_distance_db
from engine.analysis.pitch_track import track
from engine.analysis.prompts import (
    FULL_PAIRS,
    FULL_PITCHED,
    FULL_SIZED,
    QUICK_PAIRS,
    QUICK_PITCHED,
    QUICK_SIZED,
    Pair,
    Pitched,
    Sized,
)
from engine.errors import BadRequest, CannotWrite
from engine.request import Generator, Request
from engine.sound import Sound

Finish = Callable[[Sound], Sound]
OnSound = Callable[[int, int], None]

PAIR_SECONDS = 1.5  # length of both sounds of a pair, unless it is the length that is asked for
FAILURES_SHOWN = 20  # of each kind
QUICK_SEEDS, FULL_SEEDS = 2, 4


def run_suite(
    name: str,
    generator: Generator,
    quick: bool = True,
    out: Path | None = None,
    finish: Finish = lambda sound: sound,
    on_sound: OnSound = lambda done, of: None,
) -> dict[str, Any]:
    """Run a suite. Single figures stand at the top level of the result, details in dicts and lists below them.

    out: folder for `<suite>-quick.json` or `<suite>.json`, None for no file. finish: what the program does to a sound
    before it leaves (`dsp.finish`), so that what is measured is what people hear. on_sound(done, of): after each sound.
    Raises BadRequest for an unknown suite, CannotWrite when the file cannot be written.
    """
    if name not in SUITES:
        raise BadRequest(f"There is no suite “{name[:40]}”. Choose one of: {', '.join(SUITES)}.")
    if out is not None:
        _writable(_file(name, quick, out))  # before the work is done
    result = SUITES[name](generator, quick, finish, on_sound)
    write_figures(name, result, quick, out)
    return result


def write_figures(name: str, figures: dict[str, Any], quick: bool, out: Path | None) -> None:
    """A suite's result as `<suite>-quick.json` or `<suite>.json` in a folder, None for no file. Raises CannotWrite."""
    if out is not None:
        file = _writable(_file(name, quick, out))
        file.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _file(name: str, quick: bool, out: Path) -> Path:
    return out / f"{name}{'-quick' if quick else ''}.json"


def _writable(file: Path) -> Path:
    """`file`, in a folder that exists. Raises CannotWrite."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8"):
            return file
    except OSError as error:
        raise CannotWrite(f"The results cannot be written to {file.parent}: {error.strerror}.") from error


@dataclass(frozen=True, eq=False)
class _Made:
    """One rendered sound of the list. understood: what the generator read from the prompt."""

    prompt: str
    seed: int
    sound: Sound
    features: Features
    faults: frozenset[str]
    understood: dict[str, Any]


def _prompts(generator: Generator, quick: bool, finish: Finish, on_sound: OnSound) -> dict[str, Any]:
    """Pairs ordered rightly, pitch, length, defects, variety over seeds."""
    pairs, pitched = (QUICK_PAIRS, QUICK_PITCHED) if quick else (FULL_PAIRS, FULL_PITCHED)
    sized = QUICK_SIZED if quick else FULL_SIZED
    seeds = range(1, 1 + (QUICK_SEEDS if quick else FULL_SEEDS))
    prompts = 2 * len(pairs) + len(pitched) + len(sized)
    total, done = prompts * len(seeds), 0
    start = time.perf_counter()

    def make(prompt: str, seed: int, note: int | None, seconds: float | None) -> _Made:
        nonlocal done
        request = Request(prompt, note=note, seconds=seconds, seed=seed, model=generator.name)
        generated = generator.generate(request, lambda step, steps: None, lambda: False)
        sound = finish(generated.sound)
        done += 1
        on_sound(done, total)
        return _Made(prompt, seed, sound, measure(sound), defects(sound), generated.understood)

    made_pairs: list[tuple[Pair, _Made, _Made]] = []
    for pair in pairs:
        seconds = None if pair.quality == "decay" else PAIR_SECONDS
        for seed in seeds:
            low, high = (make(prompt, seed, pair.note, seconds) for prompt in (pair.low, pair.high))
            made_pairs.append((pair, low, high))
    made_pitched = [(row, make(row.prompt, seed, None, None)) for row in pitched for seed in seeds]
    made_sized = [(row, make(row.prompt, seed, None, None)) for row in sized for seed in seeds]
    wall_s = time.perf_counter() - start

    everything = [made for _, *two in made_pairs for made in two]
    everything += [made for _, made in made_pitched] + [made for _, made in made_sized]
    ordered, by_quality, wrong_pairs = _pair_figures(made_pairs)
    pitch, wrong_notes = _pitch_figures(made_pitched)
    length, wrong_lengths = _length_figures(made_sized)
    families = [(pair.family, made) for pair, *two in made_pairs for made in two]
    families += [(row.family, made) for row, made in made_pitched] + [(row.family, made) for row, made in made_sized]
    return {
        "suite": "prompts",
        "model": generator.name,
        "prompts": prompts,
        "seeds": len(seeds),
        "sounds": len(everything),
        "pairs_ordered": ordered,
        **pitch,
        **length,
        **{name: _share(name in made.faults for made in everything) for name in DEFECTS},
        "family_read": _share(made.understood.get("family") == family for family, made in families),
        "variety_db": _variety(everything),
        "wall_s": round(wall_s, 2),
        "seconds_a_sound": round(wall_s / len(everything), 3),
        "pairs_by_quality": by_quality,
        "pairs_by_language": _pairs_by_language(made_pairs),
        "failures": [line for wrong in (wrong_pairs, wrong_notes, wrong_lengths) for line in wrong[:FAILURES_SHOWN]],
        "defects": [
            f"{made.prompt} (seed {made.seed}): {', '.join(sorted(made.faults))}" for made in everything if made.faults
        ],
    }


def _rightly(pair: Pair, low: _Made, high: _Made) -> bool:
    return bool(getattr(low.features, pair.feature) < getattr(high.features, pair.feature))


def _pair_figures(made: list[tuple[Pair, _Made, _Made]]) -> tuple[float, dict[str, float], list[str]]:
    """Share ordered rightly, the same by quality, and what went wrong, in words."""
    by_quality: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for pair, low, high in made:
        right = _rightly(pair, low, high)
        by_quality[pair.quality].append(right)
        if not right:
            values = [f"{getattr(side.features, pair.feature):.4g}" for side in (low, high)]
            wrong.append(f"{pair.low} / {pair.high} (seed {low.seed}): {pair.feature} {values[0]} / {values[1]}")
    return _share(_rightly(*row) for row in made), {key: _share(rows) for key, rows in by_quality.items()}, wrong


def _pairs_by_language(made: list[tuple[Pair, _Made, _Made]]) -> dict[str, float]:
    languages = dict.fromkeys(pair.language for pair, _, _ in made)
    return {language: _share(_rightly(*row) for row in made if row[0].language == language) for language in languages}


def _pitch_figures(made: list[tuple[Pitched, _Made]]) -> tuple[dict[str, float], list[str]]:
    cents: list[float | None] = []
    wrong = []
    for row, one in made:
        apart = track(one.sound).cents_from(row.note)
        cents.append(apart)
        if apart is None or abs(apart) > 50:
            found = "no pitch" if apart is None else f"{apart:+.0f} cents"
            wrong.append(f"{one.prompt} (seed {one.seed}): {found}")
    heard = [abs(value) for value in cents if value is not None]
    octaves = [
        value is not None and abs(value) > 50 and abs(value - 1200 * round(value / 1200)) <= 50 for value in cents
    ]
    return {
        "pitch_within_10_cents": _share(value is not None and abs(value) <= 10 for value in cents),
        "pitch_within_50_cents": _share(value is not None and abs(value) <= 50 for value in cents),
        "pitch_octave_off": _share(octaves),
        "pitch_none": _share(value is None for value in cents),
        "pitch_median_cents": round(median(heard), 2) if heard else float("nan"),
    }, wrong


def _length_figures(made: list[tuple[Sized, _Made]]) -> tuple[dict[str, float], list[str]]:
    """How long it sounds, since what is finished ends where it has died away."""
    apart = [one.sound.seconds / row.seconds - 1 for row, one in made]
    wrong = [
        f"{one.prompt} (seed {one.seed}): {one.sound.seconds:.2f} s"
        for (_, one), off in zip(made, apart, strict=True)
        if abs(off) > 0.1
    ]
    return {"length_within_10_percent": _share(abs(off) <= 0.1 for off in apart)}, wrong


def _variety(made: list[_Made]) -> float:
    """Median mel distance in dB between two seeds of one prompt: 0 would be always the same sound."""
    by_prompt: dict[str, list[Sound]] = defaultdict(list)
    for one in made:
        by_prompt[one.prompt].append(one.sound)
    two = [sounds[:2] for sounds in by_prompt.values() if len(sounds) > 1]
    distances = []
    for first, second in two:
        frames = 3 * first.rate_hz
        sides = [torch.from_numpy(_level(sound.mono(), frames))[None] for sound in (first, second)]
        distances.append(float(mel_distance_db(sides[0], sides[1], rate_hz=first.rate_hz)))
    return round(median(distances), 2) if distances else 0.0


def _level(samples: np.ndarray[Any, np.dtype[np.float32]], frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`frames` samples with a peak of 1, so that loudness is not taken for variety."""
    cut = np.nan_to_num(samples[:frames])
    return np.pad(cut / max(float(np.abs(cut).max(initial=0.0)), 1e-9), (0, frames - len(cut))).astype(np.float32)


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else 0.0


SUITES: dict[str, Callable[[Generator, bool, Finish, OnSound], dict[str, Any]]] = {"prompts": _prompts}
