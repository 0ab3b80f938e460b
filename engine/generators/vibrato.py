"""The vibrato that a prompt asks for, laid on the pitch curve where the flow has not put it.

A flow gives vibrato to whom it has heard playing with it, whatever the words; a pitch curve is plain to change. Where
there is a vibrato already it keeps its rate and its ways and is made as deep as was asked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.latent.chain import Region
from engine.latent.curves import added, faded, vibrato
from engine.latent.space import POINT_HZ
from engine.latent.timing import held
from engine.pitch import Pitch
from engine.text.vocabulary import Vibrato

Octaves = npt.NDArray[np.float64]
BEGINS_S = 0.15  # before, the pitch moves as an attack does: scoops and drops are no vibrato
DELAY_S = 0.3  # a player's, or a part of a short sound
DELAY_SHARE = 0.2
SMOOTH_S = 0.12  # deviation of the bell that takes away what swings at 3 Hz and above
THERE = 1 / 3  # of the depth asked for: below, a curve counts as still
SHAKES_HZ = 3.0, 9.0  # what is slower drifts, what is faster is rough
RATES_HZ = 4.8, 6.2  # as players have it, where words do not say


def swung(pitch: Pitch, asked: Vibrato | None, seconds: float, seed: int, region_s: Region | None = None) -> Pitch:
    """`pitch` with the vibrato asked for, in a sound so long, or in that region of it; the seed decides what was left
    open. Of a sound without pitch, or where nothing was asked, that very pitch."""
    if asked is None or pitch.root_note is None:
        return pitch
    points = round(seconds * POINT_HZ)
    own = np.asarray(held(pitch.octaves, max(points, len(pitch.octaves)), 0.0), np.float64)
    swing = _swing(own) * faded(np.arange(len(own)) / POINT_HZ, region_s)
    depth = depth_cents(swing[round(BEGINS_S * POINT_HZ) : points])
    kept = asked.rate_hz is None and depth >= max(1.0, THERE * asked.cents)
    gain = asked.cents / depth if kept else 0.0
    made = replace(pitch, octaves=np.asarray(own + (gain - 1) * swing, np.float32))
    if kept or not asked.cents:
        return made
    rng = np.random.default_rng(seed)
    rate = rng.uniform(*RATES_HZ) if asked.rate_hz is None else asked.rate_hz
    delay = min(DELAY_S, DELAY_SHARE * seconds) * rng.uniform(0.5, 1.5)
    start = 0.0 if region_s is None else region_s[0]
    return added(made, points, lambda moments: vibrato(moments, asked.cents, rate, delay, start), region_s)


def depth_cents(swing: Octaves) -> float:
    """How far a curve in octaves swings to each side at the rates of a vibrato, as a sine of the same power would."""
    if len(swing) < 2:
        return 0.0
    power = np.abs(np.fft.rfft(swing)) ** 2
    rates = np.fft.rfftfreq(len(swing), 1 / POINT_HZ)
    shaken = power[(rates >= SHAKES_HZ[0]) & (rates <= SHAKES_HZ[1])].sum()
    return float(1200 * np.sqrt(2) * np.sqrt(2 * shaken) / len(swing))


def _swing(octaves: Octaves) -> Octaves:
    """What of a curve goes to and fro, once the note has begun."""
    reach = round(3 * SMOOTH_S * POINT_HZ)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (SMOOTH_S * POINT_HZ)) ** 2)
    padded = np.pad(octaves, reach, "reflect" if len(octaves) > reach else "edge")
    seconds = np.arange(len(octaves)) / POINT_HZ
    begun = faded(seconds, (BEGINS_S, np.inf))
    return np.asarray((octaves - np.convolve(padded, bell / bell.sum(), "valid")) * begun)
