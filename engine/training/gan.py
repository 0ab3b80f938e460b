"""The codec's second stage: the decoder learns to be taken for real, the encoder stays as it is.

As in RAVE (Caillon & Esling 2021): latents mean what they meant, so a flow trained on them goes on working, and the
spectral losses go on holding the sound. The discriminators' gradient is scaled to a share of the spectral one where
both meet, at the samples (Défossez et al. 2022), so that neither takes over as the discriminators grow.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.codecs.codec import autocast
from engine.codecs.neural import CodecNet
from engine.corpus.store import Corpus
from engine.training import loop
from engine.training.codec import CodecRecipe, PairBatches, distances
from engine.training.discriminators import (
    DiscriminatorConfig,
    Discriminators,
    Heard,
    fooling_loss,
    matching_loss,
    unmasking_loss,
)
from engine.training.losses import SpectralLoss, pitched


@dataclass(frozen=True)
class GanRecipe(CodecRecipe):
    """share: the discriminators' gradient over the spectral one. matching: weight of feature matching in it. alone:
    steps in which only they learn, so that they know something when they are first asked. worse_db: how much farther
    held-out sounds may get, in mel distance, before the share is lowered to `lowered` of what it was."""

    batch: int = 8
    share: float = 0.5
    matching: float = 2.0
    alone: int = 200
    worse_db: float = 0.1
    lowered: float = 0.3
    seed: int = 3


def train_gan(corpus: Corpus, net: CodecNet, plan: loop.Plan, recipe: GanRecipe, config: DiscriminatorConfig) -> Path:
    """Go on from `net`; returns the checkpoint, a codec's with its discriminators beside it. The loss on the curve is
    the spectral one. Figures: median mel distance in dB on held-out instruments, and how much of the share is left."""
    torch.manual_seed(recipe.seed)
    net = net.to(plan.device).train()
    net.encoder.requires_grad_(False)
    critics = Discriminators(config).to(plan.device)
    optimiser = torch.optim.AdamW(critics.parameters(), plan.learning_rate, betas=plan.betas, fused=True)
    batches = PairBatches(corpus, corpus.of_split("train"), recipe)
    spectral = SpectralLoss().to(plan.device)

    def step() -> Tensor:
        source, source_f0, target, target_f0, starts = batches.draw(plan.device)
        with autocast(plan.device):
            with torch.no_grad():
                mean, log_variance = net.encoder(source, source_f0)
                latent = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            made = net.decoder(latent, target_f0, torch.randn_like(target), starts).float()
            real = critics(target)
            unmasking = unmasking_loss(real, critics(made.detach()))
        optimiser.zero_grad(set_to_none=True)
        unmasking.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(critics.parameters(), 1.0)
        optimiser.step()
        critics.played += 1
        loss: Tensor = spectral(made, target, pitched(target_f0))
        if critics.played <= recipe.alone:
            return loss
        return balanced(loss, _judgement(critics, real, made, recipe, plan.device), made, recipe.share * critics.weight)

    held_out = corpus.pairs(corpus.of_split("valid"))
    chosen = [held_out[i] for i in np.random.default_rng(0).permutation(len(held_out))[: recipe.judged]]
    before = _far(net, corpus, chosen, plan.device)

    def judge(candidate: nn.Module) -> dict[str, float]:
        assert isinstance(candidate, CodecNet)
        figures = distances(candidate, corpus, chosen, plan.device)
        if worse(before, figures, recipe.worse_db):
            critics.weight *= recipe.lowered
        return {**figures, "share": recipe.share * float(critics.weight)}

    facts: dict[str, Any] = {
        "config": asdict(net.config), "recipe": asdict(recipe), "critics": asdict(config), "before": before,
    }  # fmt: skip
    opponent = loop.Opponent(critics, optimiser)
    return loop.run(plan, net, step, judge if chosen else None, facts, opponent, [batches.rng])


def worse(before: dict[str, float], now: dict[str, float], by_db: float) -> bool:
    """Whether any distance grew by more than so much."""
    return any(now[key] > before[key] + by_db for key in before)


def balanced(loss: Tensor, other: Tensor, made: Tensor, share: Tensor | float) -> Tensor:
    """`loss`, with a gradient that also follows `other`, whose part at `made` is `share` times as strong."""
    (ours,) = torch.autograd.grad(loss, made, retain_graph=True)
    (theirs,) = torch.autograd.grad(other, made)
    both = ours + share * ours.norm() / (theirs.norm() + 1e-12) * theirs
    along: Tensor = (made * both).sum()  # its gradient at `made` is `both`
    return along + (loss - along).detach()


def _judgement(critics: Discriminators, real: list[Heard], made: Tensor, recipe: GanRecipe, device: str) -> Tensor:
    """What the discriminators hold against the decoder; they themselves learn nothing by it."""
    critics.requires_grad_(False)
    with autocast(device):
        heard = critics(made)
    critics.requires_grad_(True)
    known = [Heard([feature.detach() for feature in each.features], each.scores.detach()) for each in real]
    return fooling_loss(heard) + recipe.matching * matching_loss(known, heard)


def _far(net: CodecNet, corpus: Corpus, chosen: list[tuple[int, int]], device: str) -> dict[str, float]:
    with torch.no_grad():
        figures = distances(net.eval(), corpus, chosen, device) if chosen else {}
    net.train()
    return figures
