"""`latente evaluate codec`: how well held-out instruments survive the codec, at their own note and at another."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.family import FamilyClassifier, looks
from engine.analysis.metrics import mel_distance_db, si_sdr_db
from engine.analysis.pitch_track import track
from engine.codecs.codec import autocast
from engine.codecs.neural import CodecNet
from engine.codecs.source import HOP, RATE_HZ
from engine.corpus.store import Corpus
from engine.families import INDEX, KEYS
from engine.sound import Sound
from engine.training.known_sounds import Copy, survived
from engine.training.losses import SpectralLoss

Samples = npt.NDArray[np.float32]
FRAMES = 3 * 44100
TRAINED_ON = 9000  # sounds that teach the judge
BATCH = 16
TELLING = 5  # originals of a family that are named rightly, from which its own identity is told
APART = 3  # semitones that are told together
OCTAVE = 12


def codec_suite(corpus: Corpus, net: CodecNet, sounds: int = 600, out: Path | None = None) -> dict[str, Any]:
    """Figures on instruments of the split "test", which neither codec nor judge has heard.

    same_db, other_db: median mel distance; *_within_db: only where the original is within 60 dB of its peak.
    identity_*: rate of the family judge on what is decoded over its rate on the originals of the same notes;
    identity_by_family: at the same note, of families with at least TELLING originals named rightly.
    pitch_cents: median error of the pitch of sounds that have one. si_sdr_db, multi_scale: medians, too; multi_scale is
    the distance that training begins from (`losses.SpectralLoss`). chance: of unpitched sounds, how far two of
    different noise lie apart, over how far each lies from the original: 1 where it is noise as the original is, 0 for a
    buzz in its place, which the distances prefer. by_family: same_db. by_semitones: other_db, by how far the other note
    is; octave_db: of those up to an octave away. known: what is left of sounds made by formula
    (`known_sounds.survived`). Writes `codec.json` and plots of by_semitones and known into `out`. How far notes lie
    apart is the corpus's matter (`latente corpus render --apart`).
    """
    rng = np.random.default_rng(0)
    judge = _judge(corpus, rng)
    held_out = corpus.pairs(corpus.of_split("test"))
    pairs = [held_out[number] for number in sorted(rng.permutation(len(held_out))[:sounds])]
    found: dict[str, list[float]] = defaultdict(list)
    by_family: dict[str, list[float]] = defaultdict(list)
    named_by_family: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by_semitones: dict[int, list[float]] = defaultdict(list)
    loss = SpectralLoss()
    torch.manual_seed(0)
    for first in range(0, len(pairs), BATCH):
        part = pairs[first : first + BATCH]
        originals = [_sounds(corpus, [pair[i] for pair in part]) for i in (0, 1)]
        curves = [_curves(corpus, [pair[i] for pair in part]) for i in (0, 1)]
        families = np.asarray([INDEX[corpus.rows[pair[0]]["family"]] for pair in part])
        with torch.inference_mode(), autocast("cpu"):
            latent, _ = net.encoder(originals[0], curves[0])
            made = [net.decoder(latent, curves[i], torch.randn(len(part), FRAMES)).float() for i in (0, 1)]
            again = net.decoder(latent, curves[0], torch.randn(len(part), FRAMES)).float()
        for pair, ours, theirs in zip(part, made[0], originals[0], strict=True):
            if corpus.rows[pair[0]]["pitched"]:
                notes = [track(Sound(one.numpy(), RATE_HZ)).note for one in (ours, theirs)]
                if notes[0] is not None and notes[1] is not None:
                    found["pitch_cents"].append(100 * abs(notes[0] - notes[1]))
            found["multi_scale"].append(float(loss(ours[None], theirs[None])))
        chance = mel_distance_db(made[0], again) / mel_distance_db(made[0], originals[0]).clamp(min=1e-6)
        found["chance"] += [
            float(share) for share, pair in zip(chance, part, strict=True) if not corpus.rows[pair[0]]["pitched"]
        ]
        found["si_sdr_db"] += si_sdr_db(made[0], originals[0]).tolist()
        apart = [pair[0] != pair[1] for pair in part]  # the same instrument at another note is there
        for key, i, counted in (("same", 0, [True] * len(part)), ("other", 1, apart)):
            distances = mel_distance_db(made[i], originals[i]).tolist()
            within = mel_distance_db(made[i], originals[i], within=True).tolist()
            named = judge.predict(looks(made[i])) == families
            ceiling = judge.predict(looks(originals[i])) == families
            for number in np.flatnonzero(counted):
                found[f"{key}_db"].append(distances[number])
                found[f"{key}_within_db"].append(within[number])
                found[f"{key}_named"].append(float(named[number]))
                found[f"{key}_ceiling"].append(float(ceiling[number]))
                if key == "same":
                    by_family[KEYS[families[number]]].append(distances[number])
                    named_by_family[KEYS[families[number]]].append((float(named[number]), float(ceiling[number])))
                elif far := _semitones(corpus, *part[number]):
                    by_semitones[math.ceil(far / APART)].append(distances[number])
                    if far <= OCTAVE:
                        found["octave_db"].append(distances[number])
    figures: dict[str, Any] = {
        "sounds": len(pairs),
        "judge_on_originals": round(float(np.mean(found["same_ceiling"])), 4),
    }
    for key in ("same", "other"):
        figures |= {f"{key}_db": _median(found[f"{key}_db"]), f"{key}_within_db": _median(found[f"{key}_within_db"])}
        figures[f"identity_{key}"] = _share(found[f"{key}_named"], found[f"{key}_ceiling"])
    figures |= {key: _median(found[key]) for key in ("octave_db", "pitch_cents", "si_sdr_db", "multi_scale", "chance")}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    figures["known"] = survived(_copied(net), out)
    figures["by_semitones"] = {
        f"{APART * (step - 1) + 1}-{APART * step}": _median(values) for step, values in sorted(by_semitones.items())
    }
    figures["by_family"] = {key: _median(values) for key, values in sorted(by_family.items())}
    figures["identity_by_family"] = identity_by_family(named_by_family)
    if out is not None:
        (out / "codec.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        with suppress(ImportError):  # a bare machine draws nothing; the JSON has the figures
            _draw(out / "codec-by-semitones.png", by_semitones, figures["same_db"])
    return figures


def identity_by_family(named: dict[str, list[tuple[float, float]]]) -> dict[str, float]:
    """named: of each family's sounds, whether the judge names the copy and the original (0 or 1). Families of which it
    names fewer than TELLING originals tell nothing and are left out."""
    sums = {key: np.sum(rows, axis=0) for key, rows in sorted(named.items())}
    return {key: round(float(ours / theirs), 4) for key, (ours, theirs) in sums.items() if theirs >= TELLING}


def _copied(net: CodecNet) -> Copy:
    def copy(samples: Samples, f0_hz: Samples) -> Samples:
        given, pitch = torch.from_numpy(samples)[None], torch.from_numpy(f0_hz)[None]
        with torch.inference_mode(), autocast("cpu"):
            made = net.decoder(net.encoder(given, pitch)[0], pitch, torch.randn(1, len(samples)))
        return np.asarray(made[0].float().numpy(), np.float32)

    return copy


def _draw(path: Path, by_semitones: dict[int, list[float]], same_db: float | None) -> None:
    """Mel distance to the instrument's real other note, by how far that is: quartiles; dashed: at the same note."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    steps = sorted(by_semitones)
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.boxplot([by_semitones[step] for step in steps], showfliers=False, medianprops={"color": "black"})
    axes.set_xticklabels([f"{APART * (step - 1) + 1}–{APART * step}\n({len(by_semitones[step])})" for step in steps])
    if same_db is not None:
        axes.axhline(same_db, linestyle="--", color="grey")
    axes.set(xlabel="semitones to the other note (pairs)", ylabel="mel distance, dB", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _semitones(corpus: Corpus, one: int, other: int) -> float:
    """How far two notes lie apart; 0 for what has no pitch."""
    first, second = corpus.rows[one]["note"], corpus.rows[other]["note"]
    return 0.0 if first is None or second is None else abs(float(first) - float(second))


def _judge(corpus: Corpus, rng: np.random.Generator) -> FamilyClassifier:
    taught = rng.permutation(corpus.of_split("train"))[:TRAINED_ON]
    seen = torch.cat([looks(_sounds(corpus, part.tolist())) for part in np.array_split(taught, len(taught) // 64 + 1)])
    judge = FamilyClassifier(len(KEYS))
    judge.fit(seen, np.asarray([INDEX[corpus.rows[index]["family"]] for index in taught], np.int64))
    return judge


def _sounds(corpus: Corpus, indices: list[int]) -> Tensor:
    return torch.from_numpy(np.stack([corpus.sound(index, 0, FRAMES) for index in indices]))


def _curves(corpus: Corpus, indices: list[int]) -> Tensor:
    curves: list[npt.NDArray[np.float32]] = [corpus.f0(index, 0, 1 + FRAMES // HOP) for index in indices]
    return torch.from_numpy(np.stack(curves))


def _median(values: list[float]) -> float | None:
    return round(float(np.median(values)), 4) if values else None


def _share(named: list[float], ceiling: list[float]) -> float | None:
    """Rate over rate; None where the judge names no original rightly, or there is nothing to judge."""
    return round(sum(named) / sum(ceiling), 4) if sum(ceiling) else None
