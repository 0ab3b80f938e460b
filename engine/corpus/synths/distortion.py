"""Distorted guitars: a string into a preamplifier that clips, in two stages, and a loudspeaker cabinet; at twice the rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.base import RATE_HZ, Patch, Performance, Rendered, Synth, column
from engine.corpus.synths.drawing import around, columns, maybe, numbered, reader
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import along_frames, warp
from engine.corpus.synths.resonance import filtered, peak_gain
from engine.corpus.synths.strung import Strung, draw_strung, pick_noise, say_strung, string_tone

_STRINGS = (
    Strung(("electric guitar",), 1, (5, 12), (1200, 4500), (900, 3000), (0.06, 0.25), (0.07, 0.25), body_db=2, noise=(0.02, 0.15), slope=0.4,
           noise_hz=(1500, 4000), stiff=(5e-7, 8e-6)),
)  # fmt: skip
_STYLES = (  # words, weight, drive from and to, power chord, palm mute, vibrato and bend
    (("overdriven guitar", "blues"), 2.0, (3.0, 9.0), 0.1, 0.1, 0.5),
    (("distorted guitar", "rock guitar"), 3.0, (10.0, 35.0), 0.35, 0.15, 0.3),
    (("metal guitar", "high gain"), 3.0, (40.0, 150.0), 0.5, 0.45, 0.15),
    (("lead guitar", "distorted guitar"), 2.5, (15.0, 80.0), 0.0, 0.0, 1.0),
    (("fuzz guitar",), 1.5, (60.0, 300.0), 0.2, 0.1, 0.3),
    (("power chord", "rock guitar"), 2.0, (12.0, 60.0), 1.0, 0.3, 0.0),
)


def _draw(rng: np.random.Generator) -> Patch:
    style = choose(rng, [row[1] for row in _STYLES])
    _, _, drive, power, palm, lead = _STYLES[int(style)]
    patch = draw_strung(rng, _STRINGS)
    muted = maybe(rng, palm)
    singing = maybe(rng, lead) * (1.0 - muted)
    patch |= play.draw_pitch(rng, 0.8 * singing, (10.0, 45.0), 0.4 * singing, drift=2.0)
    patch |= {
        "style": style,
        "muted": muted,
        "t60_s": patch["t60_s"] * (spread(rng, 0.04, 0.15) if muted else 1.0),
        "drive": spread(rng, *drive),
        "second_drive": between(rng, 1.0, 3.5),
        "bias": between(rng, 0.0, 0.35),
        "tight_hz": spread(rng, 60.0, 500.0),
        "fifth": maybe(rng, power),
        "octave_up": maybe(rng, 0.5),
        "cabinet_low_hz": spread(rng, 70.0, 130.0),
        "cabinet_high_hz": spread(rng, 3200.0, 6500.0),
        "scoop_db": between(rng, -14.0, 6.0),
        "scoop_mid_hz": spread(rng, 350.0, 1000.0),
        **numbered("cone_hz", [around(rng, hz, 0.3) for hz in (110.0, 420.0, 1400.0, 2700.0)]),
        **numbered("cone_gain", [float(10 ** (rng.normal(3.0, 4.0) / 20.0)) for _ in range(4)]),
    }
    return patch


def _cabinet(patches: Sequence[Patch], hz: Tensor) -> Tensor:
    """Response of the loudspeaker in its box with the tone controls before it, (batch, bins)."""
    read = reader(patches, hz.device)
    low = 1.0 / (1.0 + (read("cabinet_low_hz") / hz.clamp(min=1.0)) ** 3)
    high = torch.rsqrt(1.0 + (hz / read("cabinet_high_hz")) ** 8)
    centres, gains = columns(patches, "cone_hz", 4, hz.device), columns(patches, "cone_gain", 4, hz.device)
    cone = torch.ones_like(low)
    for index in range(4):
        centre = centres[:, index : index + 1]
        cone = cone + (gains[:, index : index + 1] - 0.7) * peak_gain(hz, centre, 0.5 * centre).square()
    middle = 1.0 + (10.0 ** (read("scoop_db") / 20.0) - 1.0) * peak_gain(hz, read("scoop_mid_hz"), read("scoop_mid_hz")).square()
    return low * high * cone * middle


def _render(patches: Sequence[Patch], performance: Performance) -> Rendered:
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    f0, force, time = play.note_hz(performance), play.touch(performance), performance.time_s()
    double = 2 * frames
    sound = string_tone(patches, performance, f0, double, rate_hz=2 * RATE_HZ)
    rows = torch.nonzero(read("fifth")[:, 0] > 0)[:, 0]
    if len(rows):
        chosen = [patches[int(row)] for row in rows]
        own = play.only(performance, rows)
        above = 0.8 * string_tone(chosen, own, f0[rows] * 1.4983, double, rate_hz=2 * RATE_HZ)
        octave = string_tone(chosen, own, f0[rows] * 2.0, double, rate_hz=2 * RATE_HZ)
        sound[rows] = sound[rows] + above + 0.6 * column(chosen, "octave_up", device) * octave
    curve = play.pitch_curve(patches, performance)
    ratio = along_frames(curve / f0, frames)
    sound = warp(sound, ratio.repeat_interleave(2, dim=1))
    pick = pick_noise(patches, performance).repeat_interleave(2, dim=1)
    sound = sound + 0.5 * pick
    bias = read("bias")
    sound = torch.tanh(sound * read("drive") * (0.35 + 0.65 * force) + bias) - torch.tanh(bias)
    tight = read("tight_hz")
    sound = torch.tanh(sound * read("second_drive"))
    sound = filtered(sound, lambda hz: _cabinet(patches, hz) * (hz / torch.hypot(hz, 0.3 * tight)), halve=True)
    gate = read("t60_s") * 1.2 + 0.05
    still = torch.where(read("muted") > 0, torch.exp(-(time / gate).square() * 3.0), 1.0)
    samples = sound * still * play.rise(time, 0.001 + 0.001 * (1.0 - force)) * play.ringing(time, performance) * play.loudness(performance)
    return Rendered(samples, curve)


def _words(patch: Patch) -> list[str]:
    words = [*_STYLES[int(patch["style"])][0]]
    words += [word for word in say_strung(patch, _STRINGS) if word not in words and word != "electric guitar"]
    if patch["fifth"] and "power chord" not in words:
        words.append("power chord")
    if patch["muted"]:
        words.append("palm mute")
    if patch["vibrato_cents"] > 12:
        words.append("vibrato")
    return words


SYNTHS: tuple[Synth, ...] = (Synth("distorted_guitar", _draw, _render, _words),)
