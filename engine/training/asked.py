"""Held-out sounds, and the requests that ask a generator for the like of them: same words, note, length and touch; or
by one adjective that holds for the sound."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.store import Corpus
from engine.qualities import QUALITIES
from engine.request import Generator, Request
from engine.sound import Sound
from engine.training.axes import by_turns
from engine.training.judge import Judge

CLEAR = 0.5  # from which a quality is clear in a sound: it lies in its family's outer quarters
Side = tuple[str, int]  # a quality, and 1 for much of it or -1 for little
EVERY_SIDE: frozenset[Side] = frozenset((key, sign) for key in QUALITIES for sign in (-1, 1))
Finish = Callable[[Sound], Sound]
OnSound = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Held:
    """A held-out sound and the request for its like."""

    sound: Sound
    request: Request
    family: str
    instrument: str


def held_out(corpus: Corpus, count: int, model: str, finish: Finish) -> list[Held]:
    """So many sounds of the split "test", families in turn."""
    return [ask(corpus, index, model, finish) for index in by_turns(corpus, corpus.of_split("test"), count, seed=2)]


def clear_ones(corpus: Corpus, count: int, sides: Collection[Side] = EVERY_SIDE) -> list[tuple[int, Side]]:
    """So many sounds of the split "test", families in turn, and of each one's clear qualities (of those asked for) the
    one that has been taken least."""
    found, times = list[tuple[int, Side]](), dict.fromkeys(QUALITIES, 0)
    test = corpus.of_split("test")
    for index in by_turns(corpus, test, len(test), seed=5):
        qualities = corpus.rows[index].get("qualities", {})
        clear = {key: 1 if value > 0 else -1 for key, value in qualities.items() if abs(value) > CLEAR}
        keys = [key for key, sign in clear.items() if (key, sign) in sides]
        if not keys or len(found) == count:
            continue
        key = min(keys, key=times.__getitem__)
        times[key] += 1
        found.append((index, (key, clear[key])))
    return found


def obeying(
    judge: Judge, sounds: Sequence[Sound], families: Sequence[str], sides: Sequence[Side]
) -> npt.NDArray[np.bool_]:
    """Which sounds the judge finds on the side of their family's middle that was asked for."""
    columns, signs = [list(QUALITIES).index(key) for key, _ in sides], [sign for _, sign in sides]
    return np.asarray(judge.qualities(sounds, families)[np.arange(len(sides)), columns] * signs > 0)


def ask(corpus: Corpus, index: int, model: str, finish: Finish, prompt: str | None = None) -> Held:
    """A sound of the corpus, finished as what is made is, and the request for it; prompt: other words than a caption of
    it. The request's seed is the sound's index."""
    row = corpus.rows[index]
    words = caption(Attributes.from_dict(row), np.random.default_rng(index)) if prompt is None else prompt
    given: dict[str, Any] = {"note": row.get("note"), "velocity": row["velocity"], "seed": index, "model": model}
    request = Request(words, seconds=min(5.0, max(0.1, row["seconds"])), **given)
    sound = finish(Sound(corpus.sound(index), 44100))
    return Held(sound, request, row["family"], row["instrument"])


def answered(
    generator: Generator, requests: Sequence[Request], finish: Finish, on_sound: Callable[[], None], **changes: Any
) -> tuple[list[Sound], float]:
    """What the generator makes of the requests, changed so (steps, guidance); the processor's seconds for a sound."""
    sounds = []
    started = time.process_time()
    for request in requests:
        wanted = replace(request, **changes)
        sounds.append(finish(generator.generate(wanted, lambda step, steps: None, lambda: False).sound))
        on_sound()
    return sounds, (time.process_time() - started) / max(1, len(requests))


def share(values: Sequence[bool] | npt.NDArray[np.bool_]) -> float:
    """Of values, how many are true, 0..1."""
    return round(float(np.mean(values)), 4)


def counter(on_sound: OnSound, total: int) -> Callable[[], None]:
    """To be called after each of so many sounds: tells how many there are."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        on_sound(done, total)

    return count
