"""The latent that a decoder renders as silence, for what an edit leaves empty.

What silence is encoded as stood behind sounds for a moment only, while the decoder learnt; for seconds of it some
decoders hum. So it is led from there to where the decoder is quiet.
"""

from __future__ import annotations

import numpy as np
import torch

from engine.codecs.codec import NeuralCodec
from engine.latent.space import Floats
from engine.pitch import Pitch
from engine.sound import Sound
from engine.training.directions import decode

FRAMES = 16  # of silence: a second and a half
PITCHES_HZ = 0.0, 55.0, 220.0, 880.0  # a sound's pitch goes on behind it
FLOOR = 1e-10  # mean square, -100 dB: quiet enough
STEPS, RATE, SPREAD = 60, 0.05, 0.02  # of the descent; deviation of the scatter that it must bear


def silent_latent(codec: NeuralCodec, deviation: Floats) -> Floats:
    """(channels,) what `codec` decodes to silence at any pitch. deviation: (channels,) of the latent over a corpus."""
    encoded = codec.encode(Sound(np.zeros(8 * 4096, np.float32), codec.rate_hz), Pitch(None))[4]
    scale = torch.from_numpy(np.array(deviation))
    begun = torch.from_numpy(np.array(encoded))
    moved = torch.zeros_like(begun, requires_grad=True)
    descent = torch.optim.Adam([moved], RATE)
    chance = torch.Generator().manual_seed(0)
    for step in range(STEPS):
        hz = PITCHES_HZ[step % len(PITCHES_HZ)]
        scatter = SPREAD * torch.randn(FRAMES, len(begun), generator=chance)
        made = decode(codec, (begun + scale * (moved + scatter))[None], np.full(8 * FRAMES, hz, np.float32))
        loss = torch.log10(made.square().mean() + FLOOR) + 0.02 * moved.square().sum()
        descent.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        descent.step()
    return np.asarray((begun + scale * moved.detach()).numpy(), np.float32)
