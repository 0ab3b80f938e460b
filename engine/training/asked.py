"""Held-out sounds, and the requests that ask a generator for the like of them: same words, note, length and touch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.store import Corpus
from engine.request import Generator, Request
from engine.sound import Sound
from engine.training.axes import by_turns

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
