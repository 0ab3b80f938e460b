"""`latente evaluate languages`: the same sounds asked for in English, in Spanish and in NSynth's tags."""

from __future__ import annotations

from typing import Any

from engine.adjectives import spanish_form
from engine.corpus.phrases import gender
from engine.corpus.store import Corpus
from engine.errors import BadRequest
from engine.families import FAMILIES
from engine.qualities import QUALITIES
from engine.request import Generator
from engine.training.asked import Finish, OnSound, Side, answered, ask, clear_ones, counter, obeying, share
from engine.training.judge import Judge

QUICK_SOUNDS, FULL_SOUNDS = 48, 300
TAGS: dict[Side, str] = {  # those of NSynth's words that name one side of a quality
    ("brightness", 1): "bright",
    ("brightness", -1): "dark",
    ("attack", -1): "percussive",
    ("decay", -1): "fast_decay",
    ("decay", 1): "long_release",
    ("noisiness", 1): "distortion",
    ("movement", 1): "nonlinear_env",
}
LANGUAGES = ("en", "es", "tags")


def languages_suite(
    generator: Generator, corpus: Corpus, judge: Judge, quick: bool, finish: Finish, on_sound: OnSound
) -> dict[str, Any]:
    """Held-out sounds, each asked for by its family and one adjective that holds for it, in every language with the
    same note, length, touch and seed.

    named: share that the judge takes for the family; obeyed: share that it finds on the adjective's side of the
    family's middle; *_real: the same of the real sounds. worst_points: by how many points Spanish or tags fall behind
    English at most (target 5); below 0 they are better.
    """
    asked = clear_ones(corpus, QUICK_SOUNDS if quick else FULL_SOUNDS, TAGS)
    if not asked:
        raise BadRequest(f"{corpus.folder} holds no sounds of the split “test” with clear qualities: render more.")
    families, sides = [str(corpus.rows[index]["family"]) for index, _ in asked], [side for _, side in asked]
    count = counter(on_sound, len(LANGUAGES) * len(asked))
    rows: list[dict[str, Any]] = []
    for language in LANGUAGES:
        wanted = [
            ask(corpus, index, generator.name, finish, words(language, family, str(corpus.rows[index]["source"]), side))
            for (index, side), family in zip(asked, families, strict=True)
        ]
        sounds, _ = answered(generator, [one.request for one in wanted], finish, count)
        named, obeyed = judge.heard(sounds).named(families), obeying(judge, sounds, families, sides)
        rows.append({"language": language, "named": share(named), "obeyed": share(obeyed)})
    real = [one.sound for one in wanted]
    english = rows[0]
    behind = [english[key] - row[key] for row in rows[1:] for key in ("named", "obeyed")]
    return {
        "suite": "languages",
        "model": generator.name,
        "sounds": len(asked),
        "named_real": share(judge.heard(real).named(families)),
        "obeyed_real": share(obeying(judge, real, families, sides)),
        "worst_points": round(100 * max(behind), 2),
        "table": rows,
    }


def words(language: str, family: str, source: str, side: Side) -> str:
    """`bright bell`, `campana brillante` or `acoustic bright bell`."""
    row, (key, sign) = FAMILIES[family], side
    quality = QUALITIES[key]
    if language == "tags":
        return f"{source} {TAGS[side]} {family}"
    if language == "es":
        noun = row.spanish[0]
        return f"{noun} {spanish_form((quality.high_es if sign > 0 else quality.low_es)[0], *gender(noun))}"
    return f"{(quality.high if sign > 0 else quality.low)[0]} {row.names[0]}"
