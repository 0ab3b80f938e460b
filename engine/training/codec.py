"""Trains the pitch-free codec: half of every batch is decoded at another note of the same instrument."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.analysis.metrics import mel_distance_db
from engine.codecs.codec import autocast
from engine.codecs.neural import CodecConfig, CodecNet
from engine.codecs.source import HOP
from engine.corpus.store import Corpus
from engine.training import loop
from engine.training.losses import SpectralLoss, pitched


@dataclass(frozen=True)
class CodecRecipe:
    """crop: audio frames per example. other: share decoded at another note. blind/halved: shares whose pitch is
    withheld from both sides, or given an octave too low, so that doubtful pitches do no harm later. decoder_only: the
    encoder stays as it is, so latents mean what they meant and a flow trained on them goes on working."""

    batch: int = 16
    crop: int = 44100
    other: float = 0.5
    blind: float = 0.1
    halved: float = 0.1
    kl: float = 1e-3
    decoder_only: bool = False
    judged: int = 64
    seed: int = 1


class PairBatches:
    """Crops of two notes of one instrument, with their pitch curves."""

    def __init__(self, corpus: Corpus, indices: list[int], recipe: CodecRecipe) -> None:
        self.corpus, self.recipe = corpus, recipe
        self.indices = np.asarray(indices)
        self.partners: dict[int, list[int]] = {}
        for index in indices:
            self.partners.setdefault(corpus.rows[index]["pair"], []).append(index)
        self.rng = np.random.default_rng(recipe.seed)

    def draw(self, device: str) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """source (B, N), its f0 (B, T), target (B, N), its f0 (B, T), start frames (B,)"""
        recipe, rng, corpus = self.recipe, self.rng, self.corpus
        points = 1 + recipe.crop // HOP
        sources, targets, source_f0, target_f0, starts = [], [], [], [], []
        for source in rng.choice(self.indices, recipe.batch):
            others = [other for other in self.partners[corpus.rows[source]["pair"]] if other != source]
            target = rng.choice(others) if others and rng.random() < recipe.other else source
            point = 0
            if rng.random() > 0.5:
                point = int(rng.integers(0, max(1, corpus.rows[source]["points"] - points // 3)))
            curves = corpus.f0(source, point, points), corpus.f0(target, point, points)
            chance = rng.random()
            if chance < recipe.blind:
                target, curves = source, (np.zeros(points, np.float32), np.zeros(points, np.float32))
            elif chance < recipe.blind + recipe.halved:
                curves = curves[0] / np.float32(2), curves[1] / np.float32(2)
            sources.append(corpus.sound(source, point * HOP, recipe.crop))
            targets.append(corpus.sound(target, point * HOP, recipe.crop))
            source_f0.append(curves[0])
            target_f0.append(curves[1])
            starts.append(point * HOP)
        stacked = [torch.from_numpy(np.stack(part)).to(device) for part in (sources, source_f0, targets, target_f0)]
        return stacked[0], stacked[1], stacked[2], stacked[3], torch.tensor(starts, device=device)


def train_codec(corpus: Corpus, plan: loop.Plan, recipe: CodecRecipe, config: CodecConfig) -> Path:
    """Returns the checkpoint. Figures on the curve: median mel distance in dB on held-out instruments."""
    torch.manual_seed(recipe.seed)
    net = CodecNet(config).to(plan.device)
    net.encoder.requires_grad_(not recipe.decoder_only)
    batches = PairBatches(corpus, corpus.of_split("train"), recipe)
    losses = SpectralLoss().to(plan.device)

    def step() -> Tensor:
        source, source_f0, target, target_f0, starts = batches.draw(plan.device)
        with autocast(plan.device):
            mean, log_variance = net.encoder(source, source_f0)
            latent = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            noise, again = torch.randn_like(target), torch.randn_like(target)
            made, twice = net.decoder(latent, target_f0, noise, starts, again=again).float()
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        loss: Tensor = losses(made, target, pitched(target_f0), twice) + recipe.kl * divergence
        return loss

    held_out = corpus.pairs(corpus.of_split("valid"))
    chosen = np.random.default_rng(0).permutation(len(held_out))[: recipe.judged]

    def judge(candidate: nn.Module) -> dict[str, float]:
        assert isinstance(candidate, CodecNet)
        return distances(candidate, corpus, [held_out[i] for i in chosen], plan.device)

    facts: dict[str, Any] = {"config": asdict(config), "recipe": asdict(recipe)}
    return loop.run(plan, net, step, judge if len(chosen) else None, facts, chances=[batches.rng])


def distances(net: CodecNet, corpus: Corpus, pairs: list[tuple[int, int]], device: str) -> dict[str, float]:
    """Median mel distance in dB over 3 s: at the same note, and decoded at the other note of each pair."""
    frames = 3 * 44100
    points = 1 + frames // HOP
    found: dict[str, list[float]] = {"same_db": [], "other_db": []}
    chance = torch.Generator(device).manual_seed(0)  # its own, so that judging leaves training's draws as they are
    for first in range(0, len(pairs), 16):
        part = pairs[first : first + 16]
        sounds = [np.stack([corpus.sound(pair[index], 0, frames) for pair in part]) for index in (0, 1)]
        curves = [np.stack([corpus.f0(pair[index], 0, points) for pair in part]) for index in (0, 1)]
        wanted, pitch = ([torch.from_numpy(array).to(device) for array in arrays] for arrays in (sounds, curves))
        with autocast(device):
            latent, _ = net.encoder(wanted[0], pitch[0])
            for key, index in (("same_db", 0), ("other_db", 1)):
                noise = torch.randn(len(part), frames, device=device, generator=chance)
                made = net.decoder(latent, pitch[index], noise).float()
                values = mel_distance_db(made, wanted[index]).cpu().tolist()
                real = [a != b for a, b in part] if index else [True] * len(part)
                found[key] += [value for value, keep in zip(values, real, strict=True) if keep]
    return {key: float(np.median(values)) for key, values in found.items() if values}
