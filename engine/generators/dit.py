"""The velocity network of the flow: a diffusion transformer over latent frames, words by cross-attention.

Peebles & Xie 2023 (adaptive layer norm, here one shared projection plus a table per block as in PixArt-alpha,
Chen et al. 2023), rotary positions (Su et al. 2021).
Shapes: B batch, L latent frames, C latent channels, S text tokens, D width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.families import KEYS as FAMILY_KEYS
from engine.qualities import KEYS as QUALITY_KEYS

TEXT_WIDTH = 384  # MiniLM-L6's hidden states
ANY_FAMILY = len(FAMILY_KEYS)  # index that stands for "no family named"


@dataclass(frozen=True)
class DitConfig:
    """channels: C, timbre and pitch channels together. width: D. heads divide it into even parts."""

    channels: int = 73
    width: int = 320
    blocks: int = 8
    heads: int = 5
    families: int = ANY_FAMILY
    qualities: int = len(QUALITY_KEYS)


@dataclass(frozen=True, eq=False)
class Conditions:
    """What the flow is asked for, per sound of a batch.

    text: (B, S, 384) token states; mask: bool (B, S), which of them count. note: (B,) MIDI number, 0 = none.
    velocity: (B,) 1..127. seconds: (B,). family: long (B,), ANY_FAMILY = not named. qualities: (B, Q) -1..1;
    known: bool (B, Q), which of them are asked for. free: bool (B,), where words, family and qualities are withheld.
    """

    text: Tensor
    mask: Tensor
    note: Tensor
    velocity: Tensor
    seconds: Tensor
    family: Tensor
    qualities: Tensor
    known: Tensor
    free: Tensor

    def on(self, device: str | torch.device) -> Conditions:
        """The same on a device."""
        return Conditions(**{key: value.to(device) for key, value in vars(self).items()})

    def freed(self) -> Conditions:
        """The same with words, family and qualities withheld."""
        return replace(self, free=torch.ones_like(self.free))


@dataclass(frozen=True)
class Heard:
    """Conditions as the network has understood them: condition (B, D) but for the time, memory of the words for each
    block, mask (B, 1, 1, S)."""

    condition: Tensor
    memory: Sequence[tuple[Tensor, Tensor]]
    mask: Tensor

    def first(self, count: int) -> Heard:
        """Those of the first `count` sounds alone."""
        memory = [(key[:count], value[:count]) for key, value in self.memory]
        return Heard(self.condition[:count], memory, self.mask[:count])

    def times(self, count: int) -> Heard:
        """Each of them for so many sounds in a row."""
        if count == 1:
            return self
        memory = [(key.repeat_interleave(count, 0), value.repeat_interleave(count, 0)) for key, value in self.memory]
        return Heard(self.condition.repeat_interleave(count, 0), memory, self.mask.repeat_interleave(count, 0))


def joined(*several: Conditions) -> Conditions:
    """Batches as one; shorter texts are padded with tokens that do not count."""
    tokens = max(each.text.shape[1] for each in several)
    padded = [_padded(each, tokens) for each in several]
    return Conditions(**{key: torch.cat([getattr(each, key) for each in padded]) for key in vars(padded[0])})


def _padded(conditions: Conditions, tokens: int) -> Conditions:
    missing = tokens - conditions.text.shape[1]
    text, mask = F.pad(conditions.text, (0, 0, 0, missing)), F.pad(conditions.mask, (0, missing))
    return replace(conditions, text=text, mask=mask)


class Waves(nn.Module):
    """A number as sines and cosines of geometrically spaced periods, then an MLP: (B,) -> (B, D)."""

    def __init__(self, width: int, longest: float, size: int = 128) -> None:
        super().__init__()
        rates = 2 * math.pi / longest * torch.exp(torch.linspace(0.0, math.log(1000.0), size // 2))
        self.register_buffer("rates", rates, persistent=False)
        self.mlp = nn.Sequential(nn.Linear(size, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        angles = x[:, None].float() * cast(Tensor, self.rates)
        y: Tensor = self.mlp(torch.cat([angles.sin(), angles.cos()], -1))
        return y


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.text_norm = nn.LayerNorm(width)
        self.query, self.key_value = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.text_out = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.table = nn.Parameter(torch.randn(6, width) * 0.02)
        for last in (self.out, self.text_out, self.mlp[2]):
            assert isinstance(last, nn.Linear)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def memory(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of words (B, S, D), (B, heads, S, size) each: the same at every step."""
        key, value = self.key_value(words).chunk(2, -1)
        return self._split(key), self._split(value)

    def forward(
        self,
        x: Tensor,
        modulation: Tensor,
        memory: tuple[Tensor, Tensor],
        mask: Tensor,
        turns: tuple[Tensor, Tensor],
    ) -> Tensor:
        """x (B, L, D), modulation (B, 6, D), memory of the words, mask (B, 1, 1, S) -> (B, L, D)"""
        scale, shift, gate, scale2, shift2, gate2 = (modulation + self.table).unsqueeze(2).unbind(1)
        query, key, value = self.qkv(self.norm(x) * (1 + scale) + shift).chunk(3, -1)
        query, key = rotated(self._split(query), turns), rotated(self._split(key), turns)
        x = x + gate * self.out(self._join(attended(query, key, self._split(value))))
        heard = attended(self._split(self.query(self.text_norm(x))), *memory, mask)
        x = x + self.text_out(self._join(heard))
        y: Tensor = x + gate2 * self.mlp(self.norm(x) * (1 + scale2) + shift2)
        return y

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _join(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2).flatten(2)


def whole(frames: int) -> int:
    """The number of latent frames that the network works on for so many: the next multiple of four.

    Few shapes, because on a CPU each new one costs a fifth of a second; the rest is the sound's own silence.
    """
    return -(-frames // 4) * 4


def attended(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Scaled dot-product attention, (B, heads, L, size) each; mask bool (B, 1, 1, S), what may be seen.

    Written out, because the fused kernel's backward takes half of a training step on CPUs at these short lengths.
    """
    scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    seen: Tensor = scores.softmax(-1).to(value.dtype) @ value
    return seen


def turns(frames: int, size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary positions, (L, size / 2) each."""
    rates = 1000.0 ** -(torch.arange(size // 2, device=device) / (size // 2))
    angles = torch.arange(frames, device=device)[:, None] * rates
    return angles.cos(), angles.sin()


def rotated(x: Tensor, by: tuple[Tensor, Tensor]) -> Tensor:
    """(B, heads, L, size) turned by its position."""
    cos, sin = (part.to(x.dtype) for part in by)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Dit(nn.Module):
    def __init__(self, config: DitConfig) -> None:
        super().__init__()
        self.config, width = config, config.width
        self.inlet = nn.Linear(config.channels, width)
        self.time, self.note = Waves(width, 2.0), Waves(width, 256.0)
        self.velocity, self.length = Waves(width, 256.0), Waves(width, 16.0)
        self.family = nn.Embedding(config.families + 1, width)
        self.quality = nn.Linear(2 * config.qualities, width)
        self.summary, self.words = nn.Linear(TEXT_WIDTH, width), nn.Linear(TEXT_WIDTH, width)
        self.nothing = nn.Parameter(torch.zeros(1, 1, TEXT_WIDTH))
        self.modulate = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList(Block(width, config.heads) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, config.channels)
        for layer in (self.out, self.modulate):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        with torch.no_grad():  # gates start open
            self.modulate.bias.view(6, width)[2] = 1.0
            self.modulate.bias.view(6, width)[5] = 1.0

    def heard(self, asked: Conditions) -> Heard:
        """What the conditions come to before any step, to be worked out once for all steps of a sound."""
        free = asked.free[:, None]
        text = torch.where(free[..., None], self.nothing, asked.text)
        mask = asked.mask | free
        summary = (text * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        known = asked.known & ~free
        family = torch.where(asked.free, torch.full_like(asked.family, self.config.families), asked.family)
        condition = self.velocity(asked.velocity) + self.length(asked.seconds)
        condition = condition + self.note(asked.note) * (asked.note > 0)[:, None] + self.family(family)
        condition = condition + self.summary(summary)
        condition = condition + self.quality(torch.cat([asked.qualities * known, known.float()], -1))
        words = self.words(text)
        return Heard(condition, [cast(Block, block).memory(words) for block in self.blocks], mask[:, None, None])

    def forward(self, x: Tensor, time: Tensor, asked: Conditions | Heard, stride: Tensor | None = None) -> Tensor:
        """x (B, L, C) at time (B,) 0 (noise) .. 1 (data) -> velocity (B, L, C)

        stride (B, D): what a student is told of how far the velocity has to reach (`engine/generators/fast.py`)."""
        heard = asked if isinstance(asked, Heard) else self.heard(asked)
        condition = heard.condition + self.time(time) + (0.0 if stride is None else stride)
        modulation = self.modulate(F.silu(condition)).view(len(x), 6, -1)
        places = turns(x.shape[1], self.config.width // self.config.heads, x.device)
        h = self.inlet(x)
        for block, memory in zip(self.blocks, heard.memory, strict=True):
            h = block(h, modulation, memory, heard.mask, places)
        y: Tensor = self.out(self.norm(h))
        return y
