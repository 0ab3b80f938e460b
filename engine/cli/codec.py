"""What `latente edit` and `latente morph` work with: a codec, its space, and the sounds opened with them."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.audiofile import write_wav
from engine.dsp.finish import finish
from engine.dsp.resample import resample
from engine.edited import Original, decoded, encoded, taken
from engine.errors import BadRequest, ModelProblem
from engine.files import check_writable, make_folder
from engine.latent.chain import Chain
from engine.latent.edit import OWN
from engine.latent.level import amount_at_snr
from engine.latent.morph import MorphKind, morphed, morphed_pitch
from engine.latent.space import Space
from engine.params import BIT_DEPTHS, PARAMS, RATES_HZ
from engine.request import Latent, Request
from engine.sound import Sound

if TYPE_CHECKING:
    from engine.codecs.codec import NeuralCodec
    from engine.library import Library


@dataclass(frozen=True, eq=False)
class Opened:
    """original: its latents. name: file or take. provenance: facts that go on to what is made of it."""

    original: Original
    name: str
    provenance: dict[str, str]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Workshop:
    """A codec and its space."""

    name: str
    codec: NeuralCodec
    space: Space

    @staticmethod
    def open(model: str | None) -> Workshop:
        """The codec of an installed model, None for the one that comes with the program. Raises ModelProblem."""
        from engine.codecs.codec import NeuralCodec
        from engine.generators.space import load_space
        from engine.models.store import default_store

        name = model or str(Request.__dataclass_fields__["model"].default)
        found = default_store().find(name)
        return Workshop(name, NeuralCodec.load(found.file("codec.safetensors")), load_space(found.folder))

    def file(self, path: Path) -> Opened:
        """Any sound file, encoded. Raises UnreadableAudio."""
        from engine.outside.bring import bring_in

        brought = bring_in(path, self.name)
        original = encoded(self.codec, brought.sound, brought.pitch)
        return Opened(original, str(path), brought.sound.provenance, brought.warnings)

    def take(self, take_id: str) -> Opened:
        """A take of the library, with the latent it was made of. Raises LibraryProblem, ModelProblem."""
        with closing(_library()) as library:
            take = library.open(take_id)
        width = self.codec.net.config.latent
        if take.latent.size == 0:
            original = encoded(self.codec, take.sound, take.pitch)
        elif take.latent.shape[1] != width:
            raise ModelProblem(f"The take {take_id} was made with another codec. Name its model with --codec.")
        else:
            original = taken(take)
        return Opened(original, take_id, take.sound.provenance)

    def pointed(self, chain: Chain) -> Chain:
        """The chain with the axes of the user's library, if it goes along them. Raises BadRequest, LibraryProblem."""
        if all(edit.points or edit.kind not in OWN for edit in chain.edits):
            return chain
        from engine.owned import own_axes

        with closing(_library()) as library:
            axes = {axis.key: axis.points for axis in own_axes(library, self.name, self.space)}
        missing = [edit.kind for edit in chain.edits if edit.kind in OWN and not (edit.points or edit.kind in axes)]
        if missing:
            raise BadRequest(f"The takes in the library differ in {len(axes)} ways only: there is no {missing[0]}.")
        return chain.pointed(axes)

    def noise_at(self, source: Opened, snr_db: float) -> float:
        """The amount of noise that lies so many dB under the source's latent. Raises BadRequest when it is too much."""
        amount, spec = amount_at_snr(source.original.latents[0], snr_db, self.space), PARAMS["noise"]
        if not amount <= spec.high:
            least = amount_at_snr(source.original.latents[0], 0.0, self.space) / spec.high
            raise BadRequest(f"--snr must be at least {20 * math.log10(least):.1f} for this sound, not {snr_db:g}.")
        return amount

    def made(self, source: Opened, chain: Chain) -> Sound:
        """The source with its edits, as it leaves."""
        sound = decoded(self.codec.decode_many, source.original, chain, self.space)
        return _leaving(sound, source)

    def between(self, first: Opened, second: Opened, share: float, kind: str) -> Sound:
        """What lies between two sounds, as it leaves; the ends are the sounds themselves, through the codec."""
        ours, theirs = first.original, second.original
        wide = max(len(ours.latents), len(theirs.latents))
        pairs = zip(_channels(ours, wide), _channels(theirs, wide), strict=True)
        way: MorphKind = "spherical" if kind == "spherical" else "linear"
        original = Original(
            tuple(morphed(one, other, share, self.space, way) for one, other in pairs),
            morphed_pitch(ours.pitch, theirs.pitch, share),
            ours.seconds + share * (theirs.seconds - ours.seconds),
            ours.seed if share < 0.5 else theirs.seed,
            ours.width + share * (theirs.width - ours.width),
        )
        sound = decoded(self.codec.decode_many, original, Chain(), self.space)
        return _leaving(sound, first if share < 0.5 else second)


def _library() -> Library:
    from engine import settings
    from engine.library import Library

    return Library(settings.load().library_folder())


def check_writing(path: Path, rate_hz: int, bits: str) -> None:
    """Before any work is done. Raises BadRequest, CannotWrite."""
    if path.suffix.lower() != ".wav":
        raise BadRequest(f"Only WAV files are written. Name it {path.stem or 'sound'}.wav.")
    if rate_hz not in RATES_HZ:
        raise BadRequest(f"Sampling rate must be one of {', '.join(map(str, RATES_HZ))}, not {rate_hz}.")
    if bits not in BIT_DEPTHS:
        raise BadRequest(f"Bit depth must be one of {', '.join(BIT_DEPTHS)}, not {bits[:40]}.")
    check_writable(path.parent)


def write_sound(sound: Sound, path: Path, rate_hz: int, bits: str) -> Sound:
    """Writes the sound, finished, to the very file that was named, and returns it. Raises CannotWrite."""
    make_folder(path.parent)
    finished = finish(resample(sound, rate_hz))
    write_wav(finished, path, bits)
    return finished


def _channels(original: Original, count: int) -> tuple[Latent, ...]:
    return original.latents if len(original.latents) == count else original.latents * count


def _leaving(sound: Sound, source: Opened) -> Sound:
    return replace(sound, provenance={**source.provenance, "software": "Latente"})
