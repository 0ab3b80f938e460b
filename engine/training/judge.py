"""The judge of the suites: an embedding, a family classifier and a regression on qualities, which have heard other
instruments than the generator.

All learn from `roles.unheard` of a corpus with a seed of its own; what they judge with is its split "test". The
embedding is a mini-CLAP trained by `latente train judge`; the others are fitted beside it when they are first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.distributions import Rows
from engine.analysis.embedding import Towers, towers_of
from engine.analysis.family import FRAMES, FamilyClassifier, looks
from engine.analysis.scales import Scales
from engine.corpus.store import Corpus
from engine.errors import ModelProblem
from engine.families import FAMILIES, INDEX, KEYS
from engine.models import weights
from engine.qualities import KEYS as QUALITIES
from engine.sound import Sound
from engine.training import checkpoint
from engine.training.roles import unheard

TOWERS_FILE, FAMILIES_FILE = "clap.safetensors", "families.safetensors"
BATCH = 64
_GROUPS = np.asarray([FAMILIES[key].group for key in KEYS])


@dataclass(frozen=True, eq=False)
class Heard:
    """What the judge makes of some sounds: unit vectors (n, size), the classifier's own features (n, 256) and its
    answers (n, families), rows of which sum to 1."""

    embedding: Rows
    features: Rows
    answers: Rows

    def named(self, families: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Whether each sound is taken for its family."""
        return np.asarray(self.answers.argmax(1) == [INDEX[key] for key in families])

    def grouped(self, families: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Whether each sound is taken for a family of its group (bass, keys, drum …): several families sound alike."""
        return np.asarray(_GROUPS[self.answers.argmax(1)] == [FAMILIES[key].group for key in families])


@dataclass(frozen=True, eq=False)
class Judge:
    towers: Towers
    families: FamilyClassifier
    scales: Scales

    @staticmethod
    def open(folder: Path, corpus: Corpus) -> Judge:
        """The judge in `folder`, what is fitted on `corpus` kept there too. Raises ModelProblem."""
        if not (folder / TOWERS_FILE).is_file():
            raise ModelProblem(
                f"{folder} holds no judge. Train one: `latente train judge --data {corpus.folder} --out {folder}`."
            )
        tensors, facts = checkpoint.load(folder / TOWERS_FILE)
        towers = towers_of(checkpoint.part(tensors, "average"), facts["config"])
        return Judge(towers, *_fitted(folder / FAMILIES_FILE, corpus))

    def heard(self, sounds: Sequence[Sound]) -> Heard:
        """Sounds at 44.1 kHz; channels are mixed, the first 3 s count."""
        parts = [self._heard(_batch(sounds[first : first + BATCH])) for first in range(0, len(sounds), BATCH)]
        columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Heard(*columns)

    def qualities(self, sounds: Sequence[Sound], families: Sequence[str]) -> Rows:
        """How much of each quality (engine.qualities.KEYS) the sounds have for their families, (n, qualities)."""
        seen = torch.cat([looks(_batch(sounds[first : first + BATCH])) for first in range(0, len(sounds), BATCH)])
        return self.scales.predict(seen, np.asarray([INDEX[key] for key in families], np.int64))

    def _heard(self, samples: Tensor) -> tuple[Rows, Rows, Rows]:
        embedding = np.asarray(self.towers.heard(samples).numpy(), np.float64)
        seen = looks(samples)
        return embedding, self.families.features(seen), self.families.shares(seen)


def _batch(sounds: Sequence[Sound]) -> Tensor:
    """(sounds, FRAMES)"""
    out = np.zeros((len(sounds), FRAMES), np.float32)
    for row, sound in zip(out, sounds, strict=True):
        mono = sound.mono()[:FRAMES]
        row[: len(mono)] = mono
    return torch.from_numpy(out)


def _fitted(path: Path, corpus: Corpus) -> tuple[FamilyClassifier, Scales]:
    """From their file, else fitted on this corpus; a file of another corpus is not used."""
    taught = unheard(corpus)
    facts = {
        "what": "families and qualities", "classes": list(KEYS), "qualities": list(QUALITIES), "sounds": len(taught),
        "first": corpus.rows[taught[0]]["pair"],
    }  # fmt: skip
    classifier, scales = FamilyClassifier(len(KEYS)), Scales()
    if path.is_file():
        state, told = weights.load(path)
        if told == facts:
            classifier.restore(checkpoint.part(state, "families"))
            scales.restore(checkpoint.part(state, "scales"))
            return classifier, scales
    rows = [corpus.rows[index] for index in taught]
    parts = [taught[first : first + BATCH] for first in range(0, len(taught), BATCH)]
    seen = torch.cat([looks(_samples(corpus, part)) for part in parts])
    families = np.asarray([INDEX[row["family"]] for row in rows], np.int64)
    measured = [[row.get("qualities", {}).get(key, np.nan) for key in QUALITIES] for row in rows]
    classifier.fit(seen, families)
    scales.fit(seen, families, np.asarray(measured, np.float64), len(KEYS))
    state = {f"families.{key}": value for key, value in classifier.state().items()}
    weights.save(path, state | {f"scales.{key}": value for key, value in scales.state().items()}, facts)
    return _fitted(path, corpus)  # rounded as in its file, so that the first answer is the second's


def _samples(corpus: Corpus, indices: list[int]) -> Tensor:
    return torch.from_numpy(np.stack([corpus.sound(index, 0, FRAMES) for index in indices]))
