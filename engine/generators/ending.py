"""A sound that holds ends when it was asked to end, and what has died away stays silent.

A flow sets the end by whole latent frames, so a held note dies away up to a tenth of a second early, or is cut before
its release. The body between attack and end is stretched or shortened by that little. Where it ends, the latent tells
roughly; a sound whose length was named in words is listened to as well (`later`).
"""

from __future__ import annotations

import numpy as np

from engine.dsp.trim import onset_frame, tail_frame
from engine.latent.attack import rise
from engine.latent.space import Space
from engine.latent.timing import TimeMap, map_latent, map_pitch, stretched
from engine.pitch import Pitch
from engine.request import Latent
from engine.sound import Sound

GONE_DB = 45.0  # below the loudest frame, where the level read off a latent says that the sound has died away
DEAD_DB = 60.0  # below it, where nothing of it is heard
HELD_DB = 20.0  # at most so far below it, late in its body: it holds, what is softer there has its own decay
FALL_DB, FAINT_DB = 20.0, 25.0  # from one frame to the next, down to below so much: an end, whatever is read after it
LATE = 0.7
FACTORS = 0.5, 2.0  # of its length: beyond, the sound is of another kind than was asked, and stays as it is
NEAR = 0.05  # latent frames, 5 ms: soon enough
TRANSIENT = 1.5  # latent frames after the onset that stay as they are
ONSET_S = 0.01  # how late it usually begins
EARLY = 0.95  # of the length asked for: what ends sooner is heard to be short


def ended(
    latent: Latent, pitch: Pitch, space: Space, frames: int, seconds: float, named: bool = False
) -> tuple[Latent, Pitch]:
    """So many frames, with the end at `seconds`. Of a sound that has hardly a body or does not hold, unless its length
    was `named` in words and thus is wished of decays, too, and where the space cannot tell levels: `of_length`."""
    end = end_place(latent, space, decaying=named)
    risen = rise(latent, space)
    start = risen.first + TRANSIENT
    wanted = (seconds + ONSET_S) * space.frame_hz
    if end is None or min(end, wanted) - max(start, risen.last + 0.5) < 1.0 or wanted >= frames - 0.5:
        return of_length(latent, pitch, space, frames)
    if not FACTORS[0] <= wanted / end <= FACTORS[1] or (abs(wanted - end) < NEAR and frames == len(latent)):
        return of_length(latent, pitch, space, frames)
    return _moved(latent, pitch, space, frames, start, end, wanted)


def later(latent: Latent, pitch: Pitch, space: Space, sound: Sound, seconds: float) -> tuple[Latent, Pitch] | None:
    """The same with its end moved to `seconds` after its onset, if it is heard to end sooner: `sound` is what it
    decodes to. None where it does not, or where only another kind of sound would last so long."""
    begin, end = (place(sound.samples, sound.rate_hz) / sound.rate_hz for place in (onset_frame, tail_frame))
    start = rise(latent, space).first + TRANSIENT
    ends, wanted = end * space.frame_hz, (begin + seconds) * space.frame_hz
    if end - begin >= EARLY * seconds or ends - start < 1.0 or wanted >= len(latent) - 0.5:
        return None
    if wanted / ends > FACTORS[1]:
        return None
    return _moved(latent, pitch, space, len(latent), start, ends, wanted)


def _moved(
    latent: Latent, pitch: Pitch, space: Space, frames: int, start: float, end: float, wanted: float
) -> tuple[Latent, Pitch]:
    """So many frames, in which what lies at `end` comes at `wanted`, and what lies before `start` stays."""
    heard, source = np.array([0.0, start, wanted, frames]), np.array([0.0, start, end, len(latent)])
    time = TimeMap(frames, lambda places: np.interp(places, heard, source))
    return map_latent(latent, time, space), map_pitch(pitch, time, len(latent), space)


def of_length(latent: Latent, pitch: Pitch, space: Space, frames: int) -> tuple[Latent, Pitch]:
    """What a shorter attack has taken away the body makes up for; what a longer one pushes out is cut."""
    missing = frames - len(latent)
    if missing <= 0:
        return latent[:frames], pitch
    end = min(rise(latent, space).last + 0.5, len(latent) - 1.0)
    body = len(latent) - end
    time = stretched(len(latent), (body + missing) / body, (end, float(len(latent))))
    if time is None:
        return latent, pitch
    return map_latent(latent, time, space), map_pitch(pitch, time, len(latent), space)


def hushed(latent: Latent, space: Space) -> Latent:
    """Silence from where the sound has died away for good: a decoder makes a hiss of what only nearly means silence."""
    levels = space.levels(latent)
    if levels is None or len(levels) == 0 or space.silence is None:
        return latent
    end = 1 + int(np.flatnonzero(levels >= levels.max() - DEAD_DB)[-1])
    return np.concatenate([latent[:end], np.tile(space.silence, (len(latent) - end, 1))])


def end_place(latent: Latent, space: Space, decaying: bool = False) -> float | None:
    """Where a sound that holds, or a `decaying` one, has died away, in latent frames; None for others and for what
    never dies away."""
    levels = space.levels(latent)
    if levels is None or len(levels) == 0:
        return None
    below = levels - levels.max() + GONE_DB
    last = int(np.flatnonzero(below >= 0)[-1])
    if last + 1 >= len(levels) and decaying:  # levels of little are read too high after a short sound
        below = levels - levels.max() + FAINT_DB
        last = int(np.flatnonzero(below >= 0)[-1])
        if last + 1 < len(levels) and below[last] - below[last + 1] < FALL_DB:
            return None
    if last + 1 >= len(levels) or (below[int(LATE * (last + 1))] < GONE_DB - HELD_DB and not decaying):
        return None
    return float(last + 0.5 + below[last] / (below[last] - below[last + 1]))
