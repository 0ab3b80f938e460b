"""A generator on a graphics processor: it goes on on the CPU from the moment that its device fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from engine.models.device import CPU, FAILURES, NAMES
from engine.pitch import Pitch
from engine.request import Generated, Generator, Latent, Request, Source, unwatched
from engine.sound import Sound

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Placed:
    """Implements request.Generator by another one. load(device) makes that; it is loaded anew for the CPU, because what
    lies on a device that failed need not be reachable any more. The first sound that is made after that warns."""

    def __init__(self, load: Callable[[str], Generator], device: str, made: Generator | None = None) -> None:
        self._load, self.device = load, device
        self._warning = ""
        try:
            self._generator = load(device) if made is None else made
        except FAILURES as error:
            self._leave(error)
        self.name = self._generator.name

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        """See request.Generator."""
        return self.generate_many([request], on_step, cancelled, source)[0]

    def generate_many(
        self,
        requests: Sequence[Request],
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> list[Generated]:
        """See request.Generator."""
        first, *others = self._tried(lambda generator: generator.generate_many(requests, on_step, cancelled, source))
        if self._warning:
            first, self._warning = replace(first, warnings=(*first.warnings, self._warning)), ""
        return [first, *others]

    def decode(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int,
        seconds: float | None = None,
        width: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        """See request.Generator."""
        return self._tried(lambda generator: generator.decode(latent, pitches, seed, seconds, width, between))

    def decode_part(
        self, latent: Latent, pitch: Pitch, seed: int, first_s: float, last_s: float, width: float = 0.0
    ) -> Sound:
        """See request.Generator."""
        return self._tried(lambda generator: generator.decode_part(latent, pitch, seed, first_s, last_s, width))

    def encode(self, sound: Sound, pitch: Pitch) -> Latent:
        """See request.Generator."""
        return self._tried(lambda generator: generator.encode(sound, pitch))

    def _tried(self, work: Callable[[Generator], T]) -> T:
        """Done here, else on the CPU; what fails there too is no matter of the device."""
        try:
            return work(self._generator)
        except FAILURES as error:
            if self.device == CPU:
                raise
            self._leave(error)
        return work(self._generator)

    def _leave(self, error: Exception) -> None:
        """The device, for the CPU."""
        _log.warning("%s failed, the CPU takes over: %s", self.device, error)
        why = "ran out of memory" if "memory" in str(error).lower() else f"failed ({type(error).__name__})"
        self._warning = f"{NAMES[self.device]} {why}; the CPU computes from now on."
        self.device = CPU
        self._generator = self._load(CPU)
