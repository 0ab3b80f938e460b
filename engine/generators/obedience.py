"""What the flow hears but hardly follows is done to its latent afterwards, along the calibrated axes.

An attack is a few latent frames of many and movement a small part of their energy, so a flow trained for minutes gives
both too little weight. The axes move exactly these, by a known amount; a sound that has what was asked for moves on in
the same direction, as "very" would ask.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.latent.attack import rise
from engine.latent.chain import Chain, Region
from engine.latent.space import Space
from engine.latent.timing import map_latent, map_pitch, stretched
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent

UNITS: dict[str, float] = {"attack": 2.0, "movement": 1.0}  # of the axis, for a quality asked for to the full


def obeyed(
    qualities: Mapping[str, float],
    latent: Latent,
    pitch: Pitch,
    space: Space,
    frames: int,
    region_s: Region | None = None,
) -> tuple[Latent, Pitch]:
    """The latent, `frames` long as it was, and the pitch, moved by what `qualities` (-1..1) ask for. region_s: only
    that part was made anew and may move; an attack is the whole sound's, and stays."""
    chain = Chain()
    for key, units in UNITS.items():
        spec = PARAMS[key]
        amount = min(spec.high, max(spec.low, units * qualities.get(key, 0.0)))
        if amount and (key != "attack" or (space.level is not None and region_s is None)):
            chain = chain.having(key, amount, region_s)
    if not chain.active:
        return latent, pitch
    latent, pitch = chain.apply(latent, pitch, space)
    return _of_length(latent, pitch, space, frames)


def _of_length(latent: Latent, pitch: Pitch, space: Space, frames: int) -> tuple[Latent, Pitch]:
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
