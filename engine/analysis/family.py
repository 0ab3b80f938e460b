"""Which family a sound belongs to: a small classifier on how its mel spectrum looks at its start, middle and end."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.mel import filter_bank

FFT, HOP, BANDS = 2048, 512, 128
FRAMES = 3 * 44100
STRETCHES = ((0, 4), (4, 16), (16, 60), (60, 140), (140, None))  # STFT frames: attack, start, body, end, tail
FLOOR = 1e-3


@cache
def _bank() -> Tensor:
    return torch.from_numpy(filter_bank(FFT, BANDS))


def looks(samples: Tensor) -> Tensor:
    """samples (B, N) at 44.1 kHz -> (B, 6 · 128): mean log-mel of each stretch, deviation over all, 60 dB deep."""
    samples = F.pad(samples[:, :FRAMES], (0, max(0, FRAMES - samples.shape[1])))
    window = torch.hann_window(FFT, device=samples.device)
    power = torch.stft(samples, FFT, HOP, window=window, pad_mode="constant", return_complex=True).abs()
    mel = _bank().to(samples.device) @ power
    peak = mel.amax(dim=(1, 2), keepdim=True).clamp(min=1e-9)
    level = torch.log10((mel / peak).clamp(min=FLOOR))
    parts = [level[..., start:stop].mean(-1) for start, stop in STRETCHES]
    return torch.cat([*parts, level.std(-1)], 1)


class FamilyClassifier:
    """Fitted once on labelled looks; answers with class numbers. Deterministic by seed."""

    def __init__(self, classes: int, seed: int = 0) -> None:
        torch.manual_seed(seed)
        size = BANDS * (len(STRETCHES) + 1)
        self.net = nn.Sequential(
            nn.Linear(size, 512), nn.GELU(), nn.Dropout(0.3), nn.Linear(512, 256), nn.GELU(), nn.Linear(256, classes)
        )
        self.mean, self.deviation = torch.zeros(size), torch.ones(size)

    def fit(self, seen: Tensor, classes: npt.NDArray[np.int64], epochs: int = 40, batch: int = 256) -> None:
        """seen (sounds, features) as `looks` gives them; classes (sounds,)."""
        self.mean, self.deviation = seen.mean(0), seen.std(0).clamp(min=1e-3)
        x, y = (seen - self.mean) / self.deviation, torch.from_numpy(classes)
        optimiser = torch.optim.AdamW(self.net.parameters(), 1e-3, weight_decay=0.05)
        rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        self.net.train()
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for first in range(0, len(order), batch):
                part = order[first : first + batch]
                loss = F.cross_entropy(self.net(x[part]), y[part], label_smoothing=0.05)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
            rates.step()
        self.net.eval()

    def predict(self, seen: Tensor) -> npt.NDArray[np.int64]:
        """Class of each row of `looks`."""
        return np.asarray(self.shares(seen).argmax(1), np.int64)

    def shares(self, seen: Tensor) -> npt.NDArray[np.float64]:
        """How likely each class is: (sounds, classes), rows sum to 1."""
        with torch.no_grad():
            logits: Tensor = self.net((seen - self.mean) / self.deviation)
            return np.asarray(logits.double().softmax(1).numpy())

    def features(self, seen: Tensor) -> npt.NDArray[np.float64]:
        """What the last layer decides by: (sounds, 256)."""
        with torch.no_grad():
            return np.asarray(self.net[:-1]((seen - self.mean) / self.deviation).double().numpy())

    def state(self) -> dict[str, Tensor]:
        """All that was fitted, by name."""
        return {**self.net.state_dict(), "mean": self.mean, "deviation": self.deviation}

    def restore(self, state: dict[str, Tensor]) -> None:
        """As it was when `state` was taken. Raises RuntimeError when it had other classes."""
        rest = dict(state)
        self.mean, self.deviation = rest.pop("mean"), rest.pop("deviation")
        self.net.load_state_dict(rest)
        self.net.eval()
