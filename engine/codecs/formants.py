"""Formants moved at the same note: what the codec keeps and a tape moves, put together.

The codec keeps formants when the note changes; a tape played faster moves note and formants. Decoded so much lower and
slower, and played so much faster, a sound's note and length are back where they were, and its formants are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.codecs.neural import STRIDE
from engine.dsp.resample import resample
from engine.pitch import HIGHEST_NOTE, LOWEST_NOTE, Pitch
from engine.request import Latent
from engine.sound import Sound

Decode = Callable[[Latent, Sequence[Pitch], float | None], list[Sound]]  # latent, pitches, seconds


def moved(decode: Decode, latent: Latent, pitch: Pitch, seconds: float | None) -> Sound:
    """One sound with its pitch's `formant_st`, as far as the range of notes allows."""
    plain, root = replace(pitch, formant_st=0.0), pitch.root_note
    semitones = pitch.formant_st
    if root is not None:
        semitones = root - float(np.clip(root - semitones, LOWEST_NOTE, HIGHEST_NOTE))
    faster = 2.0 ** (semitones / 12)
    slow = _stretched(latent, faster)
    lower = _slowed(plain, root if root is None else root - semitones, faster, len(latent))
    (sound,) = decode(slow, [lower], None if seconds is None else seconds * faster)
    played = resample(replace(sound, rate_hz=round(sound.rate_hz * faster)), sound.rate_hz)
    whole = round(len(latent) * sound.frames / len(slow))
    return replace(played, samples=played.samples[:whole], root_note=root)


def _stretched(latent: Latent, factor: float) -> Latent:
    """`factor` times as many frames, interpolated."""
    count = int(np.ceil(len(latent) * factor))
    places = np.clip((np.arange(count) + 0.5) / factor - 0.5, 0.0, len(latent) - 1.0)
    low = np.floor(places).astype(int)
    share = (places - low).astype(np.float32)[:, None]
    upper = latent[np.minimum(low + 1, len(latent) - 1)]
    return np.asarray(latent[low] + share * (upper - latent[low]), np.float32)


def _slowed(pitch: Pitch, root_note: float | None, factor: float, frames: int) -> Pitch:
    """The same movement on another note, `factor` times as slow."""
    if len(pitch.octaves) == 0 and len(pitch.voiced) == 0:
        return pitch.at(root_note)
    points = max(len(pitch.octaves), len(pitch.voiced), frames * STRIDE)
    places = np.arange(int(np.ceil(points * factor))) / factor
    octaves, voiced = pitch.octaves, pitch.voiced
    if len(octaves):
        octaves = np.asarray(np.interp(places, np.arange(len(octaves)), octaves), np.float32)
    if len(voiced):
        voiced = voiced[np.minimum(np.round(places).astype(int), len(voiced) - 1)]
    return replace(pitch, root_note=root_note, octaves=octaves, voiced=voiced)
