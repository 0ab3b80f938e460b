"""What each kind of edit does to latent and pitch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from engine.errors import BadRequest
from engine.latent import attack, axes, curves, level, morph, timing
from engine.latent.edit import KINDS, OWN, Edit
from engine.latent.moves import Clock, moved
from engine.latent.region import within
from engine.latent.smooth import SmoothKind, smoothed
from engine.latent.space import POINT_HZ, Space
from engine.latent.timing import Span, TimeMap
from engine.pitch import Pitch
from engine.request import Latent

Other = tuple[Latent, Pitch]


def applied(
    edits: Sequence[Edit], latent: Latent, pitch: Pitch, space: Space, others: Mapping[str, Other]
) -> tuple[Latent, Pitch]:
    """The edits one after the other. Raises BadRequest when another sound is missing or of another codec."""
    for place, edit in enumerate(edits):
        if KINDS[edit.kind].source and edit.source not in others:
            raise BadRequest(f"The sound “{edit.source[:40]}”, which an edit needs, is not there.")
        if len(latent) == 0:
            return latent, pitch
        make = partial(_one, latent=latent, pitch=pitch, space=space, others=others)
        if edit.moves:
            latent, pitch = moved(edit, (latent, pitch), make, space, _clock(edits[place + 1 :], latent, space, others))
        else:
            latent, pitch = make(edit)
    return latent, pitch


def _one(edit: Edit, latent: Latent, pitch: Pitch, space: Space, others: Mapping[str, Other]) -> Other:
    """One edit that does not move."""
    if edit.kind == "morph":
        latent, pitch = _morphed(edit, latent, pitch, space, others[edit.source][0])
    elif edit.kind == "sing":
        pitch = curves.sung_as(pitch, others[edit.source][1], edit.word("pitch_note") == "own")
    elif edit.kind == "attack":
        latent, pitch = _attacked(edit, latent, pitch, space)
    elif edit.kind in _TIMES:
        latent, pitch = _timed(edit, latent, pitch, space)
    elif edit.kind in _PITCHES:
        pitch = _PITCHES[edit.kind](edit, pitch, round(len(latent) * POINT_HZ / space.frame_hz))
    elif edit.kind in _TIMBRES:
        edited = _TIMBRES[edit.kind](edit, latent, space)
        span = _span(edit, space)
        latent = edited if span is None else within(latent, edited, *span)
    return latent, pitch


def _clock(later: Sequence[Edit], latent: Latent, space: Space, others: Mapping[str, Other]) -> Clock:
    """When a moment of this latent is heard, once the `later` edits have moved it in time: a ruler is edited along with
    it, in place of the pitch curve. Of what is heard more than once, one moment; of what is not, the nearest."""
    if not any(KINDS[edit.kind].time for edit in later):
        return lambda seconds: seconds
    still = [edit.standing(edit.number(KINDS[edit.kind].keys[0])) if edit.moves else edit for edit in later]
    marks = np.arange(round(len(latent) * POINT_HZ / space.frame_hz) + 1, dtype=np.float32) / np.float32(POINT_HZ)
    timbres = [edit for edit in still if not KINDS[edit.kind].pitch]
    ruler = np.asarray(applied(timbres, latent, Pitch(60.0, marks), space, others)[1].octaves, np.float64)
    order = np.argsort(ruler, kind="stable")
    return lambda seconds: np.interp(seconds, ruler[order], order / POINT_HZ)


def _span(edit: Edit, space: Space) -> Span | None:
    """The edit's region in latent frames."""
    return None if edit.region_s is None else (edit.region_s[0] * space.frame_hz, edit.region_s[1] * space.frame_hz)


def _timed(edit: Edit, latent: Latent, pitch: Pitch, space: Space) -> Other:
    time = _TIMES[edit.kind](edit, latent, space)
    if time is None:
        return latent, pitch
    made = timing.map_latent(latent, time, space)
    span = _span(edit, space)
    if span is not None and len(made) == len(latent):
        made = within(latent, made, *span)
    return made, timing.map_pitch(pitch, time, len(latent), space)


def _attacked(edit: Edit, latent: Latent, pitch: Pitch, space: Space) -> Other:
    units = edit.number("attack")
    if space.level is None:
        raise BadRequest("This model has no axis “attack”.")
    made = attack.softened(latent, units, space)
    time = attack.attack_time(made, units, space, _longest(space))
    if time is None:
        return made, pitch
    return timing.map_latent(made, time, space), timing.map_pitch(pitch, time, len(made), space)


def _morphed(edit: Edit, latent: Latent, pitch: Pitch, space: Space, other: Latent) -> Other:
    if other.shape[1:] != latent.shape[1:]:
        raise BadRequest("Only sounds of the same codec can be morphed.")
    kind, part = cast(morph.MorphKind, edit.word("morph_kind")), cast(morph.MorphPart, edit.word("morph_part"))
    split = edit.number("morph_split_s") * space.frame_hz
    made = morph.morphed(latent, other, edit.number("morph"), space, kind, part, split)
    time = morph.alignment(len(latent), len(made))
    return made, pitch if time is None else timing.map_pitch(pitch, time, len(latent), space)


def _longest(space: Space) -> int:
    return round(timing.LONGEST_S * space.frame_hz)


_TIMES: dict[str, Callable[[Edit, Latent, Space], TimeMap | None]] = {
    "stretch": lambda edit, latent, space: timing.stretched(
        len(latent), edit.number("stretch"), _span(edit, space), _longest(space)
    ),
    "shift": lambda edit, latent, space: timing.shifted(len(latent), edit.number("shift_s") * space.frame_hz),
    "reverse": lambda edit, latent, space: timing.reversed_within(len(latent), _span(edit, space)),
    "freeze": lambda edit, latent, space: timing.frozen(
        len(latent), edit.number("freeze_s") * space.frame_hz, _span(edit, space)
    ),
    "decay": lambda edit, latent, space: axes.decayed(latent, edit.number("decay"), space, _longest(space)),
}


def _calibrated(edit: Edit, latent: Latent, space: Space) -> Latent:
    if edit.kind not in space.axes:
        raise BadRequest(f"This model has no axis “{edit.kind}”.")
    return axes.moved(latent, space.axes[edit.kind], edit.number(edit.kind))


def _own_axis(edit: Edit, latent: Latent, space: Space) -> Latent:
    direction = np.zeros(latent.shape[1], np.float32)
    for channel, weight in edit.points:
        if channel < len(direction):
            direction[int(channel)] = weight
    return axes.along(latent, direction, edit.number(edit.kind), space)


_TIMBRES: dict[str, Callable[[Edit, Latent, Space], Latent]] = {
    "amplify": lambda edit, latent, space: level.amplified(latent, edit.number("amplify"), space),
    "noise": lambda edit, latent, space: level.noisy(
        latent, edit.number("noise"), int(edit.number("noise_seed")), space
    ),
    "smooth": lambda edit, latent, space: smoothed(
        latent, int(edit.number("smooth")), cast(SmoothKind, edit.word("smooth_kind"))
    ),
    "quantise": lambda edit, latent, space: level.quantised(latent, edit.number("quantise"), space),
    "channels": lambda edit, latent, space: level.channels_gained(latent, edit.points, space),
    "movement": lambda edit, latent, space: axes.livened(latent, edit.number("movement")),
    **dict.fromkeys(OWN, _own_axis),
    **dict.fromkeys(axes.DIRECTIONS, _calibrated),
}


def _start(edit: Edit) -> float:
    return 0.0 if edit.region_s is None else edit.region_s[0]


def _bent(edit: Edit, pitch: Pitch, points: int, octaves: Callable[[curves.Seconds], curves.Octaves]) -> Pitch:
    return curves.added(pitch, points, octaves, edit.region_s)


def _transposed(edit: Edit, pitch: Pitch, points: int) -> Pitch:
    semitones = edit.number("pitch_st")
    if edit.region_s is None:
        return curves.transposed(pitch, semitones)
    return _bent(edit, pitch, points, lambda seconds: 0 * seconds + semitones / 12)


def _glided(edit: Edit, pitch: Pitch, points: int) -> Pitch:
    given = edit.number("glide_from_st"), edit.number("glide_time_s"), _start(edit)
    return _bent(edit, pitch, points, lambda seconds: curves.glide(seconds, *given))


def _dropped(edit: Edit, pitch: Pitch, points: int) -> Pitch:
    given = edit.number("drop_st"), edit.number("drop_s"), edit.number("drop_bend"), _start(edit)
    return _bent(edit, pitch, points, lambda seconds: curves.drop(seconds, *given))


def _vibrated(edit: Edit, pitch: Pitch, points: int) -> Pitch:
    given = edit.number("vibrato_cents"), edit.number("vibrato_rate_hz"), edit.number("vibrato_delay_s"), _start(edit)
    return _bent(edit, pitch, points, lambda seconds: curves.vibrato(seconds, *given))


_PITCHES: dict[str, Callable[[Edit, Pitch, int], Pitch]] = {
    "transpose": _transposed,
    "glide": _glided,
    "drop": _dropped,
    "vibrato": _vibrated,
    "formants": lambda edit, pitch, points: replace(pitch, formant_st=pitch.formant_st + edit.number("formant_st")),
    "pitch-movement": lambda edit, pitch, points: curves.scaled(pitch, edit.number("pitch_movement"), edit.region_s),
    "draw": lambda edit, pitch, points: curves.drawn(pitch, points, edit.points),
}
