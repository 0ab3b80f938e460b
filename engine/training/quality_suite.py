"""`latente evaluate quality`, `steps` and `guidance`: what is generated beside held-out sounds of the same captions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.analysis.defects import DEFECTS, defects
from engine.analysis.distributions import divergence, frechet_distance, halved_frechet, spread
from engine.corpus.store import Corpus
from engine.errors import BadRequest
from engine.families import FAMILIES
from engine.qualities import QUALITIES
from engine.request import Generator
from engine.training.asked import (
    Finish,
    Held,
    OnSound,
    Side,
    answered,
    ask,
    clear_ones,
    counter,
    held_out,
    obeying,
    share,
)  # fmt: skip
from engine.training.judge import Heard, Judge

QUICK_SOUNDS, FULL_SOUNDS = 160, 600
QUICK_CAPTIONS, FULL_CAPTIONS, EACH = 16, 48, 4  # of variety: captions, and instruments (seeds) of each
QUICK_WISHES, FULL_WISHES = 48, 240  # of qualities: sounds that are asked for by one adjective
QUICK_SWEEP, FULL_SWEEP = 61, 183  # sounds at each setting
# The thesis sweeps 10 to 400 steps and a guidance of 2.5 to 10; beyond a hundred steps Latente does not go.
STEPS = (2, 4, 8, 10, 16, 20, 50, 100)
GUIDANCES = (1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0)
QUICK_STEPS, QUICK_GUIDANCES = (4, 8, 16, 50), (1.0, 2.0, 3.0, 5.0)

Scores = dict[str, float]


def quality_suite(
    generator: Generator, corpus: Corpus, judge: Judge, quick: bool, finish: Finish, on_sound: OnSound
) -> dict[str, Any]:
    """Fréchet distances, labels, defects and variety, beside the same of real held-out sounds.

    fad: by the judge's mini-CLAP; fd: by its classifier's features; *_halves: from what was made for one half of the
    instruments to the other half; *_real: from half to half; *_ratio: the one over the other (target 1.5 for fad).
    variety: mean distance over seeds of one caption; variety_real: over instruments of that caption.
    obeyed: of sounds asked for by an adjective, the share that the judge finds on that side of their family's middle;
    obeyed_real: of the real sounds that have that quality; obeyed_ratio (target 0.85) the one over the other.
    """
    held = held_out(corpus, QUICK_SOUNDS if quick else FULL_SOUNDS, generator.name, finish)
    if len({one.instrument for one in held}) < 2:
        raise BadRequest(f"{corpus.folder} holds too few instruments of the split “test”: render more sounds.")
    groups = _same_caption(corpus, QUICK_CAPTIONS if quick else FULL_CAPTIONS, generator.name, finish)
    wishes = _wishes(corpus, QUICK_WISHES if quick else FULL_WISHES, generator.name, finish)
    count = counter(on_sound, len(held) + sum(map(len, groups)) + len(wishes))
    sounds, cpu_s = answered(generator, [one.request for one in held], finish, count)
    real, made = judge.heard([one.sound for one in held]), judge.heard(sounds)
    faults = [defects(sound) for sound in sounds]
    result: dict[str, Any] = {
        "suite": "quality",
        "model": generator.name,
        "sounds": len(held),
        "instruments": len({one.instrument for one in held}),
        **_compared(real, made, held),
        **_halved(real, made, held),
        **{name: share([name in found for found in faults]) for name in DEFECTS},
        **_variety(generator, judge, groups, finish, count),
        **_obeyed(generator, judge, wishes, finish, count),
        "cpu_s_a_sound": round(cpu_s, 3),
        "named_by_group": _by_group(made, held),
        "named_by_group_real": _by_group(real, held),
        "defects": [
            f"{one.request.prompt} (seed {one.request.seed}): {', '.join(sorted(found))}"
            for one, found in zip(held, faults, strict=True)
            if found
        ],
    }
    return result


def steps_suite(
    generator: Generator, corpus: Corpus, judge: Judge, quick: bool, finish: Finish, on_sound: OnSound
) -> dict[str, Any]:
    """The thesis's Table 6.2: the same requests and seeds by the number of sampling steps."""
    return _sweep("steps", QUICK_STEPS if quick else STEPS, generator, corpus, judge, quick, finish, on_sound)


def guidance_suite(
    generator: Generator, corpus: Corpus, judge: Judge, quick: bool, finish: Finish, on_sound: OnSound
) -> dict[str, Any]:
    """The thesis's Table 6.3: the same by the scale of classifier-free guidance."""
    return _sweep(
        "guidance", QUICK_GUIDANCES if quick else GUIDANCES, generator, corpus, judge, quick, finish, on_sound
    )


def _sweep(
    field: str, settings: Sequence[float], generator: Generator, corpus: Corpus, judge: Judge, quick: bool,
    finish: Finish, on_sound: OnSound,
) -> dict[str, Any]:  # fmt: skip
    held = held_out(corpus, QUICK_SWEEP if quick else FULL_SWEEP, generator.name, finish)
    real = judge.heard([one.sound for one in held])
    count = counter(on_sound, len(held) * len(settings))
    rows = []
    for value in settings:
        sounds, cpu_s = answered(generator, [one.request for one in held], finish, count, **{field: value})
        scores = _compared(real, judge.heard(sounds), held)
        kept = {key: scores[key] for key in ("fd", "kl", "fad", "named", "grouped")}
        rows.append({field: value, **kept, "cpu_s_a_sound": round(cpu_s, 3)})
    best = {f"best_{field}_by_{key}": min(rows, key=lambda row: row[key])[field] for key in ("fd", "kl", "fad")}
    ceiling = {"named_real": share(real.named([one.family for one in held]))}
    return {"suite": field, "model": generator.name, "sounds": len(held), **best, **ceiling, "table": rows}


def _compared(real: Heard, made: Heard, held: Sequence[Held]) -> Scores:
    """made[i] answers real[i]."""
    families = [one.family for one in held]
    return {
        "fad": round(frechet_distance(made.embedding, real.embedding), 4),
        "fd": round(frechet_distance(made.features, real.features), 3),
        "kl": round(divergence(real.answers, made.answers), 3),
        "named": share(made.named(families)),
        "named_real": share(real.named(families)),
        "grouped": share(made.grouped(families)),
        "grouped_real": share(real.grouped(families)),
    }


def _halved(real: Heard, made: Heard, held: Sequence[Held]) -> Scores:
    instruments = [one.instrument for one in held]
    found: Scores = {}
    for key, theirs, ours in (("fad", real.embedding, made.embedding), ("fd", real.features, made.features)):
        far, floor = halved_frechet(theirs, ours, instruments)
        found |= {f"{key}_halves": round(far, 4), f"{key}_real": round(floor, 4), f"{key}_ratio": round(far / floor, 3)}
    return found


def _same_caption(corpus: Corpus, captions: int, model: str, finish: Finish) -> list[list[Held]]:
    """For each caption, a family's bare name, one held-out sound each of up to EACH instruments that it fits. What is
    asked of the generator gets the notes and lengths of these very sounds, so that they add alike to both varieties."""
    by_family: dict[str, dict[str, int]] = defaultdict(dict)
    for index in corpus.of_split("test"):
        by_family[corpus.rows[index]["family"]].setdefault(corpus.rows[index]["instrument"], index)
    found = []
    for family in sorted(by_family, key=lambda key: (-min(EACH, len(by_family[key])), key)):
        indices = list(by_family[family].values())[:EACH]
        if len(indices) > 1:
            found.append([ask(corpus, index, model, finish, FAMILIES[family].names[0]) for index in indices])
    return found[:captions]


def _variety(
    generator: Generator, judge: Judge, groups: list[list[Held]], finish: Finish, count: Callable[[], None]
) -> Scores:
    ours, theirs = [], []
    for group in groups:
        requests = [replace(one.request, seed=number) for number, one in enumerate(group, 1)]
        sounds, _ = answered(generator, requests, finish, count)
        ours.append(spread(judge.heard(sounds).embedding))
        theirs.append(spread(judge.heard([one.sound for one in group]).embedding))
    if not groups:
        return {}
    made, real = float(np.mean(ours)), float(np.mean(theirs))
    return {"variety": round(made, 4), "variety_real": round(real, 4), "variety_ratio": round(made / real, 3)}


def _obeyed(
    generator: Generator, judge: Judge, wishes: Sequence[tuple[Held, Side]], finish: Finish, count: Callable[[], None]
) -> dict[str, Any]:
    if not wishes:
        return {}
    families, sides = [held.family for held, _ in wishes], [side for _, side in wishes]
    sounds, _ = answered(generator, [held.request for held, _ in wishes], finish, count)
    made = obeying(judge, sounds, families, sides)
    real = obeying(judge, [held.sound for held, _ in wishes], families, sides)
    asked = np.asarray([key for key, _ in sides])
    return {
        "obeyed": share(made),
        "obeyed_real": share(real),
        "obeyed_ratio": round(float(made.mean() / max(real.mean(), 1e-9)), 3),
        "obeyed_by_quality": {key: share(made[asked == key]) for key in QUALITIES if key in asked},
        "obeyed_by_quality_real": {key: share(real[asked == key]) for key in QUALITIES if key in asked},
    }


def _wishes(corpus: Corpus, count: int, model: str, finish: Finish) -> list[tuple[Held, Side]]:
    """Held-out sounds, each asked for by an adjective that holds for it."""
    rng, found = np.random.default_rng(5), list[tuple[Held, Side]]()
    for index, (key, sign) in clear_ones(corpus, count):
        word = rng.choice(QUALITIES[key].high if sign > 0 else QUALITIES[key].low)
        prompt = f"{word} {FAMILIES[corpus.rows[index]['family']].names[0]}"
        found.append((ask(corpus, index, model, finish, prompt), (key, sign)))
    return found


def _by_group(heard: Heard, held: Sequence[Held]) -> Scores:
    named = heard.named([one.family for one in held])
    groups = np.asarray([FAMILIES[one.family].group for one in held])
    return {key: share(named[groups == key]) for key in sorted(set(groups))}


SUITES: dict[str, Callable[[Generator, Corpus, Judge, bool, Finish, OnSound], dict[str, Any]]] = {
    "quality": quality_suite,
    "steps": steps_suite,
    "guidance": guidance_suite,
}
