"""What the flow hears but hardly follows is done to its latent afterwards, along the calibrated axes.

An attack is a few latent frames of many and movement a small part of their energy, so a flow trained for minutes gives
both too little weight. The axes move exactly these, by a known amount; a sound that has what was asked for moves on in
the same direction, as "very" would ask.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.latent.chain import Chain, Region
from engine.latent.space import Space
from engine.params import PARAMS
from engine.pitch import Pitch
from engine.request import Latent

UNITS: dict[str, float] = {"attack": 2.0, "movement": 1.0}  # of the axis, for a quality asked for to the full


def obeyed(
    qualities: Mapping[str, float],
    latent: Latent,
    pitch: Pitch,
    space: Space,
    region_s: Region | None = None,
) -> tuple[Latent, Pitch]:
    """Latent and pitch, moved by what `qualities` (-1..1) ask for; another attack makes them longer or shorter.
    region_s: only that part was made anew and may move; an attack is the whole sound's, and stays."""
    chain = Chain()
    for key, units in UNITS.items():
        spec = PARAMS[key]
        amount = min(spec.high, max(spec.low, units * qualities.get(key, 0.0)))
        if amount and (key != "attack" or (space.level is not None and region_s is None)):
            chain = chain.having(key, amount, region_s)
    return chain.apply(latent, pitch, space)
