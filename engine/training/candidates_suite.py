"""`latente evaluate candidates`: whether the best of several by the ranker is better by the independent judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.features import measure
from engine.analysis.prompts import FULL_PAIRS, FULL_PITCHED, QUICK_PAIRS, QUICK_PITCHED
from engine.corpus.store import Corpus
from engine.qualities import QUALITIES
from engine.request import Generator, Request, candidate_seeds
from engine.sound import Sound
from engine.training.asked import Finish, OnSound, answered
from engine.training.judge import Judge

Rank = Callable[[str, Sequence[Sound]], list[float]]  # words and sounds -> scores: what `--candidates` ranks by
QUICK_SEEDS, FULL_SEEDS = 2, 4
SECONDS = 1.5  # of every sound, unless its length is what is asked for


@dataclass(frozen=True)
class Wish:
    """A prompt of the fixed list: its family, and the quality that one of its words asks for (+1 much, -1 little)."""

    prompt: str
    family: str
    note: int | None = None
    quality: str = ""
    sign: int = 0


def wishes(quick: bool) -> list[Wish]:
    """The prompts of `latente evaluate prompts`."""
    pairs, pitched = (QUICK_PAIRS, QUICK_PITCHED) if quick else (FULL_PAIRS, FULL_PITCHED)
    found = [
        Wish(words, pair.family, pair.note, pair.quality, sign)
        for pair in pairs
        for words, sign in ((pair.low, -1), (pair.high, 1))
    ]
    return found + [Wish(row.prompt, row.family, row.note) for row in pitched]


def candidates_suite(
    generator: Generator, corpus: Corpus, judge: Judge, rank: Rank, quick: bool, finish: Finish, on_sound: OnSound,
    asked: Sequence[Wish] | None = None, count: int = 4,
) -> dict[str, Any]:  # fmt: skip
    """Each prompt and seed with `count` candidates. *_first: the first one, as without candidates; *_best: the one the
    ranker keeps; *_any: the share of prompts in which any candidate would do, which no ranker can pass.

    named: the judge takes it for its family; grouped: for one of its group; obeyed: the quality that a word asks for
    lies on that side of the middle of the family's real sounds. named_gained, named_lost: how often ranking turned a
    sound that the judge takes for another family into one it names, and the other way round.
    """
    wanted = wishes(quick) if asked is None else list(asked)
    seeds = range(1, 1 + (QUICK_SEEDS if quick else FULL_SEEDS))
    middles, done, total = _middles(corpus), 0, len(wanted) * len(seeds) * count

    def counted() -> None:
        nonlocal done
        done += 1
        on_sound(done, total)

    rows: dict[str, list[list[bool]]] = defaultdict(list)
    kept, scores = [], []
    for wish in wanted:
        for seed in seeds:
            requests = [_request(wish, one, generator.name) for one in candidate_seeds(seed, count)]
            sounds, _ = answered(generator, requests, finish, counted)
            found = rank(wish.prompt, sounds)
            heard = judge.heard(sounds)
            rows["named"].append(heard.named([wish.family] * count).tolist())
            rows["grouped"].append(heard.grouped([wish.family] * count).tolist())
            rows["best"].append([number == int(np.argmax(found)) for number in range(count)])
            if wish.quality:
                feature = QUALITIES[wish.quality].feature
                middle = middles[wish.family, wish.quality]
                rows["obeyed"].append([wish.sign * (getattr(measure(one), feature) - middle) > 0 for one in sounds])
                kept.append(rows["best"][-1])
            scores.append((found[0], max(found)))
    best = np.asarray(rows["best"])
    named = np.asarray(rows["named"])
    return {
        "suite": "candidates",
        "model": generator.name,
        "prompts": len(wanted),
        "seeds": len(seeds),
        "candidates": count,
        **_rates("named", named, best),
        **_rates("grouped", np.asarray(rows["grouped"]), best),
        **(_rates("obeyed", np.asarray(rows["obeyed"]), np.asarray(kept)) if kept else {}),
        "named_gained": int((~named[:, 0] & named[best]).sum()),
        "named_lost": int((named[:, 0] & ~named[best]).sum()),
        "score_first": round(float(np.mean([first for first, _ in scores])), 4),
        "score_best": round(float(np.mean([best for _, best in scores])), 4),
    }


def _request(wish: Wish, seed: int, model: str) -> Request:
    seconds = None if wish.quality == "decay" else SECONDS
    return Request(wish.prompt, note=wish.note, seconds=seconds, seed=seed, model=model)


def _rates(key: str, hits: npt.NDArray[np.bool_], best: npt.NDArray[np.bool_]) -> dict[str, float]:
    """hits, best: (prompts · seeds, candidates); one of each row is the best."""
    shares = {"first": hits[:, 0], "mean": hits, "best": hits[best], "any": hits.any(1)}
    return {f"{key}_{name}": round(float(values.mean()), 4) for name, values in shares.items()}


def _middles(corpus: Corpus) -> dict[tuple[str, str], float]:
    """The median of each quality's feature over the real sounds of each family."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in corpus.rows:
        for quality in QUALITIES.values():
            if row["features"].get(quality.feature) is not None:
                values[row["family"], quality.key].append(row["features"][quality.feature])
    return {key: float(np.median(found)) for key, found in values.items()}
