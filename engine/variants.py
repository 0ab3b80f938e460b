"""Variants of a take: its latent decoded again, at other notes or edited, and finished as the take was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.dsp.finishing import Finishing
from engine.dsp.resample import resample
from engine.errors import ModelProblem
from engine.pitch import Pitch
from engine.request import Generator, Latent, Take
from engine.sound import Sound

Edit = Callable[[Latent, Pitch], tuple[Latent, Pitch]]  # called in the engine thread; pure
_ALIKE = 0.5  # correlation: below it, the take was made by other weights than those at hand


@dataclass(frozen=True, eq=False)
class Variants:
    """Owned by the engine thread, as its generator is."""

    generator: Generator
    take: Take
    finishing: Finishing

    @staticmethod
    def of(generator: Generator, take: Take) -> Variants:
        """Decodes the take once to find out how it was finished.

        Raises ModelProblem when the take has no latent, or one that this generator cannot decode to the take's sound.
        """
        if take.latent.size == 0:
            raise ModelProblem("This sound has no latent: its file was found, its making was not.")
        raw = generator.decode(take.latent, [take.pitch], take.request.seed)[0]
        finishing = Finishing.between(resample(raw, take.sound.rate_hz), take.sound)
        if take.sound.peak > 0 and finishing.likeness < _ALIKE:
            raise ModelProblem("This sound was made by another model than the one that is loaded.")
        return Variants(generator, take, finishing)

    def made(self, latent: Latent, pitches: Sequence[Pitch]) -> list[Sound]:
        """One sound per pitch, all with the take's own noise. A latent that is longer than the take's makes longer
        sounds. Raises ModelProblem for a latent of another codec."""
        rate_hz = self.take.sound.rate_hz
        sounds = self.generator.decode(latent, pitches, self.take.request.seed)
        return [self.finishing.applied(resample(raw, rate_hz), self._frames(latent)) for raw in sounds]

    def edited(self, edit: Edit | None) -> tuple[Latent, Pitch]:
        """The take's latent and pitch, edited."""
        latent, pitch = self.take.latent, self.take.pitch
        return (latent, pitch) if edit is None else edit(latent, pitch)

    def _frames(self, latent: Latent) -> int:
        """As long as the take, and longer or shorter by as much as the latent is."""
        sound, before, after = self.take.sound, len(self.take.latent), len(latent)
        return sound.frames if before == after else max(1, round(sound.frames * after / before))
