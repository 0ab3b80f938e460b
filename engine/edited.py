"""A sound taken apart, edited and put together again: latent, chain, decoder. What all who edit share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.dsp.resample import resample
from engine.latent.apply import Other
from engine.latent.chain import Chain
from engine.latent.edit import KINDS
from engine.latent.space import Space
from engine.pitch import Pitch
from engine.request import Latent, Take
from engine.sound import Sound

Decode = Callable[[Latent, Sequence[Pitch], int, float | None, float], list[Sound]]  # as `Generator.decode`
BORDER_S = 0.01  # of a region, within which the edited sound is crossed over to


class Encoder(Protocol):
    """What encodes: a codec."""

    rate_hz: int

    def encode(self, sound: Sound, pitch: Pitch) -> Latent: ...


@dataclass(frozen=True, eq=False)
class Original:
    """What is edited. latents: one per channel of the sound, all of one length. seconds: how long the sound is.
    seed: of the decoder's noise. width: percent, with which one latent is decoded; several are channels as they are.
    """

    latents: tuple[Latent, ...]
    pitch: Pitch
    seconds: float
    seed: int = 0
    width: float = 0.0


def encoded(codec: Encoder, sound: Sound, pitch: Pitch, seed: int = 0) -> Original:
    """A sound of any rate, each of its channels encoded; channels that are all alike are one."""
    sound = resample(sound, codec.rate_hz)
    alike = (sound.samples == sound.samples[:, :1]).all()
    channels = [sound.with_samples(sound.samples[:, n : n + 1]) for n in range(1 if alike else sound.channels)]
    return Original(tuple(codec.encode(one, pitch) for one in channels), pitch, sound.seconds, seed)


def taken(take: Take) -> Original:
    """A take as it was made; its latent must not be empty."""
    return Original((take.latent,), take.pitch, take.sound.seconds, take.request.seed, take.width)


def decoded(
    decode: Decode, original: Original, chain: Chain, space: Space, others: Mapping[str, Other] | None = None
) -> Sound:
    """The original with its chain, as the codec gives it, not finished; its length follows the chain's.

    Outside the regions of edits that act on a part only, the samples are exactly those without these edits, as long as
    nothing moves in time or pitch. Raises BadRequest for a chain that cannot be applied.
    """
    made = _decoded(decode, original, chain, space, others)
    rest = without_regions(chain)
    if rest is None or made.root_note != original.pitch.root_note:
        return made
    plain = _decoded(decode, original, rest, space, others)
    if plain.samples.shape != made.samples.shape:
        return made
    weight = inside(chain, made.frames, made.rate_hz)
    mixed = plain.samples + weight * (made.samples - plain.samples)
    return made.with_samples(np.asarray(np.where(weight > 0, mixed, plain.samples), np.float32))


def _decoded(
    decode: Decode, original: Original, chain: Chain, space: Space, others: Mapping[str, Other] | None
) -> Sound:
    sounds = []
    before, after = len(original.latents[0]), 0
    for latent in original.latents:
        edited, pitch = chain.apply(latent, original.pitch, space, others)
        after = len(edited)
        width = original.width if len(original.latents) == 1 else 0.0
        sounds.append(decode(edited, [pitch], original.seed, None, width)[0])
    frames = round((original.seconds + (after - before) / space.frame_hz) * sounds[0].rate_hz)
    samples = np.concatenate([sound.samples for sound in sounds], axis=1)
    return sounds[0].with_samples(samples[: max(1, frames)])


def without_regions(chain: Chain) -> Chain | None:
    """The chain without the edits of parts, which the sound outside them is made with; None where there are none, or
    where anything moves in time or pitch."""
    active = chain.active
    rest = tuple(edit for edit in active if edit.region_s is None)
    parts = [edit for edit in active if edit.region_s is not None]
    if not parts or any(KINDS[edit.kind].pitch or edit.kind == "stretch" for edit in parts):
        return None
    return None if any(KINDS[edit.kind].time or edit.kind == "formants" for edit in rest) else Chain(edits=rest)


def inside(chain: Chain, frames: int, rate_hz: int) -> npt.NDArray[np.float32]:
    """(frames, 1): 1 within the regions of the chain, 0 outside, crossing over inside their borders."""
    seconds = np.arange(frames) / rate_hz
    weight = np.zeros(frames)
    for edit in chain.active:
        if edit.region_s is not None:
            first, last = edit.region_s
            rise = np.ones(frames) if first <= 0 else np.clip((seconds - first) / BORDER_S, 0.0, 1.0)
            weight = np.maximum(weight, np.minimum(rise, np.clip((last - seconds) / BORDER_S, 0.0, 1.0)))
    return np.asarray(weight, np.float32)[:, None]
