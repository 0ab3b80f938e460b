"""Voices and choirs: a glottal source through the formants of vowels that move, sung by one or several.

Formant frequencies after Peterson & Barney 1952 (adult men), raised for women and children.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst, coloured
from engine.corpus.synths.base import Patch, Performance, Rendered, Synth
from engine.corpus.synths.drawing import columns, maybe, numbered, reader
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import along_frames, harmonic_numbers
from engine.corpus.synths.resonance import peak_gain
from engine.corpus.synths.sustained import AIR, play_section

_FORMANTS = 5
VOWELS: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = (  # word, Hz, dB
    ("ahh", (730, 1090, 2440, 3400, 4500), (0, -4, -16, -20, -30)),
    ("ooh", (300, 870, 2240, 3200, 4300), (0, -14, -30, -34, -42)),
    ("ohh", (480, 820, 2410, 3300, 4400), (0, -6, -24, -28, -36)),
    ("eee", (280, 2250, 2950, 3500, 4600), (0, -12, -14, -18, -28)),
    ("ehh", (530, 1840, 2480, 3500, 4500), (0, -8, -14, -18, -28)),
    ("aww", (570, 840, 2410, 3300, 4400), (0, -5, -22, -26, -34)),
    ("uhh", (640, 1190, 2390, 3400, 4500), (0, -6, -18, -22, -32)),
    ("humming", (260, 1100, 2200, 3000, 4000), (0, -26, -34, -38, -44)),
    ("err", (490, 1350, 1690, 3300, 4400), (0, -8, -10, -22, -30)),
)


@dataclass(frozen=True)
class _Singer:
    words: tuple[str, ...]
    weight: float
    size: tuple[float, float]  # formants against a man's
    slope: tuple[float, float]  # of the source
    breath: tuple[float, float]
    attack_s: tuple[float, float]
    width: tuple[float, float] = (0.7, 1.3)  # of the formants
    vibrato: float = 0.5


SINGERS = (
    _Singer(("female voice",), 4, (1.12, 1.25), (0.9, 1.4), (0.0, 0.12), (0.03, 0.15)),
    _Singer(("male voice",), 3, (0.95, 1.06), (0.8, 1.3), (0.0, 0.1), (0.03, 0.15)),
    _Singer(("child voice",), 1, (1.25, 1.4), (1.0, 1.6), (0.0, 0.12), (0.03, 0.12), vibrato=0.1),
    _Singer(("whispery voice", "breathy"), 1, (1.0, 1.25), (1.4, 2.0), (0.4, 2.0), (0.05, 0.25), vibrato=0.15),
    _Singer(("vocal chop",), 2, (1.0, 1.35), (0.7, 1.2), (0.0, 0.06), (0.004, 0.03), vibrato=0.15),
    _Singer(("formant voice", "synthetic"), 2, (0.8, 1.5), (0.3, 0.8), (0.0, 0.02), (0.004, 0.05), (0.25, 0.7), 0.25),
    _Singer(("throat singing", "deep voice"), 0.7, (0.8, 0.95), (0.4, 0.8), (0.0, 0.06), (0.04, 0.15), (0.3, 0.7), 0.1),
)
CHOIRS = (
    _Singer(("mixed choir", "choir"), 3, (1.0, 1.2), (0.9, 1.4), (0.01, 0.12), (0.08, 0.7)),
    _Singer(("female choir", "choir"), 3, (1.14, 1.26), (1.0, 1.5), (0.02, 0.15), (0.08, 0.7)),
    _Singer(("male choir", "choir"), 2, (0.93, 1.05), (0.8, 1.3), (0.01, 0.1), (0.08, 0.6)),
    _Singer(("boys choir", "choir"), 1.5, (1.25, 1.38), (1.1, 1.6), (0.02, 0.12), (0.08, 0.5), vibrato=0.1),
    _Singer(("vox pad", "synthetic choir"), 2.5, (0.95, 1.3), (0.6, 1.1), (0.0, 0.12), (0.1, 0.9), (0.5, 1.0), 0.3),
    _Singer(("airy choir", "breathy"), 1, (1.0, 1.25), (1.4, 2.0), (0.3, 1.2), (0.15, 0.9)),
)


def _mouth(rng: np.random.Generator, vowel: int, size: float, prefix: str) -> Patch:
    """The formants of one vowel as one singer shapes them."""
    _, hz, decibels = VOWELS[vowel]
    own = [size * centre * float(2.0 ** rng.normal(0.0, 0.06)) for centre in hz]
    gains = [10.0 ** ((db + rng.normal(0.0, 2.0)) / 20.0) for db in decibels]
    return numbered(f"{prefix}hz", own) | numbered(f"{prefix}gain", gains)


def _draw(rng: np.random.Generator, singers: Sequence[_Singer], choir: bool) -> Patch:
    kind = choose(rng, [row.weight for row in singers])
    row = singers[int(kind)]
    first, moving = int(rng.integers(len(VOWELS))), maybe(rng, 0.45)
    second = int(rng.integers(len(VOWELS))) if moving else first
    size = between(rng, *row.size)
    chop = row.words[0] == "vocal chop"
    patch = play.draw_pitch(rng, row.vibrato, (12.0, 45.0), 0.15 if choir else 0.5, drift=5.0 if choir else 14.0)
    return patch | {
        "kind": kind,
        "vowel": float(first),
        "later_vowel": float(second),
        "glide_start_s": between(rng, 0.0, 0.5) * (0.2 if chop else 1.0),
        "glide_s": spread(rng, 0.3 if choir else 0.12, 1.4) * (0.4 if chop else 1.0),
        "slope": between(rng, *row.slope),
        "width": spread(rng, *row.width),
        "breath": between(rng, *row.breath),
        "attack_s": spread(rng, *row.attack_s),
        "release_s": spread(rng, 0.05, 0.8 if choir else 0.25),
        "consonant": maybe(rng, 0.12 if choir else 0.35) * between(rng, 0.2, 1.5),
        "consonant_hz": spread(rng, 500.0, 6000.0),
        "mouth_s": maybe(rng, 0.4) * spread(rng, 0.03, 0.15),  # time the jaw takes to open: d, b, w
        "gate_s": spread(rng, 0.15, 0.5) if chop and maybe(rng, 0.7) else 0.0,
        "swell": between(rng, -0.3, 0.4),
        "players": round(between(rng, 4.0, 6.0)) if choir else (2.0 if maybe(rng, 0.15) else 1.0),
        "spread_cents": spread(rng, 7.0, 26.0),
        **_mouth(rng, first, size, ""),
        **_mouth(rng, second, size, "later_"),
    }


def draw_voice(rng: np.random.Generator) -> Patch:
    """One singer."""
    return _draw(rng, SINGERS, choir=False)


def draw_choir(rng: np.random.Generator) -> Patch:
    """Several singers."""
    return _draw(rng, CHOIRS, choir=True)


def formant_levels(patches: Sequence[Patch], f0: Tensor, hop_time: Tensor, force: Tensor) -> Tensor:
    """Level of each harmonic at each hop, (batch, points, harmonics), about unit power."""
    read = reader(patches, f0.device)
    number = harmonic_numbers(f0)[None, None]
    hz = f0[:, :, None] * number
    along = play.rise(hop_time - read("glide_start_s"), read("glide_s"))[:, :, None]
    closed = torch.exp(-hop_time / read("mouth_s").clamp(min=1e-3))[:, :, None]
    now, later = (columns(patches, key, _FORMANTS, f0.device) for key in ("hz", "later_hz"))
    gain, later_gain = (columns(patches, key, _FORMANTS, f0.device) for key in ("gain", "later_gain"))
    width = read("width")[:, :, None]
    total = torch.full_like(hz, 0.004)
    for index in range(_FORMANTS):
        centre = torch.exp2(torch.lerp(now[:, None, index : index + 1].log2(), later[:, None, index : index + 1].log2(), along))
        centre = centre * (1.0 - 0.45 * closed) if index == 0 else centre * (1.0 - 0.2 * closed)
        if index == 0:
            centre = torch.maximum(centre, f0[:, :, None])  # singers tune the first formant up to high notes
        strength = torch.lerp(gain[:, None, index : index + 1], later_gain[:, None, index : index + 1], along)
        bandwidth = width * (60.0 + 0.06 * centre)
        total = total + strength * peak_gain(hz, centre, bandwidth).square()
    slope = read("slope") + 0.5 * (1.0 - force)
    level = total * number ** (-slope[:, :, None] * 0.65)
    return level / level.square().sum(dim=2, keepdim=True).sqrt().amax(dim=1, keepdim=True).clamp(min=1e-6)


def render_voice(patches: Sequence[Patch], performance: Performance) -> Rendered:
    """Plays patches of `draw_voice` and `draw_choir`."""
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    performance = play.shortened(performance, read("gate_s"))
    f0, force, time = play.pitch_curve(patches, performance), play.touch(performance), performance.time_s()
    levels = formant_levels(patches, f0, play.hop_time_s(performance), force)
    tone = play_section(levels, patches, performance, f0)
    envelope = play.held(time, performance, read("attack_s"), read("release_s"))
    envelope = envelope * (1.0 + read("swell") * (time / performance.seconds[:, None]).clamp(max=1.0))
    envelope = envelope * along_frames(1.0 + 0.07 * play.wander(performance, 6.0), frames)
    first = columns(patches, "later_hz", _FORMANTS, device)
    air = coloured(performance, (first[:, 1:2] * 1.3).clamp(900.0, 4000.0), torch.full_like(force, 0.9), frames)
    air = AIR * air * read("breath") * (0.8 + 0.25 * tone.clamp(-1.0, 1.0))
    consonant = burst(performance, read("consonant_hz"), torch.full_like(force, 0.7), torch.full_like(force, 0.07), attack_s=0.003)
    samples = (tone * (1.0 - 0.6 * read("breath").clamp(max=1.0)) + air) * envelope + 0.5 * AIR * consonant * read("consonant")
    return Rendered(samples * play.loudness(performance), f0)


def _words(patch: Patch, singers: Sequence[_Singer]) -> list[str]:
    words = list(singers[int(patch["kind"])].words)
    words.append(VOWELS[int(patch["vowel"])][0])
    if patch["later_vowel"] != patch["vowel"]:
        words += [VOWELS[int(patch["later_vowel"])][0], "morphing vowel"]
    if patch["players"] == 2:
        words.append("double voice")
    if patch["vibrato_cents"] > 14:
        words.append("vibrato")
    if patch["breath"] > 0.1 and "breathy" not in words:
        words.append("breathy")
    return words


def voice_words(patch: Patch) -> list[str]:
    """Name, vowel and character of one singer."""
    return _words(patch, SINGERS)


def choir_words(patch: Patch) -> list[str]:
    """Name, vowel and character of a choir."""
    return _words(patch, CHOIRS)


SYNTHS: tuple[Synth, ...] = (
    Synth("choir", draw_choir, render_voice, choir_words),
    Synth("voice", draw_voice, render_voice, voice_words),
)
