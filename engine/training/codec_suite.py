"""`latente evaluate codec`: how well held-out instruments survive the codec, at their own note and at another."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.family import FamilyClassifier, looks
from engine.analysis.metrics import mel_distance_db
from engine.codecs.codec import autocast
from engine.codecs.neural import CodecNet
from engine.codecs.source import HOP
from engine.corpus.store import Corpus
from engine.families import INDEX, KEYS

FRAMES = 3 * 44100
TRAINED_ON = 9000  # sounds that teach the judge
BATCH = 16


def codec_suite(corpus: Corpus, net: CodecNet, sounds: int = 600, out: Path | None = None) -> dict[str, Any]:
    """Figures on instruments of the split "test", which neither codec nor judge has heard.

    same_db, other_db: median mel distance; *_within_db: only where the original is within 60 dB of its peak.
    identity: rate of the family judge on reconstructions over its rate on the originals. by_family: same_db.
    Writes `codec.json` into `out`.
    """
    rng = np.random.default_rng(0)
    judge = _judge(corpus, rng)
    chosen = rng.permutation(corpus.of_split("test"))[:sounds]
    pairs = [(int(index), _partner(corpus, int(index))) for index in sorted(chosen)]
    found: dict[str, list[float]] = defaultdict(list)
    by_family: dict[str, list[float]] = defaultdict(list)
    torch.manual_seed(0)
    for first in range(0, len(pairs), BATCH):
        part = pairs[first : first + BATCH]
        originals = [_sounds(corpus, [pair[i] for pair in part]) for i in (0, 1)]
        curves = [_curves(corpus, [pair[i] for pair in part]) for i in (0, 1)]
        families = np.asarray([INDEX[corpus.rows[pair[0]]["family"]] for pair in part])
        with torch.inference_mode(), autocast("cpu"):
            latent, _ = net.encoder(originals[0], curves[0])
            made = [net.decoder(latent, curves[i], torch.randn(len(part), FRAMES)).float() for i in (0, 1)]
        found["real"] += (judge.predict(looks(originals[0])) == families).astype(float).tolist()
        real_pair = [pair[0] != pair[1] for pair in part]
        for key, i in (("same", 0), ("other", 1)):
            distances = mel_distance_db(made[i], originals[i]).tolist()
            within = mel_distance_db(made[i], originals[i], within=True).tolist()
            hits = (judge.predict(looks(made[i])) == families).astype(float).tolist()
            for number, counted in enumerate(real_pair if i else [True] * len(part)):
                if counted:
                    found[f"{key}_db"].append(distances[number])
                    found[f"{key}_within_db"].append(within[number])
                    found[f"{key}_hit"].append(hits[number])
        for family, distance in zip(families, mel_distance_db(made[0], originals[0]).tolist(), strict=True):
            by_family[KEYS[family]].append(distance)
    ceiling = float(np.mean(found["real"]))
    figures = {
        "sounds": len(pairs),
        **{
            f"{key}{kind}": _median(found[f"{key}{kind}"])
            for key in ("same", "other")
            for kind in ("_db", "_within_db")
        },
        "judge_on_originals": round(ceiling, 4),
        "identity_same": round(float(np.mean(found["same_hit"])) / max(ceiling, 1e-9), 4),
        "identity_other": round(float(np.mean(found["other_hit"])) / max(ceiling, 1e-9), 4),
        "by_family": {key: _median(values) for key, values in sorted(by_family.items())},
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "codec.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _judge(corpus: Corpus, rng: np.random.Generator) -> FamilyClassifier:
    taught = rng.permutation(corpus.of_split("train"))[:TRAINED_ON]
    seen = torch.cat([looks(_sounds(corpus, part.tolist())) for part in np.array_split(taught, len(taught) // 64 + 1)])
    judge = FamilyClassifier(len(KEYS))
    judge.fit(seen, np.asarray([INDEX[corpus.rows[index]["family"]] for index in taught], np.int64))
    return judge


def _partner(corpus: Corpus, index: int) -> int:
    """The neighbour that is the same instrument at another note, or the sound itself."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(corpus.rows) and corpus.rows[other]["pair"] == corpus.rows[index]["pair"]:
            return other
    return index


def _sounds(corpus: Corpus, indices: list[int]) -> Tensor:
    return torch.from_numpy(np.stack([corpus.sound(index, 0, FRAMES) for index in indices]))


def _curves(corpus: Corpus, indices: list[int]) -> Tensor:
    curves: list[npt.NDArray[np.float32]] = [corpus.f0(index, 0, 1 + FRAMES // HOP) for index in indices]
    return torch.from_numpy(np.stack(curves))


def _median(values: list[float]) -> float | None:
    return round(float(np.median(values)), 4) if values else None
