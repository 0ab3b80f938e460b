"""Mini-CLAP: an audio tower trained so that a sound lies beside its captions.

Contrastive, after Radford et al. 2021 and Elizalde et al. 2023.

The text side is the frozen MiniLM states, attended over by one learned query and projected. The same embedding serves
retrieval, "more like this", relevance scores and Fréchet distances.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.analysis.embedding import AudioTower, TextTower, log_mel
from engine.codecs.codec import autocast
from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.store import Corpus
from engine.text.encoder import TextEncoder
from engine.training import loop
from engine.training.latents import text_states


@dataclass(frozen=True)
class ClapConfig:
    width: int = 192
    size: int = 128


@dataclass(frozen=True)
class ClapRecipe:
    batch: int = 128
    captions_each: int = 2
    judged: int = 512
    seed: int = 3


class Towers(nn.Module):
    def __init__(self, config: ClapConfig) -> None:
        super().__init__()
        self.audio, self.text = AudioTower(config.width, config.size), TextTower(config.size)
        self.sharpness = nn.Parameter(torch.tensor(2.6))  # log of 1 / temperature


def train_clap(
    corpus: Corpus, text: TextEncoder, plan: loop.Plan, recipe: ClapRecipe, config: ClapConfig,
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Path:  # fmt: skip
    """Returns the checkpoint. Curve: how often a held-out sound has its own caption among the nearest ten."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    sounds = np.asarray(corpus.of_split("train"))
    texts = [caption(Attributes.from_dict(corpus.rows[i]), rng) for i in sounds for _ in range(recipe.captions_each)]
    states, tokens = text_states(texts, text, on_progress)
    net = Towers(config).to(plan.device)

    def words(chosen: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        count = int(tokens[chosen].max())
        return (
            torch.from_numpy(states[chosen][:, :count].astype(np.float32)).to(plan.device),
            torch.from_numpy(np.arange(count) < tokens[chosen][:, None]).to(plan.device),
        )

    def spectra(indices: npt.NDArray[np.int64]) -> Tensor:
        samples = np.stack([corpus.sound(int(i), 0, 3 * 44100) for i in indices])
        return log_mel(torch.from_numpy(samples).to(plan.device))

    def step() -> Tensor:
        chosen = rng.choice(len(sounds), min(recipe.batch, len(sounds)), replace=False)
        captions = chosen * recipe.captions_each + rng.integers(recipe.captions_each, size=len(chosen))
        with autocast(plan.device):
            heard, said = net.audio(spectra(sounds[chosen])), net.text(*words(captions))
        likeness = net.sharpness.clamp(max=4.6).exp() * (heard.float() @ said.float().T)
        target = torch.arange(len(chosen), device=likeness.device)
        return (F.cross_entropy(likeness, target) + F.cross_entropy(likeness.T, target)) / 2

    held_out = np.asarray(corpus.of_split("valid"))[: recipe.judged]
    said_there = [caption(Attributes.from_dict(corpus.rows[int(i)]), np.random.default_rng(int(i))) for i in held_out]
    judged_states = text_states(said_there, text, lambda what, done, total: None) if len(held_out) else None

    def judge(candidate: nn.Module) -> dict[str, float]:
        assert isinstance(candidate, Towers)
        assert judged_states is not None
        parts = np.array_split(held_out, max(1, len(held_out) // 64))
        heard = torch.cat([candidate.audio(spectra(part)) for part in parts])
        count = int(judged_states[1].max())
        mask = torch.from_numpy(np.arange(count) < judged_states[1][:, None]).to(plan.device)
        said_states = torch.from_numpy(judged_states[0][:, :count].astype(np.float32)).to(plan.device)
        said = candidate.text(said_states, mask)
        ranks = (heard @ said.T).argsort(1, descending=True)
        own = (ranks == torch.arange(len(heard), device=ranks.device)[:, None]).float().argmax(1)
        return {"recall_at_10": float((own < 10).float().mean())}

    facts = {"config": asdict(config), "recipe": asdict(recipe)}
    return loop.run(plan, net, step, judge if len(held_out) else None, facts)
