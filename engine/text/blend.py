"""Prompts that ask for several things at once: `70% trumpet 30% cello`, `a cross between a flute and a bell`."""

from __future__ import annotations

import re

MOST = 4  # parts; what is named beyond them is left out
_SHARE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)\s?%\s*(?:of\s+|de\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:(?:cross|mix|mixture|blend|hybrid|something|halfway|morph)\s+(?:of|between)|mezcla\s+(?:de|entre)|entre)\s+",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"\b(?:an?\s+|una?\s+)?(?:mix|mixture|blend|mezcla)\s+(?:of|de)\s*$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&|y|e)\s+", re.IGNORECASE)
_EDGES = " ,;:+/&-"
_JOINT = re.compile(r"\s+(?:and|&|y|e|with|con)$", re.IGNORECASE)


def blend(prompt: str) -> tuple[tuple[float, str], ...]:
    """(share, prompt) of each part, shares summing to 1; one part of share 1 for a prompt that asks for one thing.

    Words before the first share belong to every part: `dark 70% trumpet 30% cello`.
    """
    return _shared(prompt) or _halves(prompt) or ((1.0, prompt),)


def _shared(prompt: str) -> tuple[tuple[float, str], ...]:
    marks = list(_SHARE.finditer(prompt))[:MOST]
    if len(marks) < 2:
        return ()
    ends = [mark.start() for mark in marks[1:]] + [len(prompt)]
    texts = [_clean(prompt[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    return _weighed([float(mark[1]) for mark in marks], texts, _ANNOUNCED.sub("", prompt[: marks[0].start()]))


def _halves(prompt: str) -> tuple[tuple[float, str], ...]:
    found = _BETWEEN.search(prompt)
    if found is None:
        return ()
    parts = [_clean(text) for text in _AND.split(prompt[found.end() :], maxsplit=1)]
    before = re.sub(r"\b(?:an?|una?)\s*$", "", prompt[: found.start()].strip(_EDGES), flags=re.IGNORECASE)
    return _weighed([1.0, 1.0], parts, before) if len(parts) == 2 else ()


def _weighed(shares: list[float], texts: list[str], before: str) -> tuple[tuple[float, str], ...]:
    before = before.strip(_EDGES)
    kept = [
        (share, f"{before} {text}".strip()) for share, text in zip(shares, texts, strict=True) if share > 0 and text
    ]
    total = sum(share for share, _ in kept)
    return tuple((share / total, text) for share, text in kept)


def _clean(text: str) -> str:
    return _JOINT.sub("", text.strip(_EDGES)).strip(_EDGES)
