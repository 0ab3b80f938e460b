"""Mini-CLAP: an audio tower trained so that a sound lies beside its captions.

Contrastive, after Radford et al. 2021 and Elizalde et al. 2023.

The text side is the frozen MiniLM states, attended over by one learned query and projected. The same embedding serves
retrieval, "more like this", relevance scores and Fréchet distances.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.analysis.embedding import BANDS, FFT, FLOOR, FRAMES, Towers, log_mel, mel_frames
from engine.codecs.codec import autocast
from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.store import Corpus
from engine.text.encoder import TextEncoder
from engine.training import loop
from engine.training.latents import Progress, text_states
from engine.training.roles import unheard


@dataclass(frozen=True)
class ClapConfig:
    width: int = 192
    size: int = 128


@dataclass(frozen=True)
class ClapRecipe:
    """judge: learn from what no generator has heard (`roles.unheard`), and hold out "test" instead of "valid".
    hidden: share of the bands and of the time that is blotted out at most while learning (Park et al. 2019)."""

    batch: int = 128
    captions_each: int = 3
    judged: int = 512
    hidden: float = 0.15
    judge: bool = False
    seed: int = 3


def train_clap(
    corpus: Corpus, text: TextEncoder, plan: loop.Plan, recipe: ClapRecipe, config: ClapConfig,
    on_progress: Progress = lambda what, done, total: None,
) -> Path:  # fmt: skip
    """Returns the checkpoint. Curve: how often a held-out sound has its own caption among the nearest ten."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    sounds = unheard(corpus) if recipe.judge else corpus.of_split("train")
    texts = [caption(Attributes.from_dict(corpus.rows[i]), rng) for i in sounds for _ in range(recipe.captions_each)]
    states, tokens = text_states(texts, text, on_progress)
    seen = spectra(corpus, sounds, on_progress)
    net = Towers(config.width, config.size).to(plan.device)

    def step() -> Tensor:
        chosen = rng.choice(len(sounds), min(recipe.batch, len(sounds)), replace=False)
        captions = chosen * recipe.captions_each + rng.integers(recipe.captions_each, size=len(chosen))
        mel = torch.from_numpy(blotted(seen[chosen], recipe.hidden, rng)).to(plan.device)
        with autocast(plan.device):
            heard, said = net.audio(mel), net.text(*_words(states[captions], tokens[captions], plan.device))
        likeness = net.sharpness.clamp(max=4.6).exp() * (heard.float() @ said.float().T)
        target = torch.arange(len(chosen), device=likeness.device)
        return (F.cross_entropy(likeness, target) + F.cross_entropy(likeness.T, target)) / 2

    held_out = corpus.of_split("test" if recipe.judge else "valid")[: recipe.judged]
    said_there = [caption(Attributes.from_dict(corpus.rows[i]), np.random.default_rng(i)) for i in held_out]
    words_there = text_states(said_there, text, lambda what, done, total: None)
    seen_there = spectra(corpus, held_out)

    def judge(candidate: nn.Module) -> dict[str, float]:
        assert isinstance(candidate, Towers)
        heard = candidate.audio(torch.from_numpy(seen_there.astype(np.float32)).to(plan.device))
        likeness = heard @ candidate.text(*_words(*words_there, plan.device)).T
        own = (likeness > likeness.diagonal()[:, None]).sum(1)
        return {"recall_at_10": float((own < 10).float().mean())}

    facts = {"config": asdict(config), "recipe": asdict(recipe)}
    return loop.run(plan, net, step, judge if held_out else None, facts)


def spectra(
    corpus: Corpus, sounds: list[int], on_progress: Progress = lambda what, done, total: None
) -> npt.NDArray[np.float16]:
    """What the audio tower sees of the sounds: (sounds, T, BANDS). Once, for it takes three times as long as a step."""
    seen = np.full((len(sounds), mel_frames(FRAMES), BANDS), FLOOR, np.float16)
    order = np.argsort([corpus.rows[index]["frames"] for index in sounds], kind="stable")  # short ones cost less
    for first in range(0, len(order), 64):
        part = order[first : first + 64]
        longest = min(FRAMES, max(corpus.rows[sounds[number]]["frames"] for number in part) + FFT)
        samples = torch.from_numpy(np.stack([corpus.sound(sounds[number], 0, longest) for number in part]))
        mel = log_mel(samples).numpy()
        seen[part, : mel.shape[1]] = mel
        on_progress("spectra", first + len(part), len(sounds))
    return seen


def blotted(mel: npt.NDArray[np.float16], hidden: float, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A copy of mel (B, T, BANDS) in which a stretch of time and one of bands are silent in each sound."""
    out = mel.astype(np.float32)
    for one in out:
        for axis in (one, one.T):
            width = int(rng.integers(1 + round(hidden * len(axis))))
            first = int(rng.integers(len(axis) - width + 1))
            axis[first : first + width] = FLOOR
    return out


def _words(states: npt.NDArray[np.float16], tokens: npt.NDArray[np.int64], device: str) -> tuple[Tensor, Tensor]:
    """What the text tower reads: states (B, S, 384), cut to the longest, and where they count."""
    count = int(tokens.max())
    return (
        torch.from_numpy(states[:, :count].astype(np.float32)).to(device),
        torch.from_numpy(np.arange(count) < tokens[:, None]).to(device),
    )
