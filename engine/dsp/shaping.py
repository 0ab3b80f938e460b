"""Shape -> Sound: every step of it, in one order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.dsp.crush import fewer_bits, fewer_samples
from engine.dsp.cut import cut, fade, nearest_zero, reverse
from engine.dsp.drive import drive
from engine.dsp.envelope import adsr, shape_level
from engine.dsp.filter import filtered
from engine.dsp.level import normalise_peak, normalise_rms, within_full_scale
from engine.dsp.loop import crossfade
from engine.dsp.reverb import reverb
from engine.dsp.width import widen
from engine.errors import BadRequest
from engine.params import PARAMS
from engine.shape import Shape
from engine.sound import Sound

_RING_S = 0.005  # over which a filter that still rings at the end is silenced
_QUIET = 1e-3  # of the peak: an end so quiet has died away


def apply(shape: Shape, sound: Sound) -> Sound:
    """The sound, shaped: cut and fades, direction, dirt, filter, envelope, room, width, level, loop.

    What would go over full scale is brought to -1 dBFS. A step at its default changes no sample. Raises BadRequest when
    cut or loop lie outside the sound.
    """
    if shape == Shape() or not sound.frames:
        return sound
    ended_quietly = _ends_quietly(sound)
    shaped = _coloured(shape, _directed(shape, _marked(shape, sound)))
    if ended_quietly and not _ends_quietly(shaped):
        shaped = fade(shaped, 0.0, _RING_S)
    if shape.normalise == "peak":
        shaped = normalise_peak(shaped, shape.normalise_db)
    elif shape.normalise == "rms":
        shaped = normalise_rms(shaped, shape.normalise_db)
    if shape.loop_s is not None and shaped.loop is not None:
        shaped = crossfade(shaped, *shaped.loop, shape.loop_fade_s)
    return within_full_scale(shaped)


def _marked(shape: Shape, sound: Sound) -> Sound:
    """With the loop asked for, which then moves along with everything."""
    if shape.loop_s is None:
        return sound
    first, end = (round(moment * sound.rate_hz) for moment in shape.loop_s)
    end = min(end, sound.frames)
    if shape.snap == "on":
        first, end = (nearest_zero(sound.samples, sound.rate_hz, frame) for frame in (first, end))
    if not first < end - 1:
        raise BadRequest(f"The loop lies outside the sound, which lasts {sound.seconds:.2f} s.")
    return replace(sound, loop=(first, end - 1))


def _directed(shape: Shape, sound: Sound) -> Sound:
    if shape.trim_s is not None:
        start, end = (round(moment * sound.rate_hz) for moment in shape.trim_s)
        try:
            sound = cut(sound, start, end, snap=shape.snap == "on")
        except ValueError as error:
            raise BadRequest(f"Nothing of the sound, which lasts {sound.seconds:.2f} s, is left by the cut.") from error
    sound = fade(sound, shape.fade_in_s, shape.fade_out_s)
    return reverse(sound) if shape.reverse == "on" else sound


def _coloured(shape: Shape, sound: Sound) -> Sound:
    if shape.drive_type != "off":
        sound = drive(sound, shape.drive_type, shape.drive_db)
    if shape.crush_bits < PARAMS["crush_bits"].high:
        sound = fewer_bits(sound, shape.crush_bits)
    if shape.crush_hz < PARAMS["crush_hz"].high:
        sound = fewer_samples(sound, shape.crush_hz)
    if shape.filter_type != "off":
        sound = filtered(sound, shape.filter_type, shape.cutoff_hz, shape.resonance)
    if shape.envelope == "on":
        bends = (shape.attack_bend, shape.decay_bend, shape.release_bend)
        times = (shape.attack_s, shape.decay_s, shape.sustain_db, shape.release_s)
        sound = shape_level(sound, adsr(sound.frames, sound.rate_hz, *times, bends))
    sound = reverb(sound, shape.reverb_mix, shape.reverb_s, shape.reverb_damp)
    return widen(sound, shape.width)


def _ends_quietly(sound: Sound) -> bool:
    return float(np.abs(sound.samples[-1]).max()) <= _QUIET * sound.peak
