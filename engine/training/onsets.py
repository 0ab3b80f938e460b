"""How a softer or harder onset looks in the latent: pairs of sounds, with and without, and a small map between them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.envelope import envelope, times
from engine.latent.space import Floats, Onset, Space

ROWS = 3  # latent frames from the start of the sound
HIDDEN = 48
LONG_S = 0.3  # longer attacks last more than `ROWS` frames and teach nothing; engine/latent/attack.py stretches them
LEAST_S = 0.035  # what the shortest attack is given by one unit, besides being doubled
EPOCHS, BATCH, RATE = 60, 128, 3e-3
_RISE = 1.25  # a straight ramp takes so much longer than from 10 to 90 %


def softer(samples: Floats, rate_hz: int = 44100) -> Floats:
    """The sound (frames,) faded in so that its attack takes about twice as long, and `LEAST_S` at least."""
    onset, attack, _, _ = _rise(samples, rate_hz)
    seconds = np.arange(len(samples)) / rate_hz - onset
    return np.asarray(samples * np.clip(seconds / (_RISE * (2 * attack + LEAST_S)), 0.0, 1.0), np.float32)


def harder(samples: Floats, rate_hz: int = 44100) -> Floats:
    """The sound (frames,) with the rise of its envelope squeezed into half the time, by at most 20 dB of gain."""
    onset, attack, level, seconds = _rise(samples, rate_hz)
    risen = np.maximum.accumulate(level)
    sooner = np.interp(np.maximum(seconds - onset, 0.0) * 2 + onset, seconds, risen)
    gain = np.clip(sooner / np.maximum(risen, max(float(risen[-1]), 1e-6) * 10**-1.5), 1.0, 10.0)
    gain[(seconds < onset - 0.003) | (seconds > onset + 1.1 * attack)] = 1.0
    return np.asarray(samples * np.interp(np.arange(len(samples)) / rate_hz, seconds, gain), np.float32)


def fit(pairs: Iterable[tuple[Floats, Floats]], space: Space, seed: int = 0) -> Onset:
    """The map from a sound's first `ROWS` latent frames to how they change; pairs of (before, after), each
    (ROWS, channels). Regression by a net of one layer, with noise on what it sees and decay of its weights."""
    before, after = (np.stack(side) for side in zip(*pairs, strict=True))
    seen = torch.from_numpy(((before - space.mean) / space.deviation).reshape(len(before), -1))
    wanted = torch.from_numpy(((after - before) / space.deviation).reshape(len(before), -1))
    chance = torch.Generator().manual_seed(seed)
    inward = 0.05 * torch.randn(HIDDEN, seen.shape[1], generator=chance)
    bias, outward = torch.zeros(HIDDEN), torch.zeros(wanted.shape[1], HIDDEN)
    parts = [part.requires_grad_(True) for part in (inward, bias, outward)]
    optimiser = torch.optim.AdamW(parts, lr=RATE, weight_decay=3e-3)
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for part in torch.randperm(len(seen), generator=chance).split(BATCH):  # type: ignore[no-untyped-call]
            x = seen[part] + 0.05 * torch.randn(seen[part].shape, generator=chance)
            loss: Tensor = (torch.tanh(x @ inward.T + bias) @ outward.T - wanted[part]).square().mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return Onset(ROWS, *(part.detach().numpy() for part in (inward, bias, outward)))


def _rise(samples: Floats, rate_hz: int) -> tuple[float, float, Floats, npt.NDArray[np.float64]]:
    """Onset and attack in seconds; the held envelope and its moments."""
    found = envelope(torch.from_numpy(np.array(samples))[None], rate_hz)
    measured = times(found)
    level = found.held[0].numpy()
    seconds = np.arange(len(level), dtype=np.float64) * found.hop_s
    return float(measured["onset_s"][0]), float(measured["attack_s"][0]), level, np.asarray(seconds)
