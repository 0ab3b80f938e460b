"""A prompt cut into words, without case and accents, in time linear in its length."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from engine.params import PROMPT_LIMIT

_SEPARATOR = re.compile(r"[^\w#♯♭.'’+-]+")
_BOUNDARY = re.compile(r"[,;:|/()\[\]{}!?¿¡\n]|\.(?:\s|$)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_FRACTIONS = {"1/2": "0.5", "1⁄2": "0.5", "1/4": "0.25", "1⁄4": "0.25", "3/4": "0.75", "3⁄4": "0.75"}


@dataclass(frozen=True)
class Word:
    """text: folded. shown: as it was typed. minus: it stood behind a "-". last: a comma or the like follows."""

    text: str
    shown: str
    minus: bool = False
    last: bool = False


def fold(text: str) -> str:
    """Lower case without accents: `Ácido` and `acido` are one word. ♯ and ♭ become # and b."""
    decomposed = unicodedata.normalize("NFKD", text.replace("♯", "#").replace("♭", "b"))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).casefold()


def words_of(prompt: str) -> list[Word]:
    """The words of a prompt. Hyphens and underscores part words, as spaces do; a leading hyphen means "not"."""
    prompt = unicodedata.normalize("NFC", prompt[:PROMPT_LIMIT]).replace("½", "0.5").replace("¼", "0.25")
    for fraction, decimal in _FRACTIONS.items():
        prompt = prompt.replace(fraction, decimal)
    found: list[Word] = []
    for part in _BOUNDARY.split(_DECIMAL_COMMA.sub(".", prompt)):
        start = len(found)
        for chunk in _SEPARATOR.split(part):
            minus = len(chunk) > 1 and chunk[0] == "-" and chunk[1].isalpha()
            for piece in re.split(r"[-_+]+", chunk):
                shown = piece.strip(".'’")
                text = fold(shown)
                if text:
                    found.append(Word(text, shown, minus))
                    minus = False
        if len(found) > start:
            end = found[-1]
            found[-1] = Word(end.text, end.shown, end.minus, last=True)
    return found
