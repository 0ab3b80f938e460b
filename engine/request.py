"""Request: what was asked, frozen and validated once. Generated: what a generator gives. Take: one finished result."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.chords import parse_chord
from engine.errors import BadRequest
from engine.params import PARAMS, PROMPT_LIMIT, SEED_LIMIT
from engine.patch import Patch
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, Pitch
from engine.shape import UNSHAPED, Shape
from engine.sound import Sound

Latent = npt.NDArray[np.float32]  # (frames, channels) of the codec that made it


def fresh_seed() -> int:
    """A seed nobody chose."""
    return secrets.randbelow(SEED_LIMIT)


def candidate_seeds(seed: int, count: int) -> list[int]:
    """The seeds of so many candidates: the seed itself, then others far from it, so that those of seeds that count up
    are never met."""
    return [(seed + number * 0x9E3779B1) % SEED_LIMIT for number in range(count)]


def clean_prompt(text: str) -> tuple[str, str | None]:
    """The prompt as the model reads it, and a warning when it was cut.

    Control characters and lone surrogates become spaces, runs of space one; NFC. Raises BadRequest when it is empty.
    """
    text = "".join(" " if unicodedata.category(ch) in ("Cc", "Cs", "Cn") else ch for ch in text)
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise BadRequest("The prompt is empty. Type a few words, such as “warm bass”.")
    if len(text) <= PROMPT_LIMIT:
        return text, None
    return text[:PROMPT_LIMIT], f"The prompt has {len(text)} characters; only the first {PROMPT_LIMIT} are read."


@dataclass(frozen=True)
class Request:
    """What was asked. None means: the prompt decides, else the family's default.

    note: MIDI note number. chord: a name or intervals that engine.chords reads, "" for none said. seconds: 0.1..5.
    velocity: 1..127. seed: 0..2^32-1.
    width: percent of stereo width, 0 is mono, 100 wide.
    sampling: fast, normal or fine: how carefully the steps are gone (engine.generators.pace).
    source: what the sound it starts from is called, "" for none; strength: how far to move away from that, 0..1;
    region: first and last second in which to do so, None for all of it.
    candidates: how many to make, of which the best is kept (engine.candidates). A generator makes one, of the seed.
    Raises BadRequest on anything out of range.
    """

    prompt: str
    negative: str = ""
    note: int | None = None
    chord: str = ""
    velocity: int = 100
    seconds: float | None = None
    seed: int = field(default_factory=fresh_seed)
    steps: int = int(PARAMS["steps"].default)
    guidance: float = PARAMS["guidance"].default
    sampling: str = "normal"
    model: str = "latente-1"
    width: float | None = None
    source: str = ""
    strength: float = PARAMS["strength"].default
    region: tuple[float, float] | None = None
    candidates: int = 1
    request_id: str = field(default_factory=lambda: secrets.token_hex(6), compare=False)

    def __post_init__(self) -> None:
        prompt, _ = clean_prompt(self.prompt)
        object.__setattr__(self, "prompt", prompt)
        if self.negative:
            object.__setattr__(self, "negative", clean_prompt(self.negative)[0])
        for key in ("velocity", "steps", "guidance", "strength", "candidates"):
            PARAMS[key].check(getattr(self, key))
        for key in ("seconds", "width"):
            if getattr(self, key) is not None:
                PARAMS[key].check(getattr(self, key))
        if self.note is not None and not LOWEST_NOTE <= self.note <= HIGHEST_NOTE:
            span = f"C0 ({LOWEST_NOTE}) to C9 ({HIGHEST_NOTE})"
            raise BadRequest(f"Note {self.note} is out of range. Choose one from {span}.")
        if self.sampling not in PARAMS["sampling"].choices:
            raise BadRequest(f"Sampling must be {', '.join(PARAMS['sampling'].choices)}; not “{self.sampling[:40]}”.")
        if self.chord:
            parse_chord(self.chord)
        if self.region is not None and not 0 <= self.region[0] < self.region[1]:
            raise BadRequest("A region must begin before it ends, and not before 0 s.")
        if not 0 <= self.seed < SEED_LIMIT:
            raise BadRequest(f"The seed must lie between 0 and {SEED_LIMIT - 1}, not {self.seed}.")


@dataclass(frozen=True, eq=False)
class Source:
    """A sound to start from, as the model's own codec has it."""

    latent: Latent
    pitch: Pitch


@dataclass(frozen=True, eq=False)
class Take:
    """One finished result. `wall_s` is how long it took; `path` is a complete WAV file.

    patch: how it is played, None for as any. edits: the JSON of its latent edits (`engine.latent`), "" for none.
    shape: what is done to its samples after them.
    """

    take_id: str
    request: Request
    sound: Sound
    latent: Latent
    pitch: Pitch
    path: Path
    wall_s: float
    created: datetime
    starred: bool = False
    patch: Patch | None = None
    edits: str = ""
    shape: Shape = UNSHAPED

    @property
    def width(self) -> float:
        """Percent, with which its latent is decoded: 0 for sounds from outside, and for takes older than width."""
        return self.request.width or 0.0


@dataclass(frozen=True, eq=False)
class Generated:
    """What a generator gives back, before `dsp.finish` and the library.

    width: percent, of what the request asked, or else its words; 0 gave one channel.
    understood: what was read from the prompt (family, note, seconds, qualities), JSON-ready.
    warnings: one line each, for the user.
    """

    sound: Sound
    latent: Latent
    pitch: Pitch
    understood: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    width: float = 0.0


def unwatched() -> None:
    """Nothing is to be done between the parts of some work."""


class Generator(Protocol):
    """Request -> sound, and sound -> latent -> sound. `on_step(step, steps)` is called after each step; when
    `cancelled()` turns true the generator raises errors.Cancelled at the next step. The same request and seed give the
    same samples on the same machine.

    `decode` makes a sound of a latent again, at each of the pitches, with the noise that belongs to the seed;
    unfinished, and whole unless so many of its first `seconds` will do. With a `width` (percent) above 0 it is stereo,
    and the mean of its channels is what it is at 0. `between()` is called many times on the way, a few milliseconds
    apart where that can be done, and ends it by raising. It may be called from within `on_step` and `between`. Raises
    ModelProblem for a latent that is not of its codec."""

    name: str

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated: ...

    def generate_many(
        self,
        requests: Sequence[Request],
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> list[Generated]:
        """Requests that differ in nothing but the seed, sooner together than one after the other; each gets what
        `generate` makes of it."""
        ...

    def decode(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int,
        seconds: float | None = None,
        width: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]: ...

    def decode_part(
        self, latent: Latent, pitch: Pitch, seed: int, first_s: float, last_s: float, width: float = 0.0
    ) -> Sound:
        """What `decode` gives between two moments alone, sooner."""
        ...

    def encode(self, sound: Sound, pitch: Pitch) -> Latent:
        """The latent of any sound at 44.1 kHz, its channels mixed, for `decode`. Raises ValueError at another rate."""
        ...
