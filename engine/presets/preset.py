"""Preset: prompt and request, latent edits, shape and patch under one name. Frozen and checked, whoever wrote it."""

from __future__ import annotations

import unicodedata
from typing import Literal

import msgspec

from engine.errors import BadRequest
from engine.latent.chain import Chain
from engine.latent.edit import Edit
from engine.params import PARAMS
from engine.patch import Patch
from engine.pitch import note_name, parse_note
from engine.request import Request, fresh_seed
from engine.shape import Shape

FORMAT = 1
Category = Literal[
    "kicks",
    "808s",
    "snares & claps",
    "hats & cymbals",
    "percussion",
    "basses",
    "leads",
    "keys",
    "plucks",
    "pads",
    "strings",
    "winds & brass",
    "mallets & bells",
    "voices",
    "fx",
]
CATEGORIES: tuple[Category, ...] = Category.__args__  # type: ignore[attr-defined]  # in the order of a list
NAME_LIMIT, ABOUT_LIMIT = 60, 200  # characters


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The part of a request that a preset holds, as `Request` has it. note: a name such as F#1, or a MIDI number.

    seed: the sound as it was when the preset was made; None for another each time.
    """

    prompt: str
    negative: str = ""
    note: str | int = ""
    chord: str = ""
    velocity: int = 100
    seconds: float | None = None
    seed: int | None = None
    steps: int = int(PARAMS["steps"].default)
    guidance: float = PARAMS["guidance"].default
    sampling: str = "normal"
    width: float | None = None

    def request(self, model: str, seed: int | None = None) -> Request:
        """What to ask of a model; `seed` wins over the preset's own. Raises BadRequest."""
        chosen = self.seed if seed is None else seed
        return Request(
            self.prompt,
            negative=self.negative,
            note=None if self.note == "" else parse_note(str(self.note)),
            chord=self.chord,
            velocity=self.velocity,
            seconds=self.seconds,
            seed=fresh_seed() if chosen is None else chosen,
            steps=self.steps,
            guidance=self.guidance,
            sampling=self.sampling,
            width=self.width,
            model=model,
        )

    @staticmethod
    def of(request: Request) -> Asked:
        return Asked(
            prompt=request.prompt,
            negative=request.negative,
            note="" if request.note is None else note_name(request.note),
            chord=request.chord,
            velocity=request.velocity,
            seconds=request.seconds,
            seed=request.seed,
            steps=request.steps,
            guidance=request.guidance,
            sampling=request.sampling,
            width=request.width,
        )


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """name, about: one line each. Raises BadRequest on whatever is out of range or would need another take."""

    name: str
    category: Category
    request: Asked
    about: str = ""
    edits: tuple[Edit, ...] = ()
    shape: Shape = Shape()
    patch: Patch = Patch()

    def __post_init__(self) -> None:
        _check_line("name", self.name, NAME_LIMIT)
        if not self.name.strip():
            raise BadRequest("A preset needs a name.")
        _check_line("description", self.about, ABOUT_LIMIT)
        self.request.request("any")
        if any(edit.source for edit in self.chain.edits):
            raise BadRequest("A preset cannot hold an edit that needs another sound.")

    @property
    def chain(self) -> Chain:
        """The edits, ready to be applied."""
        return Chain(edits=self.edits)


def _check_line(what: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise BadRequest(f"The {what} of a preset has at most {limit} characters, not {len(text)}.")
    if any(unicodedata.category(ch) in ("Cc", "Cs", "Cn", "Zl", "Zp") for ch in text):
        raise BadRequest(f"The {what} of a preset must be one line of plain text.")
