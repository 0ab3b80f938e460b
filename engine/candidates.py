"""Best of several: one request rendered with several seeds, of which the sound that suits the words best is kept.

The model's mini-CLAP ranks them (`clap.safetensors`, see `engine/analysis/embedding.py`). Imports no torch until then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.models.store import ModelStore, default_store
from engine.request import Generated, Request, candidate_seeds
from engine.sound import Sound

if TYPE_CHECKING:
    from engine.analysis.embedding import Towers
    from engine.text.encoder import TextEncoder

CLAP_FILE = "clap.safetensors"
UNRANKED = "This model has nothing to rank candidates by (clap.safetensors), so only one was made."
OnStep = Callable[[int, int], None]


class Ranker(Protocol):
    def likeness(self, words: str, sounds: Sequence[Sound]) -> list[float]:
        """How well each sound suits the words, -1..1."""
        ...


@dataclass(frozen=True)
class Candidate:
    seed: int
    score: float  # -1..1


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is kept. request: for this very sound, with its seed and one candidate. candidates: all, in the order they
    were made; none where there was nothing to choose from."""

    request: Request
    generated: Generated
    candidates: tuple[Candidate, ...] = ()


def best_of(
    request: Request,
    make: Callable[[Sequence[Request], OnStep], list[Generated]],
    load_ranker: Callable[[str], Ranker | None],
    on_step: OnStep = lambda step, steps: None,
) -> Chosen:
    """Makes as many candidates as the request asks for and keeps the one that suits its words best; of equals the
    first. The same request gives the same. Where the model cannot rank, one is made, with a warning.

    make(requests, on_step): finished sounds of requests that differ in the seed.
    """
    ranker = load_ranker(request.model) if request.candidates > 1 else None
    if ranker is None:
        alone = replace(request, candidates=1)
        made = make([alone], on_step)[0]
        return Chosen(alone, made if request.candidates == 1 else _warned(made, UNRANKED))
    seeds = candidate_seeds(request.seed, request.candidates)
    asked = [replace(request, seed=seed, candidates=1) for seed in seeds]
    every = make(asked, on_step)
    scores = ranker.likeness(request.prompt, [made.sound for made in every])
    best = max(range(len(every)), key=lambda number: scores[number])
    told = tuple(Candidate(seed, round(score, 4)) for seed, score in zip(seeds, scores, strict=True))
    return Chosen(asked[best], every[best], told)


def load_ranker(model: str, store: ModelStore | None = None) -> Ranker | None:
    """What an installed model ranks by; None where it has none. Raises ModelProblem."""
    folder = (store or default_store()).find(model).folder
    return Clap.load(folder / CLAP_FILE) if (folder / CLAP_FILE).is_file() else None


class Clap:
    """A Ranker: cosine of the mini-CLAP's vectors of words and sound. Owned by one thread."""

    def __init__(self, towers: Towers, text: TextEncoder) -> None:
        self._towers, self._text = towers, text

    @staticmethod
    def load(path: Path) -> Clap:
        """Raises ModelProblem when it is not a mini-CLAP of ours, or the text encoder is missing."""
        from engine.analysis.embedding import towers_of
        from engine.errors import ModelProblem
        from engine.models import weights
        from engine.text.encoder import TextEncoder

        tensors, facts = weights.load(path)
        if "config" not in facts:
            raise ModelProblem(f"{path.name} does not fit this version of Latente. Install the model again.")
        return Clap(towers_of(tensors, facts["config"]), TextEncoder())

    def likeness(self, words: str, sounds: Sequence[Sound]) -> list[float]:
        """See Ranker."""
        import torch

        from engine.dsp.resample import resample

        said = self._towers.said(*self._text.encode([words]))[0]
        mono = [torch.from_numpy(resample(sound, 44100).mono().copy())[None] for sound in sounds]
        return [float(self._towers.heard(samples)[0] @ said) for samples in mono]


def _warned(made: Generated, warning: str) -> Generated:
    return replace(made, warnings=(*made.warnings, warning))
