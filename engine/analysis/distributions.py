"""How far two sets of sounds are apart, as embeddings or as a classifier's answers. numpy, float64."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]  # (sounds, dimensions)


def frechet_distance(one: Rows, other: Rows) -> float:
    """Squared Fréchet distance of the Gaussians through two sets (Dowson & Landau 1982; Kilgour et al. 2019 for audio).

    Sets of fewer sounds than dimensions seem farther apart: compare distances of sets of one size only.
    """
    means = one.mean(0) - other.mean(0)
    first, second = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(min=0)).sum()
    return float(max(0.0, means @ means + np.trace(first) + np.trace(second) - 2 * shared))


def halved_frechet(real: Rows, made: Rows, groups: Sequence[str], halvings: int = 10) -> tuple[float, float]:
    """(from made to real, from real to real): means over random halvings of the real sounds by group (instrument).

    made[i] answers real[i]. In each halving, one half is compared with the other, and what was made for it with the
    other as well: both sets are of one size and of instruments that the other half has not.
    """
    names, owner = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise ValueError("halves by instrument need two instruments")
    rng = np.random.default_rng(0)
    pairs = []
    for _ in range(halvings):
        chosen = rng.permutation(len(names))[: len(names) // 2]
        half = np.isin(owner, chosen)
        pairs.append((frechet_distance(made[half], real[~half]), frechet_distance(real[half], real[~half])))
    ours, theirs = np.mean(pairs, axis=0)
    return float(ours), float(theirs)


def divergence(real: Rows, made: Rows) -> float:
    """Mean Kullback-Leibler divergence, in nats, of the answers to sounds that were made from those to the real ones.

    real, made: (sounds, classes), rows sum to 1.
    """
    floor = 1e-6
    return float((real * np.log((real + floor) / (made + floor))).sum(1).mean())


def spread(vectors: Rows) -> float:
    """Mean distance (1 - cosine) between any two of the unit vectors."""
    likeness = vectors @ vectors.T
    return float(1 - likeness[np.triu_indices(len(vectors), 1)].mean())
