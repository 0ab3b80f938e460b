"""Carries out one job of the plan: draws instruments, plays each at two notes, shapes, measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.analysis.features import measure_batch
from engine.corpus.plan import Job
from engine.corpus.recordings import recordings
from engine.corpus.soundfonts import FontInstrument, FontPlayer, instruments
from engine.corpus.synths import SYNTHS, effects
from engine.corpus.synths.base import HOP_FRAMES, RATE_HZ, Patch, Performance
from engine.families import FAMILIES

PEAK = 0.9
QUIET = 1e-3  # 60 dB under the peak: where a sound begins and ends
FADE_FRAMES = 441
LONGEST_S, SHORTEST_S = 4.5, 0.15
FONT_EFFECTS = {"drive": 0.08, "crush": 0.04, "tone": 0.12, "chorus": 0.08, "reverb": 0.15}
SYNTH_EFFECTS = {"drive": 0.08, "crush": 0.05, "tone": 0.08, "chorus": 0.1, "reverb": 0.22}

ACOUSTIC = frozenset({
    "piano", "harpsichord", "accordion", "choir", "voice", "marimba", "vibraphone", "kalimba", "bell", "gong", "steel_drum",
})  # fmt: skip

OURS, MIT, CC0 = "Apache-2.0", "MIT", "CC0-1.0"


@dataclass
class Rendition:
    """One finished sound. samples int16 (frames,), f0_hz (points,), row: manifest fields."""

    samples: npt.NDArray[np.int16]
    f0_hz: npt.NDArray[np.float32]
    row: dict[str, Any] = field(default_factory=dict)


def carry_out(job: Job) -> list[Rendition]:
    """All sounds of the job that are not silent, measured."""
    torch.set_num_threads(1)
    with torch.no_grad():
        made = {"synth": _synth, "font": _font, "recording": _recording}[job.source](job)
    found = [rendition for rendition in made if rendition is not None]
    if found:
        _measure(found)
    return found


def _synth(job: Job) -> list[Rendition | None]:
    rng = np.random.default_rng(job.seed)
    synth, family = SYNTHS[job.name], FAMILIES[job.name]
    patches: list[Patch] = []
    own_effects = False  # drums and effects bring their own, inside the patch
    for _ in range(-(-job.sounds // 2)):
        patch = synth.draw(rng)
        own_effects = "fx_reverb" in patch
        patches.append(patch if own_effects else patch | effects.draw(rng, **SYNTH_EFFECTS))
    notes = [_note_pair(rng, _register(patch, family.notes), job.apart) for patch in patches]
    seconds = [_seconds(rng, family.default_seconds) for _ in patches]
    velocities = [float(rng.integers(40, 128)) for _ in patches]
    twice = [number // 2 for number in range(job.sounds)]  # each instrument is played at two notes
    played = [patches[number] for number in twice]
    performance = Performance(
        notes=torch.tensor([note for pair in notes for note in pair][: job.sounds], dtype=torch.float32),
        velocities=torch.tensor([velocities[number] for number in twice], dtype=torch.float32),
        seconds=torch.tensor([seconds[number] for number in twice], dtype=torch.float32),
        frames=int(max(seconds) * RATE_HZ),
        generator=torch.Generator().manual_seed(job.seed % 2**63),
    )
    rendered = synth.render(played, performance)
    samples = rendered.samples if own_effects else effects.apply(rendered.samples, played, performance)
    out: list[Rendition | None] = []
    for index, patch in enumerate(played):
        words = [*synth.words(patch), *(effects.words(patch) if "fx_reverb" in patch else ())]
        row = {
            "origin": "synth", "licence": OURS, "family": job.name, "nouns": [], "words": list(dict.fromkeys(words)),
            "source": _kind(job.name), "instrument": f"synth/{job.name}/{job.seed:x}/{index // 2}",
            "note": int(performance.notes[index]) if family.notes else None,
            "velocity": int(performance.velocities[index]), "pair": f"{job.seed:x}/{index // 2}",
        }  # fmt: skip
        row["split"] = _split(job.seed, index // 2)
        end = int(float(performance.seconds[index]) * RATE_HZ)
        out.append(_shape(samples[index, :end].numpy(), rendered.f0_hz[index].numpy(), row))
    return out


def _font(job: Job) -> list[Rendition | None]:
    rng = np.random.default_rng(job.seed)
    melodic, drums = _instruments(job.name)
    player = _player(job.name)
    out: list[Rendition | None] = []
    for number in range(-(-job.sounds // 2)):
        pool = melodic if rng.random() < 0.8 else drums
        instrument = pool[int(rng.integers(len(pool)))]
        family = FAMILIES[instrument.program.family]
        frames = int(_seconds(rng, family.default_seconds) * RATE_HZ)
        velocity = int(rng.integers(40, 128))
        patch = effects.draw(rng, **FONT_EFFECTS)
        pair = _note_pair(rng, (max(28, family.notes[0]), family.notes[1]) if family.notes else None, job.apart)
        one_note = instrument.key is not None or not instrument.program.pitched
        played = [player.render(instrument, note, velocity, frames) for note in (pair[:1] if one_note else pair)]
        samples = np.stack([sound for sound, _ in played])
        if np.abs(samples).max() < 1e-4:
            continue
        samples = _with_effects(samples, [patch] * len(samples), job.seed + number)
        program = instrument.program
        for index, (_, f0) in enumerate(played):
            row = {
                "origin": job.name, "licence": MIT, "family": family.key, "nouns": list(program.words),
                "words": list(effects.words(patch)), "source": "acoustic" if program.acoustic else "electronic",
                "instrument": instrument.name, "split": instrument.split,
                "note": None if one_note else round(pair[index]), "velocity": velocity,
                "pair": f"{job.seed:x}/{number}",
            }  # fmt: skip
            out.append(_shape(samples[index], f0, row))
    return out


def _recording(job: Job) -> list[Rendition | None]:
    import soundfile
    import soxr

    rng = np.random.default_rng(job.seed)
    pool = recordings()
    out: list[Rendition | None] = []
    for number in range(job.sounds):
        recording = pool[int(rng.integers(len(pool)))]
        samples, rate_hz = soundfile.read(recording.path, dtype="float32", always_2d=True)
        shift = float(rng.uniform(-3.0, 3.0)) * float(rng.random() < 0.7)  # varispeed: another drum of the same kind
        mono = soxr.resample(samples.mean(axis=1), rate_hz, RATE_HZ / 2.0 ** (shift / 12))[: int(LONGEST_S * RATE_HZ)]
        patch = effects.draw(rng, **FONT_EFFECTS)
        shaped = _with_effects(np.asarray(mono, np.float32)[None], [patch], job.seed + number)[0]
        row = {
            "origin": recording.source, "licence": CC0, "family": recording.family, "nouns": [],
            "words": list(effects.words(patch)), "source": _kind(recording.family), "instrument": recording.name,
            "split": "train", "note": None, "velocity": 100, "pair": f"{job.seed:x}/{number}",
        }  # fmt: skip
        out.append(_shape(shaped, np.zeros(1 + len(shaped) // HOP_FRAMES, np.float32), row))
    return out


def _with_effects(samples: npt.NDArray[np.float32], patches: Sequence[Patch], seed: int) -> npt.NDArray[np.float32]:
    batch, frames = samples.shape
    nothing = torch.zeros(batch)
    generator = torch.Generator().manual_seed(seed % 2**63)
    performance = Performance(nothing, nothing, nothing, frames, generator)
    wet: Tensor = effects.apply(torch.from_numpy(samples), patches, performance)
    return wet.numpy()


def _shape(samples: npt.NDArray[np.float32], f0_hz: npt.NDArray[np.float32], row: dict[str, Any]) -> Rendition | None:
    """Cut to what is heard, normalised, faded out; the pitch curve moves along. None for silence and for broken sounds."""
    if not np.isfinite(samples).all():
        return None
    level = np.abs(samples)
    loud = np.flatnonzero(level > QUIET * level.max())
    if level.max() < 1e-4 or len(loud) < RATE_HZ // 50:
        return None
    start = max(0, int(loud[0]) - 32)
    stop = min(len(samples), int(loud[-1]) + FADE_FRAMES)
    cut = samples[start:stop] * (PEAK / level.max())
    fade = min(FADE_FRAMES, len(cut))
    cut[len(cut) - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    points = 1 + len(cut) // HOP_FRAMES
    place = np.clip((np.arange(points) * HOP_FRAMES + start) / HOP_FRAMES, 0, len(f0_hz) - 1)
    nearest = f0_hz[np.round(place).astype(int)]
    left = f0_hz[np.floor(place).astype(int)]
    right = f0_hz[np.ceil(place).astype(int)]
    between = left + (right - left) * (place % 1.0)
    curve = np.where((left > 0) & (right > 0), between, nearest).astype(np.float32)
    row["seconds"] = round(len(cut) / RATE_HZ, 4)
    row["pitched"] = bool((curve > 0).mean() > 0.3)
    return Rendition(np.round(cut * 32767).astype(np.int16), curve, row)


def _measure(found: list[Rendition]) -> None:
    lengths = np.array([len(rendition.samples) for rendition in found])
    batch = np.zeros((len(found), lengths.max()), np.float32)
    for index, rendition in enumerate(found):
        batch[index, : lengths[index]] = rendition.samples / np.float32(32768)
    features = measure_batch(batch, lengths)
    for index, rendition in enumerate(found):
        rendition.row["features"] = {key: float(f"{values[index]:.5g}") for key, values in features.items()}


def _note_pair(rng: np.random.Generator, notes: tuple[int, int] | None, apart: int) -> tuple[float, float]:
    """Two different notes within so many semitones of each other and inside the family's range."""
    low, high = notes or (60, 61)
    first = int(rng.integers(low, high + 1))
    choices = [note for note in range(max(low, first - apart), min(high, first + apart) + 1) if note != first]
    return float(first), float(choices[int(rng.integers(len(choices)))])


def _kind(family: str) -> str:
    """NSynth's source (Engel et al. 2017) of a family that was not recorded from a known instrument."""
    group = FAMILIES[family].group
    if group in ("string", "wind") or family in ACOUSTIC:
        return "acoustic"
    return "electronic" if group == "drum" else "synthetic"


def _register(patch: Patch, notes: tuple[int, int] | None) -> tuple[int, int] | None:
    """The family's range, narrowed to the instrument's own where its patch tells it: no piccolo at E2."""
    if notes is None:
        return None
    return max(notes[0], int(patch.get("note_low", notes[0]))), min(notes[1], int(patch.get("note_high", notes[1])))


def _seconds(rng: np.random.Generator, usual: float) -> float:
    return float(np.clip(usual * np.exp(rng.normal(0.0, 0.45)), SHORTEST_S, LONGEST_S))


def _split(seed: int, number: int) -> str:
    chance = np.random.default_rng([seed, number, 7]).random()
    return "test" if chance < 0.06 else "valid" if chance < 0.1 else "train"


@cache
def _player(font: str) -> FontPlayer:
    return FontPlayer(font)


@cache
def _instruments(font: str) -> tuple[list[FontInstrument], list[FontInstrument]]:
    everything = instruments(font)
    pick: Callable[[bool], list[FontInstrument]] = lambda drum: [i for i in everything if (i.key is not None) == drum]  # noqa: E731
    return pick(False), pick(True)
