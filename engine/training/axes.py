"""Calibrates the axes of a codec's latent space: `python -m engine.training.axes --data CORPUS --model FOLDER`.

Writes `axes.safetensors` beside the codec and names it in the model's card.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.analysis.axes import UNITS, octaves
from engine.analysis.envelope import envelope, times
from engine.codecs.codec import NeuralCodec
from engine.codecs.source import HOP
from engine.corpus.store import Corpus
from engine.errors import LatenteError
from engine.files import write_atomically
from engine.generators.space import AXES_FILE, space_arrays
from engine.latent.space import Axis, Floats, Onset, Space
from engine.models import weights
from engine.models.card import CARD_FILE, card_toml, describe_file, read_card, sha256
from engine.training import onsets
from engine.training.directions import Sample, decode, directions
from engine.training.silence import silent_latent

SOUNDS = 4800  # encoded, for mean, level and onsets
TAUGHT, TUNED = 320, 120  # of these, for directions and for their lengths
LONGEST = 22  # latent frames of a sound: two seconds
STRIDE = 8
QUIETEST = 1e-7  # mean square: −70 dB
HARDER, DRAWS = 0.15, 3  # octaves that a harder onset must gain to be an example; draws of noise it is heard with
OnSound = Callable[[int, int], None]


def calibrate(
    corpus: Corpus,
    codec: NeuralCodec,
    sounds: int = SOUNDS,
    taught: int = TAUGHT,
    tuned: int = TUNED,
    on_sound: OnSound = lambda done, total: None,
) -> Space:
    """The space of a codec, its axes calibrated on the corpus's training sounds, families in equal shares."""
    chosen = by_turns(corpus, corpus.of_split("train"), sounds)
    total, done = 2 * len(chosen) + taught + 3 * tuned, 0

    def count() -> None:
        nonlocal done
        done += 1
        on_sound(min(done, total), total)

    for parameter in codec.net.parameters():
        parameter.requires_grad_(False)
    samples = []
    for index in chosen:
        samples.append(sample(corpus, codec, index))
        count()
    rows = np.concatenate([one.latent for one in samples])
    deviation = np.maximum(rows.std(0), 1e-2)
    space = Space(
        rows.mean(0),
        deviation,
        silence=silent_latent(codec, deviation),
        level=_level(
            rows, np.concatenate([_levels(corpus, i, len(s.latent)) for i, s in zip(chosen, samples, strict=True)])
        ),
    )
    up, down = _onsets(corpus, codec, space, chosen, count)
    space = replace(space, rise_up=up, rise_down=down)
    known = directions(codec, space, samples[:taught], samples[taught : taught + tuned], count)
    defined = {"decay": 1.0, "attack": 1.7}  # by definition, and as measured upwards, where there is room
    axes = {key: known.get(key) or Axis(key, *UNITS[key], defined[key]) for key in UNITS}
    return replace(space, axes=axes)


def by_turns(corpus: Corpus, indices: list[int], count: int, seed: int = 0) -> list[int]:
    """So many of the sounds, one of each family in turn."""
    rng, families = np.random.default_rng(seed), dict[str, list[int]]()
    for index in rng.permutation(indices):
        families.setdefault(corpus.rows[index]["family"], []).append(int(index))
    turns = [row[turn] for turn in range(len(indices)) for row in families.values() if turn < len(row)]
    return turns[:count]


def sample(corpus: Corpus, codec: NeuralCodec, index: int, longest: int = LONGEST) -> Sample:
    """A corpus's sound, encoded."""
    row = corpus.rows[index]
    count = min(longest, -(-row["frames"] // (STRIDE * HOP)) + 1)
    sounding, f0_hz = _read(corpus, index, count)
    return Sample(_encoded(codec, [sounding], f0_hz)[0], f0_hz, row["family"])


def save(folder: Path, space: Space, facts: dict[str, object]) -> Path:
    """Writes the space beside the codec in `folder`, and names it in the card there, if there is one."""
    arrays, rows = space_arrays(space)
    target = folder / AXES_FILE
    told = {**facts, "what": "axes", "axes": rows, "codec_sha256": sha256(folder / "codec.safetensors")}
    weights.save(target, {key: torch.from_numpy(np.array(value)) for key, value in arrays.items()}, told)
    if (folder / CARD_FILE).is_file():
        card = read_card(folder / CARD_FILE)
        files = [file for file in card.files if file.name != AXES_FILE]
        card = msgspec.structs.replace(card, files=(*files, describe_file(target)))
        write_atomically(folder / CARD_FILE, card_toml(card).encode())
    return target


def _onsets(
    corpus: Corpus, codec: NeuralCodec, space: Space, chosen: list[int], count: Callable[[], None]
) -> tuple[Onset, Onset]:
    up: list[tuple[Floats, Floats]] = []
    down: list[tuple[Floats, Floats]] = []
    for index in chosen:
        attack_s = corpus.rows[index]["features"]["attack_s"]
        if attack_s < onsets.LONG_S:
            plain, f0_hz = _read(corpus, index, 2 * onsets.ROWS + 2)
            made = _encoded(codec, [plain, onsets.softer(plain), onsets.harder(plain)], f0_hz)
            hardest = made[2] if _harder(codec, made[0], made[2], f0_hz) else made[0]
            up.append((made[0, : onsets.ROWS], made[1, : onsets.ROWS]))
            down.append((made[0, : onsets.ROWS], hardest[: onsets.ROWS]))
        count()
    return onsets.fit(up, space), onsets.fit(down, space)


@torch.inference_mode()
def _harder(codec: NeuralCodec, plain: Floats, harder: Floats, f0_hz: Floats) -> bool:
    """Whether the second of two latents rises sooner than the first, whatever the noise, and by `HARDER` on average:
    half of all onsets are as hard as the codec makes them, and what the map is to learn of these is to do nothing."""
    latents = torch.from_numpy(np.stack([plain, harder]))
    moves = []
    for seed in range(DRAWS):
        attacks = times(envelope(decode(codec, latents, f0_hz, seed), codec.rate_hz))["attack_s"]
        moves.append(float(-np.diff(octaves(attacks))[0]))
    return min(moves) >= 0 and float(np.mean(moves)) > HARDER


def _read(corpus: Corpus, index: int, count: int) -> tuple[Floats, Floats]:
    """Samples and pitch of a sound that fill `count` latent frames."""
    points = count * STRIDE
    return corpus.sound(index, 0, (points - 1) * HOP), corpus.f0(index, 0, points)


def _encoded(codec: NeuralCodec, sounds: list[Floats], f0_hz: Floats) -> Floats:
    """Sounds of one length and pitch -> (sounds, frames, channels)."""
    with torch.inference_mode():
        curves = torch.from_numpy(f0_hz)[None].expand(len(sounds), -1)
        mean, _ = codec.net.encoder(torch.from_numpy(np.stack(sounds)), curves)
    return np.asarray(mean.float().numpy(), np.float32)


def _levels(corpus: Corpus, index: int, count: int) -> Floats:
    """Level of each latent frame of a sound in dB."""
    wide = STRIDE * HOP
    samples = np.pad(corpus.sound(index, 0, count * wide - HOP // 2), (HOP // 2, 0)).reshape(count, wide)
    return np.asarray(10 * np.log10(np.square(samples).mean(1) + QUIETEST), np.float32)


def _level(rows: Floats, levels: Floats) -> Floats:
    """Least squares from latent frames to their level."""
    known = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], 1).astype(np.float64)
    return np.asarray(np.linalg.lstsq(known, levels, rcond=None)[0], np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Calibrates the axes of a codec's latent space.")
    parser.add_argument("--data", type=Path, default=Path("corpus"))
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sounds", type=int, default=SOUNDS)
    given = parser.parse_args()

    def tell(done: int, total: int) -> None:
        if done % 100 == 0:
            print(f"{done} of {total}", file=sys.stderr, flush=True)

    try:
        codec = NeuralCodec.load(given.model / "codec.safetensors")
        space = calibrate(Corpus.open(given.data), codec, given.sounds, on_sound=tell)
        print(save(given.model, space, {"sounds": given.sounds}))
    except LatenteError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
