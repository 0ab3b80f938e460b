"""What the flow learns from, prepared once: the latents of a corpus, and captions with their text states."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.codecs import curve
from engine.codecs.codec import autocast
from engine.codecs.neural import CodecNet, latent_frames
from engine.codecs.source import HOP
from engine.corpus.attributes import Attributes
from engine.corpus.captions import caption
from engine.corpus.store import Corpus
from engine.text.encoder import TextEncoder

TAIL = 1  # latent frames of silence kept after each sound
TOKENS = 32
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Latents:
    """latents: float16 (all frames, Z + pitch channels), sound i at rows place[i] … place[i] + frames[i].
    sounds: index in the corpus. mean, deviation: (Z,) over everything.
    states: float16 (captions, TOKENS, 384); tokens: (captions,); captions k·n .. k·n + k - 1 belong to sound n.
    """

    latents: npt.NDArray[np.float16]
    place: npt.NDArray[np.int64]
    frames: npt.NDArray[np.int64]
    sounds: npt.NDArray[np.int64]
    mean: npt.NDArray[np.float32]
    deviation: npt.NDArray[np.float32]
    states: npt.NDArray[np.float16]
    tokens: npt.NDArray[np.int64]

    @property
    def captions_each(self) -> int:
        return len(self.tokens) // len(self.sounds)

    @staticmethod
    def open(folder: Path) -> Latents:
        """As `prepare` left it; the two large arrays stay on disk until touched."""
        small = np.load(folder / "small.npz", allow_pickle=False)
        large = {
            key: np.load(folder / f"{key}.npy", mmap_mode="r", allow_pickle=False) for key in ("latents", "states")
        }
        return Latents(**large, **{key: small[key] for key in small.files})


def prepare(
    corpus: Corpus, net: CodecNet, text: TextEncoder, out: Path, splits: tuple[str, ...] = ("train",),
    captions_each: int = 3, device: str = "cpu", seed: int = 0, on_progress: Progress = lambda what, done, total: None,
) -> Latents:  # fmt: skip
    """Encode every sound of the splits and draw its captions; writes `out` and opens it."""
    out.mkdir(parents=True, exist_ok=True)
    sounds = np.asarray(corpus.of_split(*splits), np.int64)
    frames = np.asarray([latent_frames(corpus.rows[i]["frames"]) + TAIL for i in sounds], np.int64)
    place = np.concatenate([[0], np.cumsum(frames)[:-1]])
    width = net.config.latent
    latents = np.zeros((int(frames.sum()), width + curve.CHANNELS), np.float16)
    order = np.argsort(frames, kind="stable")  # sounds of one length together: no padding to speak of
    for first in range(0, len(order), 32):
        part = order[first : first + 32]
        for number, channels in zip(part, encode(corpus, sounds[part], frames[part], net, device), strict=True):
            latents[place[number] : place[number] + frames[number]] = channels
        on_progress("latents", min(first + 32, len(order)), len(order))
    timbre = latents[:, :width].astype(np.float32)
    rng = np.random.default_rng(seed)
    texts = [caption(Attributes.from_dict(corpus.rows[i]), rng) for i in sounds for _ in range(captions_each)]
    states, tokens = text_states(texts, text, on_progress)
    np.save(out / "latents.npy", latents)
    np.save(out / "states.npy", states)
    np.savez(
        out / "small.npz", place=place, frames=frames, sounds=sounds, tokens=tokens,
        mean=timbre.mean(0), deviation=np.maximum(timbre.std(0), 1e-2),
    )  # fmt: skip
    (out / "captions.json").write_text(json.dumps(texts, ensure_ascii=False, indent=0), encoding="utf-8")
    return Latents.open(out)


def encode(
    corpus: Corpus, sounds: npt.NDArray[np.int64], frames: npt.NDArray[np.int64], net: CodecNet, device: str
) -> list[npt.NDArray[np.float32]]:
    """Latent and pitch channels (frames[i], Z + CHANNELS) of each sound."""
    longest = max(corpus.rows[i]["frames"] for i in sounds)
    longest = max(longest, (int(frames.max()) * 8 - 1) * HOP)
    points = 1 + longest // HOP
    samples = torch.from_numpy(np.stack([corpus.sound(i, 0, longest) for i in sounds])).to(device)
    curves = np.stack([corpus.f0(i, 0, points) for i in sounds])
    with torch.inference_mode(), autocast(device):
        mean: Tensor = net.encoder(samples, torch.from_numpy(curves).to(device))[0]
    timbre = mean.float().cpu().numpy()
    return [
        np.concatenate([timbre[n, :count], curve.pack(curves[n], corpus.rows[i]["note"], int(count))], 1)
        for n, (i, count) in enumerate(zip(sounds, frames, strict=True))
    ]


def text_states(
    texts: list[str], text: TextEncoder, on_progress: Progress
) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int64]]:
    """(captions, TOKENS, 384) float16 and the number of tokens of each; short texts are encoded together."""
    states = np.zeros((len(texts), TOKENS, 384), np.float16)
    tokens = np.zeros(len(texts), np.int64)
    order = np.argsort([len(words) for words in texts], kind="stable")
    for first in range(0, len(order), 128):
        part = order[first : first + 128]
        made, mask = (tensor.cpu() for tensor in text.encode([texts[i] for i in part]))
        count = min(TOKENS, made.shape[1])
        states[part, :count] = np.asarray(made[:, :count], np.float16)
        tokens[part] = np.minimum(np.asarray(mask).sum(1), TOKENS)
        on_progress("captions", min(first + 128, len(order)), len(order))
    return states, tokens
