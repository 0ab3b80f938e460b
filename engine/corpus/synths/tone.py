"""The waveform of an oscillator: a mix of classic shapes and drawn harmonics, as one wavetable per sound."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.corpus.synths import waveforms
from engine.corpus.synths.base import Patch, column
from engine.corpus.synths.hits import scatter
from engine.corpus.synths.oscillators import harmonics_below, wavetable

DRAWN = 32  # harmonics of the digital waveform that a seed decides

SILENT_TONE: Patch = {
    "saw": 0.0,
    "pulse": 0.0,
    "width": 0.5,  # duty of the pulse
    "triangle": 0.0,
    "sine": 0.0,
    "digital": 0.0,  # level of drawn harmonics
    "digital_seed": 1.0,
    "digital_slope": 0.7,  # how fast drawn harmonics fall: amplitude ~ number ** -slope
    "sync": 0.0,  # level of a saw restarted by a slower one
    "sync_ratio": 1.6,
    "odd": 0.0,  # 0 leaves the even harmonics, 1 removes them
}


def tone_table(patches: Sequence[Patch], prefix: str, highest_hz: Tensor) -> Tensor:
    """The wavetable (see `oscillators.wavetable`) of the keys of SILENT_TONE with `prefix` before them.

    highest_hz: (batch, 1) the highest frequency at which each table will be read.
    """
    device = highest_hz.device
    part = {key: column(patches, prefix + key, device) for key in SILENT_TONE if key != "digital_seed"}
    count = harmonics_below(highest_hz)
    pulse_sines, pulse_cosines = waveforms.pulse(count, part["width"])
    sines = part["saw"] * waveforms.saw(count, device) + part["pulse"] * pulse_sines
    sines = sines + part["triangle"] * waveforms.triangle(count, device)
    cosines = part["pulse"] * pulse_cosines
    drawn = _drawn(patches, prefix, part["digital_slope"]) * part["digital"]
    few = min(count, DRAWN)
    sines[:, :few] += drawn[:, :few]
    sines[:, :1] += part["sine"]
    if bool((part["sync"] > 0).any()):
        restarted = waveforms.synced(count, part["sync_ratio"])
        sines = sines + part["sync"] * restarted[0]
        cosines = cosines + part["sync"] * restarted[1]
    even = (waveforms.numbers(count, device) % 2 == 0).float()
    keep = 1 - part["odd"] * even
    return wavetable(sines * keep, highest_hz, cosines * keep)


def _drawn(patches: Sequence[Patch], prefix: str, slope: Tensor) -> Tensor:
    """(batch, DRAWN) signed amplitudes: a few strong harmonics among weak ones, the fundamental always there."""
    chance = scatter(patches, prefix + "digital_seed", 2 * DRAWN, slope.device)
    number = waveforms.numbers(DRAWN, slope.device)
    sign = torch.where(chance[:, DRAWN:] < 0.5, -1.0, 1.0)
    amplitude = chance[:, :DRAWN] ** 3
    amplitude[:, 0] = 0.5 + 0.5 * amplitude[:, 0]
    return sign * amplitude * number**-slope
