"""A file from outside as a sound of ours: at 44.1 kHz, with its root note where that is sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.analysis.pitch_track import PitchTrack, track
from engine.dsp.level import within_full_scale
from engine.errors import BadRequest, UnreadableAudio
from engine.outside.answer import LONGEST_S
from engine.outside.decode import decode
from engine.pitch import HIGHEST_NOTE, HOP_FRAMES, LOWEST_NOTE, Pitch
from engine.render import SOFTWARE
from engine.request import Request, clean_prompt
from engine.sound import Sound

ORIGIN = "imported"  # in the provenance of what was not made here, and a tag of its take
_VOICED, _CONFIDENT, _SPREAD_ST = 0.5, 0.9, 2.0  # of the track: share, correlation, and middle half in semitones


@dataclass(frozen=True, eq=False)
class Imported:
    """request: stands in for what was asked, its prompt being the file's name and its model the one that shall encode,
    edit and vary the sound. pitch: curve for that codec.

    warnings: one line each, for the user.
    """

    request: Request
    sound: Sound
    pitch: Pitch
    warnings: tuple[str, ...] = ()


def bring_in(path: Path, model: str = Request.model) -> Imported:
    """Opens any WAV, FLAC, MP3, OGG or AIFF: mono or stereo, any rate, its first 30 s. Raises UnreadableAudio."""
    decoded = decode(path)
    warnings = []
    if decoded.longer:
        warnings.append(f"{path.name} is longer than {LONGEST_S:g} s; only the beginning was taken.")
    sound = within_full_scale(decoded.sound)
    if sound is not decoded.sound:
        warnings.append(f"{path.name} was louder than full scale and was turned down to −1 dBFS.")
    if sound.peak == 0:
        raise UnreadableAudio(f"{path.name} holds nothing but silence.")
    found = track(sound)
    note = root_note(found, sound.root_note, ours=_ours(sound))
    sound = replace(sound, root_note=note, provenance=_provenance(path, sound))
    return Imported(_request(path, sound, model), sound, _pitch(found, note, sound), tuple(warnings))


def root_note(found: PitchTrack, said: float | None, *, ours: bool = False) -> float | None:
    """The note of a sound: what its file says where that is ours or agrees with what is measured (but for the octave,
    in which measurements err); else what is measured, where it is sure; else what the file says."""
    if said is not None and (ours or found.note is None):
        return said
    if found.note is None or not _sure(found):
        return said
    if said is not None and abs((found.note - said + 6) % 12 - 6) < 0.5:
        return said
    return found.note


def _sure(found: PitchTrack) -> bool:
    voiced = found.f0_hz[found.f0_hz > 0]
    spread = float(np.subtract(*np.percentile(12 * np.log2(voiced), (75, 25)))) if len(voiced) else np.inf
    return found.voiced_share >= _VOICED and found.confidence >= _CONFIDENT and spread <= _SPREAD_ST


def _pitch(found: PitchTrack, note: float | None, sound: Sound) -> Pitch:
    """The measured curve around the root note; flat where the file's word was taken for another octave."""
    if note is None:
        return Pitch(None)
    if found.note is None or abs(found.note - note) > 1.0:
        return Pitch(note)
    measured = found.pitch(1 + sound.frames // HOP_FRAMES)
    return Pitch(note, np.asarray(measured.octaves + (found.note - note) / 12, np.float32))


def _request(path: Path, sound: Sound, model: str) -> Request:
    """Nothing was made: the sound is its source, moved away from by nothing."""
    note = None if sound.root_note is None else min(HIGHEST_NOTE, max(LOWEST_NOTE, round(sound.root_note)))
    prompt = sound.provenance["prompt"]
    return Request(prompt, note=note, seed=0, model=model, source=_words(path.name), strength=0.0)


def _provenance(path: Path, sound: Sound) -> dict[str, str]:
    """What a sound made here says of itself stays; of others only whose they are."""
    if _ours(sound):
        return {**sound.provenance, "prompt": _words(sound.provenance.get("prompt", "")), "origin": ORIGIN}
    name = path.stem.replace("_", " ").replace("-", " ").strip(". ")
    facts = {"prompt": _words(name), "origin": ORIGIN, "file": _words(path.name)}
    licence = sound.provenance.get("licence", "")
    return facts | ({"licence": licence} if licence else {})


def _words(text: str) -> str:
    """As a prompt may be; never empty."""
    try:
        return clean_prompt(text)[0]
    except BadRequest:
        return "sound"


def _ours(sound: Sound) -> bool:
    return sound.provenance.get("software") == SOFTWARE
