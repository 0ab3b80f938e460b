"""Trains the flow: rectified flow matching on cached latents; conditions are dropped so that each can be left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.codecs.codec import autocast
from engine.corpus.store import Corpus
from engine.families import INDEX
from engine.generators import stored
from engine.generators.dit import ANY_FAMILY, Conditions, Dit, DitConfig, whole
from engine.generators.lowrank import LowRank
from engine.qualities import KEYS as QUALITY_KEYS
from engine.training import loop
from engine.training.latents import Latents


@dataclass(frozen=True)
class FlowRecipe:
    """tokens: latent frames per batch, so that batches of short sounds hold more of them. The shares say how often
    words (free), family, note and each quality are withheld. onset: how much more the first latent frame weighs in the
    loss than late ones; an attack is a few frames of many, and without it goes unlearnt."""

    tokens: int = 2400
    most: int = 160
    free: float = 0.12
    family: float = 0.4
    note: float = 0.08
    qualities: float = 0.4
    quality: float = 0.5
    onset: float = 4.0
    seed: int = 2


class LatentBatches:
    """Batches of sounds of nearly the same length, normalised, with their conditions."""

    def __init__(self, data: Latents, corpus: Corpus, recipe: FlowRecipe, device: str) -> None:
        self.data, self.recipe, self.device = data, recipe, device
        self.rng = np.random.default_rng(recipe.seed)
        self.order = np.argsort(data.frames, kind="stable")
        rows = [corpus.rows[i] for i in data.sounds]
        self.note = np.asarray([row["note"] or 0 for row in rows], np.float32)
        self.velocity = np.asarray([row["velocity"] for row in rows], np.float32)
        self.seconds = np.asarray([row["seconds"] for row in rows], np.float32)
        self.family = np.asarray([INDEX[row["family"]] for row in rows], np.int64)
        self.qualities = np.asarray([[row["qualities"][key] for key in QUALITY_KEYS] for row in rows], np.float32)

    def draw(self) -> tuple[Tensor, Conditions]:
        """latents (B, L, C) and what was asked for."""
        data, rng, recipe = self.data, self.rng, self.recipe
        centre = int(rng.integers(len(self.order)))
        longest = whole(int(data.frames[self.order[centre]]))
        count = min(recipe.most, max(1, recipe.tokens // longest), len(self.order))
        low = min(max(0, centre - 2 * count), len(self.order) - 1)
        window = self.order[low : low + 4 * count]
        chosen = rng.choice(window, count, replace=len(window) < count)
        longest = max(longest, whole(int(data.frames[chosen].max())))
        channels = data.latents.shape[1]
        batch = np.empty((len(chosen), longest, channels), np.float32)
        for number, i in enumerate(chosen):
            own = data.latents[data.place[i] : data.place[i] + data.frames[i]]
            batch[number, : len(own)] = own
            batch[number, len(own) :] = own[-1]  # its own silence goes on
        width = len(data.mean)
        batch[..., :width] = (batch[..., :width] - data.mean) / data.deviation
        return torch.from_numpy(batch.clip(-7, 7)).to(self.device), self._conditions(chosen)

    def _conditions(self, chosen: npt.NDArray[np.int64]) -> Conditions:
        data, rng, recipe, size = self.data, self.rng, self.recipe, len(chosen)
        texts = chosen * data.captions_each + rng.integers(data.captions_each, size=size)
        counts = data.tokens[texts]
        longest = min(data.states.shape[1], -(-int(counts.max()) // 8) * 8)  # few shapes: each new one costs time

        def kept(share: float) -> npt.NDArray[np.bool_]:
            return np.asarray(rng.random(size) >= share)

        each = rng.random((size, len(QUALITY_KEYS))) >= recipe.quality
        arrays = {
            "text": data.states[texts][:, :longest].astype(np.float32),
            "mask": np.arange(longest) < counts[:, None],
            "note": np.where(kept(recipe.note), self.note[chosen], 0).astype(np.float32),
            "velocity": self.velocity[chosen],
            "seconds": self.seconds[chosen],
            "family": np.where(kept(recipe.family), self.family[chosen], ANY_FAMILY),
            "qualities": self.qualities[chosen],
            "known": each & kept(recipe.qualities)[:, None],
            "free": ~kept(recipe.free),
        }
        tensors = {key: torch.from_numpy(np.ascontiguousarray(value)).to(self.device) for key, value in arrays.items()}
        return Conditions(**tensors)


def onset_weights(frames: int, onset: float, device: torch.device) -> Tensor:
    """(frames,), falling from the first frame on with a time constant of three (0.28 s), mean 1."""
    weights = 1 + (onset - 1) * torch.exp(-torch.arange(frames, device=device) / 3)
    return weights / weights.mean()


def train_flow(data: Latents, corpus: Corpus, plan: loop.Plan, recipe: FlowRecipe, config: DitConfig) -> Path:
    """Returns the checkpoint; its facts carry the latents' mean and deviation."""
    torch.manual_seed(recipe.seed)
    net = Dit(config).to(plan.device)
    batches = LatentBatches(data, corpus, recipe, plan.device)
    facts = {
        "config": asdict(config), "recipe": asdict(recipe),
        "mean": data.mean.tolist(), "deviation": data.deviation.tolist(),
    }  # fmt: skip
    return loop.run(plan, net, lambda: flow_loss(net, batches), None, facts, chances=[batches.rng])


def train_refinement(
    data: Latents, corpus: Corpus, start: Path, plan: loop.Plan, recipe: FlowRecipe, rank: int
) -> Path:
    """Low-rank changes of the flow of the model in `start`, begun with those it has. `data` of any corpus: latents
    count in the flow's own mean and deviation. Returns the checkpoint. Raises ModelProblem."""
    torch.manual_seed(recipe.seed)
    flow, mean, deviation = stored.load_unrefined(start)
    marked = stored.mark(flow)
    changes = stored.load_refinement(start, flow) or LowRank(flow, rank)
    flow.to(plan.device)
    own = replace(data, mean=np.asarray(mean), deviation=np.asarray(deviation))
    batches = LatentBatches(own, corpus, recipe, plan.device)
    facts = {"config": {"rank": changes.rank}, "recipe": asdict(recipe), "flow": marked}
    changes = changes.to(plan.device)
    return loop.run(plan, changes, lambda: flow_loss(flow, batches), None, facts, chances=[batches.rng])


def flow_loss(net: Dit, batches: LatentBatches) -> Tensor:
    """Squared error of the velocity at random times between noise and a batch of latents."""
    latents, asked = batches.draw()
    noise = torch.randn_like(latents)
    time = torch.sigmoid(torch.randn(len(latents), device=latents.device))
    mixed = noise + (latents - noise) * time[:, None, None]
    with autocast(batches.device):
        velocity = net(mixed, time, asked)
    error = (velocity.float() - (latents - noise)).square().mean((0, 2))
    loss: Tensor = (error * onset_weights(len(error), batches.recipe.onset, error.device)).mean()
    return loss
