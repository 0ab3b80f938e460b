"""Variants of a take: its latent decoded again, at other notes or edited, and finished as the take was."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from engine.dsp.finishing import Finishing
from engine.dsp.loudness import loudness_db
from engine.dsp.resample import resample
from engine.errors import ModelProblem
from engine.pitch import Pitch
from engine.request import Generator, Latent, Take, unwatched
from engine.sound import Sound

Edit = Callable[[Latent, Pitch], tuple[Latent, Pitch]]  # called in the engine thread; pure
_LONG_S = 0.03  # a variant that takes longer to make is heard in part first
_AHEAD_S = 0.1  # of the next moments, beyond twice that time: the way to the ear, and some patience
_LEFT_S = 0.06  # before the end of a sound: its beginning is made then, for the next time
_MOST_SHARE = 0.6  # of a sound: decoding more than that of it early saves nothing
_EDGE_S = 0.01  # in which what is played goes over into what is new, and back
_MOST_GAIN = 4.0  # +12 dB: what is quieter still is meant to be, or broken
_ALIKE = 0.5  # correlation: below it, the take was made by other weights than those at hand


@runtime_checkable
class Partial(Protocol):
    """An Edit that changes parts of the sound only. rest: the Edit that the sound outside them is made with; of two
    alike only one is made."""

    def __call__(self, latent: Latent, pitch: Pitch) -> tuple[Latent, Pitch]: ...

    @property
    def rest(self) -> Edit: ...

    def inside(self, frames: int, rate_hz: int) -> npt.NDArray[np.float32]:
        """(frames, 1): 1 within the parts, 0 outside, crossing over inside their borders."""
        ...


@dataclass(frozen=True, eq=False)
class Playing:
    """What is heard when a variant is asked for. at_s: where in it the playhead is, None while it is silent; called in
    the engine thread. asked_s: when that was (time.monotonic)."""

    sound: Sound
    at_s: Callable[[], float | None]
    asked_s: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, eq=False)
class Early:
    """The next moments of a variant: `sound` is `over` but for the frames `changed` (first, and the one after the
    last)."""

    sound: Sound
    over: Sound
    changed: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Variants:
    """Owned by the engine thread, as its generator is."""

    generator: Generator
    take: Take
    finishing: Finishing
    _rests: list[tuple[Edit, Sound]] = field(default_factory=list)  # the one made last
    _took_s: list[float] = field(default_factory=list)  # the last variant, one sound of whole length
    _latest: list[tuple[float, Sound]] = field(default_factory=list)  # what was made live last, and when

    @staticmethod
    def of(generator: Generator, take: Take) -> Variants:
        """Decodes the take once to find out how it was finished.

        Raises ModelProblem when the take has no latent, or one that this generator cannot decode to the take's sound.
        """
        if take.latent.size == 0:
            raise ModelProblem("This sound has no latent: its file was found, its making was not.")
        began = time.perf_counter()
        raw = generator.decode(take.latent, [take.pitch], take.request.seed)[0]  # mono: what is compared is the mean
        took_s = [time.perf_counter() - began]
        raw = resample(raw, take.sound.rate_hz)
        finishing = Finishing.between(raw, take.sound)
        brought = take.request.source and take.request.strength == 0.0  # a sound from outside, as its file was
        if brought and (finishing.likeness < _ALIKE or take.sound.provenance.get("origin") == "imported"):
            return Variants(generator, take, Finishing.level(raw, take.sound), _took_s=took_s)
        if take.sound.peak > 0 and finishing.likeness < _ALIKE:
            raise ModelProblem("This sound was made by another model than the one that is loaded.")
        return Variants(generator, take, finishing, _took_s=took_s)

    @property
    def start_s(self) -> float:
        """The moment of latent and pitch at which the take begins: what was silent before it is cut off."""
        return self.finishing.start / self.take.sound.rate_hz

    def made(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        loudness_db: float | None = None,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        """One sound per pitch, all with the take's own noise and width. A latent that is longer than the take's makes
        longer sounds. Their gain is the take's own; with `loudness_db`, they are made as loud as that, but never reach
        beyond full scale for it. between: see request.Generator. Raises ModelProblem for a latent of another codec."""
        rate_hz = self.take.sound.rate_hz
        frames = self._frames(latent)
        seconds = (self.finishing.start + frames) / rate_hz
        raw = self.generator.decode(latent, pitches, self.take.request.seed, seconds, self.take.width, between)
        sounds = [self.finishing.applied(resample(one, rate_hz), frames) for one in raw]
        return sounds if loudness_db is None else [_as_loud(sound, loudness_db) for sound in sounds]

    def live(
        self,
        edit: Edit | None,
        note: float | None = None,
        playing: Playing | None = None,
        soon: Callable[[Early], None] = lambda early: None,
    ) -> tuple[Sound, Latent, Pitch]:
        """The take edited, at a note (None: its own), and what it was decoded from. An edit of parts leaves every
        sample outside them as it is. soon: given what is playing with its next moments as they will be, before the rest
        is made, where that takes long and can be done."""
        latent, pitch = self.edited(edit)
        if note is not None and pitch.root_note is not None:
            pitch = pitch.at(note)
        if playing is not None and not isinstance(edit, Partial):
            early = self._early(latent, pitch, playing)
            if early is not None:
                soon(early)
        began = time.perf_counter()
        sound = self.made(latent, [pitch])[0]
        self._took_s[:] = [time.perf_counter() - began]
        if isinstance(edit, Partial) and note is None:
            rest = self._rest(edit.rest)
            if rest.samples.shape == sound.samples.shape:
                weight = edit.inside(sound.frames, sound.rate_hz)
                mixed = rest.samples + weight * (sound.samples - rest.samples)
                sound = sound.with_samples(np.where(weight > 0, mixed, rest.samples))
        self._latest[:] = [(time.monotonic(), sound)]
        return sound, latent, pitch

    def _early(self, latent: Latent, pitch: Pitch, playing: Playing) -> Early | None:
        """What is playing, with the stretch that will be played until the whole variant is there decoded anew, and that
        stretch. A variant that is longer or shorter is so with the whole. What was made since this was asked for is
        what plays by now."""
        since = [made for made_s, made in self._latest if made_s > playing.asked_s]
        sound, rate_hz, frames = (since or [playing.sound])[0], self.take.sound.rate_hz, self._frames(latent)
        took_s = self._took_s[0] if self._took_s else 0.0
        alike = sound.rate_hz == rate_hz and sound.channels == (2 if self.take.width else 1)
        if took_s < _LONG_S or not alike or pitch.formant_st:
            return None
        shorter = min(frames, sound.frames)
        begin = round((playing.at_s() or 0.0) * rate_hz)
        if begin > shorter - _LEFT_S * rate_hz:
            begin = 0  # it ends before anything new is there; it may begin again
        end = min(begin + round((_AHEAD_S + 2 * took_s) * rate_hz), shorter)
        if end - begin > _MOST_SHARE * frames:
            return None
        first_s, last_s = ((self.finishing.start + at) / rate_hz for at in (begin, end))
        raw = self.generator.decode_part(latent, pitch, self.take.request.seed, first_s, last_s, self.take.width)
        if raw.rate_hz != rate_hz:
            return None
        made = self.finishing.part(raw, begin, frames)[: end - begin]
        end = begin + len(made)
        places, edge = np.arange(len(made)), _EDGE_S * rate_hz
        rise = places / edge if begin else np.ones(len(made))
        both_end = end == sound.frames == frames  # where a longer variant goes on, what plays ends in silence
        fall = np.ones(len(made)) if both_end else (len(made) - places) / edge
        ramp = np.clip(np.minimum(rise, fall), 0.0, 1.0)
        share = (0.5 - 0.5 * np.cos(np.pi * ramp)).astype(np.float32)[:, None]  # no corners: each would click
        samples = sound.samples.copy()
        samples[begin:end] += share * (made - samples[begin:end])
        samples.flags.writeable = False
        return Early(sound.with_samples(samples), sound, (begin, end))

    def _rest(self, edit: Edit) -> Sound:
        if not self._rests or self._rests[0][0] != edit:
            latent, pitch = self.edited(edit)
            channels = 2 if self.take.width else 1
            plain = latent is self.take.latent and pitch is self.take.pitch and self.take.sound.channels == channels
            self._rests[:] = [(edit, self.take.sound if plain else self.made(latent, [pitch])[0])]
        return self._rests[0][1]

    def edited(self, edit: Edit | None) -> tuple[Latent, Pitch]:
        """The take's latent and pitch, edited."""
        latent, pitch = self.take.latent, self.take.pitch
        return (latent, pitch) if edit is None else edit(latent, pitch)

    def _frames(self, latent: Latent) -> int:
        """As long as the take, and longer or shorter by as much as the latent is."""
        sound, before, after = self.take.sound, len(self.take.latent), len(latent)
        return sound.frames if before == after else max(1, round(sound.frames * after / before))


def _as_loud(sound: Sound, wanted_db: float) -> Sound:
    now_db = loudness_db(sound.mono(), sound.rate_hz)
    gain = min(10 ** ((wanted_db - now_db) / 20), 1.0 / max(sound.peak, 1e-6), _MOST_GAIN)
    return sound.with_samples(sound.samples * np.float32(gain))
