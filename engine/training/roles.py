"""Who may hear what: generators and rankers learn from one part of a corpus, judges from instruments of another."""

from __future__ import annotations

from engine.corpus.store import Corpus

OWN = "synth"  # origin of sounds whose instruments are drawn by the corpus's seed: no corpus of another seed has them


def unheard(corpus: Corpus) -> list[int]:
    """What may teach a judge of a generator that was trained on a corpus of another seed: the procedural instruments,
    which are this corpus's own, and the split "valid". The split "test" is left to be judged with.

    Soundfont instruments and recordings come back in every corpus, so those of the split "train" are left out.
    """
    return [
        row["index"]
        for row in corpus.rows
        if row["split"] == "valid" or (row["split"] == "train" and row["origin"] == OWN)
    ]
